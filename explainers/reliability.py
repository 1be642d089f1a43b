"""How far an attribution of one picture may be believed: beside plain erasing, over seeds, and over fresh weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explainers.base import SEEDS, Case, Explainer
from explainers.checks import each_alone
from explainers.measures import ink_parts, part_totals, rank_correlation, top_part
from explainers.values import Attribution, Part

LEAST_DROP = 0.01  # logit: where erasing any part moves the log-odds by less, there is no order to agree with
FLAT = 1e-9  # of a map's unit: what differs by less over the ink is the same everywhere but for rounding


@dataclass(frozen=True, eq=False)
class Draws:
    """What a method that rests on random runs puts first, over ``SEEDS`` draws of these runs."""

    top: Part | None  # with the case's own seed
    same: int  # of the draws, this one included, that put ``top`` first
    seeds: int
    runs: int  # in the case's own table
    complete: bool  # all subsets were run: the seed changes nothing, and nothing was drawn anew

    @property
    def stable(self) -> bool:
        """Whether every draw puts the same part first."""
        return self.same == self.seeds


def erasing_drops(case: Case, target: int) -> np.ndarray:
    """(M,) logit: by how much the log-odds of ``target`` fall when each ink part is erased alone, as ``checks`` does.

    Empty for a single part: without it the picture is blank, which says nothing about the part.
    """
    ink = ink_parts(case.parts)
    if len(ink) < 2:
        return np.empty(0)
    return np.array([test.log_odds_drop(target) for test in each_alone(case, ink)])


def erasing_agreement(case: Case, attribution: Attribution) -> float | None:
    """Spearman's correlation over the M ink parts of what each was given and what erasing it alone costs, −1 to 1.

    None for fewer than three parts, and where one of the two makes no difference between the parts.
    """
    drops = erasing_drops(case, attribution.target)
    if not drops.size or np.ptp(drops) < LEAST_DROP:
        return None
    return rank_correlation(part_totals(attribution, case.parts), drops)


def over_seeds(case: Case, method: Explainer, target: int) -> Draws | None:
    """Which part comes first over the seeds; None for a method that draws nothing."""
    if not method.random:
        return None
    tops = [top_part(one.attribution(method, target), case.parts) for one in (case, *case.other_draws)]
    ids = [top.id if top else None for top in tops]
    complete = case.runs.complete
    same = SEEDS if complete else ids.count(ids[0])
    return Draws(tops[0], same, SEEDS, len(case.runs.kept), complete)


def fresh_agreement(case: Case, method: Explainer, target: int) -> float | None:
    """How much of a map is left when the network's last layer has learnt nothing, −1 to 1; about 0 is right.

    Adebayo et al., "Sanity Checks for Saliency Maps", 2018 (arXiv 1810.03292), with the last layer alone drawn anew:
    Spearman's correlation of the two maps, with signs, over the pixels of ink. Off the ink both maps are 0, and without
    signs both grow with the ink (two networks that share nothing then seem to agree by 0.6).

    One draw says nothing: the two maps then agree or oppose each other by chance, as both follow the same few strokes.
    It is therefore the mean of a draw and of the same with all signs turned, which is as likely a draw (antithetic
    variates: Hammersley and Morton 1956). A map that the last layer does not change gets 1. So this tells whether what
    is for and what is against follows what was learnt; not whether the same strokes would be marked, as one draw may
    well order the ink as the map does, or in reverse. None where a map is the same everywhere.
    """
    ink = case.pixels > 0
    maps = [one.attribution(method, target).values[ink] for one in (case, *case.unlearnt)]
    if not ink.any() or min(map(np.ptp, maps)) < FLAT:
        return None
    found = [rank_correlation(maps[0], other) for other in maps[1:]]
    known = [correlation for correlation in found if correlation is not None]
    return float(np.mean(known)) if len(known) == len(found) else None
