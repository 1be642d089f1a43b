"""The training digits nearest to a picture, in what the network's last layer sees, and how the picture lies among them.

Digits are what the bundled weights tell apart; of other weights it is the training pictures of their own data set.
These are facts about features, never causes. From which numbers on something is called the edge and the like, the names
in capitals say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from explainers.base import Case
from explainers.examples import training_pictures
from explainers.levels import GREYS
from explainers.once import once
from model.atlas import NEIGHBOURS, Atlas, Found

INSIDE_FROM = 9  # of the ten neighbours with the label read: from here it lies among them
EDGE_FROM = 6  # from here at their edge; below that between two labels
LEANING_FROM = 0.95  # share of new digits of its label that lean less to another one: from here at the edge, too
APART_FROM = 0.95  # share of them that lie nearer to their neighbours: from here apart
FEWEST_HELD_OUT = 20  # new digits of a label that such a share may be told of
TORN_FROM = 0.1  # side of the map: the mean distance from its place to those of its neighbours from which they are torn
FEWEST_DOUBTED = 10  # new digits with mixed neighbours that it may be told of how often those are misread
FEWEST_MISREAD = 3  # of these, so that a rule does not rest on one or two pictures
BY_CHANCE = 0.01  # the chance of as many misread among them, were they misread no oftener: below it a sign of doubt
MOST_POINTS = 2_000  # on a map that is drawn or sent

Standing = Literal["inside", "edge", "between", "astray"]


@dataclass(frozen=True, eq=False)
class Neighbour:
    """One training digit near the picture."""

    index: int  # which of the official training pictures, from 0
    label: int
    likeness: float  # cosine between its features and the picture's, −1 to 1
    distance: float  # 0 to 2
    at: tuple[float, float]  # on the map, 0 to 1 from the left and from the top


@dataclass(frozen=True, eq=False)
class DigitMap:
    """The map with one picture on it."""

    points: np.ndarray  # (M, 2) in [0, 1], at most MOST_POINTS
    labels: np.ndarray  # (M,) uint8
    at: tuple[float, float]  # the picture's own place
    neighbours: tuple[Neighbour, ...]
    digit: int  # what is read
    other: int | None  # the label next to it that is spoken of
    pictures: tuple[np.ndarray, ...] = ()  # of the neighbours, (28, 28) in [0, 1]; none where they are not at hand

    def to_dict(self) -> dict[str, object]:
        """For a reply's JSON: three decimals are less than a dot on any screen."""
        points = [
            [round(float(x), 3), round(float(y), 3), int(label)]
            for (x, y), label in zip(self.points, self.labels, strict=True)
        ]
        return {"at": list(self.at), "points": points}


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """A picture among the training digits of an atlas."""

    atlas: Atlas
    case: Case

    @property
    def digit(self) -> int:
        """What the network reads."""
        return self.case.prediction.digit

    @once
    def point(self) -> np.ndarray:
        """Its features as the atlas has them, (K,)."""
        return self.atlas.reduced(self.case.features)

    @once
    def found(self) -> Found:
        """The ten nearest of all, as the atlas tells them."""
        return self.atlas.nearest(self.point)

    @once
    def nearest(self) -> tuple[Neighbour, ...]:
        """The ten nearest of all."""
        return self._told(self.found)

    def of(self, label: int) -> tuple[Neighbour, ...]:
        """The nearest of one label."""
        return self._told(self.atlas.nearest(self.point, NEIGHBOURS, label))

    def _told(self, found: Found) -> tuple[Neighbour, ...]:
        return tuple(
            Neighbour(
                int(self.atlas.places[row]),
                int(self.atlas.labels[row]),
                1 - float(distance) ** 2 / 2,  # of features at length one
                float(distance),
                (float(self.atlas.coordinates[row, 0]), float(self.atlas.coordinates[row, 1])),
            )
            for row, distance in zip(found.rows, found.distances, strict=True)
        )

    @once
    def counts(self) -> tuple[tuple[int, int], ...]:
        """The labels of the nearest, each with how many have it: the most frequent first, of equals the nearer."""
        return tuple(Counter(one.label for one in self.nearest).most_common())

    @property
    def own(self) -> int:
        """How many of the nearest have the label that is read."""
        return dict(self.counts).get(self.digit, 0)

    @property
    def rival(self) -> tuple[int, int] | None:
        """The most frequent other label among them, and how many have it; None where all have the one read."""
        return next((one for one in self.counts if one[0] != self.digit), None)

    @once
    def leaning(self) -> tuple[int, float | None]:
        """The label that it leans to most, and the share of new digits of its own that lean less to any other."""
        other, how_far = self.atlas.leaning(self.point, self.digit)
        return other, self._share_below(self.atlas.held_out_leanings, how_far)

    @once
    def apart(self) -> float | None:
        """The share of new digits of its label that lie nearer to their neighbours than it does to its own."""
        mean = float(np.mean([one.distance for one in self.nearest]))
        return self._share_below(self.atlas.held_out_distances, mean)

    @once
    def standing(self) -> Standing:
        """Where it lies: a rule of how many neighbours have which label, and of how far it leans to another."""
        if self.rival is not None and self.rival[1] > self.own:
            return "astray"
        if self.own < EDGE_FROM:
            return "between"
        return "edge" if self.own < INSIDE_FROM or self.leans else "inside"

    @property
    def leans(self) -> bool:
        """Whether it leans to another label clearly more than new digits of its own do."""
        share = self.leaning[1]
        return share is not None and share >= LEANING_FROM

    @property
    def stands_apart(self) -> bool:
        """Whether it lies farther from its neighbours than nearly all new digits of its label do from theirs."""
        return self.apart is not None and self.apart >= APART_FROM

    @property
    def beside(self) -> int | None:
        """The label next to it: what it leans to, or what its neighbours have besides; None well inside."""
        if self.standing == "inside":
            return None
        by_count = self.own < INSIDE_FROM and self.rival is not None
        return self.rival[0] if by_count and self.rival else self.leaning[0]

    @once
    def at(self) -> tuple[float, float]:
        """Its place on the map."""
        return self.atlas.position(self.found)

    @once
    def scatter(self) -> float:
        """How far its neighbours' places are from its own on average, in sides of the map."""
        return float(np.mean([np.hypot(one.at[0] - self.at[0], one.at[1] - self.at[1]) for one in self.nearest]))

    def less_alike(self, one: Neighbour) -> float:
        """The share of the pairs of digits with its label that are less alike than it and the picture."""
        return float((self.atlas.pair_distances(one.label) > one.distance).mean())

    def nearer(self, one: Neighbour) -> int:
        """How many digits with another label are nearer than it."""
        others = self.atlas.features[self.atlas.labels != one.label]
        return int((np.linalg.norm(others - self.point, axis=1) < one.distance).sum())

    @property
    def map(self) -> DigitMap:
        """What can be drawn."""
        shown = slice(MOST_POINTS)
        return DigitMap(
            self.atlas.coordinates[shown],
            self.atlas.labels[shown],
            self.at,
            self.nearest,
            self.digit,
            self.beside,
            self.pictures(self.nearest) or (),
        )

    def pictures(self, some: tuple[Neighbour, ...]) -> tuple[np.ndarray, ...] | None:
        """The pictures of neighbours, as ``pictures_of`` finds them in the data set of the weights."""
        return pictures_of(some, self.case.classifier.identity.alphabet.dataset)

    def _share_below(self, values: np.ndarray, value: float) -> float | None:
        mine = values[self.atlas.held_out_labels == self.digit]
        return float((mine < value).mean()) if len(mine) >= FEWEST_HELD_OUT else None


def pictures_of(neighbours: tuple[Neighbour, ...], dataset: str) -> tuple[np.ndarray, ...] | None:
    """The pictures, (28, 28) in [0, 1]; None where ``dataset`` is not at hand, or is not the one they are from."""
    training = training_pictures(dataset)
    if training is None or any(
        one.index >= len(training) or training.labels[one.index] != one.label for one in neighbours
    ):
        return None
    return tuple(training.pictures[one.index].astype(np.float32) / GREYS for one in neighbours)
