"""Train what recognises the types of questions: ``python -m bot.understanding.train``

Reads ``phrases/<language>.txt`` and writes ``weights/<language>.npz``; takes seconds. Run it after every change of a
phrase file, of a language file or of the features: a test compares the fingerprint.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from bot.understanding import classifier, features, language, normalise, phrases
from bot.understanding.classifier import FOLDER, TypeClassifier, weighed
from bot.understanding.features import GROUPS
from bot.understanding.language import Language, load_language
from bot.understanding.normalise import whole
from bot.understanding.phrases import Phrase, read_phrases

STRENGTH = 30.0  # C of the logistic regression; from 5 to 100 hardly matters on phrases left out in turn
RAREST = 2  # phrases: a feature of fewer teaches nothing that holds for others


def train(known: Iterable[Phrase], language: Language) -> TypeClassifier:
    """Logistic regression on the phrases that ask one thing and need no context."""
    from scipy.sparse import csr_array
    from sklearn.linear_model import LogisticRegression

    alone = [phrase for phrase in known if not phrase.asked.also and phrase.context.previous is None]
    texts = [whole(phrase.text, language) for phrase in alone]
    rows = [features.features(text, language) for text in texts]
    keys, rarity = _rarities(rows)
    places: list[np.ndarray] = []
    values: list[np.ndarray] = []
    ends = [0]
    for row in rows:
        found = [weighed(row[group], keys, rarity) for group in GROUPS]
        places.append(np.concatenate([one for one, _ in found]))
        values.append(np.concatenate([one for _, one in found]))
        ends.append(ends[-1] + len(places[-1]))
    matrix = csr_array((np.concatenate(values), np.concatenate(places), ends), shape=(len(rows), len(keys)))
    fitted = LogisticRegression(C=STRENGTH, max_iter=2000).fit(matrix, [phrase.asked.type for phrase in alone])
    return TypeClassifier(
        tuple(fitted.classes_.tolist()),
        keys,
        rarity.astype(np.float32),
        fitted.coef_.T.astype(np.float32),
        fitted.intercept_.astype(np.float32),
    )


def _rarities(rows: Sequence[dict[str, Counter[int]]]) -> tuple[np.ndarray, np.ndarray]:
    """The features that are kept, ascending, and ln((1 + n) / (1 + n_f)) + 1 for each."""
    counted = Counter(key for row in rows for group in GROUPS for key in row[group])
    kept = sorted(key for key, count in counted.items() if count >= RAREST)
    frequencies = np.array([counted[key] for key in kept], np.float64)
    return np.array(kept, np.uint32), np.log((1 + len(rows)) / (1 + frequencies)) + 1


def fingerprint(name: str) -> str:
    """SHA-256 of all that the weights of a language depend on."""
    files = [phrases.FOLDER / f"{name}.txt", language.FOLDER / f"{name}.toml"]
    files += [Path(module.__file__) for module in (features, classifier, normalise, language)]  # type: ignore[arg-type]
    return hashlib.sha256(b"".join(path.read_bytes() for path in (*files, Path(__file__)))).hexdigest()


def store(trained: TypeClassifier, name: str) -> Path:
    """Write the weights, half as long as they are computed with."""
    path = FOLDER / f"{name}.npz"
    FOLDER.mkdir(exist_ok=True)
    np.savez_compressed(
        path,
        types=np.array(trained.types),
        keys=trained.keys,
        rarity=trained.rarity.astype(np.float16),
        weights=trained.weights.astype(np.float16),
        intercept=trained.intercept,
        fingerprint=np.array(fingerprint(name)),
    )
    return path


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.understanding.train", description=__doc__.splitlines()[0])
    parser.add_argument("languages", nargs="*", default=phrases.languages(), help="two-letter codes; all if none")
    for name in parser.parse_args().languages:
        known = list(read_phrases(phrases.FOLDER / f"{name}.txt"))
        path = store(train(known, load_language(name)), name)
        print(f"{name}: {len(known)} phrases, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
