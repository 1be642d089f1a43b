"""Which of several wordings of a sentence is said, so that a conversation does not sound like a form letter.

The answer itself chooses: the picture, the question and the kind of sentence, so that the same question about the same
picture gets the same bytes. What the conversation said before comes in only where a sentence would otherwise be said
in the same wording in a third answer in a row.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from bot.question import Question
from bot.values import Claim, Reading
from bot.words.lengths import count_words
from bot.words.render import Wording, words
from model.alphabet import MNIST, Alphabet

REMEMBERED = 2  # answers; a wording that was used in all of them is not used again

Said = tuple[frozenset[int], ...]  # of each of the last answers, the latest last: the sentences in it, by ``Wording``


class Speaker:
    """Puts the claims of one answer into words, one after the other."""

    def __init__(
        self,
        language: str,
        level: str,
        seed: int,
        before: Said = (),
        short: bool = False,
        alphabet: Alphabet = MNIST,
    ) -> None:
        self._words, self._level, self._seed = words(language, alphabet), level, seed
        self._before, self._short = before, short
        self._worn: frozenset[int] = frozenset.intersection(*before) if len(before) == REMEMBERED else frozenset()
        self._known: dict[str, str] = {}  # the sentence of a claim by its first wording: what is the same stays so
        self._keys: dict[str, frozenset[int]] = {}  # by the sentence that was said
        self._used: Counter[int] = Counter()

    def put(self, claim: Claim) -> Claim:
        """The claim with its sentence."""
        slots = self._words.spoken(claim.slots)
        first, *others = self._words.wordings(claim.kind, self._level, self._short)
        known = self._words.say(first.name, slots, self._level)
        if known not in self._known:
            ways = [(known, first)] + [(self._words.say(one.name, slots, self._level), one) for one in others]
            start = zlib.crc32(claim.kind.encode(), self._seed) % len(ways)
            sentence, wording = min(ways[start:] + ways[:start], key=self._wear)
            self._known[known], self._keys[sentence] = sentence, wording.sentences
            self._used.update(wording.sentences)
        return replace(claim, sentence=self._known[known])

    def _wear(self, way: tuple[str, Wording]) -> tuple[int, int]:
        """What speaks against a way to say it: a third time in a row; then its words, where it should be short, else
        how often it was said in this answer. Of equals, the seed takes the first."""
        sentence, wording = way
        again = sum(self._used[one] for one in wording.sentences)
        return len(wording.sentences & self._worn), count_words(sentence) if self._short else again

    def remembered(self, claims: Iterable[Claim]) -> Said:
        """What the next answer needs to know, once ``claims`` were said in this one."""
        said = frozenset(key for claim in claims for key in self._keys.get(claim.sentence, ()))
        return (*self._before, said)[-REMEMBERED:]


def seed_of(question: Question, reading: Reading | None) -> int:
    """A number that stands for this question about this picture."""
    asked = zlib.crc32(f"{question.type} {sorted(map(str, question.slots.items()))}".encode())
    return asked if reading is None else zlib.crc32(reading.pixels.tobytes(), asked)
