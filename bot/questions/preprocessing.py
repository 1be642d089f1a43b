"""What did you do to my picture?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.claims.causes import effect_evidence, of_all
from bot.claims.findings import NOTICEABLE, Effect
from bot.figures.steps import caption_of, draw_steps
from bot.questions.base import Answer, Asked, Drawing
from bot.values import Claim, Evidence, Figure, Further, Look
from explainers.changes.left_out import ENLARGE, NEAREST, LeftOut
from explainers.values import Test
from model.classifier import Classifier

TOPIC = "steps left out"


class Preprocessing(Answer):
    """Every step from the upload to what the network gets, and what each of them does to the reading."""

    type = "preprocessing"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """The steps, or where it should be short how many, for half of them would mislead; then what each does."""
        yield from _short(asked) if asked.session.length == "shorter" else _steps(asked)
        if asked.reading.accepted:
            yield from effect_claims(asked.reading.left_out, asked.read_digit)

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The steps as a strip of pictures, then before and after of those that matter."""
        classifier = asked.case.classifier
        yield draw_steps(asked.reading.image, classifier.enlarged(asked.case.pixels), drawing.words)
        told = [claim for claim in claims if claim.kind.startswith("without_") and claim.test is not None]
        seen = [replace(claim, test=as_enlarged(claim.test, classifier)) for claim in told if claim.test is not None]
        yield from drawing.tests(seen, asked.read_digit)


def _evidence(asked: Asked) -> tuple[Evidence, ...]:
    return (Evidence("steps", float(len(asked.reading.image.steps)), "steps", "preparation"),)


def _was_ready(asked: Asked) -> bool:
    """Whether the picture came as the network takes it."""
    return any(step.name in ("edited", "left_alone") for step in asked.reading.image.steps)


def _short(asked: Asked) -> Iterator[Claim]:
    ready = "_ready" if _was_ready(asked) else ""
    yield Claim(f"steps_brief{ready}", {"count": len(asked.reading.image.steps)}, _evidence(asked), topic="reading")


def _steps(asked: Asked) -> Iterator[Claim]:
    """One claim a step, in order."""
    steps, evidence = asked.reading.image.steps, _evidence(asked)
    ready = "_ready" if _was_ready(asked) else ""
    yield Claim(f"steps_done{ready}", {"count": len(steps)}, evidence, topic="reading")
    for place, step in enumerate(steps, start=1):
        numbers = tuple(
            Evidence(name, float(value), "as named", "preparation")
            for name, value in step.numbers.items()
            if not isinstance(value, str)
        )
        slots = {"place": place, **step.numbers}
        yield Claim(f"step_{caption_of(step)}", slots, numbers or evidence, topic=f"step {place}")
    yield Claim("network_input", {}, evidence, topic="network")


def effect_claims(found: Sequence[LeftOut], digit: int) -> Iterator[Claim]:
    """What each step does to the reading of ``digit``: those that matter one by one, the others in one sentence."""
    if any(one.step != ENLARGE for one in found):
        evidence = (Evidence("steps left out in turn", float(len(found)), "steps", "prepare_without", digit),)
        yield Claim("steps_tested", {}, evidence, TOPIC, digit)
    matters = [one for one in found if _matters(one, digit)]
    for one in matters:
        yield _effect_claim(one, digit)
    yield from _refused([one for one in found if one.reason is not None and not one.blank], digit, matters[-1:])
    little = [one for one in found if one.reason is None and not _matters(one, digit)]
    yield from _holding(little, len(found), digit)


def _matters(one: LeftOut, digit: int) -> bool:
    effect = Effect((), one.test, digit)
    return one.blank or effect.flips or abs(effect.drop) >= NOTICEABLE


def _effect_claim(one: LeftOut, digit: int) -> Claim:
    effect, now = Effect((), one.test, digit), one.test.after.digit
    slots = {
        "step": one.step,
        "digit": digit,
        "before": effect.before,
        "after": effect.after,
        "now": now,
        "now_probability": float(one.test.after.probabilities[now]),
    }
    what = "flips" if effect.flips else "weakens" if effect.drop > 0 else "strengthens"
    kind = f"without_{'blank' if one.blank else what}"
    return Claim(kind, slots, effect_evidence(effect), TOPIC, digit, test=one.test)


def _refused(refused: Sequence[LeftOut], digit: int, told: Sequence[LeftOut]) -> Iterator[Claim]:
    """The steps without which the picture would have been turned away, by its statistics or by its strangeness.

    ``told``: the step that was spoken of just before.
    """
    if not refused:
        return
    evidence: list[Evidence] = []
    looks: list[Look] = []
    for one in refused:
        if one.strangeness is not None and one.strangeness > 1:
            looks.append(Look(one.test.after.pixels, one.strangeness))
            evidence.append(looks[-1].evidence(f"strangeness without {one.step}"))
        else:
            name = f"picture statistics without {one.step}"
            evidence.append(Evidence(name, 1.0, "gates passed the limit", "preparation", digit))
    kind = "check_refuses_many" if len(refused) > 1 else "check_refuses_it" if refused == told else "check_refuses_one"
    slots = {"left_out": tuple(one.step for one in refused)}
    first, *others = (one.test for one in refused)
    yield Claim(
        kind,
        slots,
        tuple(evidence),
        TOPIC,
        digit,
        test=first,
        further_tests=tuple(map(Further, others)),
        looks=tuple(looks),
    )


def _holding(little: Sequence[LeftOut], steps: int, digit: int) -> Iterator[Claim]:
    """The steps without which the same is read about as surely, with the weakest of their tests, then the others."""
    if not little:
        return
    ordered = sorted((Effect((), one.test, digit) for one in little), key=lambda effect: effect.after)
    after = ordered[0].after
    if len(little) == 1:
        kind, slots = "steps_hold_one", {"step": little[0].step, "digit": digit, "after": after}
    else:
        kind = "steps_hold_all" if len(little) == steps else "steps_hold_many"
        slots = {"left_out": tuple(one.step for one in little), "digit": digit, "after": after}
    weakest = ordered[0]
    claim = Claim(kind, slots, effect_evidence(weakest), TOPIC, digit, test=weakest.test)
    yield of_all(claim, ordered, "least", read_in_all=True)


def as_enlarged(test: Test, classifier: Classifier) -> Test:
    """A test with what the network got, where that is all that differs: to be drawn."""
    if test.operation["kind"] != ENLARGE:
        return test
    before, after = classifier.enlarged(test.before.pixels), classifier.enlarged(test.after.pixels, NEAREST)
    return replace(test, before=replace(test.before, pixels=before), after=replace(test.after, pixels=after))
