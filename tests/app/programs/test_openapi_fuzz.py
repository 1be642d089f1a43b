"""Calls made up from the OpenAPI document, right ones and wrong ones: the server never fails."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from interface.programs.calls import ENDPOINTS

schemathesis = pytest.importorskip("schemathesis")

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


CALLS = [f"/gradio_api/call/v2/{name}" for name in ENDPOINTS]
CASES = [  # Gradio itself answers 500, and no word, where a form's part is no file
    ("/gradio_api/upload", schemathesis.GenerationMode.POSITIVE),
    *((path, mode) for path in CALLS for mode in MODES),
]


@pytest.mark.parametrize(("path", "mode"), CASES)
def test_no_call_makes_the_server_fail(address, path, mode):
    schema = schemathesis.openapi.from_url(f"{address}gradio_api/openapi.json")
    codes = set()

    @given(schema[path]["POST"].as_strategy(generation_mode=mode))
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    def call(case) -> None:
        response = case.call(base_url=address)
        assert "Traceback" not in response.text
        codes.add(response.status_code)

    call()
    assert codes
    assert max(codes) < 500
