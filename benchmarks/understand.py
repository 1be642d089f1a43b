"""How often a question is understood, and how fast: ``python -m benchmarks.understand``

The phrases are those of ``tests/bot/phrases``, of which the classifier has seen none. Exact means the type, all slots
and all further questions of the sentence. ``--strings N`` also reads N random strings and prints the slowest. Times are
processor time.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.question import Context, Question
from bot.understand import understand
from bot.understanding.language import load_language
from bot.understanding.phrases import Phrase, read_phrases
from bot.understanding.spoken import spoken_languages

HELD_OUT = Path(__file__).parent.parent / "tests" / "bot" / "phrases"
MOST = 20  # rows of the table of confusions
FIRST_USE = "import time; t = time.perf_counter(); from bot.understand import understand; understand('why 5?'); print(time.perf_counter() - t)"  # fmt: skip  # noqa: E501
# Right-to-left, joined and combining letters, emoji, control characters and NUL.
STRANGE = "\x00\x07\x1b\u200f\u202e\u0301\ufeff\U0001f600\U0001f468\u200d\U0001f469אבגدهوक्षि数字５٥½²ﬁß\ud7ff\uffff"


def kind_of(phrase: Phrase) -> str:
    """What is hard about a phrase."""
    if phrase.asked.also:
        return "two things at once"
    if phrase.context.previous is not None:
        return "follow-up"
    return "unknown" if phrase.asked.type == "unknown" else "one question"


def report(phrases: Sequence[Phrase], language: str = "en") -> str:
    """The figures and the table of confusions, as text."""
    answers = [
        understand(phrase.text, Context(phrase.context.predicted, phrase.context.previous, language=language)).to_dict()
        for phrase in phrases
    ]
    right = [answer == phrase.asked.to_dict() for phrase, answer in zip(phrases, answers, strict=True)]
    lines = [f"{'exact':<20} {sum(right):5} of {len(right):5} {sum(right) / len(right):8.1%}"]
    for kind in ("one question", "two things at once", "follow-up", "unknown"):
        chosen = [exact for phrase, exact in zip(phrases, right, strict=True) if kind_of(phrase) == kind]
        if chosen:
            lines.append(f"  {kind:<18} {sum(chosen):5} of {len(chosen):5} {sum(chosen) / len(chosen):8.1%}")
    pairs = Counter((phrase.asked.type, answer["type"]) for phrase, answer in zip(phrases, answers, strict=True))
    same = sum(count for (asked, found), count in pairs.items() if asked == found)
    lines.append(f"{'type':<20} {same:5} of {len(right):5} {same / len(right):8.1%}")
    real = sum(count for (asked, _), count in pairs.items() if asked != "unknown")
    lost = sum(count for (asked, found), count in pairs.items() if asked != "unknown" and found == "unknown")
    lines += [f"{'taken for unknown':<20} {lost:5} of {real:5} {lost / real:8.1%}", "", "asked → understood"]
    wrong = [(pair, count) for pair, count in pairs.most_common() if pair[0] != pair[1]]
    return "\n".join(lines + [f"{count:5}  {asked} → {found}" for (asked, found), count in wrong[:MOST]])


def strings(count: int) -> Iterator[str]:
    """Random texts: letters, words, known words and strange characters, short and of up to 10,000 characters."""
    chance = random.Random(0)
    known = sorted(load_language().known)
    for place in range(count):
        longest = 10_000 if place % 100 == 0 else 120
        kind = place % 4
        if kind == 0:
            yield "".join(chr(chance.choice((chance.randrange(0xD800), chance.randrange(32, 127)))) for _ in range(chance.randrange(longest)))  # fmt: skip  # noqa: E501
        elif kind == 1:
            yield " ".join(chance.choices(known, k=chance.randrange(longest // 6)))
        elif kind == 2:
            yield "".join(chance.choices(STRANGE + "why 5?#", k=chance.randrange(longest)))
        else:
            yield " ".join(str(chance.randrange(10 ** chance.randrange(1, 12))) for _ in range(chance.randrange(12)))


def seconds(texts: Sequence[str], context: Context) -> list[float]:
    """The processor time of each text, once every language has been read from its files.

    On an idle machine that is what one waits; other work does not lengthen it.
    """
    for language in spoken_languages():
        understand("lime?", Context(language=language))
        understand("xyzzy 5?", Context(language=language))
    taken = []
    for text in texts:
        started = time.thread_time()
        understand(text, context)
        taken.append(time.thread_time() - started)
    return taken


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.understand", description=__doc__.splitlines()[0])
    parser.add_argument("--strings", type=int, default=0, help="how many random strings to read too")
    wanted = parser.parse_args().strings
    asked: list[str] = []
    for path in sorted(HELD_OUT.glob("*.txt")):
        phrases = list(read_phrases(path))
        asked += [phrase.text for phrase in phrases]
        print(f"{path.stem}\n{report(phrases, path.stem[:2])}\n")
    first = subprocess.run([sys.executable, "-c", FIRST_USE], capture_output=True, text=True, check=True).stdout
    context = Context(5, Question("what_if", {"change": "rotate", "amount": 20}))
    taken = seconds(asked, context)
    print(f"first use {float(first):.2f} s; {len(spoken_languages())} languages")
    print(f"a question {1000 * sum(taken) / len(taken):.1f} ms on average, {1000 * max(taken):.0f} ms at most")
    if wanted:
        taken = seconds(list(strings(wanted)), context)
        average, most = 1000 * sum(taken) / wanted, 1000 * max(taken)
        print(f"{wanted} random strings {average:.1f} ms on average, {most:.0f} ms at most")


if __name__ == "__main__":
    main()
