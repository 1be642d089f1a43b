"""What every question type shares: what was asked, and the two things a type writes, claims and figures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import ClassVar

from bot.claims.findings import Findings
from bot.claims.neighbours import Neighbour
from bot.figures.ahead import Ahead
from bot.figures.before_after import draw_test
from bot.figures.parts import draw_parts
from bot.figures.words import FigureWords
from bot.values import Attachment, Claim, Figure, Heatmap, Question, Reading, Session
from bot.words.render import Words
from explainers import explainer
from explainers.base import Case
from explainers.changes.edits import Edit
from explainers.measures import statistics
from explainers.values import Attribution, Part, Test
from model.classifier import Classifier
from model.values import ModelIdentity


@dataclass(frozen=True, eq=False)
class Asked:
    """One question to one session, for a type to answer."""

    question: Question
    session: Session
    answering: Classifier | None = None  # the engine gives its own; None: that of the picture
    answer: Answer | None = None  # a lesson's own; None: that of the question's type

    @property
    def classifier(self) -> Classifier:
        """What reads, also where there is no picture."""
        return self.answering or self.case.classifier

    @property
    def identity(self) -> ModelIdentity:
        """Which weights answer, with their record."""
        return self.classifier.identity

    @property
    def reading(self) -> Reading:
        """The picture; the engine asks only types that need one where there is one."""
        if self.session.reading is None:
            raise LookupError("this question type has needs_picture = True and was asked without a picture")
        return self.session.reading

    @property
    def case(self) -> Case:
        """The picture before the classifier."""
        return self.reading.case

    @property
    def place_edits(self) -> tuple[Edit, ...]:
        """The changes that hold in the picture whose places are named: that of the changes before, if it goes on with
        them, but without those that the same sentence asked for beside this one.
        """
        edits = self.session.edits if "also" in self.question.cues else ()
        beside = 0 if self.session.refused else self.question.cues.count("beside")
        return edits[: max(len(edits) - beside, 0)]

    @property
    def read_digit(self) -> int:
        """The digit that the network reads."""
        return self.reading.prediction.digit

    @property
    def named(self) -> int | None:
        """The digit that the question names."""
        named = self.question.slots.get("digit")
        return None if named is None else int(str(named))

    @property
    def digit(self) -> int:
        """The digit asked about; the one read where none was named."""
        return self.read_digit if self.named is None else self.named

    @property
    def findings(self) -> Findings:
        """The tests about the digit that is read."""
        return self.reading.about(self.read_digit)

    def attribution(self, method: str, target: int) -> Attribution:
        """A method's attribution, computed once for the picture."""
        return self.case.attribution(explainer(method), target)


@dataclass(frozen=True, eq=False)
class Drawing:
    """What a type needs to draw: the words, the names of the parts and the sentences in the reply's language."""

    words: FigureWords
    names: Mapping[str, str]
    said: Words
    ahead: Ahead = field(default_factory=Ahead)

    def parts(self, case: Case) -> Figure:
        """The named parts of the picture."""
        return self.ahead.drawn(case, partial(self._parts, case))

    def begin_parts(self, case: Case) -> None:
        """Start on ``parts`` beside what the caller does."""
        self.ahead.begin(case, partial(self._parts, case))

    def _parts(self, case: Case) -> Figure:
        return draw_parts(case.pixels, case.parts, self.names, self.words)

    def tests(self, claims: Sequence[Claim], digit: int, name: str = "test") -> Iterator[Figure]:
        """Each test of the claims before and after, those of the same change once; the bars follow ``digit``.

        Figures named "test_1" and so on belong to the evidence, which a page may fold away.
        """
        for place, (pictures, (claim, test)) in enumerate(_different(claims).items(), start=1):
            figure = self.ahead.drawn((pictures, digit), partial(self._test, claim, test, digit))
            yield replace(figure, id=f"{name}_{place}")

    def begin_tests(self, claims: Sequence[Claim], digit: int) -> None:
        """Start on ``tests`` beside what the caller does."""
        for pictures, (claim, test) in _different(claims).items():
            self.ahead.begin((pictures, digit), partial(self._test, claim, test, digit))

    def _test(self, claim: Claim, test: Test, digit: int) -> Figure:
        edits, kind = claim.slots.get("edits"), str(test.operation["kind"])
        if isinstance(edits, tuple):
            what, kind = self.said.done(edits), "other"
        elif not claim.parts:
            what, kind = self.said.say(f"did_{kind}", claim.slots), "other"
        else:
            what, kind = self._named(claim.parts), kind if kind in self.words.tests else "other"
        return draw_test("test", test, digit, what, self.words, kind)

    def _named(self, parts: Sequence[Part]) -> str:
        return ", ".join(self.names[part.id] for part in parts)


def _different(claims: Sequence[Claim]) -> dict[bytes, tuple[Claim, Test]]:
    """The tests of the claims by their two pictures, those of the same change once, with the first that tells it."""
    first: dict[bytes, tuple[Claim, Test]] = {}
    for claim in claims:
        if claim.test is not None:
            pictures = claim.test.before.pixels.tobytes() + claim.test.after.pixels.tobytes()
            first.setdefault(pictures, (claim, claim.test))
    return first


class Answer(ABC):
    """One question type. A file in this folder holds one; the registry finds it."""

    type: ClassVar[str]
    needs_picture: ClassVar[bool] = True

    @abstractmethod
    def claims(self, asked: Asked) -> Iterator[Claim]:
        """What can be said, the quickest first: each claim is shown as soon as it is yielded."""

    def following(self, asked: Asked) -> Session:
        """The session that the next question meets; most answers change nothing."""
        return asked.session

    def extras(self, asked: Asked, told: Sequence[Claim]) -> Iterator[Claim]:
        """What more detail adds to the claims that were ``told``; computed only where it is wanted."""
        return iter(())

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The pictures that go with the claims; none where a type has none."""
        return iter(())

    def draw_ahead(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> None:  # noqa: B027
        """Begin to draw what ``figures`` will show, as far as the first ``claims`` tell; called after each of them.

        Only where the network runs aside: on a processor, there is nobody who could draw meanwhile.
        """

    def files(self, asked: Asked) -> tuple[Attachment, ...]:
        """The files that go with the answer; most have none."""
        return ()

    def neighbours(self, asked: Asked) -> tuple[Neighbour, ...]:
        """The training digits that the answer speaks of; most speak of none."""
        return ()

    def methods(self, asked: Asked) -> tuple[tuple[str, int], ...]:
        """The attributions that this answer rests on, as (method, target)."""
        return ()


def heatmap(asked: Asked, method: str, target: int) -> Heatmap:
    """An attribution with its statistics."""
    attribution = asked.attribution(method, target)
    return Heatmap(attribution, statistics(attribution, asked.case.pixels, asked.case.parts, asked.case.prediction))
