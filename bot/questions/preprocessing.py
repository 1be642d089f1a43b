"""What did you do to my picture?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.figures import draw_steps
from bot.questions.base import Answer, Asked, Drawing
from bot.values import Claim, Evidence, Figure


class Preprocessing(Answer):
    """Every step from the upload to the 28×28 picture, and how the network takes that."""

    type = "preprocessing"

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """One claim a step, in order; where it should be short, how many, for half of the steps would mislead."""
        steps = asked.reading.image.steps
        evidence = (Evidence("steps", float(len(steps)), "steps", "preparation"),)
        if asked.session.length == "shorter":
            yield Claim("steps_brief", {"count": len(steps)}, evidence, topic="reading")
            return
        yield Claim("steps_done", {"count": len(steps)}, evidence, topic="reading")
        for place, step in enumerate(steps, start=1):
            numbers = tuple(
                Evidence(name, float(value), "as named", "preparation")
                for name, value in step.numbers.items()
                if not isinstance(value, str)
            )
            yield Claim(
                f"step_{step.name}", {"place": place, **step.numbers}, numbers or evidence, topic=f"step {place}"
            )
        yield Claim("network_input", {}, evidence, topic="network")

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """The steps as a strip of pictures."""
        yield draw_steps(asked.reading.image, drawing.words)
