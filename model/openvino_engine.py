"""The network in OpenVINO: on two cores it reads 1.6 times and differentiates 2.5 times as fast as eager torch.

What is read is float32, as every stated probability comes from it. Gradients are bfloat16 where the processor has
that (OpenVINO falls back to float32 by itself): one gradient is then off by 5 %, but at random, so that the integral
of Integrated Gradients is as close to its limit as before (docs/speed.md).

Pictures go one at a time, which is as quick as in batches, keeps the memory small, and lets several visitors take
turns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import LifoQueue
from typing import TypeVar

import numpy as np
import openvino as ov
import torch
import torch.nn.functional as F
from torch import Tensor

from model.devices import usable_cores
from model.engines import log_odds
from model.folding import SIDE, Folded, Stem, fold
from model.graphs import gradient_graph, reading_graph
from model.network import DigitNet

Run = Callable[[list[np.ndarray]], tuple[np.ndarray, ...]]  # a graph's inputs → its outputs
Result = TypeVar("Result")
CORES_A_PICTURE = 4  # beyond this a picture at a time gains little; other pictures then run beside it


class OpenVinoEngine:
    """Reads at once; the gradient's graph is compiled in the background. Raises RuntimeError where OpenVINO cannot."""

    def __init__(self, network: DigitNet, gradient_precision: str = "bf16") -> None:
        folded = fold(network)
        self.stem = folded.stem
        self.classes = len(folded.bias)
        self._reading = _Compiled(reading_graph(folded), "f32")
        worker = ThreadPoolExecutor(1, "compile-gradient")
        self._gradient: Future[_Compiled] = worker.submit(_compiled_gradient, folded, gradient_precision)
        worker.shutdown(wait=False)
        # What is left to torch is small, and its idle threads would wait busily for more on OpenVINO's cores.
        torch.set_num_threads(1)

    def read(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As ``Engine`` says."""
        pictures = np.ascontiguousarray(pictures, np.float32)
        found = self._reading.map(lambda run, picture: run([picture[None]]), pictures)
        logits, features = (np.concatenate(part) for part in zip(*found, strict=True))
        return features, logits

    def log_odds_gradients(self, pictures: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
        """As ``Engine`` says."""
        chosen = np.eye(self.classes, dtype=np.float32)[[target]]

        def one(run: Run, picture: np.ndarray) -> tuple[float, np.ndarray]:
            stem = StemPass(self.stem, torch.from_numpy(picture))
            logits, slope = run([stem.maps.numpy(), chosen])
            return float(log_odds(torch.from_numpy(logits), target)), stem.backward(torch.from_numpy(slope)).numpy()

        found = self._gradient.result().map(one, np.array(pictures, np.float32))
        odds, gradients = zip(*found, strict=True)
        return np.array(odds, np.float32), np.stack(gradients)


class StemPass:
    """One picture up to the first pooling, and the way back; the autograd of torch takes four times as long here."""

    def __init__(self, stem: Stem, picture: Tensor) -> None:
        """``picture``: (28, 28)."""
        self._stem = stem
        large = (stem.resize @ picture @ stem.resize.T)[None, None]
        rectified = F.relu(F.conv2d(large, stem.kernel, stride=2, padding=3) + stem.shift)
        rectified = rectified.contiguous(memory_format=torch.channels_last)  # pooled eight times as fast
        maps, self._places = F.max_pool2d(rectified, 3, 2, 1, return_indices=True)
        self.maps = maps.contiguous()  # (1, C, S / 4, S / 4)
        self._active = rectified[0] > 0  # (C, S / 2, S / 2)

    def backward(self, slope: Tensor) -> Tensor:
        """The gradient by ``maps`` → the gradient by the picture (28, 28)."""
        channels, *half = self._active.shape
        spread = torch.zeros(channels, half[0] * half[1])
        spread.scatter_add_(1, self._places.reshape(channels, -1), slope.reshape(channels, -1))
        spread = spread * self._active.reshape(channels, -1)
        windows = self._stem.kernel.reshape(channels, -1).T @ spread  # (49, …): what each place gives to its window
        size = len(self._stem.resize)
        large = F.fold(windows, (size, size), self._stem.kernel.shape[2:], stride=2, padding=3)[0]
        return self._stem.resize.T @ large @ self._stem.resize


def _compiled_gradient(folded: Folded, precision: str) -> _Compiled:
    size = StemPass(folded.stem, torch.zeros(SIDE, SIDE)).maps.shape[-1]
    return _Compiled(gradient_graph(folded, size), precision)


class _Compiled:
    """A compiled graph with as many requests as it can run at once; who asks waits for a free one."""

    def __init__(self, graph: ov.Model, precision: str) -> None:
        cores = usable_cores()
        self.at_once = max(1, cores // CORES_A_PICTURE)
        settings = {
            "INFERENCE_PRECISION_HINT": precision,
            "INFERENCE_NUM_THREADS": cores,
            "NUM_STREAMS": self.at_once,
            "ENABLE_CPU_PINNING": False,  # two processes would pin themselves to the same cores
        }
        compiled = ov.Core().compile_model(graph, "CPU", settings)
        self._free: LifoQueue[ov.InferRequest] = LifoQueue()
        for _ in range(self.at_once):
            self._free.put(compiled.create_infer_request())

    def map(self, one: Callable[[Run, np.ndarray], Result], pictures: Iterable[np.ndarray]) -> list[Result]:
        """``one`` of each picture, in order, with what runs the graph once."""
        if self.at_once == 1:
            return [one(self._run, picture) for picture in pictures]
        with ThreadPoolExecutor(self.at_once) as pool:
            return list(pool.map(lambda picture: one(self._run, picture), pictures))

    def _run(self, inputs: list[np.ndarray]) -> tuple[np.ndarray, ...]:
        request = self._free.get()
        try:
            # The outputs live in the request, which the next one who asks will overwrite.
            return tuple(np.array(output) for output in request.infer(inputs).values())
        finally:
            self._free.put(request)
