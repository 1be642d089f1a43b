"""What can be said of one misread digit: where the network looked, and what misled it, by the rules of "why not?"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.claims.belief import marks_nothing
from bot.claims.doubt import doubt_cues
from bot.questions.base import Asked
from bot.questions.why_not import obstacles, rival_claims, two_digits, wins
from bot.values import Claim, Evidence
from explainers.measures import top_part
from explainers.values import Part

METHODS = ("lime", "integrated_gradients")


def misread_claims(asked: Asked) -> Iterator[Claim]:
    """About a picture whose label is the digit asked about, ``asked.digit``, and which is read as another one."""
    reading = asked.reading
    yield two_digits("errors_reading", reading.prediction, asked.digit)
    yield from _cue_claims(asked)
    for target in (asked.read_digit, asked.digit):
        yield from looks_claims(asked, target)
    yield from rival_claims(asked, asked.digit)


def misled(asked: Asked) -> list[dict]:
    """What was found to mislead: each change of one part that clearly raises the digit of the label.

    By erasing or filling it, running the network again, and comparing with as much ink at random places.
    """
    return [
        {
            "change": "fill" if effect.filled else "erase",
            "form": effect.parts[0].form,
            "place": effect.parts[0].place,
            "wins": wins(effect),
        }
        for effect in obstacles(asked.reading.about(asked.digit))
    ]


def _cue_claims(asked: Asked) -> Iterator[Claim]:
    """Which doubt cues the reading carries, or that nothing would have warned."""
    reading = asked.reading
    cues = doubt_cues(reading.prediction, reading.accepted)
    evidence = (Evidence("doubt cues", float(len(cues)), "cues", "model", asked.read_digit),)
    for cue in cues or ("none",):
        yield Claim(f"errors_warned_{cue}", {}, evidence, "reading", asked.read_digit)


def looks_claims(asked: Asked, target: int) -> Iterator[Claim]:
    """Which part LIME and Integrated Gradients mark most for ``target``; no cause."""
    found = [(method, top_part(asked.attribution(method, target), asked.case.parts)) for method in METHODS]
    tops = [(method, part) for method, part in found if part is not None]
    if len(tops) == len(METHODS) and tops[0][1].id != tops[1][1].id:
        slots = {"first": tops[0][0], "first_part": tops[0][1], "second": tops[1][0], "second_part": tops[1][1]}
        yield _looks("errors_looks_differ", asked, target, slots, tops)
    elif tops:
        slots = {"methods": tuple(method for method, _ in tops), "part": tops[0][1]}
        yield _looks("errors_looks", asked, target, slots, tops)
    yield from marks_nothing(asked, METHODS, target)


def _looks(kind: str, asked: Asked, target: int, slots: dict, tops: Sequence[tuple[str, Part]]) -> Claim:
    totals = {method: asked.attribution(method, target).part_values for method, _ in tops}
    evidence = tuple(
        Evidence("sum over the part", float(totals[method].get(part.id, 0.0)), "logit", method, target)
        for method, part in tops
    )
    parts = tuple({part.id: part for _, part in tops}.values())
    return Claim(kind, {"digit": target, **slots}, evidence, f"looks {target}", target, parts)
