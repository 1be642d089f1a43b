"""Train what recognises the types of questions: ``python -m bot.understanding.train``

Reads ``phrases/<language>.txt`` and writes ``weights/<language>.npz`` and ``lexicon/<language>.words``, the words that
people ask with; takes a few minutes. Run it after every change of a phrase file, of a language file or of the
features: a test compares the fingerprint.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import numpy as np

from bot.question import Question
from bot.understanding import classifier, features, language, normalise, phrases, slots
from bot.understanding.classifier import FOLDER, LEARNT, MORE, SEVERAL, TypeClassifier, weighed
from bot.understanding.features import GROUPS
from bot.understanding.language import NEIGHBOUR_LENGTH, Language, load_language, one_error
from bot.understanding.normalise import pieces, plain_words, whole
from bot.understanding.phrases import Phrase, read_phrases

STRENGTH = 30.0  # C of the logistic regression; from 5 to 100 hardly matters on phrases left out in turn
RAREST = 2  # phrases: a feature of fewer teaches nothing that holds for others
USUAL = 4  # phrases: a word of so many is spelt as it should be, however near it is to another
LENDER = "en"  # the language that lends its phrases to the others, which have fewer
BORROWED = 0.2  # how much a borrowed phrase counts; from 0.1 to 0.3 hardly matters on phrases left out in turn
CAUTION = 0.25  # logit by which "unknown" is favoured: to answer what was not asked is worse than to ask back
RESUMED = 0.3  # how many of the phrases without a context are learnt with some question before them
BEFORE = sorted(slots.TAKES.keys() - {"unknown"})  # what that question may be
PAIRED = 0.5  # how many of them are learnt as the first of two questions in one sentence


@dataclass(frozen=True)
class Lesson:
    """A text as the classifier sees it, and what is to be learnt of it."""

    features: dict[str, Counter[int]]
    label: str
    weight: float = 1.0


def train(known: Iterable[Phrase], language: Language, borrowed: Sequence[Lesson] = ()) -> TypeClassifier:
    """The classifier of types, from phrases; what asks several things at once is a class of its own.

    ``borrowed`` lessons are another language's: they teach what order of meanings asks what.
    """
    return fit([*lessons(known, language), *borrowed])


def lessons(known: Iterable[Phrase], language: Language, weight: float = 1.0) -> list[Lesson]:
    """The phrases of a language as lessons."""
    return [
        Lesson(features.features(whole(text, language), language, previous), label, weight)
        for text, previous, label in _lessons(list(known), language)
    ]


def fit(taught: Sequence[Lesson]) -> TypeClassifier:
    """Logistic regression. The features are those of the lessons of full weight."""
    from scipy.sparse import csr_array
    from sklearn.linear_model import LogisticRegression

    keys, rarity = _rarities([lesson.features for lesson in taught if lesson.weight >= 1])
    places: list[np.ndarray] = []
    values: list[np.ndarray] = []
    ends = [0]
    for lesson in taught:
        found = [weighed(lesson.features[group], keys, rarity) for group in GROUPS]
        places.append(np.concatenate([one for one, _ in found]))
        values.append(np.concatenate([one for _, one in found]))
        ends.append(ends[-1] + len(places[-1]))
    matrix = csr_array((np.concatenate(values), np.concatenate(places), ends), shape=(len(taught), len(keys)))
    weights = [lesson.weight for lesson in taught]
    labels = [lesson.label for lesson in taught]
    fitted = LogisticRegression(C=STRENGTH, max_iter=2000).fit(matrix, labels, sample_weight=weights)
    intercept = fitted.intercept_ + CAUTION * (fitted.classes_ == "unknown")
    return TypeClassifier(
        tuple(fitted.classes_.tolist()),
        keys,
        rarity.astype(np.float32),
        fitted.coef_.T.astype(np.float32),
        intercept.astype(np.float32),
    )


def _lessons(known: Sequence[Phrase], language: Language) -> Iterator[tuple[str, str | None, str]]:
    """Texts with the type of the question before, if any, and what is to be learnt of each.

    What chance adds to a phrase follows from the phrase, so that one more of them changes little of what is learnt.
    """
    words = sorted(language.list_of("reading", "conjunctions"))
    joints = [", ", "? ", ". ", " ", "! ", *(f" {word} " for word in words[:4]), *(f", {word} " for word in words[:2])]
    alone: dict[int, Phrase] = {}
    for phrase in known:
        previous = phrase.context.previous.type if phrase.context.previous else None
        if phrase.asked.also and not _alike(phrase, language):
            yield phrase.text, previous, SEVERAL
        elif previous == phrase.asked.type:
            yield phrase.text, previous, MORE
        elif previous is not None:
            yield phrase.text, previous, _label(phrase.asked)
        else:  # a whole question asks the same, whatever was asked before
            chance = random.Random(_number(phrase))
            some = chance.choice(BEFORE) if chance.random() < RESUMED else None
            yield phrase.text, some, _label(phrase.asked)
            if phrase.asked.type not in ("unknown", "help"):
                alone[_number(phrase)] = phrase
    ring = sorted(alone)
    for number, first in alone.items():
        chance = random.Random(number + 1)
        second = alone[ring[bisect(ring, chance.getrandbits(32)) % len(ring)]]
        if chance.random() < PAIRED and first.asked != second.asked:
            yield first.text.rstrip("?.! ") + chance.choice(joints) + second.text, None, SEVERAL


def _alike(phrase: Phrase, language: Language) -> bool:
    """Whether a phrase asks one thing about several: "why not 3 or 6" is read as a whole, and its list after that."""
    same = {other.type for other in phrase.asked.also} == {phrase.asked.type}
    return same and len(pieces(phrase.text, language)) == 1


def _number(phrase: Phrase) -> int:
    return crc32(phrase.text.encode())


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
    names = dict.fromkeys((name, LENDER))
    files = [path for one in names for path in (phrases.FOLDER / f"{one}.txt", language.FOLDER / f"{one}.toml")]
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
        known, spoken = _ready(name)
        text = "".join(f"{word}\n" for word in sorted(spoken.seen))
        (language.FOLDER / f"{name}.words").write_text(text, encoding="utf-8")
        borrowed = lessons(*_ready(LENDER), BORROWED) if name != LENDER else []
        path = store(train(known, spoken, borrowed), name)
        print(f"{name}: {len(known)} phrases, {len(spoken.seen)} words, {path.stat().st_size / 1e6:.1f} MB")


def _ready(name: str) -> tuple[list[Phrase], Language]:
    """The phrases of a language, and the language with the words seen in them."""
    known = list(read_phrases(phrases.FOLDER / f"{name}.txt"))
    spoken = replace(load_language(name), seen=frozenset())
    return known, replace(spoken, seen=words_seen(known, spoken))


if __name__ == "__main__":
    main()
