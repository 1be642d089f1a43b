"""Two changes at once."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.base import Case
from explainers.changes import pairs
from explainers.changes.edits import apply
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier


def test_every_pair_of_few_parts_is_tried_and_the_test_holds_its_picture() -> None:
    case = boxes_case(FakeClassifier.random(scale=0.05), 4)
    tried = pairs.try_pairs(case, 3)
    assert len(tried) <= 10
    for parts, test in tried:
        pixels = case.pixels
        for edit in pairs.part_edits(parts):
            pixels = apply(edit, pixels)
        np.testing.assert_array_equal(pixels, test.after.pixels)
        np.testing.assert_allclose(case.classifier.logits(pixels[None])[0], test.after.logits, atol=1e-6)


def test_the_pairs_that_promise_most_come_first_and_no_more_than_so_many() -> None:
    case = boxes_case(classifier := FakeClassifier.random(scale=0.05), 10)
    tried = pairs.try_pairs(case, 3)
    assert len(tried) == pairs.MOST_PAIRS
    assert classifier.runs == 1 + 11 + pairs.MOST_PAIRS  # the picture, each part alone, the pairs
    gains = {part.id: -test.log_odds_drop(3) for part, test in _alone(case)}
    promised = [sum(gains[part.id] for part in parts) for parts, _ in tried]
    assert promised == sorted(promised, reverse=True)


def _alone(case: Case):
    return [(part, case.alone[part.id]) for part in case.parts]


def test_at_least_as_much_ink_stays_as_is_erased() -> None:
    case = boxes_case(FakeClassifier.random(scale=0.05), 3)
    for parts, test in pairs.try_pairs(case, 3):
        erased = np.clip(case.pixels - test.after.pixels, 0, None).sum()
        assert erased <= case.pixels.sum() / 2 + 1e-3, [part.id for part in parts]


@pytest.mark.parametrize(("chosen", "kinds"), [((0, 1), ["erase"]), ((0, -1), ["erase", "fill"]), ((-1,), ["fill"])])
def test_ink_is_erased_and_gaps_are_filled(chosen: tuple[int, ...], kinds: list[str]) -> None:
    case = boxes_case(FakeClassifier.random(scale=0.05))
    edits = pairs.part_edits([case.parts[place] for place in chosen])
    assert [edit.change for edit in edits] == kinds
    assert sum(len(edit.parts) for edit in edits) == len(chosen)


def test_the_operation_tells_what_was_done() -> None:
    case = boxes_case(FakeClassifier.random(scale=0.05), 4)
    by_parts = {tuple(part.id for part in parts): test.operation for parts, test in pairs.try_pairs(case, 3)}
    both = by_parts["part_1", "gap_1"]
    assert both == {
        "kind": "edits",
        "edits": [{"kind": "erase", "parts": ["part_1"]}, {"kind": "fill", "parts": ["gap_1"]}],
    }
    erased = next(operation for parts, operation in by_parts.items() if "gap_1" not in parts)
    assert erased["kind"] == "erase"
