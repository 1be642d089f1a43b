"""``reply.schema.json`` holds for real replies, leaves nothing out, and says what docs/contract.md says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot import Bot
from bot.contract import without_arrays
from bot.schema import named_schemas, overview, reading_schema, reply_schema
from tests.atlases import of_pictures
from tests.bot import made
from tests.bot.digits import drawn
from tests.bot.schemas import QuickValidator
from tests.fakes import tiny_classifier

CONTRACT = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
TABLE = re.search(r"## A reply in JSON\n(.*?)\nThe same image", CONTRACT, re.DOTALL).group(1)  # type: ignore[union-attr]
QUESTIONS = (
    "what digit is this?",
    "why? and how sure are you?",
    "why not 3?",
    "what else could it be?",
    "which part mattered most?",
    "what if I erase the top?",
    "now also rotate it 20 degrees to the left",
    "what if I add noise?",
    "what would make it a 3?",
    "how much can I change?",
    "show me the LIME heatmap",
    "compare LRP with Grad-CAM",
    "what is LIME?",
    "what did you do to my picture?",
    "it's a 4",
    "can you be fooled?",
    "trick it into saying 8",
    "is it because of the top?",
    "how do you know?",
    "how accurate are you?",
    "what model is this?",
    "do you keep my picture?",
    "what do the early layers see?",
    "compare with the previous one",
    "show me similar digits",
    "where is it among all digits?",
    "auf Deutsch bitte",
    "asdf qwer",
)


def closed(node: Any) -> Any:
    """The schema with every object closed: a key that it does not name is an error."""
    if isinstance(node, dict):
        open_object = node.get("type") == "object" and "properties" in node and "additionalProperties" not in node
        shut = {"additionalProperties": False} if open_object else {}
        return {name: closed(value) for name, value in node.items()} | shut
    return [closed(one) for one in node] if isinstance(node, list) else node


def operations(node: Any) -> set[str]:
    """The kinds of all operations in a reply, also of those within others."""
    if isinstance(node, list):
        return {kind for one in node for kind in operations(one)}
    if not isinstance(node, dict):
        return set()
    inner = {kind for value in node.values() for kind in operations(value)}
    operation = node.get("operation")
    return inner | ({operation["kind"]} if operation else set())


@pytest.fixture(scope="module")
def replies() -> list[dict]:
    """One conversation about two pictures, through JSON; a tiny network, but all the rest is real."""
    classifier = tiny_classifier(3, image_size=224)
    classifier.atlas = of_pictures(classifier, each=2)
    chat = Bot(classifier).start()
    chat.show(drawn("three"))
    chat.show(drawn("five"))
    return [json.loads(json.dumps(chat.ask(text).to_dict(), allow_nan=False)) for text in QUESTIONS]


@pytest.fixture(scope="module")
def strict() -> jsonschema.Draft202012Validator:
    return QuickValidator(closed(reply_schema()))


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(reply_schema())
    jsonschema.Draft202012Validator.check_schema(reading_schema())


def test_every_kind_of_reply_has_this_form_and_no_further_key(replies, strict):
    assert len({reply["question"]["type"] for reply in replies}) > 20
    for reply in replies:
        strict.validate(reply)


def test_a_reply_without_a_picture_has_it_too(strict):
    strict.validate(Bot(tiny_classifier()).start().ask("how accurate are you?").to_dict())


def test_a_made_reply_has_it_too(strict):
    reply = json.loads(json.dumps(made.reply().to_dict()))
    strict.validate(reply)
    claim = reply["claims"][1]
    claim |= {"further_tests": [claim["test"]], "quoted": "least", "read_in_all": None}
    strict.validate(reply)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("text",), None),
        (("image", "pixels"), [[0.0] * 28] * 27),
        (("image", "pixels", 0, 0), 1.5),
        (("prediction", "digit"), 62),
        (("prediction", "label"), 5),
        (("prediction", "probabilities"), [1.0]),
        (("model", "labels"), ["5", "5"]),
        (("claims", 0, "evidence"), []),
        (("parts", 0, "kind"), "paper"),
        (("model", "sha256"), "unknown"),
        (("further",), 1),
    ],
)
def test_a_reply_that_is_wrong_in_one_place_is_none(strict, path, value):
    reply = json.loads(json.dumps(made.reply().to_dict()))
    *way, last = path
    place = reply
    for step in way:
        place = place[step]
    place[last] = value
    with pytest.raises(jsonschema.ValidationError):
        strict.validate(reply)


def test_what_is_published_stays_open():
    reply = json.loads(json.dumps(made.reply().to_dict()))
    jsonschema.validate({**reply, "further": 1}, reply_schema())


def test_the_contract_names_every_key_and_the_schema_every_key_of_the_contract():
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", TABLE, re.MULTILINE)
    told = {name for name, _ in rows} | set(re.findall(r"`(\w+)`", TABLE.partition("Further keys")[2]))
    properties = reply_schema()["properties"]
    assert {name for name, _ in rows} <= set(properties)
    assert set(properties) <= told
    assert set(reply_schema()["required"]) == set(properties)
    names = {"parts": "Part", "claims": "Claim", "attributions": "Attribution", "figures": "Figure", "image": "Image"}
    for row, name in {**names, "prediction": "Prediction"}.items():
        inner = reply_schema()["$defs"][name]["properties"]
        (words,) = (words for one, words in rows if one == row)
        keys = set(re.findall(r"`(\w+)`", re.sub(r"\(.*?\)", "", words)))  # what stands in brackets are values
        assert keys <= set(inner), row


def test_the_contract_names_every_operation(replies):
    told = set(re.findall(r"`(\w+)`", TABLE))
    changes = {
        "keep",
        "rotate",
        "mirror",
        "shift",
        "scale",
        "thicken",
        "thin",
        "noise",
        "blur",
        "invert",
    }  # "any other change of …"
    seen = operations(replies)
    assert len(seen) > 10
    assert seen - changes <= told


def test_a_reading(strict):
    reading = Bot(tiny_classifier()).read(drawn("five")).to_dict()
    jsonschema.Draft202012Validator(closed(reading_schema())).validate(reading)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**reading, "accepted": None}, reading_schema())


def test_named_schemas_refer_to_each_other_only():
    names = named_schemas("#/components/schemas/")
    assert "Reply" in names
    references = set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(names)))
    assert references <= set(names)
    assert "$defs" not in json.dumps(names)


def test_an_overview_has_no_references_and_every_key():
    seen = overview(reply_schema(), 1)
    assert "$ref" not in json.dumps(seen)
    assert set(seen["properties"]) == set(reply_schema()["properties"])
    assert all(one["description"] for one in seen["properties"].values())
    assert "digit" in overview(reading_schema(), 2)["properties"]["prediction"]["properties"]
    assert "properties" not in overview(reading_schema(), 1)["properties"]["prediction"]


def test_what_is_left_without_arrays_is_short(replies):
    whole, rest = (len(json.dumps(one)) for one in (replies[1], without_arrays(replies[1])))
    assert rest < whole / 5
    assert without_arrays(replies[1])["claims"][0]["evidence"] == replies[1]["claims"][0]["evidence"]
