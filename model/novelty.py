"""How far a picture's features lie from those known; ``python -m model.novelty`` fits it to a weights directory.

Class-conditional Mahalanobis distance with one covariance for all classes: Lee et al., "A Simple Unified
Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks", 2018 (arXiv 1807.03888), equation 2.
The features enter as square roots: they are means of what a ReLU lets through, whose spread grows with their size,
and the root makes it even. On letters and clothes that told more than the plain features or those of length one.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from model.errors import WeightsError

SHRINKAGE = 0.1  # added to each variance, as a share of the mean variance: few pictures, many features
FLOOR = 1e-4  # added besides, for features that never vary
# Of correctly read digits, as scanned and as other hands might draw them. The writers of the validation pictures also
# wrote training pictures, so their distances are short ones: 98.9 turned away 1.8 % of 1,000 MNIST test digits.
LIMIT_PERCENTILE = 99.5
UNUSUAL_PERCENTILE = 96.0

# Of a smaller data set all pictures, in the same proportion.
TRAINING, AUGMENTED = 4_000, 2_000  # pictures to fit means and covariance to
VALIDATION, VALIDATION_AUGMENTED = 1_000, 700  # pictures to take the limit from


@dataclass(frozen=True, eq=False)
class Novelty:
    """The means of the classes and a shared whitening, fitted on training pictures."""

    means: np.ndarray  # (K, D) float32, whitened
    whitening: np.ndarray  # (1024, D) float32: √features @ whitening has unit covariance within each class
    limit: float  # the distance at which a picture is turned away
    unusual: float  # share of the limit from which a picture is called unusual, 0 to 1

    def distance(self, features: np.ndarray) -> np.ndarray:
        """(..., 1024) features → (...,) distance to the nearest class mean."""
        white = np.sqrt(np.maximum(features, 0)) @ self.whitening
        return np.sqrt(((white[..., None, :] - self.means) ** 2).sum(axis=-1)).min(axis=-1)

    def strangeness(self, features: np.ndarray) -> float:
        """(1024,) features of one picture → its distance as a share of the limit; above 1 it is turned away."""
        return float(self.distance(features)) / self.limit


def fit_novelty(features: np.ndarray, labels: np.ndarray, held_out: np.ndarray) -> Novelty:
    """Means and covariance from (N, 1024) features with (N,) labels, the limit from (M, 1024) held-out features.

    Every class must be among the labels; the held-out features are those of pictures that were read correctly.
    """
    roots = np.sqrt(np.maximum(features, 0)).astype(np.float64)
    means = np.stack([roots[labels == one].mean(axis=0) for one in range(labels.max() + 1)])
    spread = roots - means[labels]
    covariance = spread.T @ spread / len(spread)
    extra = SHRINKAGE * float(np.trace(covariance)) / len(covariance) + FLOOR
    # C = L·Lᵀ, so (x − μ)ᵀ C⁻¹ (x − μ) = ‖L⁻¹(x − μ)‖²: the whitening is (L⁻¹)ᵀ. Rounded as it will be stored.
    lower = np.linalg.cholesky(covariance + extra * np.eye(len(covariance)))
    whitening = np.linalg.inv(lower).T.astype(np.float16).astype(np.float32)
    unlimited = Novelty((means @ whitening).astype(np.float32), whitening, limit=1.0, unusual=1.0)
    distances = unlimited.distance(held_out)
    limit, unusual = np.percentile(distances, [LIMIT_PERCENTILE, UNUSUAL_PERCENTILE])
    return Novelty(unlimited.means, whitening, float(limit), float(unusual / limit))


def save_novelty(path: Path, novelty: Novelty) -> None:
    """Write everything into one safetensors file, the whitening as float16."""
    tensors: dict[str, np.ndarray] = {
        # safetensors writes the memory as it lies, so it must lie row by row.
        "means": np.ascontiguousarray(novelty.means, np.float32),
        "whitening": np.ascontiguousarray(novelty.whitening, np.float16),
        "limits": np.array([novelty.limit, novelty.unusual], np.float32),
    }
    save_file(tensors, path)


def load_novelty(path: Path) -> Novelty:
    """Read what ``save_novelty`` wrote; raises WeightsError where it cannot be read."""
    try:
        tensors = load_file(path)
        limit, unusual = (float(number) for number in tensors["limits"])
        return Novelty(tensors["means"].astype(np.float32), tensors["whitening"].astype(np.float32), limit, unusual)
    except (OSError, SafetensorError, KeyError, ValueError) as problem:
        raise WeightsError(f"{path} cannot be read as a novelty file ({problem}).") from problem


def main() -> None:
    """The command line."""
    # Here, because these modules need this one.
    import torch

    from model import datasets
    from model.augment import augment
    from model.catalogue import DATA_SETS, data_set_for
    from model.classifier import Classifier
    from model.devices import DEVICES, pick_device
    from model.load import BUNDLED, load_folder
    from model.progress import run_over
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

    def read(
        data: datasets.LabelledPictures, plain: int, changed: int, what: str
    ) -> tuple[np.ndarray, np.ndarray, int]:
        """Features, labels, and how many of the pictures, the first ones, are as they were."""
        chosen = data.part(torch.randperm(len(data), generator=generator)[: plain + changed].numpy())
        plain = len(chosen) * plain // (plain + changed)
        pictures = torch.from_numpy(chosen.pictures[plain:]).float() / 255
        drawn = (augment(pictures, generator, data_set.changes) * 255).round().to(torch.uint8).numpy()
        features = run_over(classifier.features, np.concatenate([chosen.pictures[:plain], drawn]), what)
        return features, chosen.labels, plain

    train, held_out = datasets.split_training(datasets.load(data_set.id, "train"), data_set)
    features, labels, plain = read(train, TRAINING, AUGMENTED, "training")
    others, truth, _ = read(held_out, VALIDATION, VALIDATION_AUGMENTED, "validation")
    layer = classifier.network.classifier
    logits = others @ layer.weight.cpu().numpy().T + layer.bias.cpu().numpy()
    right = logits.argmax(axis=1) == truth
    novelty = fit_novelty(features, labels, others[right])
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
