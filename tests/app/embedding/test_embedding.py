"""The web component's script, deep links in its path, and what the served app answers to pages of other sites."""

from __future__ import annotations

import base64
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest

import app
from interface.embedding import component
from interface.embedding.component import Component
from interface.embedding.embedders import Embedders
from tests.app.fake import FakeBot

# Gradio leaves sockets and loops to the garbage collector, and uses parts of pandas that will go away.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

SCHOOL = "http://localhost:8000"  # Gradio lets only this computer's pages read what an app on it says


def in_path(query: str) -> str:
    return base64.urlsafe_b64encode(query.encode()).decode().rstrip("=")


def passed_on(path: str, query: str = "") -> dict[str, Any]:
    """What the app behind ``Component`` gets of a request."""
    seen: dict[str, Any] = {}

    async def behind(scope, receive, send):
        seen.update(scope)

    scope = {"type": "http", "path": path, "query_string": query.encode(), "root_path": "", "headers": []}
    with pytest.raises(StopIteration):  # nothing in it waits, so no loop is needed
        Component(behind)(scope, None, None).send(None)  # type: ignore[arg-type]
    return seen


@pytest.mark.parametrize("call", ["/gradio_api/queue/join", "/gradio_api/run/predict"])
def test_a_handler_gets_the_query_of_the_path_and_not_that_of_the_page_around(call):
    path = f"/at/{in_path('image=five&ask=why+5?>>')}{call}"
    seen = passed_on(path, "pupil=Ann&ask=nonsense")
    assert seen["query_string"] == b"image=five&ask=why+5?>>"
    assert seen["path"] == path
    assert path == seen["root_path"] + call


def test_what_the_component_asks_with_stays():
    seen = passed_on(f"/at/{in_path('image=five')}/gradio_api/queue/data", "session_hash=abc")
    assert seen["query_string"] == b"session_hash=abc"
    assert seen["root_path"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/gradio_api/queue/join",
        "/at/",
        "/at/a",
        "/at/a/gradio_api/queue/join",  # no base64
        "/at/ab=c/gradio_api/queue/join",
        "/at/é/gradio_api/queue/join",
        "/x/at/YQ/gradio_api/queue/join",
        f"/at/{'A' * 6004}/gradio_api/queue/join",
    ],
)
def test_other_paths_stay_as_they_are(path):
    seen = passed_on(path, "a=b")
    assert (seen["root_path"], seen["query_string"]) == ("", b"a=b")


def test_the_longest_query():
    assert passed_on(f"/at/{'A' * 6000}/gradio_api/queue/join")["query_string"] == bytes(4500)


def test_another_gradio_is_told_at_the_start(tmp_path, monkeypatch):
    page = tmp_path / "templates" / "frontend" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<script src='elsewhere.js'></script>", encoding="utf-8")
    monkeypatch.setattr(component.gradio, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(RuntimeError, match="names its script in another way"):
        Component(None)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """The app by who may embed it."""
    demos = {}
    found = {}
    for name, embedders in {"anybody": Embedders.listed([]), "school": Embedders.listed([SCHOOL])}.items():
        demos[name] = app.build_app(FakeBot())  # type: ignore[arg-type]
        found[name] = app.start(demos[name], embedders, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True)
    yield found
    for demo in demos.values():
        demo.close(verbose=False)


def get(address: str, **headers: str):
    request = urllib.request.Request(address, headers={name.replace("_", "-"): text for name, text in headers.items()})
    return urllib.request.urlopen(request, timeout=30)


def test_the_script_imports_what_the_app_itself_serves(addresses):
    with get(addresses["anybody"] + "embed.js", Origin=SCHOOL) as answer:
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["access-control-allow-origin"] == SCHOOL
        script = answer.read().decode()
    imported = re.findall(r'import\("(.*)"\)', script)
    assert len(imported) == 1
    assert "http" not in imported[0]
    with get(urljoin(addresses["anybody"], imported[0])) as asset:
        assert b"gradio-app" in asset.read()


def test_the_app_stands_below_every_query(addresses):
    home = f"{addresses['anybody']}at/{in_path('image=five')}"
    with get(f"{home}/config", Origin=SCHOOL) as answer:
        assert f'"root":"{home}"' in answer.read().decode()


def test_anybody_may_embed(addresses):
    with get(addresses["anybody"], Origin=SCHOOL) as answer:
        assert "frame-ancestors" not in answer.headers["content-security-policy"]
        assert answer.headers["access-control-allow-origin"] == SCHOOL


def test_who_is_listed_may_embed(addresses):
    with get(addresses["school"] + "config", Origin=SCHOOL, Sec_Fetch_Site="cross-site") as answer:
        assert answer.headers["access-control-allow-origin"] == SCHOOL
        assert answer.headers["content-security-policy"].endswith(f"; frame-ancestors 'self' {SCHOOL}")


@pytest.mark.parametrize("path", ["", "config", "embed.js", "gradio_api/heartbeat/abc"])
def test_who_is_not_listed_may_not(addresses, path):
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(addresses["school"] + path, Origin="http://localhost:8001", Sec_Fetch_Site="cross-site")
    assert caught.value.code == 403
    assert b"may not embed" in caught.value.read()
    with get(addresses["school"]) as opened:  # by a browser, which then looks at the policy, or by a program
        assert opened.headers["content-security-policy"].endswith(f"; frame-ancestors 'self' {SCHOOL}")


def test_the_apps_own_page_may_ask(addresses):
    own = addresses["school"].rstrip("/")
    for headers in ({"Origin": own}, {"Origin": own, "Sec_Fetch_Site": "same-origin"}):
        with get(addresses["school"] + "config", **headers) as answer:
            assert answer.status == 200
