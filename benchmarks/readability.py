"""How easy the answers are to read, how short "shorter" is, and what repeats: ``python -m benchmarks.readability``

The questions of ``benchmarks.asked`` about the chat's examples, test digits of MNIST and pictures of the folder that
WHYDIGIT_DATA names, at least 200 answers on the real weights, said at every level and in every language. The formulas
are those of ``benchmarks.formulas``, the repeats those of ``benchmarks.repeats``. ``--worst N`` prints the N hardest
answers and sentences; ``--language`` takes one language alone.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.asked import Answered, ask_all, pictures
from benchmarks.formulas import SCALES, readability
from benchmarks.repeats import names_of, repeats, wordings
from bot.api import Bot
from bot.values import Claim
from bot.words.lengths import MOST_WORDS, SHORTER, count_words
from bot.words.render import LEVELS, languages, paragraphs
from bot.words.wording import Said
from model.progress import Progress

# The beginnings of the kinds of claims that stand around an answer.
BESIDE = ("reading_", "rival_", "wrong_premise", "correct_heard", "correct_close", "style_", "unusual_image")

Conversations = Sequence[Sequence[Answered]]


@dataclass(frozen=True)
class Told:
    """One answer, said in one way within its conversation."""

    answered: Answered
    claims: tuple[Claim, ...]
    alone: str  # its text as the first of a conversation

    @property
    def text(self) -> str:
        """The whole answer."""
        return paragraphs(self.claims)


def tell(conversation: Sequence[Answered], language: str, level: str, length: str | None = None) -> Iterator[Told]:
    """The conversation in one language, level and length."""
    before: Said = ()
    for answered in conversation:
        alone, _ = answered.say(language, level, length)
        claims, before = answered.say(language, level, length, before)
        yield Told(answered, claims, paragraphs(alone))


def grades(told: Sequence[Told], language: str, worst: int) -> Iterator[str]:
    """Mean and share of the answers that are easy enough, then the hardest of them, and the hardest sentences."""
    scale = SCALES[language]
    found = sorted(((readability(one.text, language), one) for one in told), key=lambda pair: pair[0])
    if not scale.more_is_easier:
        found.reverse()
    values = [value for value, _ in found]
    line = f"mean {sum(values) / len(values):5.1f}  hardest {values[0]:5.1f}  {_share(scale.holds, values)}"
    if language == "en":
        aloud = [readability(one.text, language, aloud=True) for one in told]
        line += f"  with figures as they are said: mean {sum(aloud) / len(aloud):.1f}, {_share(scale.holds, aloud)}"
    yield line
    for value, one in found[:worst]:
        yield f"    {value:5.1f}  {one.answered.text!r}: {one.text!r}"
    kinds: dict[str, list[str]] = defaultdict(list)
    for one in told:
        for claim in one.claims:
            kinds[claim.kind].append(claim.sentence)
    hardest = sorted(
        ((readability("\n".join(said), language), kind, said[0]) for kind, said in kinds.items()),
        reverse=not scale.more_is_easier,
    )
    for value, kind, sentence in hardest[:worst]:
        yield f"    {value:5.1f}  {kind}: {sentence!r}"


def _share(holds: Callable[[float], bool], values: Sequence[float]) -> str:
    easy = sum(map(holds, values))
    return f"{easy} of {len(values)} ({easy / len(values):.1%}) easy enough"


def lengths(short: Sequence[Told], usual: Sequence[Told]) -> Iterator[str]:
    """How many words the longest has, and those that are too long or do not answer any more."""
    counts = [count_words(one.text) for one in short]
    held = sum(count <= MOST_WORDS for count in counts)
    yield f"at most {max(counts)} words, {held} of {len(counts)} at most {MOST_WORDS}"
    for one, whole, count in zip(short, usual, counts, strict=True):
        if count > MOST_WORDS or (not answers(one) and answers(whole)):
            yield f"    {count} words, {one.answered.text!r}: {one.text!r}"


def answers(told: Told) -> bool:
    """Whether more is said than what is read, how it will be said, and what to doubt."""
    return any(not claim.kind.startswith(BESIDE) for claim in told.claims)


def repeated(told: Sequence[Sequence[Told]], language: str, worst: int) -> Iterator[str]:
    """How many answers hold a wording for the third time in a row, how many gave way to that, and which wordings."""
    again, found = 0, Counter[str]()
    for conversation in told:
        every = [wordings(one.claims, names_of(one.answered.parts, language)) for one in conversation]
        thrice = list(repeats(every))
        again += len({place for _, place in thrice})
        found.update(one for one, _ in thrice)
    flat = [one for conversation in told for one in conversation]
    moved = sum(one.text != one.alone for one in flat)
    yield f"{again} of {len(flat)} say something a third time in a row; {moved} are worded otherwise than alone"
    yield from (f"    {count:5}  {one}" for one, count in found.most_common(worst))


def class_of(conversations: Conversations) -> list[Answered]:
    """A class that asks why, one picture after the other."""
    return [answered for conversation in conversations for answered in conversation if answered.type == "why"]


def report(conversations: Conversations, chosen: Sequence[str], worst: int) -> Iterator[str]:
    """All of it, line by line."""
    for language in chosen:
        scale = SCALES[language]
        yield f"\n{language}: {scale.name}, easy enough {'from' if scale.more_is_easier else 'up to'} {scale.bar:g}"
        for level in ("simple", *(one for one in LEVELS if one != "simple")):
            usual, short = (
                [list(tell(one, language, level, length)) for one in (*conversations, class_of(conversations))]
                for length in (None, SHORTER)
            )
            flat, flat_short = ([one for told in some[:-1] for one in told] for some in (usual, short))
            for name, lines in (
                (f"{level}, {len(flat)} answers", grades(flat, language, worst if level == "simple" else 0)),
                ("  repeats", repeated(usual, language, worst)),
                (f"  {SHORTER}", lengths(flat_short, flat)),
                (f"  {SHORTER}, repeats", repeated(short, language, worst)),
            ):
                yield f"  {name}: {next(lines)}"
                yield from lines


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readability", description=__doc__.splitlines()[0])
    parser.add_argument("--mnist", type=int, default=6, help="test digits beside the examples")
    parser.add_argument("--wild", type=int, default=6, help="pictures of others")
    parser.add_argument("--language", choices=languages(), action="append", help="one language alone")
    parser.add_argument("--worst", type=int, default=8)
    parser.add_argument("--model", default=None)
    options = parser.parse_args()
    bot, sources = Bot.load(options.model), pictures(options.mnist, options.wild)
    progress, conversations = Progress(len(sources) + 1), []
    for conversation in ask_all(bot, sources):
        conversations.append(conversation)
        progress.step()
    for line in report(conversations, options.language or languages(), options.worst):
        print(line)


if __name__ == "__main__":
    main()
