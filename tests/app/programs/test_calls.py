"""Calls over plain HTTP: with and without names, and what of them is refused before any work."""

from __future__ import annotations

import json

import pytest
from gradio.utils import get_upload_folder

from interface.programs.calls import LARGEST, CallError, checked
from interface.serving.uploads import uploaded_file
from tests.app.http import post, result, uploaded

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

META = {"_type": "gradio.FileData"}


@pytest.fixture
def image(address, upload) -> dict:
    return {"path": uploaded(address, upload), "meta": META}


def call(address: str, endpoint: str, body: object) -> tuple[int, object]:
    return post(f"{address}gradio_api/call/{endpoint}", json.dumps(body).encode())


def test_a_call_with_names(address, image, bot):
    status, started = call(address, "v2/ask", {"image": image, "question": "why 5?", "level": "expert"})
    assert status == 200
    event, (text, reply, figures) = result(address, "ask", started["event_id"])
    assert event == "complete"
    assert reply["text"] == text
    assert len(figures) == len(reply["figures"]) == 3
    assert all(figure["url"].startswith(f"{address}gradio_api/file=") for figure in figures)
    assert bot.asked[-1] == ("why 5?", None, "expert")


def test_a_call_without_names_may_leave_out_the_last(address, image, bot):
    status, started = call(address, "ask", {"data": [image, "why not 3?"]})
    assert status == 200
    assert result(address, "ask", started["event_id"])[0] == "complete"
    assert bot.asked[-1] == ("why not 3?", None, "normal")


def test_predict(address, image):
    _, started = call(address, "v2/predict", {"image": {"path": image["path"]}})
    event, (reading,) = result(address, "predict", started["event_id"])
    assert event == "complete"
    assert reading["prediction"]["digit"] == 5


def test_what_turns_out_wrong_later_comes_as_an_event(address, tmp_path):
    (tmp_path / "words.png").write_text("no picture")
    path = uploaded(address, str(tmp_path / "words.png"))
    _, started = call(address, "v2/predict", {"image": {"path": path}})
    event, data = result(address, "predict", started["event_id"])
    assert event == "error"
    assert data["error"].startswith("This is not a picture that can be read")


WRONG = {
    "no picture": ("v2/ask", {"question": "why 5?"}, 422, "Please send a picture"),
    "no question": ("v2/ask", {"image": "IMAGE"}, 422, "question is a string"),
    "another name": ("v2/predict", {"picture": "IMAGE"}, 422, "There is no picture here; the arguments are image."),
    "a web address": ("v2/predict", {"image": {"path": "HTTP://x.org/5.png"}}, 422, "Please upload the picture itself"),
    "a file of the server": ("v2/predict", {"image": {"path": "/etc/hostname"}}, 422, "There is no such upload"),
    "a bare path": ("v2/predict", {"image": "five.png"}, 422, "image is {"),
    "no such language": (
        "v2/ask",
        {"image": "IMAGE", "question": "", "language": "xx"},
        422,
        "language is null or one",
    ),
    "no such level": ("v2/ask", {"image": "IMAGE", "question": "", "level": ["simple"]}, 422, "level is one of"),
    "too many": ("predict", {"data": ["IMAGE", "why 5?"]}, 422, "data is a list of image."),
    "none": ("predict", {}, 422, "data is a list of image."),
    "no object": ("predict", [], 422, "The body of a call is a JSON object."),
    "too long": ("v2/ask", {"image": "IMAGE", "question": "a" * LARGEST}, 413, "A call has at most 100,000 bytes"),
    "no such endpoint": ("v2/lambda", {}, 404, "There is no /lambda here, only /ask and /predict."),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_sentence(address, image, case):
    endpoint, body, expected, sentence = WRONG[case]
    text = json.dumps(body).replace('"IMAGE"', json.dumps(image))
    status, answer = post(f"{address}gradio_api/call/{endpoint}", text.encode())
    assert status == expected
    assert set(answer) == {"detail"}
    assert answer["detail"].startswith(sentence)
    assert "\n" not in answer["detail"]


def test_a_call_is_json(address):
    status, answer = post(f"{address}gradio_api/call/v2/predict", b"{}", "text/plain")
    assert status == 415
    assert answer["detail"].startswith("A call is JSON")


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 50_000, b'{"image": NaN}', b'{"image": {"path": "\\u0000"}}'])
def test_no_bytes_do_harm(body):
    with pytest.raises(CallError):
        checked("predict", True, body)


def test_only_what_was_uploaded_is_a_file(address, upload, tmp_path):
    path = uploaded(address, upload)
    assert uploaded_file(path) == path
    assert uploaded_file(f"https://anywhere.example/some/gradio_api/file={path}") == path
    folder = get_upload_folder()
    for other in (upload, f"{folder}/../../etc/hostname", folder, f"{path}x", "", "https://x.org/five.png", "a" * 9000):
        assert uploaded_file(other) is None
