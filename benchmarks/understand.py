"""How often a question is understood: ``python -m benchmarks.understand``

The phrases are those of ``tests/bot/phrases``, of which the classifier has seen none. Exact means the type, all slots
and all further questions of the sentence.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.understand import understand
from bot.understanding.phrases import Phrase, read_phrases

HELD_OUT = Path(__file__).parent.parent / "tests" / "bot" / "phrases"
MOST = 20  # rows of the table of confusions


def kind_of(phrase: Phrase) -> str:
    """What is hard about a phrase."""
    if phrase.asked.also:
        return "two things at once"
    if phrase.context.previous is not None:
        return "follow-up"
    return "unknown" if phrase.asked.type == "unknown" else "one question"


def report(phrases: Sequence[Phrase]) -> str:
    """The figures and the table of confusions, as text."""
    answers = [understand(phrase.text, phrase.context).to_dict() for phrase in phrases]
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


def main() -> None:
    """The command line."""
    argparse.ArgumentParser(prog="python -m benchmarks.understand", description=__doc__.splitlines()[0]).parse_args()
    for path in sorted(HELD_OUT.glob("*.txt")):
        print(f"{path.stem}\n{report(list(read_phrases(path)))}\n")


if __name__ == "__main__":
    main()
