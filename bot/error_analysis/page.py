"""The error analysis as one HTML file that loads nothing: ``templates/errors.html.jinja``, from rows alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

import numpy as np

from bot.claims.doubt import CLOSE_MARGIN, SURE
from bot.details import evidence_head
from bot.error_analysis.comparison import TAIL, Borders, borders
from bot.error_analysis.figures import draw_reliability
from bot.error_analysis.suggestions import ADVISED, CHANCE, LEAST, Suggestion, suggestions
from bot.error_analysis.summary import LEVEL, CueRates, Summary
from bot.figures.record import draw_accuracy, draw_confusions
from bot.figures.words import load_words
from bot.record.counts import Mistakes
from bot.values import Figure
from bot.words.markup import page_template
from bot.words.render import Words, words
from model.alphabet import alphabet_of
from model.catalogue import DATA_SETS
from model.load import BUNDLED_ID

UNUSUAL = "unusual_image"  # of ``CUES``
MOST_PAIRS = 12  # rows of the table
RECHECK = "python -m model.recheck {replies}"


@dataclass(frozen=True)
class Pair:
    """One row of the table of confused pairs."""

    name: str
    cells: tuple[str, ...]
    first: int  # the first picture of it


@dataclass(frozen=True, eq=False)
class Page:
    """What the template says and shows."""

    summary: Summary
    head: Mapping  # settings of the run
    said: Words

    def say(self, name: str, slots: Mapping[str, object] | None = None) -> str:
        """A sentence of ``templates/<language>/errors.jinja``."""
        return self.said.say(f"errors_{name}", slots or {})

    def again(self, name: str) -> str:
        """A sentence that handouts have too."""
        return self.said.say(f"handout_{name}", {})

    def glance(self) -> list[str]:
        """The main figures, a sentence each."""
        one, measured = self.summary, self.summary.measured
        low, high = one.accuracy_interval
        accuracy = {
            "right": len(one.rows) - len(one.misread), "pictures": len(one.rows), "wrong": len(one.misread),
            "accuracy": measured["accuracy"], "level": LEVEL, "low": low, "high": high,
        }  # fmt: skip
        told = [self.say("accuracy", accuracy)]
        told.append(
            self.say("calibration", {"error": measured["ece"], "bins": len(one.bins), "nll": measured["nll"],
                                     "temperature": one.temperature})
        )  # fmt: skip
        rates = one.cue_rates()
        if not (math.isnan(rates.caught) or math.isnan(rates.false)):
            told.append(self.say("cues", {"caught": rates.caught, "wrongly": rates.false}))
        return told

    def cues(self) -> list[tuple[str, str, str]]:
        """The table of doubt cues; of weights that measure nothing unusual, without that cue."""
        slots = {"margin": CLOSE_MARGIN, "sure": SURE}
        told = [
            (cue, rates)
            for cue, rates in self.summary.every_cue()
            if cue != UNUSUAL or self.head.get("novelty") or any(UNUSUAL in row["cues"] for row in self.summary.rows)
        ]
        rows = [(f"cue_{cue}", rates) for cue, rates in told]
        return [
            self._cue(self.say(name, slots), rates) for name, rates in [*rows, ("cue_any", self.summary.cue_rates())]
        ]

    def _cue(self, name: str, rates: CueRates) -> tuple[str, str, str]:
        caught, false = (
            "–" if math.isnan(share) else self.said.numbers.exact_share(share) for share in (rates.caught, rates.false)
        )
        return name, caught, false

    def figures(self) -> list[Figure]:
        """The confusions, the misread of each digit, and the reliability diagram."""
        drawn = load_words(self.said.language, self.said.alphabet)
        counts = self.summary.counts
        return [
            draw_confusions(counts, drawn),
            draw_accuracy(counts, drawn),
            draw_reliability(self.summary.bins, self.said),
        ]

    def pairs(self) -> list[Pair]:
        """The pairs, the one with most mistakes first, each direction by itself."""
        table = self.summary.counts.table
        found = [Mistakes(a, b, int(table[a, b]), int(table[b, a])) for a, b in np.argwhere(table).tolist() if a != b]
        found.sort(key=lambda pair: (-pair.there, pair.digit, pair.other))
        return [self._pair(pair) for pair in found[:MOST_PAIRS]]

    def _pair(self, pair: Mistakes) -> Pair:
        some = [row for row in self.summary.misread if (row["label"], row["digit"]) == (pair.digit, pair.other)]
        numbers = self.said.numbers
        cells = (
            numbers.whole(pair.there),
            numbers.whole(pair.back),
            numbers.percent(median(row["probability"] for row in some)),
            numbers.whole(sum(bool(row["cues"]) for row in some)),
            numbers.whole(sum(any(one["wins"] for one in row["misled"]) for row in some)),
        )
        return Pair(self.say("pair", {"digit": pair.digit, "other": pair.other}), cells, some[0]["image"])

    def suggested(self) -> tuple[list[dict], str]:
        """The suggestions as advice, measurement and pictures, and what had to be passed for them."""
        found, tests = suggestions(self.summary)
        lead = self.say("suggestions_lead", {"least": LEAST, "chance": CHANCE, "tests": tests})
        return [self._suggested(one) for one in found], lead

    def _suggested(self, one: Suggestion) -> dict:
        group = self.say(f"group_{one.group.name}", {"digit": one.group.digit, "read": one.group.read})
        trait = {"trait": self.said.say(str(one.slots["trait"]), {})} if "trait" in one.slots else {}
        slots = {"most": 1 - TAIL, **one.slots, "group": group, **trait}
        return {
            "advice": self.say(f"advice_{one.advice}", slots),
            "measured": self.say(f"measured_{one.measured}", slots),
            "images": one.images,
        }

    def entries(self) -> list[dict]:
        """Every misread picture."""
        right = borders(row for row in self.summary.rows if row["digit"] == row["label"])
        return [self._entry(row, right) for row in self.summary.misread]

    def _entry(self, row: Mapping, right: Mapping[tuple[str, int], Borders]) -> dict:
        slots = {"number": row["image"], "digit": row["label"], "other": row["digit"]}
        return {
            "image": row["image"],
            "heading": self.say("heading", slots),
            "text": row["reply"]["text"],
            "notes": self._notes(row, right),
            "figures": [one for one in row["figures"] if not one["test"]],
            "tests": [one for one in row["figures"] if one["test"]],
            "table": row["tests"],
        }

    def _notes(self, row: Mapping, right: Mapping[tuple[str, int], Borders]) -> list[str]:
        """How it is written, where that is unusual for its digit, and what its nearest training pictures are."""
        notes = []
        traits = "; ".join(self.say(f"trait_{name}") for name in beyond(row, right))
        if traits:
            notes.append(self.say("shape", {"share": 1 - TAIL, "digit": row["label"], "told": traits}))
        if row["neighbours"]:
            slots = {
                "count": len(row["neighbours"]), "read": row["digit"], "label": row["label"],
                "read_count": row["neighbours"].count(row["digit"]),
                "label_count": row["neighbours"].count(row["label"]),
            }  # fmt: skip
            notes.append(self.say("neighbours", slots))
        return notes


def beyond(row: Mapping, right: Mapping[tuple[str, int], Borders]) -> list[str]:
    """On which measures and sides a picture lies outside most of its digit's that are read right, of ``ADVISED``."""
    found = []
    for name in ADVISED:
        measure, side = name.rsplit("_", 1)
        value, border = row["form"].get(measure), right.get((measure, row["label"]))
        if value is not None and border is not None and (value < border.low if side == "low" else value > border.high):
            found.append(name)
    return found


def page_of(summary: Summary, head: Mapping, rows: str, replies: str) -> str:
    """The whole page; ``head`` are the settings of the rows, ``rows`` and ``replies`` names of files beside it."""
    alphabet = alphabet_of(head)
    page = Page(summary, head, words(head["language"], alphabet))
    data = page.say(f"data_{head['split']}", {"data": DATA_SETS[alphabet.dataset].title})
    suggested, lead = page.suggested()
    recheck = RECHECK.format(replies=replies)
    return page_template("errors.html.jinja").render(
        language=head["language"],
        page=page,
        say=page.say,
        again=page.again,
        suggested=suggested,
        lead=lead,
        entries=page.entries(),
        evidence=evidence_head(head["language"], alphabet),
        lines=page.say("lines", {"rows": rows, "replies": replies}),
        recheck=recheck if head["model"] == BUNDLED_ID else f"{recheck} --weights {page.again('folder')}",
        subtitle=page.say("subtitle", {"pictures": len(summary.rows), "data": data}),
    )
