"""What can be measured on an attribution without running the model again: numpy only.

Everywhere a⁺ = max(a, 0) is the positive part of the values, "ink" the pixels above 0, and None stands where a
formula has no value (nothing positive, too few parts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explainers.values import Attribution, Part
from model.values import SIDE, Prediction

MOST_OF_IT = 0.9  # share of the positive attribution that ``ink_used`` asks for
BOX = 20  # MNIST puts the digit into 20×20 pixels; their thirds are the regions
REGIONS = (
    ("top_left", "top", "top_right"),
    ("left", "middle", "right"),
    ("bottom_left", "bottom", "bottom_right"),
)


@dataclass(frozen=True)
class Statistics:
    """The three statistics of a heatmap: stroke coverage, region focus and confidence margin."""

    stroke_coverage: float | None  # Σ_ink a⁺ / Σ a⁺, 0 to 1
    ink_used: float | None  # smallest share of the ink pixels that holds 90 % of Σ_ink a⁺, above 0 to 1
    region_focus: float | None  # 1 − H(s) / log M over the M ink parts, 0 (evenly spread) to 1 (all in one part)
    region: str | None  # the ninth of the picture (a name in PLACES) with most of a⁺
    region_share: float | None  # its share of a⁺, 0 to 1
    part: str | None  # id of the ink part that speaks most for the target
    part_share: float | None  # Σ a⁺ over it / Σ_ink a⁺, 0 to 1
    confidence_margin: float  # p_digit − p_runner_up, 0 to 1


def statistics(
    attribution: Attribution, pixels: np.ndarray, parts: Sequence[Part], prediction: Prediction
) -> Statistics:
    """The statistics of ``attribution`` for (28, 28) ``pixels`` cut into ``parts`` (gaps are passed over)."""
    positive = np.maximum(attribution.values, 0).astype(np.float64)
    region, region_share = strongest_region(positive)
    shares = _shares(np.maximum(part_totals(attribution, parts), 0))
    strongest = top_part(attribution, parts)
    return Statistics(
        stroke_coverage=stroke_coverage(positive, pixels),
        ink_used=ink_used(positive, pixels),
        region_focus=region_focus(shares),
        region=region,
        region_share=region_share,
        part=None if strongest is None else strongest.id,
        part_share=None if strongest is None else _share_on(positive, strongest.mask, pixels),
        confidence_margin=prediction.margin,
    )


def stroke_coverage(positive: np.ndarray, pixels: np.ndarray) -> float | None:
    """Σ_ink a⁺ / Σ a⁺: the share of the positive attribution that lies on ink."""
    total = positive.sum()
    return float(positive[pixels > 0].sum() / total) if total > 0 else None


def ink_used(positive: np.ndarray, pixels: np.ndarray) -> float | None:
    """min{k : the k largest a⁺ on ink sum to ≥ 0.9 Σ_ink a⁺} / number of ink pixels: how much of the ink carries it."""
    on_ink = np.sort(positive[pixels > 0])[::-1]
    reached = np.cumsum(on_ink)
    if not on_ink.size or reached[-1] <= 0:
        return None
    return float((np.searchsorted(reached, MOST_OF_IT * reached[-1]) + 1) / on_ink.size)


def _share_on(positive: np.ndarray, mask: np.ndarray, pixels: np.ndarray) -> float | None:
    """Σ a⁺ within ``mask`` / Σ_ink a⁺: of what ``ink_used`` speaks of, the share that lies there."""
    ink = pixels > 0
    total = positive[ink].sum()
    return float(positive[ink & mask].sum() / total) if total > 0 else None


def region_focus(shares: np.ndarray | None) -> float | None:
    """1 − H(s) / log M, H(s) = −Σ s_m log s_m: how concentrated the attribution is on few of the M ink parts.

    s_m = max(A_m, 0) / Σ max(A, 0), A_m = Σ a over part m; None for a single part.
    """
    if shares is None or len(shares) < 2:
        return None
    present = shares[shares > 0]
    return float(max(0.0, 1 + (present * np.log(present)).sum() / np.log(len(shares))))


def strongest_region(positive: np.ndarray) -> tuple[str | None, float | None]:
    """The ninth with the largest Σ a⁺: in favour of the outer ones, which are larger as they reach to the edge."""
    shares = region_shares(positive)
    if shares is None:
        return None, None
    row, column = np.unravel_index(int(shares.argmax()), shares.shape)
    return REGIONS[row][column], float(shares[row, column])


def region_shares(positive: np.ndarray) -> np.ndarray | None:
    """(3, 3): each ninth's share of Σ a⁺, None where that is 0; the outer ninths reach to the picture's edge."""
    third = thirds(np.arange(SIDE) + 0.5)  # (28,)
    member = (third == np.arange(3)[:, None]).astype(np.float64)  # (3, 28): which rows, or columns, are in which third
    return _shares(member @ positive @ member.T)


def thirds(places: np.ndarray) -> np.ndarray:
    """In which third, 0 to 2, each place is, in pixels from the top, or from the left."""
    margin = (SIDE - BOX) / 2
    return np.digitize(places, [margin + BOX / 3, margin + 2 * BOX / 3])


def part_totals(attribution: Attribution, parts: Sequence[Part]) -> np.ndarray:
    """(M,) float64: what each ink part was given, Σ of the values over it, signed."""
    return np.array(
        [
            attribution.part_values.get(part.id, attribution.values[part.mask].sum(dtype=np.float64))
            for part in ink_parts(parts)
        ],
        np.float64,
    )


def top_part(attribution: Attribution, parts: Sequence[Part]) -> Part | None:
    """The ink part that speaks most for the target; None where none speaks for it."""
    totals = part_totals(attribution, parts)
    return ink_parts(parts)[int(totals.argmax())] if totals.size and totals.max() > 0 else None


def rank_agreement(first: Attribution, second: Attribution, parts: Sequence[Part]) -> float | None:
    """Spearman's correlation of what two attributions give to the ink parts, as ``rank_correlation`` has it."""
    return rank_correlation(part_totals(first, parts), part_totals(second, parts))


def rank_correlation(first: np.ndarray, second: np.ndarray) -> float | None:
    """Spearman's correlation of two times (M,) values, −1 to 1.

    The correlation of the ranks, ties sharing their mean rank (Spearman 1904). None for fewer than three values, or
    where one of the two holds the same M times.
    """
    if len(first) < 3:
        return None
    centred = [ranks - ranks.mean() for ranks in (_ranks(first), _ranks(second))]
    if not all(ranks.any() for ranks in centred):
        return None
    product = float(centred[0] @ centred[1])
    return product / float(np.sqrt((centred[0] @ centred[0]) * (centred[1] @ centred[1])))


def ink_parts(parts: Sequence[Part]) -> list[Part]:
    """Those of ink, without the gaps."""
    return [part for part in parts if part.kind == "ink"]


def _shares(amounts: np.ndarray) -> np.ndarray | None:
    total = amounts.sum()
    return amounts / total if total > 0 else None


def _ranks(values: np.ndarray) -> np.ndarray:
    """(M,) ranks from 1, ties sharing their mean rank."""
    below = (values[:, None] > values[None, :]).sum(axis=1)
    equal = (values[:, None] == values[None, :]).sum(axis=1)
    return below + (equal + 1) / 2
