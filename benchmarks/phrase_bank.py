"""The classifier on somebody else's questions: ``python -m benchmarks.phrase_bank Median_4.csv``

The task of X-Agent (Nguyen et al., "From Black Boxes to Conversations", 2022, github.com/bach1292/XAGENT): phrases to
labels, 3 folds, stratified and shuffled with seed 1292, all labels or the 14 about explanations. The file has no
licence and is not part of this project; the classifier is trained anew on its folds, with our features of words.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.understanding.features import features
from bot.understanding.language import Language, load_language
from bot.understanding.normalise import whole
from bot.understanding.train import Lesson, fit

SEED, FOLDS = 1292, 3
ABOUT_EXPLANATIONS = {"5", "6", "8", "11", "12", "15", "17", "20", "64", "67", "68", "69", "71", "73"}


def folds(rows: Sequence[tuple[str, str]], language: Language) -> list[float]:
    """The share of right labels in each fold."""
    from sklearn.model_selection import StratifiedKFold

    texts, labels = [text for text, _ in rows], [label for _, label in rows]
    splits = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(texts, labels)
    shares = []
    for learnt, asked in splits:
        trained = fit([Lesson(features(whole(texts[place], language), language), labels[place]) for place in learnt])
        right = 0
        for place in asked:
            found = trained.shares(whole(texts[place], language), language)
            right += max(found, key=found.__getitem__) == labels[place]
        shares.append(right / len(asked))
    return shares


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.phrase_bank", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="the CSV file, with the columns Question and Label")
    with parser.parse_args().file.open(encoding="utf-8", newline="") as opened:
        rows = list(dict.fromkeys((row["Question"], row["Label"]) for row in csv.DictReader(opened)))
    for name, chosen in (("all labels", rows), ("about explanations", [r for r in rows if r[1] in ABOUT_EXPLANATIONS])):
        shares = folds(chosen, load_language())
        print(f"{name:<20} {len(chosen):5} phrases  {np.mean(shares):.3f} ± {np.std(shares):.3f}")


if __name__ == "__main__":
    main()
