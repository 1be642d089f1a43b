"""The pictures in a reply as docs/contract.md describes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from model.recheck.reference import Input


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
        for look in claim.get("looks", ()):
            yield Input(pixels(look["pixels"]))
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
