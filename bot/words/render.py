"""From claims to words: each claim's sentence is a block of that name in the templates of a language.

Code chooses the block and formats numbers; the templates hold words and nothing else. A block may use only its
claim's slots: anything else stops with an error (Jinja's StrictUndefined). The files in ``simple/`` and ``expert/``
hold the sentences that are said otherwise at that level; all others are those of ``normal``.
"""

from __future__ import annotations

import json
import logging
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from bot.question import Question
from bot.values import Claim
from bot.words.naming import TEMPLATES, folders_of, naming_of
from bot.words.numbers import Numbers
from bot.words.phrasing import phrase
from explainers.changes.edits import PIECES, Edit
from explainers.values import PLACES, Part
from model.alphabet import MNIST, Alphabet

REFERENCE = "en"
LEVELS = ("normal", "simple", "expert")
HALF_TURN = 180  # degrees
# What stands after the name of a part, a place or the like where a language has another form of it: "bar_dative".
CASES = ("accusative", "dative", "genitive", "of", "to", "in", "the")
NUMBER_FILTERS = (
    "percent", "counted", "points", "cost", "exact_points", "share", "score", "equals", "fixed", "signed", "whole",
    "plain", "chance", "exact_share", "lead", "score_lead",
)  # fmt: skip

PLURAL_NAMES = ("shapley",)  # methods whose name is a plural in every language

log = logging.getLogger(__name__)
_MARKS = re.compile(r"«\s|\s»|[“”„]")  # quotation marks of the languages
_BLOCK = re.compile(r"{% block (\w+) %}(.*?){% endblock %}", re.DOTALL)


@dataclass(frozen=True)
class Wording:
    """One of the ways to say a sentence: the block ``control``, ``control_2`` for the second, or ``control_short``."""

    name: str
    sentences: frozenset[int]  # of each grammatical sentence in it a number, the same wherever its words are the same


class Words:
    """The sentences of one language about one alphabet."""

    def __init__(self, language: str, alphabet: Alphabet = MNIST) -> None:
        self.language, self.alphabet = language, alphabet
        self.naming = naming_of(language, alphabet)
        self.numbers = numbers = load_numbers(language)
        self.environment = environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)
        for name in NUMBER_FILTERS:
            environment.filters[name] = getattr(numbers, name)
        environment.filters.update(
            part=self.part_name, parts=self.part_names, where=self.where, method=self.method_name,
            methods=self.method_names, term=self.term, terms=self.term_names, authors=self.author_names,
            tongue=self.language_name, spoken=self.language_names, word=self.word, ask=self.quoted, asks=self.any_of,
            start=_capitalised, what=self.what, done=self.done,
            orders=self.orders, by=self.by, steps=self.steps, had_not=self.had_not, skip=self.skipped,
            skips=self.skipped_ones, digits=self.digits, times=self.times, many=_many,
            plural=self.plural, labelled=self.labelled, label=self.naming.name,
        )  # fmt: skip
        self.levels: dict[str, dict[str, str]] = {level: self._blocks(level) for level in LEVELS}  # name → source
        # Of the two thousand sentences an answer needs twenty, and Jinja takes a second or two for all.
        self._templates: dict[str, Template] = {}  # by source
        self._fixed: dict[tuple[str, str], str] = {}  # name, level → what is said where there is no slot to fill
        self._wordings: dict[tuple[str, str, bool], tuple[Wording, ...]] = {}
        self._parts: dict[tuple[str, str, str | None, str | None], str] = {}  # names, which an answer says forty times

    @property
    def blocks(self) -> dict[str, str]:
        """The sentences of the normal level, which has all of them."""
        return self.levels["normal"]

    def _blocks(self, level: str) -> dict[str, str]:
        found: dict[str, str] = {}
        folder = "" if level == "normal" else level
        for file in sorted((TEMPLATES / self.language / folder).glob("*.jinja")):
            for name, source in self._blocks_of(file):
                if name in found:
                    raise ValueError(f"templates/{self.language}/{folder} has two sentences named {name}.")
                found[name] = source
        for own in folders_of(self.alphabet):  # what is said otherwise of this alphabet
            for file in sorted((TEMPLATES / self.language / own / folder).glob("*.jinja")):
                found |= self._blocks_of(file)
        return found

    def _blocks_of(self, file: Path) -> list[tuple[str, str]]:
        """The sentences in a file as the alphabet has them, each with its name."""
        return _BLOCK.findall(self.naming.adapted(file.read_text(encoding="utf-8")))

    def _template(self, name: str, source: str) -> Template:
        if source not in self._templates:
            # Jinja's from_string would leave a traceback without a word of which sentence it was.
            code = self.environment.compile(source, name, f"templates/{self.language}: {name}")
            self._templates[source] = Template.from_code(self.environment, code, self.environment.make_globals(None))
        return self._templates[source]

    def say(self, name: str, slots: Mapping[str, object], level: str = "normal") -> str:
        """The sentence ``name`` with its slots filled; in English, with a warning in the log, where it is missing.

        Raises LookupError where there is none of that name in English either.
        """
        if not slots and (name, level) in self._fixed:
            return self._fixed[name, level]
        source = self.levels[level].get(name, self.blocks.get(name))
        if source is None:
            if self.language == REFERENCE:
                raise LookupError(f"templates/{self.language} has no sentence {name}.")
            log.warning("templates/%s has no sentence %s: it is said in English.", self.language, name)
            return words(REFERENCE, self.alphabet).say(name, slots, level)
        said = self._template(name, source).render(self.naming.named(slots))
        fitted = self.naming.fitted(_tidy(said))
        if not slots:
            self._fixed[name, level] = fitted
        return fitted

    def wordings(self, name: str, level: str = "normal", short: bool = False) -> tuple[Wording, ...]:
        """The ways to say the sentence ``name`` at a level, the block of that name first; at least one.

        ``short`` adds the one that is kept for answers that should be short, and may leave out a number.
        """
        if (name, level, short) not in self._wordings:
            own = level if name in self.levels[level] else "normal"
            names = [name]
            while f"{name}_{len(names) + 1}" in self.levels[own]:
                names.append(f"{name}_{len(names) + 1}")
            if short and f"{name}_short" in self.levels[own]:
                names.append(f"{name}_short")
            self._wordings[name, level, short] = tuple(Wording(one, self._sentences(one, own)) for one in names)
        return self._wordings[name, level, short]

    def source(self, name: str, level: str) -> str:
        """What stands in the block ``name``; empty where this language lacks it."""
        return self.levels[level].get(name, "")

    def _sentences(self, name: str, level: str) -> frozenset[int]:
        bare = _tidy(re.sub(r"{{.*?}}|{%.*?%}", "…", self.source(name, level), flags=re.DOTALL))
        return frozenset(zlib.crc32(sentence.encode()) for sentence in re.split(r"(?<=[.!?]) ", bare))

    def _in_case(self, name: str, case: str | None) -> str:
        """The block for a name in a grammatical case; the plain one where the language makes no difference."""
        return f"{name}_{case}" if case and f"{name}_{case}" in self.blocks else name

    def part_name(self, part: Part, case: str | None = None) -> str:
        """A part as it is called in a sentence: "the flat bar at the top"."""
        key = (part.form, part.place, part.side, case)
        if key not in self._parts:
            self._parts[key] = self._part_name(part, case)
        return self._parts[key]

    def _part_name(self, part: Part, case: str | None) -> str:
        place = self.say(f"place_{part.place}", {})
        if part.form == "opening":
            if part.side is None:
                return self.say(self._in_case("break", case), {"place": place})
            # The direction is said only where it adds something: not of one at the top left that opens to the left.
            if part.side in part.place:
                return self.say(self._in_case("opening", case), {"place": place})
            side = self.say(f"side_{part.side}", {})
            return self.say(self._in_case("opening_towards", case), {"place": place, "side": side})
        which = self.say(f"which_{part.side}", {}) if part.side else ""
        return self.say(self._in_case(f"form_{part.form}", case), {"place": place, "which": which})

    def part_names(self, parts: Sequence[Part], case: str | None = None) -> str:
        """Several parts in one phrase: "the loop and the tail"."""
        return self._listed("and", [self.part_name(part, case) for part in parts])

    def spoken(self, slots: Mapping[str, object]) -> Mapping[str, object]:
        """A claim's slots, its place (a name in PLACES) as this language says it."""
        place = slots.get("place")
        return {**slots, "place": self.say(f"place_{place}", {})} if place in PLACES else slots

    def where(self, where: str | None, case: str | None = None) -> str:
        """A place as a person named it, in the form of docs/questions.md: "top bar" is "the bar at the top"."""
        if where is None:
            return self.say(self._in_case("named_it", case), {})
        if number := re.fullmatch(r"part_(\d+)", where):
            return self.say(self._in_case("named_number", case), {"number": int(number[1])})
        *region, last = where.split()
        if f"named_{last}" not in words(REFERENCE).blocks:
            return self.say(self._in_case(f"region_{last}", case), {})
        place = self.say(f"place_{region[0]}", {}) if region else ""
        return self.say(self._in_case(f"named_{last}", case), {"place": place})

    def what(self, edit: Edit, case: str | None = None) -> str:
        """What a change is about: parts, a place, or the whole picture."""
        if edit.parts:
            return self.part_names(edit.parts, case)
        return self.where(edit.region, case) if edit.region else self.say(self._in_case("whole_picture", case), {})

    def done(self, edits: Sequence[Edit]) -> str:
        """What was changed, in one phrase: "the loop erased and the picture turned by 20 degrees to the left"."""
        said = [self._said("done", alike) for alike in _alike(edits)]
        return self._listed("and", [self._times(phrase, len(list(same))) for phrase, same in groupby(said)])

    def _times(self, phrase: str, count: int) -> str:
        return phrase if count == 1 else self.say("times_over", {"done": phrase, "count": count})

    def orders(self, edits: Sequence[Edit]) -> str:
        """The same as what to do: "rub out the loop and draw some ink on the left"."""
        return self._listed("and", [self._said("order", alike) for alike in _alike(edits)])

    def by(self, edits: Sequence[Edit], joint: str = "and") -> str:
        """How the whole picture was changed: "turned by 20 degrees to the left and scaled to 0.5 times its size".

        ``joint``: "or" where each is a change by itself.
        """
        groups = [list(alike) for _, alike in groupby(edits, lambda edit: edit.change)]
        said = [self.say(f"by_{alike[0].change}", {"steps": self.steps(alike)}) for alike in groups]
        return self._listed(joint, said)

    def steps(self, edits: Sequence[Edit]) -> str:
        """By how much, and where to: "by 3 pixels to the left or by 4 pixels up"."""
        return self._listed("or", [self._said("far", [edit]) for edit in edits])

    def _said(self, form: str, alike: Sequence[Edit]) -> str:
        edit = alike[0]
        measured = edit.amount is not None and f"amount_{edit.change}" in words(REFERENCE).blocks
        places = dict.fromkeys(one.region for one in alike if one.change in PIECES and one.region)
        half_turn = edit.change == "rotate" and edit.amount == HALF_TURN  # the same to the left and to the right
        slots = {
            "edit": edit,
            "place": self._listed("and", [self.say(f"place_{place}", {}) for place in places]) if places else "",
            "amount": self.say(f"amount_{edit.change}", {"amount": edit.amount}) if measured else "",
            "direction": self.say(f"direction_{edit.direction}", {}) if edit.direction and not half_turn else "",
        }
        return self.say(f"{form}_{edit.change}", slots)

    def had_not(self, step: str) -> str:
        """A step of the preparation left out, as a condition: "Had I not centred it"."""
        return self.say(f"had_not_{step}", {})

    def skipped(self, step: str) -> str:
        """A step of the preparation as what "without" is said of: "centring"."""
        return self.say(f"skip_{step}", {})

    def skipped_ones(self, steps: Sequence[str]) -> str:
        """Several of them in one phrase."""
        return self._listed("and", [self.skipped(step) for step in steps])

    def method_name(self, method: str, case: str | None = None) -> str:
        """A method as it is called in a sentence; "the": with the article that some names need in some languages."""
        return self.say(self._in_case(f"method_{method}", case), {})

    def method_names(self, methods: Sequence[str], case: str | None = None) -> str:
        """Several methods in one phrase."""
        return self._listed("and", [self.method_name(method, case) for method in methods])

    def term(self, term: str) -> str:
        """A word of the field as it stands in the middle of a sentence."""
        return self.say(f"term_{term}", {})

    def term_names(self, terms: Sequence[str]) -> str:
        """Several of them in one phrase."""
        return self._listed("and", [self.term(term) for term in terms])

    def author_names(self, surnames: Sequence[str]) -> str:
        """The authors of a paper: up to three by name, of more the first with "et al."."""
        return f"{surnames[0]} et al." if len(surnames) > 3 else self._listed("and", list(surnames))

    def language_name(self, language: str) -> str:
        """A language as it is called in this one."""
        return self.say(f"language_{language}", {})

    def language_names(self, languages: Sequence[str]) -> str:
        """Several languages in one phrase: "English and German"."""
        return self._listed("and", [self.language_name(language) for language in languages])

    def digits(self, digits: Sequence[int]) -> str:
        """Several digits in one phrase: "2 and 8", in German "die 2 und die 8"."""
        return self._listed("and", [self.say("the_digit", {"digit": digit}) for digit in digits])

    def plural(self, digit: object, case: str = "") -> str:
        """Many of a digit, or of another class, in a word: "fives", "coats"."""
        return str(self.naming.plural(digit, case)) if self.naming.names else self.say("plural", {"digit": digit})

    def labelled(self, labels: Sequence[tuple[int, int]]) -> str:
        """Labels, each with how often it is there, in one phrase: "5 (7 times) and 3 (3 times)"."""
        return self._listed("and", [self.say("labelled", {"digit": one, "count": count}) for one, count in labels])

    def times(self, count: int) -> str:
        """How often: "never", "once", "7 times"."""
        return self.say("times", {"count": count})

    def word(self, value: object) -> str:
        """A word that came as a value, such as the colour of the ink, in this language; as it is where it has none."""
        return self.say(f"word_{value}", {}) if f"word_{value}" in words(REFERENCE).blocks else str(value)

    def quoted(self, question: Question) -> str:
        """A question in quotation marks, without those that a class's name stands in by itself."""
        return self.say("quoted", {"question": _MARKS.sub("", phrase(question, self))})

    def any_of(self, questions: Sequence[Question]) -> str:
        """Several questions to choose from."""
        return self._listed("or", [self.quoted(question) for question in questions])

    def _listed(self, joint: str, names: Sequence[str]) -> str:
        if len(names) == 1:
            return names[0]
        return self.say(joint, {"first": ", ".join(names[:-1]), "last": names[-1]})


@cache
def words(language: str, alphabet: Alphabet = MNIST) -> Words:
    """The sentences of ``language`` about ``alphabet``; of the reference language where there is none such."""
    return Words(language, alphabet) if language in languages() else words(REFERENCE, alphabet)


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are sentences for, the reference language first."""
    found = {folder.name for folder in TEMPLATES.iterdir() if any(folder.glob("*.jinja"))}
    return (REFERENCE, *sorted(found - {REFERENCE}))


@cache
def load_numbers(language: str) -> Numbers:
    """How ``language`` writes numbers; as English does where it does not say."""
    file = TEMPLATES / language / "numbers.json"
    english = json.loads((TEMPLATES / REFERENCE / "numbers.json").read_text(encoding="utf-8"))
    return Numbers(**{**english, **(json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {})})


def paragraphs(claims: Sequence[Claim]) -> str:
    """The sentences in order, a new paragraph for each new topic."""
    text: list[str] = []
    for place, claim in enumerate(claims):
        if place and claim.topic == claims[place - 1].topic:
            text[-1] += " " + claim.sentence
        else:
            text.append(claim.sentence)
    return "\n\n".join(text)


def _tidy(text: str) -> str:
    """One line, single spaces, none before a mark; no-break spaces, which some languages need there, stay."""
    return re.sub(r" (?=[?.,;:!])", "", re.sub(r"[ \t\n\r]+", " ", text)).strip(" ")


def _alike(edits: Sequence[Edit]) -> list[list[Edit]]:
    """The edits one by one, but pieces of strokes that are added, or cut away, one after the other, together."""
    return [
        one
        for change, some in groupby(edits, lambda edit: edit.change)
        for one in ([list(some)] if change in PIECES else [[edit] for edit in some])
    ]


def _many(methods: Sequence[str]) -> bool:
    """Whether a verb about these methods is in the plural, as a name may be too: "Shapley values"."""
    return len(methods) > 1 or methods[0] in PLURAL_NAMES


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
