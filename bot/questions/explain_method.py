"""What is LIME? What do the colours mean?"""

from __future__ import annotations

from collections.abc import Iterator

from bot.claims.heatmaps import quality_claims
from bot.questions.base import Answer, Asked
from bot.questions.help import not_yet
from bot.values import Claim, Evidence
from explainers import all_explainers
from explainers.base import Explainer
from model.values import SIDE


class ExplainMethod(Answer):
    """One method: what it does, whose it is, how it is run here, what it cannot show. Or the heatmaps in general."""

    type = "explain_method"
    needs_picture = False

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Answered before any picture too; with one at hand, its own numbers come last."""
        method = asked.question.slots.get("method")
        if method is None:
            yield from general_claims()
        elif method not in all_explainers():
            yield not_yet(asked.question)
        else:
            yield from method_claims(all_explainers()[str(method)], asked.session.level)
            for one, digit in self.methods(asked):
                yield from here_claims(asked, one, digit)

    def methods(self, asked: Asked) -> tuple[tuple[str, int], ...]:
        """The method, for the digit that is read, where there is a picture to show it on."""
        reading, method = asked.session.reading, asked.question.slots.get("method")
        if reading is None or not reading.accepted or method not in all_explainers():
            return ()
        return ((str(method), asked.read_digit),)


def general_claims() -> Iterator[Claim]:
    """The colours of every heatmap, which methods there are, and what none of them is."""
    known = all_explainers()
    evidence = (Evidence("methods", float(len(known)), "methods", "registry"),)
    yield Claim("colours_mean", {}, evidence, "colours")
    yield Claim("colours_scale", {}, evidence, "colours")
    slots: dict[str, object] = {
        f"by_{resolution}": tuple(one.id for one in known.values() if one.resolution == kind)
        for resolution, kind in (("part", "part"), ("pixel", "pixel"), ("cell", "7x7"))
    }
    yield Claim("methods_there", {"count": len(known), **slots}, evidence, "methods")
    yield Claim("no_proof", {}, evidence, "proof")


def method_claims(method: Explainer, level: str) -> Iterator[Claim]:
    """What holds of ``method`` for every picture. A child is spared whose it is and how it is run."""
    evidence = (Evidence("methods", 1.0, "methods", method.id),)
    yield Claim(f"explain_{method.id}", {}, evidence, "method")
    if level != "simple":
        slots = {"authors": method.authors, "year": method.year, "paper": method.paper}
        yield Claim("source", slots, (Evidence("published", float(method.year), "year", method.paper),), "method")
        yield Claim(f"runs_{method.id}", {}, evidence, "run")
        if method.random:
            yield Claim("runs_random", {}, evidence, "run")
    yield Claim("colours_mean", {}, evidence, "colours")
    yield Claim("colours_scale", {}, evidence, "colours")
    yield from limit_claims(method, evidence)
    yield Claim("no_proof", {}, evidence, "proof")


def limit_claims(method: Explainer, evidence: tuple[Evidence, ...]) -> Iterator[Claim]:
    """What ``method`` cannot show: by how fine it is, and what is peculiar to it."""
    slots: dict[str, object] = {}
    if method.coarse:
        cells = int(method.resolution.split("x")[0])
        slots = {"factor": cells * cells}
        yield Claim("misses_coarse", {"size": SIDE / cells}, evidence, "limits")
    else:
        yield Claim("misses_absence", {}, evidence, "limits")
    if method.resolution == "part":
        yield Claim("misses_pieces", {}, evidence, "limits")
    yield Claim(f"misses_{method.id}", slots, evidence, "limits")


def here_claims(asked: Asked, method: str, digit: int) -> Iterator[Claim]:
    """What it took for the picture at hand, and how exact it is there."""
    settings = asked.attribution(method, digit).settings
    for name in ("samples", "steps"):
        if isinstance(count := settings.get(name), int):
            evidence = (Evidence(name, float(count), name, method, digit),)
            yield Claim(f"here_{name}", {"count": count, "digit": digit}, evidence, f"quality {method}", digit)
    if isinstance(share := settings.get("sum_to_output"), float):
        evidence = (Evidence("sum of the values", share, "share of the log-odds", method, digit),)
        yield Claim("here_sum", {"share": share, "digit": digit}, evidence, f"quality {method}", digit)
    yield from quality_claims(asked, method, digit)
