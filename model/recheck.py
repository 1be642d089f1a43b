"""Run every test of many replies again: ``python -m model.recheck replies.jsonl``.

Each line is a reply as docs/contract.md describes it. The pictures in it go through torchvision's own densenet121 with
the weights file and config.json, and nothing else of this project, so that no mistake there can confirm itself.
Exit status 0 where every statement holds, 1 where one does not, 2 where the file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torchvision.models import densenet121

TOLERANCE = 1e-3  # of a probability
POINTS = 1.0  # percentage points by which a rounded number in a sentence may be off
CLEAR_LEAD, ERRORS = 0.10, 2  # by how much a test beats its control: in probability, and in standard errors
PIXEL = 1.0  # ink by which a place of a control may differ from what it is as much as
# The beginnings of the kinds of claims that name a cause: their test must beat its control.
CAUSES = (
    "first_part_", "first_gap_", "first_beyond_chance_", "further_part_", "further_gap_", "together_", "instead_",
    "replayed_", "claim_right_", "claim_partly_erase_", "claim_partly_fill_", "decides_now",
)  # fmt: skip
BATCH = 16

_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)[\s\u00a0\u202f]*%")


@dataclass(frozen=True, eq=False)
class Input:
    """A picture, and how it is enlarged for the network."""

    pixels: np.ndarray  # (28, 28) float32
    interpolation: str = "bilinear"  # the network's own; a test may try "nearest"

    @property
    def key(self) -> tuple[str, bytes]:
        """Equal for what gives equal answers."""
        return self.interpolation, self.pixels.tobytes()


class Reference:
    """The weights in torchvision's network; remembers what it has answered."""

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.network = densenet121(num_classes=len(config["labels"]))
        self.network.load_state_dict({name: tensor.to(torch.float32) if tensor.is_floating_point() else tensor
                                      for name, tensor in load_file(folder / "model.safetensors").items()})  # fmt: skip
        self.network.eval()
        self.size, self.temperature = config["image_size"], config["temperature"]
        self.mean, self.std = (torch.tensor(config[name]).view(1, 3, 1, 1) for name in ("mean", "std"))
        self.answers: dict[tuple[str, bytes], np.ndarray] = {}
        self.log_odds: dict[tuple[str, bytes], np.ndarray] = {}  # of each class, at temperature 1

    def run(self, pictures: list[Input]) -> None:
        """Read all pictures that are not known yet; equal ones once."""
        new = {picture.key: picture for picture in pictures if picture.key not in self.answers}
        keys = sorted(new, key=lambda key: key[0])  # those that are enlarged alike come together
        alike = [list(some) for _, some in groupby(keys, lambda key: key[0])]
        for some in [group[first : first + BATCH] for group in alike for first in range(0, len(group), BATCH)]:
            batch = torch.from_numpy(np.stack([new[key].pixels for key in some]))[:, None]
            mode = some[0][0]
            corners = False if mode == "bilinear" else None  # which torch takes for no other mode
            large = torch.nn.functional.interpolate(batch, [self.size, self.size], mode=mode, align_corners=corners)
            with torch.inference_mode():
                logits = self.network((large.repeat(1, 3, 1, 1) - self.mean) / self.std).double()
            probabilities = torch.softmax(logits / self.temperature, dim=1).numpy()
            self.answers.update(zip(some, probabilities, strict=True))
            self.log_odds.update(zip(some, _log_odds(logits).numpy(), strict=True))
            if sys.stderr.isatty():
                print(f"\r{len(self.answers):,} pictures run, the last {len(some)}", end="", file=sys.stderr)

    def probabilities(self, picture: Input) -> np.ndarray:
        """(10,) of a picture that was run."""
        return self.answers[picture.key]


def _log_odds(logits: torch.Tensor) -> torch.Tensor:
    """(N, K) → (N, K): z_k − log Σ_{c≠k} exp z_c."""
    others = logits[:, None].masked_fill(torch.eye(logits.shape[1], dtype=torch.bool), -torch.inf)
    return logits - others.logsumexp(dim=2)


@dataclass
class Findings:
    """What was counted, and what is false."""

    replies: int = 0
    claims: int = 0
    tests: int = 0
    controls: int = 0
    largest: float = 0.0  # difference of two probabilities
    false: list[str] = field(default_factory=list)

    def compare(self, said: list[float], found: np.ndarray, where: str) -> None:
        """Note the difference of two (10,) probabilities, and a false statement where it is too large."""
        difference = float(np.abs(np.asarray(said, np.float64) - found).max())
        self.largest = max(self.largest, difference)
        if not difference <= TOLERANCE:
            self.false.append(f"{where}: the probabilities differ by {difference:.4f}")


def pixels(value: object) -> np.ndarray:
    """28×28 numbers → float32 (28, 28); raises ValueError for anything else."""
    picture = np.asarray(value, np.float32)
    if picture.shape != (28, 28):
        raise ValueError(f"pixels have the shape {picture.shape}, not (28, 28)")
    return np.ascontiguousarray(picture)


def pictures_in(reply: Mapping) -> Iterator[Input]:
    """All pictures that a reply says something about."""
    if reply.get("prediction"):
        yield Input(pixels(reply["image"]["pixels"]))
    for claim in reply["claims"]:
        for test in tests_of(claim):
            yield from inputs_of(test).values()
    for control in reply.get("controls", ()):
        yield from inputs_at(control)


def inputs_at(control: Mapping) -> list[Input]:
    """The picture that a control began with, then the one at each of its places."""
    before = pixels(control["before"]["pixels"])
    found = [Input(before)]
    for place in control["places"]:
        after = before.copy()
        for row, column, value in place["changed"]:
            after[row, column] = value
        found.append(Input(after))
    return found


def tests_of(claim: Mapping) -> list[Mapping]:
    """The test that a claim quotes, then the further ones that it sums up."""
    return [test for test in (claim.get("test"), *claim.get("further_tests", ())) if test]


def inputs_of(test: Mapping) -> dict[str, Input]:
    """The pictures "before" and "after"; only the operation "enlarge" enlarges the second in another way."""
    operation = test["operation"]
    after = operation["interpolation"] if operation.get("kind") == "enlarge" else "bilinear"
    return {
        "before": Input(pixels(test["before"]["pixels"])),
        "after": Input(pixels(test["after"]["pixels"]), after),
    }


def check_prediction(reply: Mapping, reference: Reference, findings: Findings, where: str) -> None:
    """The digit, its probability, the runner-up and the margin are what the picture gives."""
    said = reply["prediction"]
    found = reference.probabilities(Input(pixels(reply["image"]["pixels"])))
    findings.compare(said["probabilities"], found, f"{where}, prediction")
    digit, runner_up = said["digit"], said["runner_up"]
    others = np.delete(found, digit)
    if found[digit] < found.max() - TOLERANCE or found[runner_up] < others.max() - TOLERANCE or digit == runner_up:
        findings.false.append(
            f"{where}, prediction: {digit} before {runner_up}, but the network gives {found.round(3)}"
        )
    numbers = (said["probability"] - found[digit], said["margin"] - (found[digit] - found[runner_up]))
    if not max(map(abs, numbers)) <= 2 * TOLERANCE:
        findings.false.append(f"{where}, prediction: probability or margin are off by {max(map(abs, numbers)):.4f}")


def check_test(test: Mapping, image: np.ndarray, reference: Reference, findings: Findings, where: str) -> dict:
    """What was changed, and both outcomes, which are given back by their names."""
    found, inputs = {}, inputs_of(test)
    for name, picture in inputs.items():
        found[name] = reference.probabilities(picture)
        findings.compare(test[name]["probabilities"], found[name], f"{where}, {name}")
    kind, change = test["operation"].get("kind"), inputs["after"].pixels - inputs["before"].pixels
    sign = {"erase": -1, "fill": 1}.get(kind)
    if sign and ((change * sign < 0).any() or not change.any()):
        findings.false.append(f"{where}: {kind} did not only {'add' if sign > 0 else 'take'} ink")
    if kind == "enlarge" and change.any():
        findings.false.append(f"{where}: the picture itself was changed, not only how it is enlarged")
    from_image = sign or kind in ("enlarge", "prepare_without")
    if from_image and not np.allclose(inputs["before"].pixels, image, atol=TOLERANCE):
        findings.false.append(f"{where}: the test began with another picture than the one that was read")
    return found


def check_summary(claim: Mapping, after: list[np.ndarray], findings: Findings, where: str) -> None:
    """What a claim says of all its tests, the one that its sentence quotes first in ``after``."""
    digit = claim["digit"]
    sign = {"least": 1, "most": -1}.get(claim["quoted"], 0)
    for place, found in enumerate(after):
        here = f"{where}, further test {place}" if place else where
        # A reader sees whole percents; which of two is the least is told from tenths.
        if sign * (found[digit] - after[0][digit]) < -2 * TOLERANCE:
            findings.false.append(f"{here}: the test that is quoted does not leave {digit} the {claim['quoted']}")
        lead = found[digit] - np.delete(found, digit).max()
        if claim["read_in_all"] is not None and (lead if claim["read_in_all"] else -lead) < -TOLERANCE:
            findings.false.append(f"{here}: {digit} is {'not ' if claim['read_in_all'] else ''}read")


def check_claim(claim: Mapping, image: np.ndarray, reference: Reference, findings: Findings, where: str) -> None:
    """The claim's tests, each percentage in its sentence, and what it says of several tests together."""
    found = check_test(claim["test"], image, reference, findings, where)
    if further := claim.get("further_tests"):
        after = [found["after"]]
        for place, test in enumerate(further, start=1):
            after.append(check_test(test, image, reference, findings, f"{where}, further test {place}")["after"])
        check_summary(claim, after, findings, where)
    true = np.concatenate([found["before"], found["after"], np.abs(found["before"] - found["after"])]) * 100
    for text in _PERCENT.findall(claim["sentence"]):
        number = float(text.replace(",", "."))
        if np.abs(true - number).min() > POINTS:
            findings.false.append(f"{where}: {number:g} % is no outcome of the test: {claim['sentence']!r}")


def check_control(control: Mapping, reference: Reference, findings: Findings, where: str) -> None:
    """All its pictures give what they are said to give, and each place only takes ink, or only adds some."""
    before, *inputs = inputs_at(control)
    findings.compare(control["before"]["probabilities"], reference.probabilities(before), f"{where}, before")
    for number, (place, after) in enumerate(zip(control["places"], inputs, strict=True), start=1):
        findings.compare(place["probabilities"], reference.probabilities(after), f"{where}, place {number}")
        change = after.pixels - before.pixels
        sign = {"erase_patch": -1, "fill_patch": 1}.get(place["operation"].get("kind"))
        if sign and ((change * sign < 0).any() or not change.any()):
            findings.false.append(f"{where}: a place did not only {'add' if sign > 0 else 'take'} ink")


def check_held(claim: Mapping, controls: list[Mapping], reference: Reference, findings: Findings, where: str) -> None:
    """What a claim says of its controls: as much at each place as its test did, whether that is beaten, the means."""
    test = claim.get("test")
    if test:
        as_much(test, controls[0], findings, where)
        loosely, strictly = (beaten(test, controls[0], reference, slack) for slack in (-TOLERANCE, TOLERANCE))
        if claim["beats_control"] and not loosely or not claim["beats_control"] and strictly:
            findings.false.append(f"{where}: the control is {'not ' if claim['beats_control'] else ''}beaten")
    drops = [dropped(control, reference) for control in controls]
    means = np.array([drop.mean() for drop in drops])
    before = np.array([control["before"]["probabilities"][control["digit"]] for control in controls])
    # A move towards the other picture is a rise or a fall of the digit: of that the size alone is compared.
    for name, found in (("mean drop at", means), ("mean left after", before - means), ("mean move", np.abs(means))):
        told = [one["value"] for one in claim["evidence"] if one["name"].startswith(name)]
        if told and not np.allclose(np.abs(told) if name == "mean move" else told, found, atol=TOLERANCE):
            findings.false.append(f"{where}: the random places have other means: {found}")


def dropped(control: Mapping, reference: Reference) -> np.ndarray:
    """(K,) by how much the digit's probability fell at each place."""
    before, *after = (reference.probabilities(one) for one in inputs_at(control))
    return before[control["digit"]] - np.array([one[control["digit"]] for one in after])


def beaten(test: Mapping, control: Mapping, reference: Reference, slack: float) -> bool:
    """Whether the test moves the control's digit clearly more (docs/contract.md), and by ``slack`` more still."""
    before, after = (picture.key for picture in inputs_of(test).values())
    start, *places = (one.key for one in inputs_at(control))
    clear = []
    for said, lead in ((reference.answers, CLEAR_LEAD), (reference.log_odds, -np.inf)):
        digit = control["digit"]
        drop = said[before][digit] - said[after][digit]
        drops = said[start][digit] - np.array([said[one][digit] for one in places])
        sign = 1 if drop >= 0 else -1
        mean, error = float(np.mean(sign * drops)), float(np.std(drops)) / len(drops) ** 0.5
        clear.append(sign * drop - mean - max(lead, ERRORS * error) > slack)
    return all(clear)


def as_much(test: Mapping, control: Mapping, findings: Findings, where: str) -> None:
    """Each place begins where the test does, and changes as much ink, or as many empty pixels; the rest never more."""
    before, after = (picture.pixels for picture in inputs_of(test).values())
    start, *inputs = (one.pixels for one in inputs_at(control))
    if not np.allclose(start, before, atol=TOLERANCE):
        findings.false.append(f"{where}: the control began with another picture than the test")
    for place, picture in zip(control["places"], inputs, strict=True):
        kind, change = place["operation"].get("kind"), picture - start
        if kind == "fill_patch":
            more = float((change != 0).sum() - (after != before).sum())
        else:
            more = float(np.abs(change).sum() - np.abs(after - before).sum())
        off = 0.0 if kind == "exchange_rest" else -more
        if max(more, off) > PIXEL:
            findings.false.append(f"{where}: a place of the control changed another amount: by {more:.2f}")


def recheck(replies: list[dict], reference: Reference) -> Findings:
    """Check every reply."""
    reference.run([picture for reply in replies for picture in pictures_in(reply)])
    findings = Findings(replies=len(replies))
    for line, reply in enumerate(replies, start=1):
        if reply.get("prediction"):
            check_prediction(reply, reference, findings, f"line {line}")
        controls = {control["id"]: control for control in reply.get("controls", ())}
        findings.controls += len(controls)
        for name, control in controls.items():
            check_control(control, reference, findings, f"line {line}, {name}")
        for place, claim in enumerate(reply["claims"], start=1):
            findings.claims += 1
            if "controls" in reply and claim["kind"].startswith(CAUSES) and not claim.get("beats_control"):
                findings.false.append(f"line {line}, claim {place}: a cause is named that beats no control")
            if names := claim.get("controls"):
                held = [controls[name] for name in names]
                check_held(claim, held, reference, findings, f"line {line}, claim {place}")
            if claim.get("test"):
                findings.tests += len(tests_of(claim))
                image = pixels(reply["image"]["pixels"])
                check_claim(claim, image, reference, findings, f"line {line}, claim {place}")
    return findings


def main() -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m model.recheck", description=__doc__.splitlines()[0])
    parser.add_argument("replies", type=Path, help="a file with one reply a line, as python -m bot --json prints them")
    parser.add_argument("--weights", type=Path, default=Path(__file__).parent / "weights")
    options = parser.parse_args()
    try:
        lines = options.replies.read_text(encoding="utf-8").splitlines()
        replies = [json.loads(line) for line in lines if line.strip()]
        reference = Reference(options.weights)
        findings = recheck(replies, reference)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        print(f"These replies cannot be checked: {type(problem).__name__}: {problem}", file=sys.stderr)
        return 2
    for sentence in findings.false:
        print(f"FALSE {sentence}")
    print(
        f"{findings.replies:,} replies, {findings.claims:,} claims, {findings.tests:,} tests, "
        f"{findings.controls:,} controls, {len(reference.answers):,} different pictures run; "
        f"largest difference {findings.largest:.1e}; {len(findings.false):,} false statements"
    )
    return 1 if findings.false else 0


if __name__ == "__main__":
    sys.exit(main())
