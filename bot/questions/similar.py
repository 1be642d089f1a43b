"""Which training digits look like mine to the network?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims.neighbour_claims import SOURCE, AmongDigits, hidden_claim, likeness_claim, nearest_claims
from bot.claims.neighbours import Neighbour, Neighbourhood
from bot.figures.neighbours import draw_similar
from bot.questions.base import Asked, Drawing
from bot.values import Claim, Evidence, Figure


class Similar(AmongDigits):
    """The nearest training digits, of all or of the label that is asked for, and how alike they are."""

    type = "similar"

    def among(self, asked: Asked, near: Neighbourhood) -> Iterator[Claim]:
        """Those asked for, and the nearest of all where these are a sign of doubt."""
        found = self.neighbours(asked)
        if asked.named is not None:
            yield from _of_one(near, asked.named, found)
        if asked.named is None or near.rival is not None:
            yield from nearest_claims(near)
        yield likeness_claim(near, found[0])
        width, pictures = len(asked.case.features), len(near.atlas.labels)
        evidence = (Evidence("training digits compared", float(pictures), "digits", SOURCE),)
        yield Claim("similar_means", {"width": width, "pictures": pictures}, evidence, "likeness")
        if near.pictures(found) is None:
            yield hidden_claim(asked.identity)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The picture beside the training digits, where those are at hand."""
        near, found = asked.reading.neighbourhood, self.neighbours(asked)
        pictures = None if near is None else near.pictures(found)
        if pictures is not None:
            yield draw_similar(asked.case, found, pictures, drawing.words)


def _of_one(near: Neighbourhood, wanted: int, found: tuple[Neighbour, ...]) -> Iterator[Claim]:
    """Those of the label that is asked for, and how many others are nearer than the first of them."""
    nearer = near.nearer(found[0])
    evidence = (Evidence("digits with another label that are nearer", float(nearer), "digits", SOURCE, wanted),)
    slots = {"count": len(found), "digit": wanted, "pictures": len(near.atlas.labels)}
    yield Claim("similar_of", slots, evidence, "near", wanted)
    kind = "similar_nearer" if nearer else "similar_nearest"
    yield Claim(kind, {"nearer": nearer} if nearer else {}, evidence, "near", wanted)
