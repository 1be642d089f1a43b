"""What model is this? Counted from the network that answers.

Huang, Liu, van der Maaten, Weinberger: "Densely Connected Convolutional Networks", 2017 (arXiv 1608.06993).
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.questions.base import Answer, Asked
from bot.values import Claim, Evidence
from model.load import BUNDLED_ID
from model.publish import LICENSE
from model.shape import Shape, shape_of
from model.values import SIDE

PAPER, YEAR = "1608.06993", 2017
SHOWN = 12  # signs of the checksum: enough to tell weights apart
DEVICES = ("cpu", "cuda", "mps")


class Model(Answer):
    """Its name and build, what goes in and comes out, which weights these are, and on what they run."""

    type = "model"
    needs_picture = False

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """First what it is, in a few words."""
        shape = shape_of(asked.classifier.network)
        slots = _slots(shape)
        yield Claim("model_name", slots, (_counted("layers", shape.layers), _counted("blocks", len(shape.blocks))))
        yield Claim("model_links", slots, (_counted("maps that a layer adds", shape.growth),))
        yield Claim("model_sizes", slots, (_counted("parameters", shape.parameters), _counted("digits", shape.classes)))
        yield from _weights(asked)
        yield from _place(asked)
        published = (Evidence("year", float(YEAR), "year", "publication"),)
        yield Claim("model_paper", {"paper": PAPER, "year": YEAR}, published, topic="paper")


def _slots(shape: Shape) -> dict[str, object]:
    return {
        "name": f"DenseNet{shape.layers}",
        "layers": shape.layers,
        "blocks": len(shape.blocks),
        "depths": shape.blocks,
        "growth": shape.growth,
        "parameters": shape.parameters,
        "pixels": SIDE,
        "side": shape.side,
        "classes": shape.classes,
    }


def _weights(asked: Asked) -> Iterator[Claim]:
    """Which weights these are, by name and checksum, and the temperature of their probabilities."""
    identity, temperature = asked.identity, asked.classifier.temperature
    slots: dict[str, object] = {
        "weights": " ".join(identity.id.replace("`", "").split()),
        "bits": 4 * len(identity.sha256),
        "checksum": identity.sha256[:SHOWN],
        "temperature": temperature,
    }
    evidence = (Evidence("temperature", temperature, "temperature", "model"),)
    if identity.id == BUNDLED_ID:
        yield Claim("model_bundled", {**slots, "license": LICENSE.upper()}, evidence, "weights")
    else:
        yield Claim("model_weights", slots, evidence, "weights")


def _place(asked: Asked) -> Iterator[Claim]:
    """On what the network runs, and with which library."""
    device = asked.classifier.runs_on
    if device in DEVICES:
        slots = {"engine": asked.classifier.engine.name}
        yield Claim(f"model_on_{device}", slots, (_counted("devices", 1),), "weights")


def _counted(name: str, value: int) -> Evidence:
    """A number counted from the network itself."""
    return Evidence(name, float(value), name, "model")
