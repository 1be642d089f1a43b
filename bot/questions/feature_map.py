"""Where does it lie among all digits? The map of the training digits, in words and as a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims.neighbour_claims import SOURCE, AmongDigits, nearest_claims
from bot.claims.neighbours import TORN_FROM, Neighbourhood
from bot.figures.neighbours import draw_map
from bot.questions.base import Asked, Drawing
from bot.values import Claim, Evidence, Figure


class FeatureMap(AmongDigits):
    """How the picture lies among the training digits, by its neighbours and by comparison with new digits."""

    type = "feature_map"

    def among(self, asked: Asked, near: Neighbourhood) -> Iterator[Claim]:
        """Where it lies first, then what speaks for it, then what the map means."""
        yield _standing(near)
        yield from nearest_claims(near)
        yield from _apart(near)
        yield _place(near)
        digits = (Evidence("digits on the map", float(len(near.atlas.labels)), "digits", SOURCE),)
        yield Claim("map_means", {"pictures": len(near.atlas.labels)}, digits, "map")

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The map with the picture's place on it."""
        near = asked.reading.neighbourhood
        if near is not None:
            yield draw_map(near.map, drawing.words, drawing.said)


def _standing(near: Neighbourhood) -> Claim:
    """Among those of its label, at their edge, between two, or rather among others."""
    evidence = [Evidence("neighbours with the label read", float(near.own), "digits", SOURCE, near.digit)]
    slots: dict[str, object] = {"digit": near.digit}
    inside = near.standing == "inside"  # of its neighbours, but not among them where they are far off
    kind = "map_nearest" if inside and near.stands_apart else f"map_{near.standing}"
    if near.beside is not None:
        slots["other"] = near.beside
    share = near.leaning[1]
    if kind == "map_edge" and near.leans and near.beside == near.leaning[0] and share is not None:
        kind, slots["share"] = "map_leaning", share
        evidence.append(Evidence("new digits of the label that lean less", share, "share", SOURCE, near.digit))
    return Claim(kind, slots, tuple(evidence), "standing", near.digit)


def _apart(near: Neighbourhood) -> Iterator[Claim]:
    """Whether it lies farther from its neighbours than new digits of its label do; nothing where too few are known."""
    share = near.apart
    if share is None:
        return
    evidence = (Evidence("new digits of the label nearer to their neighbours", share, "share", SOURCE, near.digit),)
    if near.stands_apart:
        yield Claim("map_apart", {"digit": near.digit, "share": share}, evidence, "apart", near.digit)
    else:
        yield Claim("map_usual", {"digit": near.digit, "rest": 1 - share}, evidence, "apart", near.digit)


def _place(near: Neighbourhood) -> Claim:
    """How its place on the map came about, and whether its neighbours stand together there."""
    evidence = (Evidence("mean distance of the neighbours' places", near.scatter, "share of the map's side", SOURCE),)
    kind = "map_torn" if near.scatter >= TORN_FROM else "map_placed"
    return Claim(kind, {"count": len(near.nearest)}, evidence, "map", near.digit)
