"""What "similar digits" and the map of all digits both say: whose the neighbours are, and what that means for doubt."""

from __future__ import annotations

from collections.abc import Iterator

from bot.neighbours import FEWEST_DOUBTED, Neighbour, Neighbourhood
from bot.values import Claim, Evidence
from model.load import BUNDLED_ID
from model.values import ModelIdentity

MAKE = "python -m model.atlas"
SOURCE = "atlas"  # of evidence
AS_ALIKE = 0.5  # share of the pairs of a label that are less alike: below it, the more alike ones are told


def atlas_missing(identity: ModelIdentity) -> Claim:
    """That these weights come without an atlas, and the command that makes one."""
    command = MAKE if identity.id == BUNDLED_ID else f"{MAKE} --weights FOLDER"
    return Claim("atlas_missing", {"command": command}, (Evidence("atlases", 0.0, "atlases", "record"),))


def nearest_claim(near: Neighbourhood) -> Claim:
    """The labels of the nearest training digits."""
    evidence = tuple(
        Evidence("neighbours with the label", float(count), "digits", SOURCE, label) for label, count in near.counts
    )
    slots: dict[str, object] = {"count": len(near.nearest)}
    if near.rival is None:
        return Claim("near_all", {**slots, "digit": near.digit}, evidence, "near", near.digit)
    return Claim("near_some", {**slots, "labels": near.counts}, evidence, "near", near.digit)


def doubt_claims(near: Neighbourhood) -> Iterator[Claim]:
    """That neighbours of another class are a sign of doubt, where there are some.

    With how often new digits with such neighbours were misread, where enough of them were seen and it was oftener.
    """
    if near.rival is None:
        return
    (agreeing, agreeing_wrong), (mixed, mixed_wrong) = near.atlas.doubt.tolist()
    slots = {"agreeing": agreeing, "agreeing_wrong": agreeing_wrong, "mixed": mixed, "mixed_wrong": mixed_wrong}
    evidence = tuple(
        Evidence(f"new digits, neighbours {name.replace('_', ', ')}", float(count), "digits", SOURCE)
        for name, count in slots.items()
    )
    measured = mixed >= FEWEST_DOUBTED and mixed_wrong * agreeing > agreeing_wrong * mixed
    yield Claim("near_doubt" if measured else "near_doubt_plain", slots, evidence, "near", near.digit)


def likeness_claim(near: Neighbourhood, first: Neighbour) -> Claim:
    """How alike the first neighbour and the picture are: more, or less, than which share of the pairs of its label."""
    share = near.less_alike(first)
    slots = {"digit": first.label, "share": share, "rest": 1 - share, "likeness": first.likeness}
    evidence = (
        Evidence("likeness", first.likeness, "cosine", SOURCE, first.label),
        Evidence("pairs of the label that are less alike", share, "share", SOURCE, first.label),
    )
    kind = "similar_likeness" if share >= AS_ALIKE else "similar_likeness_low"
    return Claim(kind, slots, evidence, "likeness", first.label)
