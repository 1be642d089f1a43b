"""How unlike the pictures known a picture is; ``python -m model.novelty`` fits it to a weights directory.

Two things make it strange. One is the distance of its features: class-conditional Mahalanobis distance with one
covariance for all classes, Lee et al., "A Simple Unified Framework for Detecting Out-of-Distribution Samples and
Adversarial Attacks", 2018 (arXiv 1807.03888), equation 2. The other is that little speaks for any class: what log Σ exp
of its logits lacks of the usual, Liu et al., "Energy-based Out-of-distribution Detection", 2020 (arXiv 2010.03759),
equation 6. Together they tell letters and clothes from digits better than either alone: benchmarks/strangeness.py.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from model.errors import WeightsError
from model.progress import run_over

if TYPE_CHECKING:
    from model.classifier import Classifier  # which needs this module

SHRINKAGE = 0.1  # added to each variance, as a share of the mean variance: few pictures, many features
FLOOR = 1e-4  # added besides, for features that never vary
# Of correctly read digits, as scanned and as other hands might draw them. The writers of the validation pictures also
# wrote training pictures, so theirs are the less strange: 98.9 once turned away 1.8 % of 1,000 MNIST test digits.
LIMIT_PERCENTILE = 99.3
UNUSUAL_PERCENTILE = 96.0

# Of a smaller data set all pictures, in the same proportion.
TRAINING, AUGMENTED = 4_000, 2_000  # pictures to fit means and covariance to
VALIDATION, VALIDATION_AUGMENTED = 3_000, 2_000  # pictures to take the limit from


@dataclass(frozen=True, eq=False)
class Novelty:
    """What was fitted on training pictures: the means of the classes, a shared whitening, and the usual evidence."""

    means: np.ndarray  # (K, D) float32, whitened
    whitening: np.ndarray  # (1024, D) float32: features @ whitening has unit covariance within each class
    usual: float  # log Σ exp of the logits of a training picture, on average
    weight: float  # what a unit less than that counts, in units of the distance
    limit: float  # the strangeness at which a picture is turned away, unscaled
    unusual: float  # share of the limit from which a picture is called unusual, 0 to 1

    def distance(self, features: np.ndarray) -> np.ndarray:
        """(..., 1024) features → (...,) Mahalanobis distance to the nearest class mean."""
        white = features @ self.whitening
        return np.sqrt(((white[..., None, :] - self.means) ** 2).sum(axis=-1)).min(axis=-1)

    def lacking(self, logits: np.ndarray) -> np.ndarray:
        """(..., K) logits → (...,) by how much less than usual speaks for any class, in nat, 0 or more."""
        return np.maximum(self.usual - evidence(logits), 0)

    def unscaled(self, features: np.ndarray, logits: np.ndarray) -> np.ndarray:
        """(..., 1024) features and (..., K) logits → (...,) strangeness in units of the distance."""
        return self.distance(features) + self.weight * self.lacking(logits)

    def strangeness(self, features: np.ndarray, logits: np.ndarray) -> float:
        """(1024,) features and (K,) logits of one picture → its strangeness as a share of the limit.

        Above 1 the picture is turned away.
        """
        return float(self.unscaled(features, logits)) / self.limit


@dataclass(frozen=True, eq=False)
class Outputs:
    """What the network makes of N pictures."""

    features: np.ndarray  # (N, 1024)
    logits: np.ndarray  # (N, K)


def outputs_of(classifier: Classifier, pictures: np.ndarray, what: str) -> Outputs:
    """Of (N, 28, 28) uint8 pictures, each run once; ``what`` they are is told with the progress."""
    layer = classifier.network.classifier
    features = run_over(classifier.features, pictures, what)
    return Outputs(features, features @ layer.weight.cpu().numpy().T + layer.bias.cpu().numpy())


def evidence(logits: np.ndarray) -> np.ndarray:
    """(..., K) logits → (...,) log Σ exp of them: large where much speaks for some class."""
    largest = logits.max(axis=-1, keepdims=True)
    return largest[..., 0] + np.log(np.exp(logits - largest).sum(axis=-1))


def fit_novelty(known: Outputs, labels: np.ndarray, held_out: Outputs) -> Novelty:
    """Fitted to training pictures with (N,) labels; the limit is from pictures that were held out.

    Every class must be among the labels; the held-out pictures are some that were read correctly.
    """
    features = known.features.astype(np.float64)
    means = np.stack([features[labels == one].mean(axis=0) for one in range(labels.max() + 1)])
    spread = features - means[labels]
    covariance = spread.T @ spread / len(spread)
    extra = SHRINKAGE * float(np.trace(covariance)) / len(covariance) + FLOOR
    # C = L·Lᵀ, so (x − μ)ᵀ C⁻¹ (x − μ) = ‖L⁻¹(x − μ)‖²: the whitening is (L⁻¹)ᵀ. Rounded as it will be stored.
    lower = np.linalg.cholesky(covariance + extra * np.eye(len(covariance)))
    whitening = np.linalg.inv(lower).T.astype(np.float16).astype(np.float32)
    usual = evidence(known.logits.astype(np.float64))
    fitted = Novelty((means @ whitening).astype(np.float32), whitening, float(usual.mean()), 0.0, 1.0, 1.0)
    # A standard deviation of the one counts as much as one of the other.
    spreads = fitted.distance(known.features).std(), usual.std()
    fitted = replace(fitted, weight=float(spreads[0] / max(spreads[1], FLOOR)))
    found = fitted.unscaled(held_out.features, held_out.logits)
    limit, unusual = np.percentile(found, [LIMIT_PERCENTILE, UNUSUAL_PERCENTILE])
    return replace(fitted, limit=float(limit), unusual=float(unusual / limit))


def save_novelty(path: Path, novelty: Novelty) -> None:
    """Write everything into one safetensors file, the whitening as float16."""
    tensors: dict[str, np.ndarray] = {
        # safetensors writes the memory as it lies, so it must lie row by row.
        "means": np.ascontiguousarray(novelty.means, np.float32),
        "whitening": np.ascontiguousarray(novelty.whitening, np.float16),
        "evidence": np.array([novelty.usual, novelty.weight], np.float32),
        "limits": np.array([novelty.limit, novelty.unusual], np.float32),
    }
    save_file(tensors, path)


def load_novelty(path: Path) -> Novelty:
    """Read what ``save_novelty`` wrote; raises WeightsError where it cannot be read."""
    try:
        tensors = load_file(path)
        usual, weight = (float(number) for number in tensors["evidence"])
        limit, unusual = (float(number) for number in tensors["limits"])
        means, whitening = (tensors[name].astype(np.float32) for name in ("means", "whitening"))
        return Novelty(means, whitening, usual, weight, limit, unusual)
    except (OSError, SafetensorError, KeyError, ValueError) as problem:
        again = f"python -m model.novelty --weights {path.parent}"
        raise WeightsError(f"{path} cannot be read as a novelty file ({problem}); {again} fits it anew.") from problem


def main() -> None:
    """The command line."""
    # Here, because these modules need this one.
    import torch

    from model import datasets
    from model.augment import augment
    from model.catalogue import DATA_SETS, data_set_for
    from model.devices import DEVICES, pick_device
    from model.load import BUNDLED, load_folder
    from model.weights import NOVELTY_FILE, read_config, sha256, write_config

    parser = argparse.ArgumentParser(prog="python -m model.novelty", description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, default=BUNDLED, help="weights directory; the file is put beside them")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--dataset", choices=DATA_SETS, help="another with the weights' labels")
    options = parser.parse_args()
    config = {key: value for key, value in read_config(options.weights).items() if key != "novelty"}
    data_set = data_set_for(config, options.dataset)
    write_config(options.weights, config)  # what was fitted before may belong to other weights
    classifier: Classifier = load_folder(options.weights, device=str(pick_device(options.device)))
    generator = torch.Generator().manual_seed(0)

    def read(data: datasets.LabelledPictures, plain: int, changed: int, what: str) -> tuple[Outputs, np.ndarray, int]:
        """Outputs, labels, and how many of the pictures, the first ones, are as they were."""
        chosen = data.part(torch.randperm(len(data), generator=generator)[: plain + changed].numpy())
        plain = len(chosen) * plain // (plain + changed)
        pictures = torch.from_numpy(chosen.pictures[plain:]).float() / 255
        drawn = (augment(pictures, generator, data_set.changes) * 255).round().to(torch.uint8).numpy()
        return outputs_of(classifier, np.concatenate([chosen.pictures[:plain], drawn]), what), chosen.labels, plain

    train, held_out = datasets.split_training(datasets.load(data_set.id, "train"), data_set)
    known, labels, plain = read(train, TRAINING, AUGMENTED, "training")
    others, truth, _ = read(held_out, VALIDATION, VALIDATION_AUGMENTED, "validation")
    right = others.logits.argmax(axis=1) == truth
    novelty = fit_novelty(known, labels, Outputs(others.features[right], others.logits[right]))
    save_novelty(options.weights / NOVELTY_FILE, novelty)
    record = {
        "sha256": sha256(options.weights / NOVELTY_FILE),
        "fitted_on": f"{plain:,} {data_set.title} training pictures and {len(labels) - plain:,} augmented ones",
        "limit_from": f"{right.sum():,} correctly read validation pictures, part of them augmented",
        "limit_percentile": LIMIT_PERCENTILE,
    }
    write_config(options.weights, {**config, "novelty": record})
    print(
        f"limit {novelty.limit:.2f}, unusual from {novelty.unusual:.2f} of it; wrote {options.weights / NOVELTY_FILE}"
    )


if __name__ == "__main__":
    main()
