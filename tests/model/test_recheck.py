"""The check of replies finds true ones true and every kind of false one false."""

from __future__ import annotations

import ast
import copy
import json
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import model.recheck.__main__ as command
from model.load import load_folder
from model.recheck import Findings, Reference, controls, recheck
from model.recheck.pictures import inputs_at, inputs_of
from model.recheck.reference import Input
from model.weights import read_config, write_config


@pytest.fixture(scope="module")
def folder(weights_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights that work on small pictures, to be quick, and have a temperature."""
    small = Path(shutil.copytree(weights_folder, tmp_path_factory.mktemp("recheck") / "small"))
    write_config(small, {**read_config(small), "image_size": 64, "temperature": 0.25})
    return small


@pytest.fixture(scope="module")
def honest(folder: Path) -> dict:
    """A true reply with one tested claim and one without a test."""
    classifier = load_folder(folder)
    before = np.zeros((28, 28), np.float32)
    before[4:24, 10:18] = np.random.default_rng(0).random((20, 8)).round(2)
    after = before.copy()
    after[4:10] = 0
    read = classifier.predict(before)
    outcomes = [
        {"pixels": each.tolist(), "probabilities": classifier.predict(each).probabilities.tolist()}
        for each in (before, after)
    ]
    fall = [100 * outcome["probabilities"][read.digit] for outcome in outcomes]
    return {
        "image": {"pixels": before.tolist()},
        "prediction": {
            "digit": read.digit, "probability": read.probability, "runner_up": read.runner_up, "margin": read.margin,
            "probabilities": read.probabilities.tolist(),
        },
        "claims": [
            {"sentence": "This is a digit."},
            {
                "sentence": f"Without the top it goes from {fall[0]:.0f}\u202f% to {fall[1]:.1f} %.",
                "test": {"operation": {"kind": "erase"}, "before": outcomes[0], "after": outcomes[1]},
            },
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def reference(folder: Path) -> Reference:
    return Reference(folder)


def test_a_true_reply(honest: dict, reference: Reference) -> None:
    findings = recheck([honest, honest], reference)
    assert (findings.replies, findings.claims, findings.tests, findings.false) == (2, 4, 2, [])
    assert findings.largest < 1e-5
    assert len(reference.answers) == 2, "equal pictures are run once"


def enlarged(reply: dict, folder: Path, interpolation: str = "nearest") -> dict:
    """The reply with a claim about the picture enlarged in squares, and erasing the top as its further test."""
    reply = copy.deepcopy(reply)
    claim, before = reply["claims"][1], reply["claims"][1]["test"]["before"]
    classifier = load_folder(folder)
    logits = classifier.logits_enlarged(np.asarray(before["pixels"], np.float32), "nearest")
    probabilities = classifier.probabilities(logits)
    test = {
        "operation": {"kind": "enlarge", "interpolation": interpolation},
        "before": before,
        "after": {"pixels": before["pixels"], "probabilities": probabilities.tolist()},
    }
    digit = int(probabilities.argmax())
    claims = [{"sentence": f"It has {100 * probabilities[digit]:.1f} %.", "digit": digit, "test": test}, claim]
    return {**reply, "claims": claims}


def test_another_way_of_enlarging_is_run_again(honest: dict, folder: Path, reference: Reference) -> None:
    true = enlarged(honest, folder)
    found = recheck([true], reference)
    assert (found.tests, found.false) == (2, [])
    assert recheck([enlarged(honest, folder, "bilinear")], reference).false, "it is not what the network is used to"
    true["claims"][0]["test"]["after"]["pixels"] = true["claims"][1]["test"]["after"]["pixels"]
    assert any("the picture itself was changed" in one for one in recheck([true], reference).false)


@pytest.fixture(scope="module")
def two_tests(honest: dict, folder: Path) -> dict:
    """A true reply whose first claim tells of enlarging, and the second of erasing."""
    return enlarged(honest, folder)


def summing_up(two_tests: dict, **said: object) -> dict:
    """The first claim as one that sums up both tests."""
    reply = copy.deepcopy(two_tests)
    first, second = reply["claims"][:2]
    first |= {"further_tests": [second["test"]], "quoted": None, "read_in_all": None, "sentence": "Both.", **said}
    return reply


def test_further_tests_are_run_again(two_tests: dict, reference: Reference) -> None:
    true = summing_up(two_tests)
    found = recheck([true], reference)
    assert (found.tests, found.false) == (3, [])
    true["claims"][0]["further_tests"][0]["after"]["probabilities"][3] += 0.002
    assert len(recheck([true], reference).false) == 2, "the second claim has the same test"


def test_the_test_quoted_leaves_the_least_or_the_most(two_tests: dict, reference: Reference) -> None:
    first, second = (np.array(claim["test"]["after"]["probabilities"]) for claim in two_tests["claims"][:2])
    apart = np.argsort(first - second)
    lower, higher = int(apart[0]), int(apart[-1])  # the classes to which the quoted test leaves less, and more
    assert first[lower] < second[lower] - 0.01
    assert first[higher] > second[higher] + 0.01
    for quoted, digit, true in (
        ("least", lower, True), ("least", higher, False), ("most", higher, True), ("most", lower, False),
        (None, lower, True), (None, higher, True),
    ):  # fmt: skip
        false = recheck([summing_up(two_tests, quoted=quoted, digit=digit)], reference).false
        assert [one.split(": ", 1)[1] for one in false] == (
            [] if true else [f"the test that is quoted does not leave {digit} the {quoted}"]
        )


def test_what_is_read_in_all_is_read_in_the_test_quoted_too(two_tests: dict, reference: Reference) -> None:
    read = [int(np.argmax(claim["test"]["after"]["probabilities"])) for claim in two_tests["claims"][:2]]
    for digit in range(10):
        for all_read in (True, False):
            false = recheck([summing_up(two_tests, read_in_all=all_read, digit=digit)], reference).false
            assert len(false) == sum((one == digit) is not all_read for one in read)


def wrong_outcome(reply: dict) -> None:
    reply["claims"][1]["test"]["after"]["probabilities"][3] += 0.002


def wrong_picture(reply: dict) -> None:
    reply["claims"][1]["test"]["after"]["pixels"] = np.tri(28, dtype=np.float32).tolist()


def wrong_start(reply: dict) -> None:
    reply["image"]["pixels"][20][14] = 0.0
    reply["prediction"] = None


def wrong_percentage(reply: dict) -> None:
    test = reply["claims"][1]["test"]
    told = 100 * np.array(test["before"]["probabilities"] + test["after"]["probabilities"])
    far = next(number for number in range(100, 0, -1) if np.abs(told - number).min() > 20)
    reply["claims"][1]["sentence"] = f"It goes to {far} %."


def wrong_digit(reply: dict) -> None:
    said = reply["prediction"]
    said["digit"], said["runner_up"] = said["runner_up"], said["digit"]


def wrong_margin(reply: dict) -> None:
    reply["prediction"]["margin"] += 0.01


def nothing_changed(reply: dict) -> None:
    reply["claims"][1]["test"]["after"] = reply["claims"][1]["test"]["before"]


def ink_added_by_erasing(reply: dict) -> None:
    reply["claims"][1]["test"]["operation"]["kind"] = "fill"


def not_a_number(reply: dict) -> None:
    reply["claims"][1]["test"]["before"]["probabilities"][0] = float("nan")


FALSE = [
    wrong_outcome, wrong_picture, wrong_start, wrong_percentage, wrong_digit, wrong_margin, nothing_changed,
    ink_added_by_erasing, not_a_number,
]  # fmt: skip


@pytest.mark.parametrize("falsify", FALSE, ids=lambda falsify: falsify.__name__)
def test_a_false_reply(falsify, honest: dict, reference: Reference) -> None:
    reply = copy.deepcopy(honest)
    falsify(reply)
    assert recheck([reply], reference).false


def test_to_keep_a_place_only_takes_ink(honest: dict, reference: Reference) -> None:
    reply = copy.deepcopy(honest)
    test = reply["claims"][1]["test"]
    test["operation"]["kind"] = "keep"
    assert not recheck([reply], reference).false
    test["before"], test["after"] = test["after"], test["before"]
    assert any("keep did not only take ink" in one for one in recheck([reply], reference).false)


def test_the_border_of_the_tolerance() -> None:
    findings = Findings()
    findings.compare([0.5009, 0.5], np.array([0.5, 0.5]), "below")
    assert findings.false == []
    findings.compare([0.5011, 0.5], np.array([0.5, 0.5]), "above")
    assert len(findings.false) == 1


def test_it_uses_nothing_else_of_this_project() -> None:
    files = list(Path(command.__file__).parent.glob("*.py"))
    assert len(files) > 1
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        ours = [name for name in names if name.split(".")[0] in ("model", "explainers", "bot")]
        assert all(f"{name}.".startswith("model.recheck.") for name in ours), file


def test_the_command(
    honest: dict, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    replies = tmp_path / "replies.jsonl"
    monkeypatch.setattr(sys, "argv", ["recheck", str(replies), "--weights", str(folder)])
    bad = copy.deepcopy(honest)
    wrong_outcome(bad)

    replies.write_text(json.dumps(honest) + "\n", encoding="utf-8")
    assert command.main() == 0
    assert capsys.readouterr().out.startswith(
        "1 replies, 2 claims, 1 tests, 0 controls, 0 looks, 2 different pictures run"
    )
    replies.write_text(f"{json.dumps(honest)}\n{json.dumps(bad)}\n", encoding="utf-8")
    assert command.main() == 1
    assert "FALSE line 2, claim 2, after: the probabilities differ by 0.0020" in capsys.readouterr().out
    replies.write_text("no JSON", encoding="utf-8")
    assert command.main() == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture(scope="module")
def held(honest: dict, folder: Path) -> dict:
    """A true reply whose claim about erased rows is held against as many rows elsewhere."""
    classifier, reply = load_folder(folder), copy.deepcopy(honest)
    before = np.zeros((28, 28), np.float32)
    before[4:24, 10:18] = 0.5

    def outcome(first: int | None) -> dict:
        pixels = before.copy()
        if first is not None:
            pixels[first : first + 6] = 0
        return {"pixels": pixels.tolist(), "probabilities": classifier.predict(pixels).probabilities.tolist()}

    whole, without = outcome(None), outcome(4)
    places = [
        {
            "operation": {"kind": "erase_patch"},
            "changed": [[row, column, 0.0] for row in range(first, first + 6) for column in range(10, 18)],
            "probabilities": outcome(first)["probabilities"],
        }
        for first in range(5, 13)
    ]
    drops = np.array(whole["probabilities"]) - [place["probabilities"] for place in places]
    gained = np.array(whole["probabilities"]) - without["probabilities"]
    digit = int(np.argmax(np.abs(gained) - np.abs(drops).mean(axis=0)))
    reply["image"]["pixels"] = whole["pixels"]
    del reply["prediction"]
    reply["controls"] = [{"id": "control_1", "digit": digit, "before": whole, "places": places}]
    evidence = [{"name": "mean drop at random places", "value": float(drops[:, digit].mean())}]
    test = {"operation": {"kind": "erase"}, "before": whole, "after": without}
    claims = [
        {
            "kind": "minor_part",
            "sentence": "Without it, it falls.",
            "evidence": [],
            "test": test,
            "beats_control": False,
        },
        {"kind": "control", "sentence": "Elsewhere it does not.", "evidence": evidence, "test": None},
    ]
    reply["claims"] = [{**claim, "digit": digit, "controls": ["control_1"]} for claim in claims]
    return reply


def said_of(held: dict, reference: Reference) -> list[str]:
    return [one.split(": ", 1)[1] for one in recheck([held], reference).false]


def test_controls_are_run_again(held: dict, reference: Reference) -> None:
    found = recheck([held], reference)
    assert (found.controls, found.false) == (1, [])
    false = copy.deepcopy(held)
    false["controls"][0]["places"][3]["probabilities"][2] += 0.002
    assert said_of(false, reference) == ["the probabilities differ by 0.0020"]


def test_whether_a_control_is_beaten_is_computed_anew(
    held: dict, reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = copy.deepcopy(held)
    true["claims"][0]["beats_control"] = True
    assert said_of(true, reference) == ["the control is not beaten"]
    monkeypatch.setattr(controls, "CLEAR_LEAD", -1.0)
    monkeypatch.setattr(controls, "ERRORS", -1e9)
    assert said_of(true, reference) == []
    assert said_of(held, reference) == ["the control is beaten"]


@pytest.mark.parametrize(
    ("drops", "beaten"),
    [
        ([0.0] * 6 + [0.85] * 2, True),
        ([0.0] * 5 + [0.85] * 3, False),
        ([0.0] * 5 + [0.79] * 3, True),
        ([0.85] * 3 + [0.0] * 5, True),
    ],
)
def test_half_of_the_places_elsewhere_that_do_as_much_beat_a_test(held: dict, drops: list[float], beaten: bool) -> None:
    test, control = held["claims"][0]["test"], held["controls"][0]
    # Rows 4 to 9 were erased, and at the places six rows, from row 5, 6, ... 12 on.
    assert controls.elsewhere(test, control).tolist() == [False] * 3 + [True] * 5
    before, after = (picture.key for picture in inputs_of(test).values())
    start, *places = (picture.key for picture in inputs_at(control))
    left = {before: 0.9, start: 0.9, after: 0.0} | dict(zip(places, 0.9 - np.array(drops), strict=True))
    reference = SimpleNamespace(
        answers={key: np.full(10, share) for key, share in left.items()},
        log_odds={key: np.full(10, -50.0 if key == after else 0.0) for key in left},
    )
    assert controls.beaten(test, control, reference, slack=0.0) is beaten  # type: ignore[arg-type]


def test_the_mean_of_a_control_is_computed_anew(held: dict, reference: Reference) -> None:
    false = copy.deepcopy(held)
    false["claims"][1]["evidence"][0]["value"] += 0.002
    assert [one.split(":")[0] for one in said_of(false, reference)] == ["the random places have other means"]


def test_a_mean_move_is_compared_by_its_size(held: dict, reference: Reference) -> None:
    said = copy.deepcopy(held)
    evidence = said["claims"][1]["evidence"][0]
    evidence |= {"name": "mean move towards the picture before", "value": -evidence["value"]}
    assert said_of(said, reference) == []
    evidence["value"] += 0.002
    assert [one.split(":")[0] for one in said_of(said, reference)] == ["the random places have other means"]


@pytest.mark.parametrize("kind", ["first_part_flips", "claim_right_fill_keeps", "decides_now"])
def test_what_is_named_as_a_cause_beats_its_control(held: dict, reference: Reference, kind: str) -> None:
    said = copy.deepcopy(held)
    said["claims"][0]["kind"] = kind
    assert said_of(said, reference) == ["a cause is named that beats no control"]
    del said["claims"][0]["beats_control"], said["claims"][0]["controls"]
    assert said_of(said, reference) == ["a cause is named that beats no control"]
    said["claims"][0]["kind"] = "claim_partly_alone_erase"
    assert said_of(said, reference) == []


def test_a_control_changes_as_much_of_the_same_picture(held: dict, reference: Reference) -> None:
    before = np.array(held["controls"][0]["before"]["pixels"], np.float32)

    def outcome(pixels: np.ndarray) -> dict:
        reference.run([Input(pixels)])
        return {"pixels": pixels.tolist(), "probabilities": reference.probabilities(Input(pixels)).tolist()}

    false = json.loads(json.dumps(held))  # in which no two values are one
    place = false["controls"][0]["places"][0]
    place["changed"] = place["changed"][:24]
    less = before.copy()
    less[5:8] = 0
    place["probabilities"] = outcome(less)["probabilities"]
    assert said_of(false, reference)[0] == "a place of the control changed another amount: by -12.00"

    false = json.loads(json.dumps(held))
    false["controls"][0]["before"] = outcome(np.zeros((28, 28), np.float32))
    found = said_of(false, reference)
    assert "the control began with another picture than the test" in found
    assert "a place did not only take ink" in found


@pytest.mark.parametrize(("missing", "false"), [(0, False), (1, False), (2, True)])
def test_a_control_of_a_filled_place_inks_as_many_pixels(missing: int, false: bool) -> None:
    """One pixel is the tolerance: a place that inks fewer is no control."""
    before, filled = np.zeros((28, 28), np.float32), np.zeros((28, 28), np.float32)
    filled[4:6, 4:8] = 1
    test = {
        "operation": {"kind": "fill"},
        "before": {"pixels": before.tolist()},
        "after": {"pixels": filled.tolist()},
    }
    changed = [[row, column, 1.0] for row in (20, 21) for column in range(10, 14)][missing:]
    place = {"operation": {"kind": "fill_patch"}, "changed": changed}
    findings = Findings()
    controls.as_much(test, {"before": {"pixels": before.tolist()}, "places": [place]}, findings, "line 1")
    assert bool(findings.false) is false
