"""The slots of a question: which a type takes, and how each is read from the words. See docs/questions.md."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.understanding.classifier import likeliest_value
from bot.understanding.language import Language, whole_words

TAKES: dict[str, tuple[str, ...]] = {
    "predict": (),
    "why": ("digit",),
    "why_not": ("other", "digit"),
    "confidence": ("digit",),
    "alternatives": (),
    "where": ("digit",),
    "what_if": ("change", "where", "direction", "amount", "digit"),
    "how_to_become": ("other",),
    "how_robust": ("digit",),
    "show": ("method", "digit"),
    "compare_methods": ("methods",),
    "explain_method": ("method",),
    "define": ("term",),
    "preprocessing": (),
    "correct_me": ("digit",),
    "similar": ("digit",),
    "feature_map": (),
    "fool": ("other",),
    "check_claim": ("where", "digit"),
    "trust": (),
    "accuracy": ("digit",),
    "confusions": ("digit",),
    "training_data": (),
    "model": (),
    "privacy": (),
    "layers": (),
    "compare_images": (),
    "style": ("level", "length", "language"),
    "report": (),
    "help": (),
    "unknown": (),
}
MEASURED = ("rotate", "shift", "scale", "thicken", "thin", "noise", "blur")  # changes that take an amount
DIRECTED = ("rotate", "shift")
LOCAL = ("erase", "fill", "keep")  # changes of a part; the others are of the whole picture, unless a region is named
FORMS = ("loop", "gap", "bar", "stem", "curve", "tail", "dot")
LIKELY = 0.7  # share from which a learnt value is taken where a word of its vocabulary stands, or none at all
SURE = 0.95  # and where only other values' words do
NUMBER = re.compile(r"(?<!\S)(-?\d+(?:\.\d+)?)(?: (\S+))?")
PART_NUMBER = re.compile(r"(?<!\S)part_\d+(?!\S)")
Form = tuple[str, str]  # form and place of a part of the picture, as in explainers/values.py


def read_slots(
    kind: str, text: str, language: Language, parts: Sequence[Form] = (), shares: Mapping[str, float] | None = None
) -> dict[str, object]:
    """The slots that ``text`` (normalised words) gives to a question of type ``kind``, in the order of ``TAKES``.

    ``shares`` are the classifier's, which knows ways to say a slot's value that no vocabulary lists.
    """
    takes = TAKES[kind]
    found: dict[str, object] = {}
    for name in ("level", "length", "language", "method"):
        if name in takes:
            found[name] = find(name, text, language)
    if kind == "style" and shares and not any(found.values()):
        for name in ("level", "length"):
            value, share = likeliest_value(shares, "style", name)
            if share >= LIKELY:
                found[name] = value
    if "term" in takes:
        found["term"] = _term(text, language)
    if "methods" in takes:
        found["methods"] = list(dict.fromkeys(find_all("method", text, language)))
    if "change" in takes:
        change, rest = _change(text, language, shares)
        found["change"] = change
        if change in MEASURED:
            found["amount"], rest = read_amount(change, text, rest, language)
        if change in DIRECTED:
            found["direction"], rest = _direction(change, rest, language)
        if change == "mirror":
            found["direction"], rest = _sides(text, rest, language)
        text = rest
    if "where" in takes:
        found["where"] = read_where(text, language, parts)
        if found.get("change") not in (None, *LOCAL) and not _named_apart(text, language):
            found["where"] = split_where(str(found["where"] or ""))[0]
    if "digit" in takes or "other" in takes:
        found.update(_digits(kind, text, language))
    return {name: found[name] for name in takes if found.get(name) not in (None, [])}


def _term(text: str, language: Language) -> str | None:
    """The first word of the field that ``text`` names; of two that begin there, the longer."""
    found = [
        (match.start(), -match.end(), term)
        for term, words in language.data["term"].items()
        for match in [re.search(whole_words(words), text)]
        if match
    ]
    return min(found)[2] if found else None


def find(vocabulary: str, text: str, language: Language) -> str | None:
    """The id of the first thing of a vocabulary that ``text`` names."""
    return next(iter(find_all(vocabulary, text, language)), None)


def find_all(vocabulary: str, text: str, language: Language) -> list[str]:
    """The ids of everything of a vocabulary that ``text`` names, in its order."""
    return [_identity(match) for match in language.vocabularies[vocabulary].finditer(text)]


def read_where(text: str, language: Language, parts: Sequence[Form] = ()) -> str | None:
    """A region, a form, both with a space between, or ``part_2``."""
    number = PART_NUMBER.search(text)
    if number:
        return number[0]
    form = find("form", text, language)
    region = find("region", language.vocabularies["form"].sub(" ", text) if form else text, language)
    if form == "line":  # a bar or a stem: this picture decides, or nothing does
        straight = {known for known, place in parts if known in ("bar", "stem") and region in (None, place)}
        upright = None if region and "_" in region else "stem"
        form = straight.pop() if len(straight) == 1 else "bar" if region in ("top", "bottom", "middle") else upright
    return " ".join(filter(None, (region, form))) or None


def split_where(where: str) -> tuple[str | None, str | None]:
    """Region and form of a ``where``; a part's number counts as a form."""
    *region, form = where.split() or [""]
    if not region and form not in FORMS and not form.startswith("part_"):
        return form or None, None
    return (region[0] if region else None), form or None


def _named_apart(text: str, language: Language) -> bool:
    """Whether a form is named as itself: "thicker lines" are all lines, "rotate the loop" is the loop."""
    return find("form", text, language) not in (None, "line", "dot") or bool(PART_NUMBER.search(text))


def _identity(match: re.Match) -> str:
    return str(match.lastgroup).rpartition("_")[0]  # every alternative of a vocabulary is a named group


def _change(text: str, language: Language, shares: Mapping[str, float] | None) -> tuple[str | None, str]:
    """What is done, and the text without it: "fill the gap" names one place, "remove the white space" another."""
    matches = list(language.vocabularies["change"].finditer(text))
    kept = [match for match in matches if not denied(text[: match.start()], language)]
    named = [_identity(match) for match in kept or matches]
    change = named[0] if named else None
    learnt, share = likeliest_value(shares or {}, "what_if", "change")
    if share >= (LIKELY if not named or learnt in named else SURE):
        change = learnt
    match = next((match for match in matches if _identity(match) == change), None)
    return change, _cut(text, match) if match else text


def denied(before: str, language: Language) -> bool:
    """Whether ``before`` ends in what denies the next word: "do not", "instead of", also with "it" behind."""
    return re.search(rf"(?<!\S){language.data['grammar']['negation']}(?: \S+)? $", before) is not None


def read_amount(change: str, whole: str, text: str, language: Language) -> tuple[float | int | None, str]:
    """How much, and ``text`` without it; ``whole`` still has the words of the change, as in "half as big"."""
    for words, value in language.data["amount"].get(change, {}).items():
        if re.search(whole_words(words), whole):
            return value, re.sub(whole_words(words), " ", text)
    match = NUMBER.search(text) or _bare_amount(change, text, language)
    if match is None:
        return None, text
    value = float(match[1])
    if change == "scale" and match[2] == "%":
        grammar = language.data["grammar"]
        sign = bool(re.search(grammar["larger"], whole)) - bool(re.search(grammar["smaller"], whole))
        value = 1 + sign * value / 100 if sign else value / 100
    measured = match[2] in language.list_of("reading", "units")
    rest = text[: match.start()] + " " + text[match.end() if measured else match.end(1) :]
    return (int(value) if value == int(value) else round(value, 6)), rest


def _bare_amount(change: str, text: str, language: Language) -> re.Match | None:
    """A digit that stands where an amount would: before a direction or right after what is moved."""
    if change not in DIRECTED:
        return None
    for match in re.finditer(r"#(\d)( )", text):
        if _directions(text[match.end() :], language):
            return match
    ended = [match.end() for match in language.vocabularies["direction"].finditer(text)]
    last = re.search(r" #(\d)()$", text)
    if last and last.start() in ended:
        return last
    return re.search(r"^ *(?:(?:it|this|that) )?#(\d)()$", text)


def _directions(text: str, language: Language) -> list[re.Match]:
    """The directions named, also after a small word as in "5 to the left"."""
    pattern = language.vocabularies["direction"]
    return [
        match
        for skipped in range(3)
        for match in [pattern.match(" ".join(text.split()[skipped:]))]
        if match and all(word in language.list_of("follow_up", "words") for word in text.split()[:skipped])
    ]


def _direction(change: str, text: str, language: Language) -> tuple[str | None, str]:
    """The last direction named: "move the left bar up", "move the top bar to the right"; nothing turns up or down."""
    matches = list(language.vocabularies["direction"].finditer(text))
    if change == "rotate":
        matches = [match for match in matches if _identity(match) in ("left", "right")]
    return (_identity(matches[-1]), _cut(text, matches[-1])) if matches else (None, text)


def _sides(whole: str, text: str, language: Language) -> tuple[str | None, str]:
    """Which sides change places in a mirror, "right" or "down", and ``text`` without them: they are no place."""
    for direction, words in language.data["mirror"].items():
        if re.search(whole_words(words), whole):
            return direction, re.sub(whole_words(words), " ", text)
    return None, text


def ruled_out(text: str, language: Language) -> list[int]:
    """The digits that ``text`` excludes: 3 of "not 3" and of "5 instead of 3"."""
    negation = language.data["grammar"]["negation"]
    return [int(digit) for digit in re.findall(rf"(?<!\S){negation}(?: \S+)?? #(\d)", text)]


def _refuted(text: str, language: Language) -> list[int]:
    """The digits that ``text`` calls wrong: 5 of "5 is wrong, it is a 3" and of "you are wrong about 5".

    What stands right before a further digit refutes that one: "a 5, never a 3".
    """
    grammar = language.data["grammar"]
    patterns = rf"#(\d) {grammar['refuted']}(?!\S)(?!(?: \S+)? #\d)", rf"(?<!\S){grammar['refuting']}(?: \S+)?? #(\d)"
    return [int(digit) for pattern in patterns for digit in re.findall(pattern, text)]


def _digits(kind: str, text: str, language: Language) -> dict[str, int]:
    """Which digit is asked about, and which other one: "why 5 and not 3" has both."""
    negation = language.data["grammar"]["negation"]
    excluded = ruled_out(text, language)
    named = [int(digit) for digit in re.findall(r"#(\d)", text)]
    if not named:
        return {}
    plain = [digit for digit in named if digit not in excluded]
    takes = TAKES[kind]
    if kind == "correct_me":  # "it is not a 9" and "9 is wrong" do not say what it is
        wrong = _refuted(text, language)
        meant = [digit for digit in plain if digit not in wrong]
        return {"digit": meant[-1]} if meant else {}
    if "other" not in takes:
        return {"digit": (plain or named)[0]}
    if "digit" not in takes:
        return {"other": named[-1]}
    if len(named) == 1 and not excluded and _and_no_other(text, negation, language):
        return {"digit": named[0]}
    other = excluded[0] if excluded else plain[-1]
    rest = [digit for digit in plain if digit != other]
    return {"other": other, **({"digit": rest[0]} if rest else {})}


def _and_no_other(text: str, negation: str, language: Language) -> bool:
    """Whether what comes after the digit rules out all others: "why 5 and not another digit"."""
    after = text.split("#", 1)[1][1:]
    denied = re.search(rf"(?<!\S){negation}(?!\S)", after)
    return bool(denied) and any(language.meaning(word) == "<other>" for word in after[denied.end() :].split())  # type: ignore[union-attr]


def _cut(text: str, match: re.Match) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
