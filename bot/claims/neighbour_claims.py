"""What "similar digits" and the map of all digits both say: whose the neighbours are, and what that means for doubt."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from math import comb

from bot.claims.neighbours import BY_CHANCE, FEWEST_DOUBTED, FEWEST_MISREAD, Neighbour, Neighbourhood
from bot.questions.base import Answer, Asked
from bot.values import Claim, Evidence
from model.alphabet import MNIST
from model.catalogue import DATA_SETS
from model.datasets import DATA_VARIABLE
from model.load import BUNDLED_ID
from model.values import ModelIdentity

MAKE = "python -m model.atlas"
FETCH = "python -m model.datasets --dataset"
SOURCE = "atlas"  # of evidence
AS_ALIKE = 0.5  # share of the pairs of a label that are less alike: below it, the more alike ones are told


class AmongDigits(Answer):
    """A question type that is answered from the atlas of the weights."""

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Without an atlas of these weights, only that."""
        near = asked.reading.neighbourhood
        if near is None:
            yield _atlas_missing(asked.identity)
        else:
            yield from self.among(asked, near)

    @abstractmethod
    def among(self, asked: Asked, near: Neighbourhood) -> Iterator[Claim]:
        """What can be said of a picture with these neighbours."""

    def neighbours(self, asked: Asked) -> tuple[Neighbour, ...]:
        """The nearest of all, or of the label that is asked for."""
        near = asked.reading.neighbourhood
        return () if near is None else near.nearest if asked.named is None else near.of(asked.named)


def _atlas_missing(identity: ModelIdentity) -> Claim:
    """That these weights come without an atlas, and the command that makes one."""
    command = MAKE if identity.id == BUNDLED_ID else f"{MAKE} --weights FOLDER"
    return Claim("atlas_missing", {"command": command}, (Evidence("atlases", 0.0, "atlases", "record"),))


def nearest_claims(near: Neighbourhood) -> Iterator[Claim]:
    """The labels of the nearest training digits, and whether those of another class than read are a sign of doubt.

    The second speaks of those that the first tells, so neither is said of other digits.
    """
    evidence = tuple(
        Evidence("neighbours with the label", float(count), "digits", SOURCE, label) for label, count in near.counts
    )
    slots: dict[str, object] = {"count": len(near.nearest), "pictures": len(near.atlas.labels)}
    if near.rival is None:
        yield Claim("near_all", {**slots, "digit": near.digit}, evidence, "near", near.digit)
    else:
        yield Claim("near_some", {**slots, "labels": near.counts}, evidence, "near", near.digit)
        yield from _doubt(near)


def _doubt(near: Neighbourhood) -> Iterator[Claim]:
    """How much oftener new digits with such neighbours were misread, or that too few were for a rule."""
    (agreeing, agreeing_wrong), (mixed, mixed_wrong) = near.atlas.doubt.tolist()
    slots = {"agreeing": agreeing, "agreeing_wrong": agreeing_wrong, "mixed": mixed, "mixed_wrong": mixed_wrong}
    evidence = tuple(
        Evidence(f"new digits, neighbours {name.replace('_', ', ')}", float(count), "digits", SOURCE)
        for name, count in slots.items()
    )
    if mixed < FEWEST_DOUBTED:
        yield Claim("near_doubt_unknown", slots, evidence, "near", near.digit)
    elif mixed_wrong * agreeing > agreeing_wrong * mixed:
        clearly = mixed_wrong >= FEWEST_MISREAD and chance_of_as_many(**slots) < BY_CHANCE
        yield Claim("near_doubt" if clearly else "near_doubt_few", slots, evidence, "near", near.digit)


def chance_of_as_many(agreeing: int, agreeing_wrong: int, mixed: int, mixed_wrong: int) -> float:
    """Fisher's exact test, one-sided: how likely ``mixed_wrong`` or more are where the neighbours mean nothing."""
    pictures, wrong = agreeing + mixed, agreeing_wrong + mixed_wrong
    as_many = range(mixed_wrong, min(mixed, wrong) + 1)
    return sum(comb(wrong, one) * comb(pictures - wrong, mixed - one) for one in as_many) / comb(pictures, mixed)


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


def hidden_claim(identity: ModelIdentity) -> Claim:
    """That the training pictures are not on this machine, and what fetches them, or where they would have to lie."""
    data_set = DATA_SETS[identity.alphabet.dataset]
    nothing = (Evidence("pictures at hand", 0.0, "pictures", "data set"),)
    if data_set.torchvision is None:
        slots = {"data": data_set.title, "folder": data_set.folder, "variable": DATA_VARIABLE}
        return Claim("similar_hidden_kept", slots, nothing, "pictures")
    command = f"{MAKE} --download" if data_set.id == MNIST.dataset else f"{FETCH} {data_set.id}"
    return Claim("similar_hidden", {"data": data_set.title, "command": command}, nothing, "pictures")
