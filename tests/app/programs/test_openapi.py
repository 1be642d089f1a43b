"""What the app tells programs about itself: ``/gradio_api/info`` and ``/gradio_api/openapi.json``."""

from __future__ import annotations

import json

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from interface.programs.calls import ENDPOINTS
from tests.app.http import get, post, result, uploaded

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def document(address) -> dict:
    return get(f"{address}gradio_api/openapi.json")


@pytest.fixture(scope="module")
def info(address) -> dict:
    return get(f"{address}gradio_api/info")["named_endpoints"]


def valid(document: dict, schema: dict, value: object) -> None:
    jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(value)


def body_schema(document: dict, endpoint: str) -> dict:
    call = document["paths"][f"/gradio_api/call/v2/{endpoint}"]["post"]
    return call["requestBody"]["content"]["application/json"]["schema"]


def test_the_document_is_valid(document):
    OpenAPIV31SpecValidator(document).validate()


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_call_as_the_document_says(address, document, endpoint, upload):
    content = document["paths"][f"/gradio_api/call/v2/{endpoint}"]["post"]["requestBody"]["content"]["application/json"]
    valid(document, content["schema"], content["example"])
    arguments = {**content["example"], "image": {"path": uploaded(address, upload)}}
    valid(document, content["schema"], arguments)
    status, started = post(f"{address}gradio_api/call/v2/{endpoint}", json.dumps(arguments).encode())
    assert status == 200
    valid(document, {"$ref": "#/components/schemas/Event"}, started)
    event, data = result(address, endpoint, started["event_id"])
    assert event == "complete"
    valid(document, {"$ref": f"#/components/schemas/{endpoint.capitalize()}Result"}, data)
    assert f"/gradio_api/call/{endpoint}/{{event_id}}" in document["paths"]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_what_the_document_refuses_the_server_refuses(address, document, endpoint):
    for arguments in ({}, {"image": "five.png"}, {"picture": None}):
        with pytest.raises(jsonschema.ValidationError):
            valid(document, body_schema(document, endpoint), arguments)
        status, answer = post(f"{address}gradio_api/call/v2/{endpoint}", json.dumps(arguments).encode())
        assert status == 422
        valid(document, {"$ref": "#/components/schemas/CallError"}, answer)


def test_info_names_the_same_arguments(info, document):
    assert set(info) == {f"/{name}" for name in ENDPOINTS}
    for name, arguments in ENDPOINTS.items():
        told = {one["parameter_name"]: one for one in info[f"/{name}"]["parameters"]}
        documented = document["components"]["schemas"][f"{name.capitalize()}Arguments"]
        assert tuple(told) == arguments == tuple(documented["properties"])
        assert [one for one in told if not told[one]["parameter_has_default"]] == documented["required"]


def test_info_describes_everything_and_shows_nothing_from_elsewhere(info):
    for endpoint in info.values():
        assert endpoint["description"]
        for one in (*endpoint["parameters"], *endpoint["returns"]):
            assert len(one["type"]["description"]) > 20
            assert one["python_type"]["type"] != "Any"
            assert one["python_type"]["description"] == one["type"]["description"]
    assert "github" not in json.dumps(info)
    assert info["/ask"]["parameters"][1]["example_input"] == "why 5?"
    reply = info["/ask"]["returns"][1]["type"]
    assert set(reply["properties"]) >= {"text", "claims", "prediction"}
