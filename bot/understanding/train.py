"""Train what recognises the types of questions: ``python -m bot.understanding.train``

Reads ``phrases/<language>.txt`` and writes ``weights/<language>.npz`` and ``lexicon/<language>.words``, the words that
people ask with; takes a minute. Run it after every change of a phrase file, of a language file or of the features: a
test compares the fingerprint.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot.question import Question
from bot.understanding import classifier, features, language, normalise, phrases, slots
from bot.understanding.classifier import FOLDER, LEARNT, MORE, SEVERAL, TypeClassifier, weighed
from bot.understanding.features import GROUPS
from bot.understanding.language import NEIGHBOUR_LENGTH, Language, load_language, one_error
from bot.understanding.normalise import plain_words, whole
from bot.understanding.phrases import Phrase, read_phrases

STRENGTH = 30.0  # C of the logistic regression; from 5 to 100 hardly matters on phrases left out in turn
RAREST = 2  # phrases: a feature of fewer teaches nothing that holds for others
USUAL = 4  # phrases: a word of so many is spelt as it should be, however near it is to another
RESUMED = 0.15  # how many of the phrases without a context are learnt with some question before them


def train(known: Iterable[Phrase], language: Language) -> TypeClassifier:
    """The classifier of types, from phrases; what asks several things at once is a class of its own."""
    return fit(list(_lessons(list(known), language)), language)


def fit(lessons: Sequence[tuple[str, str | None, str]], language: Language) -> TypeClassifier:
    """Logistic regression on texts, each with the type of the question before and with its label."""
    from scipy.sparse import csr_array
    from sklearn.linear_model import LogisticRegression

    rows = [features.features(whole(text, language), language, previous) for text, previous, _ in lessons]
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
    fitted = LogisticRegression(C=STRENGTH, max_iter=2000).fit(matrix, [label for *_, label in lessons])
    return TypeClassifier(
        tuple(fitted.classes_.tolist()),
        keys,
        rarity.astype(np.float32),
        fitted.coef_.T.astype(np.float32),
        fitted.intercept_.astype(np.float32),
    )


def _lessons(known: Sequence[Phrase], language: Language) -> Iterator[tuple[str, str | None, str]]:
    """Texts with the type of the question before, if any, and what is to be learnt of each."""
    chance = random.Random(0)
    words = sorted(language.list_of("reading", "conjunctions"))
    joints = [", ", "? ", ". ", " ", "! ", *(f" {word} " for word in words[:4]), *(f", {word} " for word in words[:2])]
    alone = []
    before = [phrase.context.previous.type for phrase in known if phrase.context.previous is not None]
    for phrase in known:
        previous = phrase.context.previous.type if phrase.context.previous else None
        if phrase.asked.also:
            yield phrase.text, previous, SEVERAL
        elif previous == phrase.asked.type:
            yield phrase.text, previous, MORE
        elif previous is not None:
            yield phrase.text, previous, _label(phrase.asked)
        else:  # a whole question asks the same, whatever was asked before
            some = chance.choice([None, *before]) if chance.random() < RESUMED else None
            yield phrase.text, some, _label(phrase.asked)
            if phrase.asked.type not in ("unknown", "help"):
                alone.append(phrase)
    for _ in range(len(alone) // 2):
        first, second = chance.sample(alone, 2)
        if first.asked != second.asked:
            yield first.text.rstrip("?.! ") + chance.choice(joints) + second.text, None, SEVERAL


def _label(question: Question) -> str:
    """The type, with the value of the slot that says the most about the words."""
    for slot in LEARNT.get(question.type, ()):
        if slot in question.slots:
            return f"{question.type} {slot}={question.slots[slot]}"
    return question.type


def _rarities(rows: Sequence[dict[str, Counter[int]]]) -> tuple[np.ndarray, np.ndarray]:
    """The features that are kept, ascending, and ln((1 + n) / (1 + n_f)) + 1 for each."""
    counted = Counter(key for row in rows for group in GROUPS for key in row[group])
    kept = sorted(key for key, count in counted.items() if count >= RAREST)
    frequencies = np.array([counted[key] for key in kept], np.float64)
    return np.array(kept, np.uint32), np.log((1 + len(rows)) / (1 + frequencies)) + 1


def words_seen(known: Iterable[Phrase], language: Language) -> frozenset[str]:
    """The words of real questions in more than one phrase, but for what looks like a misspelling of a slot's word."""
    counted: Counter[str] = Counter()
    for phrase in known:
        if phrase.asked.type != "unknown":
            counted.update({word.replace("'", "") for word in plain_words(phrase.text, language) if word[0].isalpha()})
    correct = sorted(word for word in language.known if len(word) > NEIGHBOUR_LENGTH)
    found = set()
    for word, count in counted.items():
        if count >= USUAL or (count >= RAREST and not any(one_error(word, other) for other in correct)):
            found.add(word)
    return frozenset(found - language.known)


def fingerprint(name: str) -> str:
    """SHA-256 of all that the weights of a language depend on."""
    files = [phrases.FOLDER / f"{name}.txt", language.FOLDER / f"{name}.toml"]
    files += [Path(module.__file__) for module in (features, classifier, normalise, language, slots)]  # type: ignore[arg-type]
    return hashlib.sha256(b"".join(path.read_bytes() for path in (*files, Path(__file__)))).hexdigest()


def store(trained: TypeClassifier, name: str) -> Path:
    """Write the weights as whole numbers from -127 to 127, a scale for each label."""
    path = FOLDER / f"{name}.npz"
    FOLDER.mkdir(exist_ok=True)
    scale = np.abs(trained.weights).max(axis=0) / 127
    np.savez_compressed(
        path,
        labels=np.array(trained.labels),
        keys=trained.keys,
        rarity=trained.rarity.astype(np.float16),
        weights=np.round(trained.weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
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
        spoken = replace(load_language(name), seen=frozenset())
        spoken = replace(spoken, seen=words_seen(known, spoken))
        text = "".join(f"{word}\n" for word in sorted(spoken.seen))
        (language.FOLDER / f"{name}.words").write_text(text, encoding="utf-8")
        path = store(train(known, spoken), name)
        print(f"{name}: {len(known)} phrases, {len(spoken.seen)} words, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
