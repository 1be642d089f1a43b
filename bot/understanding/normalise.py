"""From what a person typed to plain words: spelling, numbers and sentences cut into pieces."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.understanding.language import Language

LONGEST = 1000  # characters; of a longer text the first and the last half of this are read
CORRECTIONS = 20  # words; a text with more unknown ones is about something else
NUMBER = r"\d{1,9}(?:\.\d{1,6})?"  # longer ones are cut: no amount is so large
TOKENS = re.compile(rf"\d+(?:st|nd|rd|th)\b|(?<!\S)-{NUMBER}|{NUMBER}|[^\W\d_]+(?:'[^\W\d_]+)*|[?!.;:,…%°\n]")
BREAKS = frozenset("?!.;:,…\n")


@dataclass(frozen=True)
class Piece:
    """A sentence or a part of one that may be a question of its own."""

    text: str  # normalised words with one space between, digits as "#5"
    joint: str = ""  # the conjunction before it, which cutting took away
    asked: bool = False  # a question mark follows

    def after(self, former: Piece) -> Piece:
        """Both as one."""
        return Piece(" ".join(filter(None, (former.text, self.joint, self.text))), former.joint, self.asked)


def pieces(text: str, language: Language) -> list[Piece]:
    """The pieces of ``text``, none of them empty."""
    reading = language.data["reading"]
    dropped = language.list_of("reading", "articles") | language.list_of("reading", "fillers")
    conjunctions, starters = language.list_of("reading", "conjunctions"), language.list_of("reading", "starters")
    lead_in = re.compile(f"^{reading['lead_in']}")
    tokens = _rewritten(_numbered(_words(text, language), language), language)

    found: list[Piece] = []
    words: list[str] = []
    joint = ""

    def finish(asked: bool, next_joint: str = "") -> None:
        nonlocal words, joint
        kept = [word for word in words if word not in dropped]
        while kept and kept[0] in conjunctions and len(kept) > 1:
            joint = kept.pop(0)
        if kept or words:
            found.append(Piece(lead_in.sub("", " ".join(kept or words)), joint, asked))
        words, joint = [], next_joint

    for place, token in enumerate(tokens):
        if token in BREAKS:
            finish(asked=token == "?")
        elif token in conjunctions and words and place + 1 < len(tokens) and tokens[place + 1] in starters:
            finish(asked=False, next_joint=token)
        else:
            words.append(token)
    finish(asked=False)
    return [piece for piece in found if piece.text]


def whole(text: str, language: Language) -> str:
    """All of ``text`` as one piece's words."""
    joined = Piece("")
    for piece in pieces(text, language):
        joined = piece.after(joined)
    return joined.text


def _words(text: str, language: Language) -> list[str]:
    """Words and breaks, spelt as the language file spells them."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"
    text = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'").replace("\u2018", "'").replace("`", "'")
    text = re.sub(r"\s[-\u2013\u2014]+\s|\u2014", " , ", text)  # a dash between words is a pause
    text = re.sub(r"(?<!\d)(\d)'?s\b", r"\1", text)  # 5s, 5's
    known_words, corrections = language.data["words"], 0
    found: list[str] = []
    for token in TOKENS.findall(text):
        plain = token if token in known_words else token.replace("'", "")
        if plain not in known_words and token.endswith("'s"):
            plain = token[:-2].replace("'", "")  # "the digit's top": the owner's mark says nothing here
        if plain in known_words:
            found += known_words[plain].split()
        elif plain[0].isalpha() and plain not in language.known and corrections < CORRECTIONS:
            corrections += 1
            found.append(language.corrected(plain))
        else:
            found.append(plain)
    return found


def _numbered(words: list[str], language: Language) -> list[str]:
    """Digits as "#5"; other numbers, and those that count or measure, as plain numbers; "part 2" as "part_2"."""
    numbers = language.data["numbers"]
    counted = language.list_of("reading", "counted") | language.list_of("reading", "units")
    one_after, one_before = language.list_of("reading", "one_after"), language.list_of("reading", "one_before")
    found: list[str] = []
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        if word.startswith("one") and word in numbers and (before in one_after | {"the"} or after in one_before):
            found.append("one")
            continue
        value = str(numbers.get(word, int(word) if word.isdecimal() else word))  # digits of any script become ours
        if not value.isdecimal() or len(value) > 1 or after in counted or before == "by":
            found.append(value)
        elif before in ("part", "stroke") and found:
            found[-1] = f"part_{value}"
        else:
            found.append(f"#{value}")
    return found


def _rewritten(words: list[str], language: Language) -> list[str]:
    text = " ".join("\n" if word == "\n" else word for word in words)
    for rule in language.data["rewrite"]:
        text = re.sub(rf"(?<!\S){rule['from']}(?!\S)", rule["to"], text)
    return text.split(" ") if text else []
