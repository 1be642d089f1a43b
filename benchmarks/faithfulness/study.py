"""Everything that is measured on one picture: all methods, beside two controls that look at no network."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.faithfulness.measures import background_share, ink_agreement, patch_sensitivity, patch_sets
from benchmarks.faithfulness.order import erased, ink_order, inserted
from explainers.base import Case, Explainer
from explainers.values import log_odds
from model.classifier import Classifier

ERASED = np.arange(11) / 20  # shares of the ink, to a half, for then every digit is gone
INSERTED = np.arange(11) / 10  # to all of it
RANDOM_ORDERS = 3
FRESH_DRAWS = 8  # of fresh weights, in turn: one draw may happen to point the maps somewhere
Fresh = Mapping[str, Sequence[Classifier]]  # by what is fresh: networks that are each as likely as the others
BRIGHTNESS, RANDOM = "ink brightness", "random ink order"
CONTROLS = (BRIGHTNESS, RANDOM)
DECIMALS = 5


@dataclass(frozen=True, eq=False)
class Study:
    """What all pictures have in common."""

    classifier: Classifier
    fresh: Callable[[int], Fresh]  # by seed
    methods: Sequence[Explainer]
    seed: int = 0

    def measure(self, image: int, pixels: np.ndarray, correlate: bool) -> dict:
        """One row, which JSON can hold, about (28, 28) ``pixels``; ``image`` is its number and seeds what is drawn.

        By method and by control: "deletion" and "insertion" curves of the digit's "probability" and "log_odds",
        "patches" and "background" (``measures``), "seconds" for the map from the picture alone, and with ``correlate``
        how it agrees with the map for the "runner_up" and with that of each of the ``fresh`` networks. A method that
        fails has its "errors" instead of what it could not give.
        """
        shared = Case(self.classifier, pixels, self.seed)
        prediction = shared.prediction
        others = [("runner_up", shared, prediction.runner_up)]
        if correlate:
            drawn = self.fresh(self.seed + image % FRESH_DRAWS)
            for name, networks in drawn.items():
                others += [(name, Case(network, pixels, self.seed), prediction.digit) for network in networks]
        found: dict[str, dict] = {}
        maps: dict[str, np.ndarray] = {}
        for method in self.methods:
            entry = found[method.id] = {"errors": []}
            started = time.perf_counter()
            values = _map(method, Case(self.classifier, pixels, self.seed), prediction.digit, entry["errors"])
            if values is None:
                continue
            entry["seconds"] = round(time.perf_counter() - started, DECIMALS)
            entry["background"] = background_share(values, pixels)
            maps[method.id] = values
            if correlate:
                for name, case, target in others:
                    other = _map(method, case, target, entry["errors"], f"{name}: ")
                    agreement = None if other is None else ink_agreement(values, other, pixels)
                    entry.setdefault(name, []).append(agreement)
        for name, entry in self._curves(pixels, prediction.digit, image, maps).items():
            found.setdefault(name, {"errors": []}).update(entry)
        return {
            "image": image,
            "digit": prediction.digit,
            "runner_up": prediction.runner_up,
            "ink": int((pixels > 0).sum()),
            "methods": found,
        }

    def _curves(self, pixels: np.ndarray, digit: int, image: int, maps: Mapping[str, np.ndarray]) -> dict[str, dict]:
        """Curves and patches of all maps and controls; all pictures are read in one call."""
        generator = np.random.default_rng((self.seed, image))
        ranked = {**maps, BRIGHTNESS: pixels}
        drawn = {f"{RANDOM} {k}": (pixels > 0) * generator.random(pixels.shape) for k in range(RANDOM_ORDERS)}
        ranked |= drawn
        black = patch_sets(pixels.shape, generator)
        tie_breaking = int(generator.integers(2**32))  # the same for all
        orders = [ink_order(pixels, values, np.random.default_rng(tie_breaking)) for values in ranked.values()]
        pictures = [erased(pixels, order, ERASED[1:]) for order in orders]
        pictures += [inserted(pixels, order, INSERTED[1:-1]) for order in orders]
        pictures.append(np.where(black, np.float32(0), pixels))
        ends = np.stack([np.zeros_like(pixels), pixels])
        logits = _read_each_once(self.classifier, np.concatenate([ends, *pictures]))
        nothing, whole = logits[:1], logits[1:2]
        steps = np.split(logits[2:], np.cumsum([len(some) for some in pictures])[:-1])
        falls = log_odds(whole, digit) - log_odds(steps[-1], digit)
        entries: dict[str, dict] = {}
        for place, (name, values) in enumerate(ranked.items()):
            added = steps[len(orders) + place]
            entries[name] = {
                "deletion": self._heights(np.concatenate([whole, steps[place]]), digit),
                "insertion": self._heights(np.concatenate([nothing, added, whole]), digit),
                "patches": patch_sensitivity(values, black, falls),
            }
        entries[RANDOM] = mean_entry([entries.pop(name) for name in drawn])
        return entries

    def _heights(self, logits: np.ndarray, digit: int) -> dict[str, list[float]]:
        """Of (S, 10) logits: the digit's probability, at the model's temperature, and log-odds, at temperature 1."""
        return {
            "probability": self.classifier.probabilities(logits)[:, digit].round(DECIMALS).tolist(),
            "log_odds": log_odds(logits, digit).round(DECIMALS).tolist(),
        }


def _map(method: Explainer, case: Case, target: int, errors: list[str], of: str = "") -> np.ndarray | None:
    """The map; None where the method fails."""
    try:
        values = method.explain(case, target).values
    except Exception as problem:  # whatever it is, the other methods go on and the report names it
        errors.append(f"{of}{type(problem).__name__}: {problem}")
        return None
    if values.shape != case.pixels.shape or not np.isfinite(values).all():
        errors.append(f"{of}the map is no (28, 28) of finite numbers")
        return None
    return values


def _read_each_once(classifier: Classifier, pictures: np.ndarray) -> np.ndarray:
    """(N, 28, 28) → (N, 10) logits; pictures that are the same, as methods of one order make, are run once."""
    places: dict[bytes, int] = {}
    which = [places.setdefault(picture.tobytes(), len(places)) for picture in pictures]
    _, first = np.unique(which, return_index=True)
    return classifier.logits(pictures[first])[which]


def mean_entry(entries: Sequence[dict]) -> dict:
    """The mean of entries of one structure, number by number; None where one of them is None."""
    mean: dict = {}
    for key, first in entries[0].items():
        values = [entry[key] for entry in entries]
        if isinstance(first, dict):
            mean[key] = mean_entry(values)
        else:
            mean[key] = None if None in values else np.mean(values, axis=0).round(DECIMALS).tolist()
    return mean
