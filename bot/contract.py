"""A reply or a reading as the JSON of docs/contract.md: plain Python values, null where nothing is, never NaN."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from bot.claims.findings import beats
from bot.claims.neighbours import Neighbour
from bot.values import Attachment, Claim, Evidence, Figure, Heatmap, Look, Reading, Reply
from explainers.controls import Control
from explainers.values import Attribution, Outcome, Part, Test
from model.values import DigitImage, ModelIdentity

PIXEL_DECIMALS = 5  # a pixel is a multiple of 1/255, 0.0039
DECIMALS = 6  # probabilities and everything else that was measured


def reply_to_dict(reply: Reply) -> dict:
    """``reply`` with the contract's keys; further keys stand beside them. ``json.dumps(allow_nan=False)`` takes it."""
    reading = reply.reading
    told = dict.fromkeys(control for claim in reply.claims for control in claim.controls if control.tests)
    controls = {control: f"control_{place}" for place, control in enumerate(told, start=1)}
    return {
        "text": reply.text,
        "details": reply.details,
        "question": reply.question.to_dict(),
        "understood": reply.understood,
        "language": reply.language,
        "image": _image(reading) if reading else None,
        "prediction": _prediction(reading) if reading else None,
        "parts": [_part(part, reply.part_names) for part in reading.case.parts] if reading and reply.part_names else [],
        "claims": [_claim(claim, controls) for claim in reply.claims],
        "controls": [_control(name, control) for control, name in controls.items()],
        "attributions": [_heatmap(heatmap) for heatmap in reply.heatmaps],
        "figures": [_figure(figure) for figure in reply.figures],
        "neighbours": [_neighbour(one) for one in reply.neighbours],
        "files": [_file(file) for file in reply.files],
        "warnings": list(reply.warnings),
        "suggestions": list(reply.suggestions),
        "seconds": {name: plain(value) for name, value in reply.seconds.items()},
        "model": _model(reply.model),
        "lesson": asdict(reply.lesson) if reply.lesson else None,
        "complete": reply.complete,
    }


def reading_to_dict(reading: Reading) -> dict:
    """What was read in a picture: whether it is accepted, else why not, and the prediction in any case."""
    return {
        "accepted": reading.accepted,
        "reason": reading.reason,
        "prediction": _prediction(reading),
    }


def without_arrays(reply: dict) -> dict:
    """The dictionary of a reply without what only a program can read: pixels, masks, maps, points; a tenth of it."""
    return _without(reply, {"pixels", "mask", "values", "points", "changed"})


def _without(node: Any, names: set[str]) -> Any:
    if isinstance(node, dict):
        return {name: _without(value, names) for name, value in node.items() if name not in names}
    return [_without(one, names) for one in node] if isinstance(node, list) else node


def plain(value: object) -> object:
    """Numpy values as Python's own, numbers rounded, what is not finite as None, anything unknown as its words."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (float, np.floating)):
        return round(float(value), DECIMALS) if math.isfinite(value) else None
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, np.ndarray):
        finite = value.dtype.kind == "f" and np.isfinite(value).all()
        return _rounded(value, DECIMALS) if finite else plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    return value.id if isinstance(value, Part) else str(value)


def _pixels(values: np.ndarray) -> list[list[float]]:
    return _rounded(values, PIXEL_DECIMALS)


def _rounded(values: np.ndarray, decimals: int) -> list:
    """As ``round`` does, all at once."""
    return values.astype(np.float64).round(decimals).tolist()


def _image(reading: Reading) -> dict:
    return {
        "pixels": _pixels(reading.pixels),
        "steps": _steps(reading.image),
        "accepted": reading.accepted,
        "reason": reading.reason,
    }


def _steps(image: DigitImage) -> list[dict]:
    return [{"name": step.name, **{name: plain(value) for name, value in step.numbers.items()}} for step in image.steps]


def _prediction(reading: Reading) -> dict:
    prediction, labels = reading.prediction, reading.alphabet.labels
    return {
        "digit": int(prediction.digit),
        "label": labels[prediction.digit],
        "probability": plain(prediction.probability),
        "runner_up": int(prediction.runner_up),
        "runner_up_label": labels[prediction.runner_up],
        "margin": plain(prediction.margin),
        "probabilities": plain(prediction.probabilities),
        "strangeness": plain(prediction.strangeness),
        "unusual": bool(prediction.unusual),
    }


def _part(part: Part, names: Mapping[str, str]) -> dict:
    return {
        "id": part.id,
        "name": names[part.id],
        "kind": part.kind,
        "form": part.form,
        "place": part.place,
        "side": part.side,
        "mask": part.mask.astype(int).tolist(),
    }


def _claim(claim: Claim, controls: Mapping[Control, str]) -> dict:
    return {
        "kind": claim.kind,
        "topic": claim.topic,
        "sentence": claim.sentence,
        "digit": plain(claim.digit),
        "parts": [part.id for part in claim.parts],
        "evidence": [_evidence(one) for one in claim.evidence],
        "test": _test(claim.test) if claim.test else None,
        **(_summary(claim) if claim.further_tests else {}),
        **(_held_against(claim, controls) if controls.keys() & set(claim.controls) else {}),
        **({"looks": [_look(look) for look in claim.looks]} if claim.looks else {}),
    }


def _look(look: Look) -> dict:
    return {"pixels": _pixels(look.pixels), "strangeness": plain(look.strangeness), "is_digit": look.is_digit}


def _summary(claim: Claim) -> dict:
    return {
        "further_tests": [_test(further.test) for further in claim.further_tests],
        "quoted": claim.quoted,
        "read_in_all": claim.read_in_all,
    }


def _held_against(claim: Claim, controls: Mapping[Control, str]) -> dict:
    names = {"controls": [controls[control] for control in claim.controls if control in controls]}
    return {**names, "beats_control": beats(claim.test, claim.controls[0])} if claim.test else names


def _control(name: str, control: Control) -> dict:
    return {
        "id": name,
        "digit": int(control.digit),
        "before": _outcome(control.tests[0].before),
        "places": [_place(one) for one in control.tests],
    }


def _place(test: Test) -> dict:
    """Only the pixels that changed: whole pictures, of which a control has many, would double the reply."""
    before, after = test.before.pixels, test.after.pixels
    places = np.argwhere(before != after)
    values = _rounded(after[tuple(places.T)], PIXEL_DECIMALS)
    return {
        "operation": plain(test.operation),
        "changed": [[*place, value] for place, value in zip(places.tolist(), values, strict=True)],
        "probabilities": plain(test.after.probabilities),
    }


def _evidence(evidence: Evidence) -> dict:
    return {
        "name": evidence.name,
        "value": plain(evidence.value),
        "unit": evidence.unit,
        "source": evidence.source,
        "digit": plain(evidence.digit),
        **{
            name: plain(bound)
            for name, bound in (("at_most", evidence.at_most), ("at_least", evidence.at_least))
            if bound is not None
        },
    }


def _test(test: Test) -> dict:
    return {"operation": plain(test.operation), "before": _outcome(test.before), "after": _outcome(test.after)}


def _outcome(outcome: Outcome) -> dict:
    return {"pixels": _pixels(outcome.pixels), "probabilities": plain(outcome.probabilities)}


def _heatmap(heatmap: Heatmap) -> dict:
    attribution, statistics = heatmap.attribution, heatmap.statistics
    return {
        **_attribution(attribution),
        "stroke_coverage": plain(statistics.stroke_coverage),
        "region_focus": plain(statistics.region_focus),
        "confidence_margin": plain(statistics.confidence_margin),
    }


def _attribution(attribution: Attribution) -> dict:
    return {
        "method": attribution.method,
        "target": int(attribution.target),
        "unit": attribution.unit,
        "gap": plain(attribution.gap),
        "fit": plain(attribution.fit),
        "settings": plain(attribution.settings),
        "part_values": plain(attribution.part_values),
        "part_errors": plain(attribution.part_errors),
        "values": plain(attribution.values),
    }


def _figure(figure: Figure) -> dict:
    return {
        "id": figure.id,
        "title": figure.title,
        "alt": figure.alt,
        "path": figure.path,
        **({"map": plain(figure.map.to_dict())} if figure.map else {}),
    }


def _neighbour(neighbour: Neighbour) -> dict:
    return {
        "index": neighbour.index,
        "label": neighbour.label,
        "likeness": plain(neighbour.likeness),
        "at": plain(neighbour.at),
    }


def _file(file: Attachment) -> dict:
    return {"name": file.name, "media_type": file.media_type, "path": file.path}


def _model(model: ModelIdentity) -> dict:
    return {
        "id": model.id,
        "revision": model.revision,
        "sha256": model.sha256,
        "dataset": model.alphabet.dataset,
        "labels": list(model.alphabet.labels),
    }
