"""The network in torch, on any device: the way for a GPU, and the fallback on a processor.

On CUDA its two calls are recorded as graphs (``model/recorded.py``); elsewhere they are eager. What is read there is
float32, as every stated probability comes from it: TF32, torch's default for convolutions, moved probabilities by up
to 0.001. Gradients are TF32, as those on a processor are bfloat16 (docs/speed.md).
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from model.heads import Head, head_of
from model.network import DigitNet
from model.recorded import Recorded, Run

log = logging.getLogger(__name__)

# Pictures at a time, to read and for a gradient, at most. On two cores eight and four are quickest; a GPU wants more.
BATCHES = {"cpu": (8, 4), "mps": (32, 8), "cuda": (256, 64)}
# Bytes that one picture takes meanwhile, on the safe side: a gradient keeps maps of 130 MB, reading some of 3 MB each.
READING_BYTES, GRADIENT_BYTES = 40_000_000, 300_000_000
OUT = 1e30  # logit: what is this far below counts for nothing in a sum of exponentials
SHARE = 0.5  # of the free memory: the rest is for the libraries' own work, and for other programs

SMALLER, PROCESSOR = "gpu_memory_low", "gpu_memory_full"  # warnings: smaller batches; the processor instead

Answer = tuple[np.ndarray, np.ndarray]


class TorchEngine:
    """Where a GPU's memory does not hold a batch, smaller ones follow, and in the end the processor takes over."""

    name = "torch"
    at_once = 1

    def __init__(self, network: DigitNet, device: torch.device) -> None:
        # Channel by channel an H100 reads float32 more quickly; a processor more slowly.
        self._format = torch.contiguous_format if device.type == "cuda" else torch.channels_last
        self.network = network.to(device).to(memory_format=self._format).requires_grad_(False)
        self.device = device
        self.warnings: tuple[str, ...] = ()
        self._head = head_of(network.classifier)
        free = torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else None
        self.batch, self.gradient_batch = batches(device.type, free)
        self._reading: Run = self._read
        self._slopes: Run = self._differentiate
        if device.type == "cuda":
            torch.backends.cudnn.allow_tf32 = False
            self._reading, self._slopes = Recorded(self._read), Recorded(self._differentiate)

    def read(self, pictures: np.ndarray) -> Answer:
        """As ``Engine`` says."""
        return self._fitting(lambda some: self._on_device(self._reading, some), pictures, "batch")

    def prepare_gradients(self) -> None:
        """As ``Engine`` says."""

    def log_odds_gradients(self, pictures: np.ndarray, target: int, head: Head | None = None) -> Answer:
        """As ``Engine`` says."""
        last = head or self._head
        inputs = np.arange(len(last.bias)) == target, last.weight, last.bias
        return self._fitting(lambda some: self._on_device(self._slopes, some, *inputs), pictures, "gradient_batch")

    def leave_gpu(self) -> bool:
        """As ``Engine`` says."""
        if self.device.type == "cpu":
            return False
        log.warning("The GPU's memory is full; the processor runs the network from now on, more slowly.")
        self._free_memory()
        self.device = torch.device("cpu")
        self.network.to(self.device)
        self._reading, self._slopes = self._read, self._differentiate
        self.batch, self.gradient_batch = batches("cpu")
        self.warnings = (PROCESSOR,)
        return True

    def _free_memory(self) -> None:
        for recorded in (self._reading, self._slopes):
            if isinstance(recorded, Recorded):
                recorded.forget()
        torch.cuda.empty_cache()

    def _fitting(self, run: Callable[[np.ndarray], Answer], pictures: np.ndarray, size: str) -> Answer:
        """``run`` of the pictures, halved as often as the memory asks for it, and so is the ``size`` of later ones."""
        try:
            return run(pictures)
        except torch.OutOfMemoryError:
            if self.device.type == "cpu":
                raise
        # Here, as the exception held on to the tensors.
        if len(pictures) == 1:
            self.leave_gpu()
            return run(pictures)
        self._free_memory()
        half = len(pictures) // 2
        setattr(self, size, min(getattr(self, size), half))
        self.warnings = (SMALLER,)
        found = [self._fitting(run, part, size) for part in (pictures[:half], pictures[half:])]
        first, second = (np.concatenate(part) for part in zip(*found, strict=True))
        return first, second

    def _on_device(self, run: Run, *inputs: np.ndarray) -> Answer:
        first, second = run(*(self._tensor(one) for one in inputs))
        return first.cpu().numpy(), second.cpu().numpy()

    def _tensor(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32)).to(self.device)

    def _read(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 28, 28) → features (N, C), logits (N, K)."""
        with torch.no_grad():
            features = self._features(pictures)
            return features, self.network.classifier(features)

    def _differentiate(self, pictures: Tensor, chosen: Tensor, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 28, 28), the target as 1 among 0 (K,), the last layer → log-odds (N,), gradients (N, 28, 28)."""
        leaf = pictures.detach().requires_grad_(True)
        with torch.backends.cudnn.flags(enabled=True, allow_tf32=True):
            logits = F.linear(self._features(leaf), weight, bias)
            odds = chosen_log_odds(logits, chosen)
            (gradients,) = torch.autograd.grad(odds.sum(), leaf)
        return odds.detach(), gradients

    def _features(self, pictures: Tensor) -> Tensor:
        prepared = self.network.prepare(pictures).contiguous(memory_format=self._format)
        return self.network.pooled(self.network.maps(prepared))


def batches(kind: str, free: int | None = None) -> tuple[int, int]:
    """How many pictures to read, and to differentiate, at a time on a device with so many ``free`` bytes, if known."""
    most = BATCHES[kind]
    if free is None:
        return most
    reading, gradient = (
        max(1, min(limit, int(SHARE * free) // need))
        for limit, need in zip(most, (READING_BYTES, GRADIENT_BYTES), strict=True)
    )
    return reading, gradient


def log_odds(logits: Tensor, target: int) -> Tensor:
    """(N, K) logits → (N,): z_t − log Σ_{c≠t} exp z_c, the logarithm of p_t / (1 − p_t) at temperature 1."""
    return chosen_log_odds(logits, torch.eye(logits.shape[1], device=logits.device, dtype=logits.dtype)[target])


def chosen_log_odds(logits: Tensor, chosen: Tensor) -> Tensor:
    """The same for a target that is not known beforehand: ``chosen`` (K,) is 1 at the target and 0 elsewhere."""
    return logits @ chosen - (logits - OUT * chosen).logsumexp(dim=1)
