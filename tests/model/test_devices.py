"""Where the network runs."""

from __future__ import annotations

import pytest
import torch

from model.devices import on_zero_gpu, pick_device
from model.errors import ModelError


@pytest.mark.parametrize(
    ("value", "told"), [("true", True), ("1", True), ("T", True), ("false", False), ("0", False), ("", False)]
)
def test_zero_gpu_is_told_by_the_environment(monkeypatch: pytest.MonkeyPatch, value: str, told: bool) -> None:
    monkeypatch.setenv("SPACES_ZERO_GPU", value)
    assert on_zero_gpu() is told


def test_a_gpu_that_is_only_lent_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    assert not on_zero_gpu()
    assert pick_device().type == "cuda"
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    assert pick_device().type == "cpu"
    with pytest.raises(ModelError, match="no cuda device"):
        pick_device("cuda")
