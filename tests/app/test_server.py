"""The served app: /ask and /predict as programs call them, and what it refuses to everybody."""

from __future__ import annotations

import time
import urllib.error
import urllib.request

import gradio as gr
import pytest
from gradio_client import Client, handle_file

import app
from tests.app import pictures
from tests.app.fake import DETAILS, FIRST, FakeBot

# Gradio leaves sockets and loops to the garbage collector, and uses parts of pandas that will go away.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def client(address) -> Client:
    return Client(address, verbose=False)


def test_ask(client, upload):
    text, reply, figures = client.predict(handle_file(upload), "why 5?", api_name="/ask")
    assert text.startswith(FIRST)
    assert reply["text"] == text
    assert reply["prediction"]["digit"] == 5
    assert reply["claims"][0]["test"]["operation"] == {"kind": "erase", "parts": ["part_1"]}
    assert [path.rsplit("/", 1)[-1] for path in figures] == ["lime.png", "integrated_gradients.png", "test_1.png"]
    assert len(reply["figures"]) == len(figures)
    assert DETAILS not in text


def test_language_and_level_may_be_asked_for(client, bot, upload):
    _, reply, _ = client.predict(handle_file(upload), "why 5?", "de", "simple", api_name="/ask")
    assert reply["language"] == "en"  # the bot made for these tests knows English only
    assert bot.asked[-1] == ("why 5?", "de", "simple")
    client.predict(handle_file(upload), "why 5?", api_name="/ask")
    assert bot.asked[-1] == ("why 5?", None, "normal")


def test_predict(client, upload):
    read = client.predict(handle_file(upload), api_name="/predict")
    assert read["accepted"] is True
    assert read["prediction"]["digit"] == 5
    assert sum(read["prediction"]["probabilities"]) == pytest.approx(1, abs=1e-5)  # each to six decimals


def test_only_these_two_can_be_called(client):
    assert set(client.view_api(return_format="dict")["named_endpoints"]) == {"/ask", "/predict"}


@pytest.mark.parametrize("name", ["text.png", "truncated.jpg", "empty.png", "drawing.svg"])
def test_a_bad_picture_gets_a_sentence(client, tmp_path, name):
    with pytest.raises(Exception, match=r"^[A-Z][^\n]{10,250}[.!?]$") as caught:
        client.predict(handle_file(pictures.write(tmp_path, name)), api_name="/predict")
    assert "Traceback" not in str(caught.value)


def test_a_web_address_is_no_picture(client):
    for path in ("http://127.0.0.1:1/5.png", "https://example.org/5.png"):
        with pytest.raises(Exception, match="do not fetch pictures from web addresses"):
            client.predict({"path": path, "meta": {"_type": "gradio.FileData"}}, api_name="/predict")


@pytest.mark.parametrize("path", ["gradio_api/file=https://example.org/", "gradio_api/file=HTTP%3A//example.org"])
def test_the_server_fetches_nothing_for_strangers(address, path):
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(address + path, timeout=30)
    assert caught.value.code == 403


def test_the_page_says_which_weights_answer(address):
    with urllib.request.urlopen(address + "config", timeout=30) as page:
        assert page.headers["x-content-type-options"] == "nosniff"
        config = page.read().decode()
    assert r"\\<b\\>" in config  # shown as written, not as markup


@pytest.mark.parametrize("page", ["monitoring/summary", "gradio_api/monitoring/summary"])
def test_no_statistics_of_visitors_are_public(address, page):
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(address + page, timeout=30)
    assert caught.value.code in (403, 404)


def test_who_closes_the_page_waits_for_nothing_any_more():
    demo = app.build_app(FakeBot())  # type: ignore[arg-type]
    address = app.start(demo, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True)
    try:
        visit = next(block for block in demo.blocks.values() if isinstance(block, gr.State))
        stays, leaves = (demo.state_holder[who][visit._id].session.desk.begin() for who in ("stays", "leaves"))
        with urllib.request.urlopen(f"{address}gradio_api/heartbeat/leaves", timeout=30) as page:
            page.readline()
            assert not leaves.stopped
        for _ in range(6_000):  # until the server notices
            if leaves.stopped:
                break
            time.sleep(0.01)
        assert leaves.stopped
        assert not stays.stopped
    finally:
        demo.close(verbose=False)
