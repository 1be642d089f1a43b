"""Over real HTTP: no file but what the app gives out, nothing fetched for a visitor, bounds for each, the headers."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import gradio as gr
import pytest
from gradio import processing_utils, routes
from gradio.utils import get_upload_folder

import app
from benchmarks.visitor import Place
from bot.values import Reply, Session
from bot.words.interface import interface_words
from interface.serving import visitors
from interface.serving.uploads import only_uploads
from interface.serving.visitors import Allowances, Limits, current_visitor, trust_proxies, visitor_of
from model.turns import Turns
from tests.app.fake import FakeBot
from tests.app.http import get, post, uploaded

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

ROOT = Path(app.__file__).parent
SECRET = b"only for those who run the server"
PREFIXES = ("gradio_api/file=", "gradio_api/file/", "file=", "static/", "assets/")


def status(address: str, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """What the server says to exactly this path, which no client has tidied up."""
    place = urlsplit(address)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=30)
    connection.putrequest("GET", place.path + path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, answer.read(100_000), {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    return found


@pytest.fixture(scope="module")
def secret(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    file.write_bytes(SECRET)
    return file


def ways_to(file: Path) -> list[str]:
    """The same file as attackers write it."""
    whole, up = str(file), "../" * 12 + str(file).lstrip("/")
    folder = get_upload_folder()
    plain = [whole, up, "/" + whole, f"{folder}/{up}", f"{folder}/x/{up}", f"{folder}/./{up}", f"{EXAMPLES}/{up}"]
    plain += [
        f"file://{whole}",
        f"FILE://localhost{whole}",
        f"C:{whole}",
        f"\\\\?\\{whole}",
        f"//127.0.0.1/share{whole}",
    ]
    ways = []
    for one in plain:
        ways += [quote(one), quote(one, safe=""), quote(quote(one, safe=""), safe=""), one.replace("../", "..%2f")]
        ways += [
            one.replace("../", "..\\"),
            one.replace("../", "%2e%2e/"),
            one.replace("../", "....//"),
            one + "%00.png",
        ]
        ways += [one.replace("../", "..%c0%af"), one.replace("../", "..;/"), one + "?x.png", one.replace("/", "%5c")]
    return [way for way in dict.fromkeys(ways) if " " not in way]


EXAMPLES = ROOT / "interface" / "examples"


def test_no_file_of_the_server_can_be_read(address, secret):
    """Over 500 attempts, and files that it has of its own: the code, the weights, the environment."""
    tried = 0
    own = [ROOT / "app.py", ROOT / "model" / "weights" / "config.json", Path("/proc/self/environ"), Path("/etc/passwd")]
    inside = {file: file.read_bytes()[:200] for file in own if file.is_file()}
    for prefix in PREFIXES:
        for way in ways_to(secret):
            code, body, _ = status(address, prefix + way)
            assert SECRET not in body, prefix + way
            assert code != 200 or b"<!doctype html" in body.lower(), prefix + way
            tried += 1
        for file, start in inside.items():
            _, body, _ = status(address, prefix + quote(str(file)))
            assert not start or start not in body, prefix + str(file)
    assert tried > 500


def test_no_link_leads_out_of_the_uploads(address, upload, secret):
    kept = Path(uploaded(address, upload))
    assert status(address, f"gradio_api/file={kept}")[0] == 200, "what was uploaded can be fetched"
    link = kept.with_name("link.txt")
    link.symlink_to(secret)
    try:
        assert SECRET not in status(address, f"gradio_api/file={link}")[1]
        status_, answer = post(
            f"{address}gradio_api/call/v2/predict", json.dumps({"image": {"path": str(link)}}).encode()
        )
        assert (status_, answer["detail"][:24]) == (422, "There is no such upload,")
    finally:
        link.unlink()


def hand_in(address: str, name: str, content: bytes) -> str:
    """Where the upload of that name is kept."""
    head = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
    code, paths = post(
        f"{address}gradio_api/upload", head + content + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
    )
    assert code == 200
    return paths[0]


NAMES = (
    "../../../../tmp/x.png",
    "/etc/x.png",
    "..\\..\\x.png",
    "x\0.png",
    "con.png",
    "a" * 300 + ".png",
    ".bashrc",
    "%2e%2e%2fx",
)


@pytest.mark.parametrize("name", NAMES)
def test_an_upload_s_name_chooses_no_place(address, name):
    kept = Path(hand_in(address, name, b"abc")).resolve()
    assert kept.is_relative_to(Path(get_upload_folder()).resolve())


class Listening:
    """A server of another host, which counts who connects to it."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.seen = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            self.seen += 1
            caller.close()


@pytest.fixture
def elsewhere() -> Iterator[Listening]:
    listening = Listening()
    yield listening
    listening.socket.close()


def test_the_socket_would_see_it(elsewhere):
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        urllib.request.urlopen(f"http://127.0.0.1:{elsewhere.port}/5.png", timeout=5)
    assert elsewhere.seen == 1


def done(address: str, session: str) -> str:
    """What the page is sent of the session's event, once that is over."""
    with urllib.request.urlopen(f"{address}gradio_api/queue/data?session_hash={session}", timeout=30) as stream:
        return stream.read().decode()


def test_nothing_is_fetched_for_a_visitor(address, elsewhere, upload, monkeypatch):
    """Each component that takes a picture, each event of the page, and every address that the server takes.

    Gradio itself keeps away from this computer's own ports, so what it would fetch from further away counts too.
    """
    wanted = []

    async def fetch(url, *further, **options):
        wanted.append(url)
        raise ValueError("not fetched")

    monkeypatch.setattr(processing_utils, "async_ssrf_protected_download", fetch)
    monkeypatch.setattr(routes, "secure_url_stream_response", fetch)
    url = f"http://127.0.0.1:{elsewhere.port}/5.png"
    meta = {"_type": "gradio.FileData"}
    kept = uploaded(address, upload)
    files = [
        {"path": url, "meta": meta},
        {"path": url, "url": url, "meta": meta},
        {"path": kept, "url": url, "meta": meta},
        {"path": None, "url": url, "meta": meta},
        {"path": f" {url}", "meta": meta},
        {"path": url.upper(), "meta": meta},
        {"path": url.replace("http:", "ftp:"), "meta": meta},
        {"path": url.replace("http://", "//"), "meta": meta},
        {"path": f"{address}gradio_api/file={url}", "meta": meta},
        {"path": url, "orig_name": "x.svg", "is_stream": True, "meta": meta},
        {"video": {"path": url, "meta": meta}},
        url,
    ]
    place, codes = Place.visit(address), list[int]()
    taking = {place.part(name): name for name in ("upload", "camera", "question", "outbox")}
    # Those that nothing but the page answers, too: the server reads what comes in before it sees that.
    events = [event for event in place.config["dependencies"] if taking.keys() & {*event["inputs"]}]
    assert {taking.get(number) for event in events for number in event["inputs"]} >= {*taking.values()}
    for file in files:
        post(f"{address}gradio_api/call/v2/predict", json.dumps({"image": file}).encode())
        post(f"{address}gradio_api/call/ask", json.dumps({"data": [file, "why?"]}).encode())
        sent = {"text": "why?", "files": [file]}
        values = {number: file if name in ("upload", "camera") else sent for number, name in taking.items()}
        for event in events:
            data = [values.get(number) for number in event["inputs"]]
            asked = {"data": data, "fn_index": event["id"], "session_hash": f"s{len(codes)}", "event_data": None}
            codes.append(post(f"{address}gradio_api/queue/join", json.dumps(asked).encode())[0])
            if codes[-1] == 200:
                done(address, asked["session_hash"])
            post(f"{address}gradio_api/run/predict", json.dumps(asked).encode())
    assert codes.count(200) > 20, "most of them came as far as the components"
    for path in (
        f"gradio_api/file={url}",
        f"gradio_api/file={quote(url, safe='')}",
        f"gradio_api/proxy={url}",
        f"file={url}",
    ):
        status(address, path)
        status(address, f"?image={quote(url)}&ask=why")
        status(address, "?", Host=f"127.0.0.1:{elsewhere.port}", X_Forwarded_Host=f"127.0.0.1:{elsewhere.port}")
    body = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{url}"\r\n\r\n{url}\r\n--x--\r\n'.encode()
    post(f"{address}gradio_api/upload", body, "multipart/form-data; boundary=x")
    post(f"{address}gradio_api/upload?url={quote(url)}", json.dumps({"url": url}).encode())
    assert elsewhere.seen == 0
    assert wanted == []


def test_a_camera_s_picture_is_not_opened_by_gradio(tmp_path):
    """It would take any of Pillow's readers, that of PostScript too, before we have looked at the file."""
    file = tmp_path / "x.eps"
    file.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9999 9999\n")
    camera = only_uploads(gr.Image(type="filepath"))
    payload = camera.data_model(path=str(file), orig_name="x.eps")
    assert camera.preprocess(payload) == str(file)
    assert camera.preprocess(None) is None


@pytest.mark.parametrize("path", ["", "config", "gradio_api/file=/etc/passwd", "nothing/here"])
def test_the_headers(address, path):
    _, _, headers = status(address, path)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=(self)" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    wanted = ["default-src 'none'", "sandbox"] if "file=" in path else ["object-src 'none'", "base-uri 'self'"]
    assert all(rule in policy.split("; ") for rule in wanted)


@pytest.mark.parametrize(
    ("name", "content"), [("x.html", b"<script>alert(1)</script>"), ("x.svg", b"<svg onload=alert(1)>")]
)
def test_what_was_uploaded_is_handed_out_as_a_file(address, name, content):
    code, _, headers = status(address, f"gradio_api/file={hand_in(address, name, content)}")
    assert code == 200
    assert headers["content-disposition"].startswith("attachment")
    assert "sandbox" in headers["content-security-policy"]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_allowance_is_used_up_and_comes_back():
    clock = Clock()
    allowances = Allowances(a_minute=60, at_once=3, clock=clock)
    assert [allowances.take("a") for _ in range(4)] == [True, True, True, False]
    assert allowances.take("b"), "another visitor has an allowance of their own"
    clock.now += 0.9
    assert not allowances.take("a")
    clock.now += 0.2
    assert [allowances.take("a") for _ in range(2)] == [True, False]
    clock.now += 1_000
    assert [allowances.take("a") for _ in range(4)] == [True, True, True, False], "no more than at first"


def test_so_many_visitors_are_remembered(monkeypatch):
    monkeypatch.setattr(visitors, "_REMEMBERED", 5)
    allowances = Allowances()
    for number in range(100):
        allowances.take(str(number))
    assert len(allowances._left) <= 5


@pytest.mark.parametrize(
    ("host", "visitor"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        (None, ""),
    ],
)
def test_who_a_visitor_is(host, visitor):
    assert visitor_of(host) == visitor
    assert current_visitor() == ""


def test_a_space_s_proxies_are_trusted_and_nobody_else():
    here, space, chosen = {}, {"SPACE_ID": "a/b"}, {"SPACE_ID": "a/b", "FORWARDED_ALLOW_IPS": "192.0.2.1"}
    for environment in (here, space, chosen):
        trust_proxies(environment)
    assert here == {}
    assert "10.0.0.0/8" in space["FORWARDED_ALLOW_IPS"]
    assert chosen["FORWARDED_ALLOW_IPS"] == "192.0.2.1"


def send(address: str, path: str, body: bytes, visitor: str, **headers: str) -> tuple[int, dict]:
    """A POST of a visitor behind the proxy that this computer is trusted to be."""
    sent = {"Content-Type": "application/json", "X-Forwarded-For": visitor, **headers}
    request = urllib.request.Request(address + path, body, sent)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


class SlowBot(FakeBot):
    """Its answers take turns with a network whose runs take a while."""

    def __init__(self) -> None:
        super().__init__()
        self.turns, self.answered = Turns(), list[str]()  # whose answers were made

    def stream(self, session: Session, text: str) -> Iterator[tuple[Session, Reply]]:
        return session.desk.begin().each(self._slowly(session, text))

    def _slowly(self, session: Session, text: str) -> Iterator[tuple[Session, Reply]]:
        visitor = session.desk.job.visitor
        self.turns.map(lambda _: time.sleep(0.02), range(10))
        self.answered.append(visitor)
        yield from super().stream(session, text)


@pytest.fixture
def slow(monkeypatch) -> Iterator[tuple[str, SlowBot]]:
    """The app with such a bot, in which a visitor may send 80 requests, then one a second."""
    monkeypatch.setattr(app, "Allowances", partial(Allowances, a_minute=60, at_once=80))
    bot = SlowBot()
    demo = app.build_app(bot)  # type: ignore[arg-type]
    yield app.start(demo, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True), bot
    demo.close(verbose=False)


def test_one_visitor_with_a_hundred_tabs_does_not_starve_another(slow):
    address, bot = slow
    place = Place.visit(address)
    event = place.event("question", "submit")
    number, pad = place.part("outbox"), place.part("pad")
    data = [{"text": "why?", "files": []} if one == number else "" if one == pad else None for one in event["inputs"]]

    def ask(visitor: str, tab: int) -> int:
        asked = {"data": data, "fn_index": event["id"], "session_hash": f"{visitor}-{tab}", "event_data": None}
        return send(address, "gradio_api/queue/join", json.dumps(asked).encode(), visitor)[0]

    def until(enough: Callable[[], bool]) -> None:
        ends = time.monotonic() + 60
        while not enough() and time.monotonic() < ends:
            time.sleep(0.01)
        assert enough()

    greedy, other = "203.0.113.9", "198.51.100.9"
    codes = [ask(greedy, tab) for tab in range(100)]
    assert codes.count(200) < 100, "the last of them were too many requests"
    assert set(codes) == {200, 429}
    until(lambda: len(bot.answered) > 2)
    before = len(bot.answered)
    assert ask(other, 0) == 200
    until(lambda: other in bot.answered)
    assert bot.answered.index(other) - before <= 12, "the one that was being made, and those made while this one came"
    until(lambda: len(bot.answered) > before + 14)
    assert bot.answered.count(greedy) > 10


def test_requests_a_minute_are_bounded_for_each_visitor(slow):
    address, _ = slow
    for visitor, path in enumerate(("gradio_api/queue/join", "gradio_api/call/v2/predict", "gradio_api/upload")):
        codes = [send(address, path, b"{}", f"203.0.113.{visitor}")[0] for _ in range(130)]
        assert 429 in codes
        assert codes.index(429) >= 80
        while True:
            code, answer = send(address, path, b"{}", f"203.0.113.{visitor}", **{"Accept-Language": "de"})
            if code == 429:
                break
        assert answer["detail"] == interface_words("de")["waiting.too_many"]
        assert send(address, path, b"{}", "198.51.100.1")[0] != 429
    assert get(f"{address}config"), "pages and files can still be had"


def test_one_visitor_s_events_fill_half_of_the_queue_at_most():
    events = ["203.0.113.1"] * visitors.WAITING + ["198.51.100.1"] * (visitors.WAITING - 1)
    codes = []

    async def app_(scope, receive, answer):
        await answer({"type": "http.response.start", "status": 200, "headers": []})

    async def answer(message):
        codes.extend([message["status"]] if "status" in message else [])

    limits = Limits(app_, lambda: events, Allowances())
    for host in ("203.0.113.1", "198.51.100.1"):
        scope = {"type": "http", "method": "POST", "path": "/gradio_api/queue/join", "headers": [], "client": (host, 1)}
        with ThreadPoolExecutor(1) as thread:  # this one may hold the browser tests' own loop
            thread.submit(asyncio.run, limits(scope, None, answer)).result()  # type: ignore[arg-type]
    assert codes == [429, 200]
