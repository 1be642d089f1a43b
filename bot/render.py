"""From claims to words: each claim's sentence is a block of that name in the templates of a language.

Code chooses the block and formats numbers; the templates hold words and nothing else. A block may use only its
claim's slots: anything else stops with an error (Jinja's StrictUndefined).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.numbers import percent, points, share
from bot.values import Claim
from explainers.values import Part

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
REFERENCE = "en"


class Words:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.environment = environment = Environment(
            loader=FileSystemLoader(TEMPLATES / language), undefined=StrictUndefined, autoescape=False, trim_blocks=True
        )
        environment.filters.update(
            percent=percent, points=points, share=share, part=self.part_name, parts=self.part_names,
            method=self.method_name, start=_capitalised,
        )  # fmt: skip
        self.blocks: dict[str, tuple[Template, str]] = {}
        for file in sorted((TEMPLATES / language).glob("*.jinja")):
            template = environment.get_template(file.name)
            for name in template.blocks:
                if name in self.blocks:
                    raise ValueError(f"templates/{language} has two sentences named {name}.")
                self.blocks[name] = (template, name)

    def say(self, name: str, slots: Mapping[str, object]) -> str:
        """The sentence ``name`` with its slots filled; raises LookupError where there is none of that name."""
        if name not in self.blocks:
            raise LookupError(f"templates/{self.language} has no sentence {name}.")
        template, block = self.blocks[name]
        return " ".join("".join(template.blocks[block](template.new_context(dict(slots)))).split())

    def part_name(self, part: Part) -> str:
        """A part as it is called in a sentence: "the flat bar at the top"."""
        place = self.say(f"place_{part.place}", {})
        if part.form == "opening":
            if part.side is None:
                return self.say("break", {"place": place})
            # The direction is said only where it adds something: not of one at the top left that opens to the left.
            if part.side in part.place:
                return self.say("opening", {"place": place})
            return self.say("opening_towards", {"place": place, "side": self.say(f"side_{part.side}", {})})
        which = self.say(f"which_{part.side}", {}) if part.side else ""
        return self.say(f"form_{part.form}", {"place": place, "which": which})

    def part_names(self, parts: Sequence[Part]) -> str:
        """Several parts in one phrase: "the loop and the tail"."""
        names = [self.part_name(part) for part in parts]
        if len(names) == 1:
            return names[0]
        return self.say("and", {"first": ", ".join(names[:-1]), "last": names[-1]})

    def method_name(self, method: str) -> str:
        """A method as it is called in a sentence."""
        return self.say(f"method_{method}", {})


@cache
def words(language: str) -> Words:
    """The sentences of ``language``; of the reference language where there is none such."""
    return Words(language if (TEMPLATES / language).is_dir() else REFERENCE)


def put_into_words(claims: Iterable[Claim], language: str) -> tuple[Claim, ...]:
    """The claims with their sentences."""
    said = words(language)
    return tuple(replace(claim, sentence=said.say(claim.kind, claim.slots)) for claim in claims)


def paragraphs(claims: Sequence[Claim]) -> str:
    """The sentences in order, a new paragraph for each new topic."""
    text: list[str] = []
    for place, claim in enumerate(claims):
        if place and claim.topic == claims[place - 1].topic:
            text[-1] += " " + claim.sentence
        else:
            text.append(claim.sentence)
    return "\n\n".join(text)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
