"""The network in OpenVINO: on two cores it reads 1.6 times and differentiates 2.5 times as fast as eager torch.

What is read is float32, as every stated probability comes from it. Gradients are bfloat16 where the processor has
that (OpenVINO falls back to float32 by itself): one gradient is then off by 5 %, but at random, so that the integral
of Integrated Gradients is as close to its limit as before (docs/speed.md).

Pictures are read one at a time, which is as quick as in batches, keeps the memory small, and lets several visitors take
turns (``model/turns.py``). Gradients, which nobody waits for singly, go in pairs beside each other, as two cores that
share one of them stand still for a sixth of the time.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from queue import LifoQueue

import numpy as np
import openvino as ov
import torch
import torch.nn.functional as F
from torch import Tensor

from model.devices import usable_cores
from model.folding import SIDE, Stem, fold
from model.graphs import gradient_graph, reading_graph
from model.heads import Head, head_of
from model.network import DigitNet
from model.torch_engine import log_odds

PAIR = 2  # gradients beside each other
CORES_A_PICTURE = 4  # beyond this a picture at a time gains little; other pictures then run beside it


class OpenVinoEngine:
    """Reads at once; the gradient's graph is compiled when asked for. Raises RuntimeError where OpenVINO cannot."""

    name = "OpenVINO"
    batch = 1
    gradient_batch = PAIR
    warnings: tuple[str, ...] = ()

    def __init__(self, network: DigitNet, gradient_precision: str = "bf16") -> None:
        self.at_once = max(1, usable_cores() // CORES_A_PICTURE)
        folded = fold(network)
        self._stem, self._head = folded.stem, head_of(network.classifier)
        self._reading = _Compiled(reading_graph(folded), "f32", self.at_once)
        self._network, self._precision = network, gradient_precision
        self._gradient: _Compiled | None = None
        self._compiling = threading.Lock()
        self._beside = ThreadPoolExecutor(PAIR * self.at_once, "gradient")

    def leave_gpu(self) -> bool:
        """As ``Engine`` says: it is on none."""
        return False

    def read(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As ``Engine`` says."""
        found = [self._reading.run([picture[None]]) for picture in np.ascontiguousarray(pictures, np.float32)]
        logits, features = (np.concatenate(part) for part in zip(*found, strict=True))
        return features, logits

    def prepare_gradients(self) -> None:
        """As ``Engine`` says."""
        self._differentiate()

    def log_odds_gradients(
        self, pictures: np.ndarray, target: int, head: Head | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """As ``Engine`` says."""
        graph, last = self._differentiate(), head or self._head
        chosen = np.eye(len(last.bias), dtype=np.float32)[[target]]

        def one(picture: np.ndarray) -> tuple[float, np.ndarray]:
            stem = StemPass(self._stem, torch.from_numpy(picture))
            logits, slope = graph.run([stem.maps.numpy(), chosen, last.weight, last.bias])
            return float(log_odds(torch.from_numpy(logits), target)), stem.backward(torch.from_numpy(slope)).numpy()

        odds, gradients = zip(*self._beside.map(one, np.array(pictures, np.float32)), strict=True)
        return np.array(odds, np.float32), np.stack(gradients)

    def _differentiate(self) -> _Compiled:
        with self._compiling:
            if self._gradient is None:
                size = StemPass(self._stem, torch.zeros(SIDE, SIDE)).maps.shape[-1]
                # Folded anew, which takes a moment: kept until now it would be another copy of the weights.
                graph = gradient_graph(fold(self._network), size)
                self._gradient = _Compiled(graph, self._precision, PAIR * self.at_once)
            return self._gradient


class StemPass:
    """One picture up to the first pooling, and the way back; the autograd of torch takes several times as long here.

    Resizing and convolution are matrix products: what each place of the kernel meets is ``taps @ picture @ taps.T``.
    """

    def __init__(self, stem: Stem, picture: Tensor) -> None:
        """``picture``: (28, 28)."""
        channels, half, _ = stem.shift.shape
        self._taps = stem.taps
        self._rows = stem.taps.flatten(0, 1)  # (7 · S / 2, 28)
        self._kernel = stem.kernel[:, 0].permute(2, 1, 0).reshape(-1, channels)  # (49, C), column by column
        met = (self._rows @ picture @ stem.taps.mT).reshape(-1, half * half)  # (49, …): what each place of it meets
        convolved = torch.addmm(stem.shift.reshape(channels, -1).T, met.T, self._kernel)
        # Channels come last, which is pooled eight times as fast; and the ReLU has a quarter to do after the pooling.
        convolved = convolved.reshape(1, half, half, channels).permute(0, 3, 1, 2)
        pooled, self._places = F.max_pool2d(convolved, 3, 2, 1, return_indices=True)
        self.maps = F.relu(pooled).contiguous()  # (1, C, S / 4, S / 4)

    def backward(self, slope: Tensor) -> Tensor:
        """The gradient by ``maps`` → the gradient by the picture (28, 28)."""
        side, half, small = self._taps.shape
        channels = self.maps.shape[1]
        passed = torch.where(self.maps > 0, slope, 0.0).reshape(channels, -1)
        spread = torch.zeros(channels, half * half).scatter_add_(1, self._places.reshape(channels, -1), passed)
        met = (self._kernel @ spread).reshape(side, side * half, half)  # what each place of the kernel gives back
        columns = self._rows.T @ met  # (7, 28, S / 2)
        return columns.permute(1, 0, 2).reshape(small, -1) @ self._rows


class _Compiled:
    """A compiled graph with as many requests as it can run at once; who asks waits for a free one."""

    def __init__(self, graph: ov.Model, precision: str, at_once: int) -> None:
        settings = {
            "INFERENCE_PRECISION_HINT": precision,
            "INFERENCE_NUM_THREADS": usable_cores(),
            "NUM_STREAMS": at_once,
            "ENABLE_CPU_PINNING": False,  # two processes would pin themselves to the same cores
        }
        compiled = ov.Core().compile_model(graph, "CPU", settings)
        self._free: LifoQueue[ov.InferRequest] = LifoQueue()
        for _ in range(at_once):
            self._free.put(compiled.create_infer_request())

    def run(self, inputs: list[np.ndarray]) -> tuple[np.ndarray, ...]:
        """The graph's inputs → its outputs."""
        request = self._free.get()
        try:
            # The outputs live in the request, which the next one who asks will overwrite.
            return tuple(np.array(output) for output in request.infer(inputs).values())
        finally:
            self._free.put(request)
