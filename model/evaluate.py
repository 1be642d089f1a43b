"""Measure the reader: ``python -m model.evaluate`` prints its figures and writes them into ``config.json``.

``--report FILE.html`` writes an analysis of everything that is misread, and goes on where it was interrupted.

The temperature is fitted on validation pictures (the last of the training pictures), everything else is measured on
the test pictures, which decide nothing. Both are of the data set that the weights were trained on.
"""

from __future__ import annotations

import argparse
import importlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from model import datasets
from model.catalogue import DATA_SETS, MNIST, DataSet, data_set_for
from model.classifier import Classifier
from model.devices import DEVICES, pick_device
from model.load import BUNDLED, load_folder
from model.progress import run_over
from model.sweep import add_options
from model.weights import TENSORS_FILE, read_config, sha256, write_config

BINS = 15  # of confidence, for the calibration error
TEMPERATURES = (0.2, 20.0)
CONFUSIONS = 10  # pairs that are printed and written


def negative_log_likelihood(logits: np.ndarray, labels: np.ndarray, temperature: float) -> float:
    """The mean of −log softmax(logits / temperature)[label], in nat, over (N, K) logits and (N,) labels."""
    scaled = logits.astype(np.float64) / temperature
    peak = scaled.max(axis=1, keepdims=True)
    normaliser = peak[:, 0] + np.log(np.exp(scaled - peak).sum(axis=1))
    return float((normaliser - scaled[np.arange(len(labels)), labels]).mean())


@dataclass(frozen=True)
class Bin:
    """The pictures whose confidence lies in one of ``BINS`` intervals of equal width."""

    pictures: int
    accuracy: float
    confidence: float  # mean


def reliability(logits: np.ndarray, labels: np.ndarray, temperature: float) -> list[Bin]:
    """The bins that hold any of the pictures, the least confident first."""
    scaled = logits.astype(np.float64) / temperature
    exponents = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    confidence = exponents.max(axis=1) / exponents.sum(axis=1)
    right = logits.argmax(axis=1) == labels
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    chosen = [places == place for place in range(BINS) if (places == place).any()]
    return [Bin(int(some.sum()), float(right[some].mean()), float(confidence[some].mean())) for some in chosen]


def calibration_error(logits: np.ndarray, labels: np.ndarray, temperature: float) -> float:
    """The expected calibration error: Σ over bins of confidence, share of pictures × |accuracy − mean confidence|.

    15 bins of equal width: Guo et al., "On Calibration of Modern Neural Networks", 2017 (arXiv 1706.04599), equation 3.
    """
    bins = reliability(logits, labels, temperature)
    return sum(one.pictures / len(labels) * abs(one.accuracy - one.confidence) for one in bins)


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature with the smallest negative log-likelihood: Guo et al. 2017, section 4.2.

    That is convex in 1 / temperature, so a golden-section search over log(temperature) finds it.
    """
    shrink = (math.sqrt(5) - 1) / 2
    low, high = (math.log(bound) for bound in TEMPERATURES)

    def height(log_temperature: float) -> float:
        return negative_log_likelihood(logits, labels, math.exp(log_temperature))

    while high - low > 1e-4:
        left, right = high - shrink * (high - low), low + shrink * (high - low)
        low, high = (low, right) if height(left) < height(right) else (left, high)
    return round(math.exp((low + high) / 2), 4)


def measure(logits: np.ndarray, labels: np.ndarray, temperature: float) -> dict[str, object]:
    """The figures of (N, K) logits and (N,) labels that ``config.json`` keeps under "measured"; a digit is a class."""
    read, classes = logits.argmax(axis=1), logits.shape[1]
    confusion = np.zeros((classes, classes), int)
    np.add.at(confusion, (labels, read), 1)
    mistakes = confusion * ~np.eye(classes, dtype=bool)
    order = np.argsort(-mistakes, axis=None, kind="stable")[:CONFUSIONS]
    pairs = [divmod(int(place), classes) for place in order]
    totals = confusion.sum(axis=1)
    return {
        "pictures": len(labels),
        "mistakes": int(mistakes.sum()),
        "accuracy": round(float((read == labels).mean()), 6),
        "accuracy_by_digit": [round(float(confusion[k, k] / max(totals[k], 1)), 6) for k in range(classes)],
        "pictures_by_digit": [int(total) for total in totals],
        "confusion": confusion.tolist(),  # [label][read]
        "most_confused": [
            {"digit": digit, "read_as": other, "pictures": int(mistakes[digit, other])}
            for digit, other in pairs
            if mistakes[digit, other]
        ],
        "nll": round(negative_log_likelihood(logits, labels, temperature), 6),
        "nll_without_temperature": round(negative_log_likelihood(logits, labels, 1.0), 6),
        "ece": round(calibration_error(logits, labels, temperature), 6),
        "ece_without_temperature": round(calibration_error(logits, labels, 1.0), 6),
    }


def table(measured: dict, labels: Sequence[str] = MNIST.labels) -> str:
    """The figures for a person; ``labels`` by class."""
    wide = max(5, *map(len, labels))
    lines = [
        f"{measured['accuracy']:.2%} of {measured['pictures']:,} pictures read right, {measured['mistakes']} wrong",
        "",
        f"{'label':>{wide}}  pictures   wrong  read right",
    ]
    for digit, (pictures, accuracy) in enumerate(
        zip(measured["pictures_by_digit"], measured["accuracy_by_digit"], strict=True)
    ):
        lines.append(f"{labels[digit]:>{wide}}  {pictures:8,}  {round(pictures * (1 - accuracy)):6}  {accuracy:9.2%}")
    lines += ["", "most confused: " + ", ".join(
        f"{labels[pair['digit']]} read as {labels[pair['read_as']]} ({pair['pictures']})"
        for pair in measured["most_confused"]
    )]  # fmt: skip
    for name, title in (("nll", "negative log-likelihood (nat)"), ("ece", "expected calibration error")):
        lines.append(
            f"{title}: {measured[name]:.4f}, without the temperature {measured[name + '_without_temperature']:.4f}"
        )
    return "\n".join(lines)


def evaluate(
    classifier: Classifier, data_set: DataSet, validation: int, precision: str
) -> tuple[float, dict[str, object]]:
    """The fitted temperature, and the figures measured with it."""
    read = _reader(classifier, precision)
    _, held_out = datasets.split_training(datasets.load(data_set.id, "train"), data_set)
    held_out = held_out.part(slice(0, validation))
    test = datasets.load(data_set.id, "test")
    temperature = fit_temperature(run_over(read, held_out.pictures, "validation"), held_out.labels)
    measured = measure(run_over(read, test.pictures, "test"), test.labels, temperature)
    return temperature, {
        "data": data_set.measured_on,
        "sha256": classifier.identity.sha256,
        "precision": precision,
        "temperature_fitted_on": (
            f"{len(held_out):,} of the last {data_set.held_out:,} {data_set.title} training pictures, never trained on"
        ),
        **measured,
    }


def _reader(classifier: Classifier, precision: str) -> Callable[[np.ndarray], np.ndarray]:
    def read(pictures: np.ndarray) -> np.ndarray:
        with torch.autocast(classifier.device.type, torch.bfloat16, enabled=precision == "bfloat16"):
            return classifier.logits(pictures)

    return read


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m model.evaluate", description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, default=BUNDLED, help="weights directory; its config.json is written")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--validation", type=int, default=2_000, help="pictures for the temperature")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--dataset", choices=DATA_SETS,
                        help="another with the weights' labels: then nothing is written")  # fmt: skip
    parser.add_argument("--report", type=Path, metavar="FILE.html", help="write an error analysis (docs/mistakes.md); "
                        "figures that config.json holds of these weights are not measured again")  # fmt: skip
    parser.add_argument("--images", type=int, help="test pictures of the report, evenly spread; all if not said")
    parser.add_argument("--language", default="en", help="of the report")
    add_options(parser)
    options = parser.parse_args()
    if options.report is None or not _is_measured(options.weights):
        _measure(options)
    if options.report is not None:
        _report(options)


def _is_measured(folder: Path) -> bool:
    """Whether the record in the folder is of the weights in it."""
    config = read_config(folder)
    return "measured" in config and config["measured"].get("sha256") == sha256(folder / TENSORS_FILE)


def _measure(options: argparse.Namespace) -> None:
    config = read_config(options.weights)
    data_set = data_set_for(config, options.dataset)
    classifier = load_folder(options.weights, device=str(pick_device(options.device)))
    temperature, measured = evaluate(classifier, data_set, options.validation, options.precision)
    print(f"{table(measured, data_set.labels)}\ntemperature: {temperature}")
    if data_set.id == config.get("dataset", MNIST.id):
        write_config(options.weights, {**config, "temperature": temperature, "measured": measured})
        print(f"written into {options.weights / 'config.json'}")


def _report(options: argparse.Namespace) -> None:
    """This folder knows nothing of explanations and words: ``bot/error_analysis`` is found by its name."""
    model = None if options.weights == BUNDLED else str(options.weights)
    analysis = importlib.import_module("bot.error_analysis")
    run = analysis.Run(model, options.device, options.workers, options.on, options.images, language=options.language)
    summary = analysis.write_report(run, options.report)
    rates = summary.cue_rates()
    print(
        f"{len(summary.misread)} of {len(summary.rows):,} misread; doubt cues: {rates.caught:.1%} of them, "
        f"{rates.false:.2%} of the others\nwritten: {options.report}"
    )


if __name__ == "__main__":
    main()
