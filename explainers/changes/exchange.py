"""Two pictures: where they differ, and what the network says when one place is taken over from the other.

The pictures are laid upon each other by their centres of mass, and their parts matched by overlap, form and place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from explainers.base import Case
from explainers.checks import try_pictures
from explainers.once import once
from explainers.values import Part, Test

LEAST_OVERLAP = 0.25  # from here two parts, each a pixel wider all around, are in the same place
ALIKE = 0.25  # a place differs where more than this share of its ink does
REPEATS = 8  # random places of the control


@dataclass(frozen=True, eq=False)
class Difference:
    """A place where the pictures differ: a part of either, or of both where they lie in the same place."""

    here: Part | None  # of the present picture
    there: Part | None  # of the earlier one
    mask: np.ndarray  # (28, 28) bool, in the present picture: the parts and a pixel around them

    @property
    def parts(self) -> tuple[Part, ...]:
        """The one or two parts, the present picture's first."""
        return tuple(part for part in (self.here, self.there) if part is not None)


@dataclass(frozen=True, eq=False)
class Pair:
    """The present picture and the earlier one."""

    present: Case
    earlier: Case

    @once
    def shift(self) -> tuple[int, int]:
        """Rows and columns by which the earlier picture is moved, so that the centres of mass meet."""
        (row, column), (old_row, old_column) = (_centre(case.pixels) for case in (self.present, self.earlier))
        return round(row - old_row), round(column - old_column)

    @once
    def amounts(self) -> np.ndarray:
        """(28, 28) |present − earlier|, the earlier one moved."""
        return np.abs(self.present.pixels - moved(self.earlier.pixels, self.shift))

    @once
    def differences(self) -> tuple[Difference, ...]:
        """The places that differ, those with the most different ink first."""
        places = []
        ink = np.maximum(self.present.pixels, moved(self.earlier.pixels, self.shift))
        for here, there in self.matched:
            masks = [here.mask] if here else []
            masks += [moved(there.mask, self.shift)] if there else []
            mask = ndimage.binary_dilation(np.any(masks, axis=0), np.ones((3, 3)))
            if self.amounts[mask].sum() > ALIKE * ink[mask].sum():
                places.append(Difference(here, there, mask))
        return tuple(sorted(places, key=lambda place: -self.amount(place)))

    @once
    def matched(self) -> tuple[tuple[Part | None, Part | None], ...]:
        """Each part of either picture once, beside the other's part in the same place where there is one."""
        wide = {
            id(part): ndimage.binary_dilation(mask, np.ones((3, 3)))
            for part, mask in (
                *((part, part.mask) for part in self.present.parts),
                *((part, moved(part.mask, self.shift)) for part in self.earlier.parts),
            )
        }
        scored = []
        for here in self.present.parts:
            for there in self.earlier.parts:
                one, other = wide[id(here)], wide[id(there)]
                overlap = float((one & other).sum() / (one | other).sum())
                named_alike = (here.form == there.form) + (here.place == there.place)
                if here.kind == there.kind and (overlap >= LEAST_OVERLAP or (overlap > 0 and named_alike == 2)):
                    scored.append((overlap + named_alike / 4, here, there))
        pairs: list[tuple[Part | None, Part | None]] = []
        free = {id(part) for part in (*self.present.parts, *self.earlier.parts)}
        for _, here, there in sorted(scored, key=lambda one: -one[0]):
            if {id(here), id(there)} <= free:
                free -= {id(here), id(there)}
                pairs.append((here, there))
        pairs += [(part, None) for part in self.present.parts if id(part) in free]
        pairs += [(None, part) for part in self.earlier.parts if id(part) in free]
        return tuple(pairs)

    def amount(self, place: Difference) -> float:
        """How much ink differs there: the sum of the differences of the pixels."""
        return float(self.amounts[place.mask].sum(dtype=np.float64))

    def taken_over(self, places: Sequence[Difference]) -> tuple[Test, ...]:
        """The present picture with each place as the earlier one has it, one at a time."""
        return try_pictures(self.present, [(self._operation(place), self._mixed(place.mask)) for place in places])

    @once
    def turned(self) -> Pair:
        """The other way round: what the present picture does to the earlier one."""
        return Pair(self.earlier, self.present)

    def turn(self, place: Difference) -> Difference:
        """``place`` for ``turned``: in the earlier picture."""
        return Difference(place.there, place.here, moved(place.mask, (-self.shift[0], -self.shift[1])))

    def elsewhere(self, place: Difference) -> tuple[Test, ...]:
        """The control: as much of the difference taken over at ``REPEATS`` random places outside ``place``.

        Where less than that differs elsewhere, all the rest, once.
        """
        amount, others = self.amount(place), np.where(place.mask, 0, self.amounts)
        spots = np.argwhere(others > 0)
        if others.sum(dtype=np.float64) <= amount:
            return try_pictures(self.present, [({"kind": "exchange_rest"}, self._mixed(~place.mask))])
        generator = np.random.default_rng(self.present.seed)
        changed = []
        for _ in range(REPEATS):
            start = spots[generator.integers(len(spots))]
            order = spots[np.argsort(((spots - start) ** 2).sum(axis=1), kind="stable")]
            reached = np.cumsum(others[tuple(order.T)], dtype=np.float64)
            mask = np.zeros(others.shape, bool)
            mask[tuple(order[: int(np.abs(reached - amount).argmin()) + 1].T)] = True
            operation = {"kind": "exchange_patch", "start": [int(one) for one in start], "amount": amount}
            changed.append((operation, self._mixed(mask)))
        return try_pictures(self.present, changed)

    def _mixed(self, mask: np.ndarray) -> np.ndarray:
        return np.where(mask, moved(self.earlier.pixels, self.shift), self.present.pixels)

    def _operation(self, place: Difference) -> dict[str, object]:
        return {
            "kind": "exchange",
            "parts": [place.here.id] if place.here else [],
            "other_parts": [place.there.id] if place.there else [],
            "shift": list(self.shift),  # of the other picture, rows and columns
        }


def moved(values: np.ndarray, shift: tuple[int, int]) -> np.ndarray:
    """``values`` (28, 28) moved by whole rows and columns; what comes in is 0, what goes out is lost."""
    result = np.zeros_like(values)
    (down, right), (height, width) = shift, values.shape
    result[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = values[
        max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)
    ]
    return result


def _centre(pixels: np.ndarray) -> tuple[float, float]:
    """Row and column of the centre of mass; the middle where there is no ink."""
    total = float(pixels.sum(dtype=np.float64))
    if total <= 0:
        return (pixels.shape[0] - 1) / 2, (pixels.shape[1] - 1) / 2
    rows, columns = np.indices(pixels.shape)
    return float((rows * pixels).sum() / total), float((columns * pixels).sum() / total)
