"""The chat: draw or upload a digit, and ask why it is read as it is.

``python app.py`` starts it on the bundled weights; the same file runs as a Hugging Face Space.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import logging
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

# Before the packages are imported: none of them tells anybody about its use.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")  # statistics after each event, seen by nobody

import interface.serving.quick_imports  # noqa: F401

# isort: split
import gradio as gr

from bot import Bot, BotError
from bot.words.interface import interface_words
from bot.words.render import REFERENCE
from interface.chat.examples import EXAMPLES_FOLDER, offered
from interface.chat.housekeeping import MOST_SESSIONS, Housekeeping
from interface.chat.messages import plain
from interface.chat.page import bar_names, page_words, script_words
from interface.chat.shown import NOTHING, views
from interface.chat.visit import Host, Visit
from interface.embedding.compact import compact_head, whole_page_link
from interface.embedding.component import Component
from interface.embedding.embedders import ANYBODY, VARIABLE, Embedders
from interface.links.address import Address
from interface.programs import mcp_tools, openapi
from interface.programs.calls import Calls
from interface.programs.endpoints import add_endpoints
from interface.serving.ending import Ending
from interface.serving.folder import own_folder
from interface.serving.guard import Guard
from interface.serving.language import page_language
from interface.serving.leaving import Callers, Leaving
from interface.serving.log import quieten_gradio
from interface.serving.uploads import only_uploads
from interface.serving.visitors import Allowances, Limits, trust_proxies
from interface.serving.waiting import MOST_ANSWERS
from interface.serving.zero_gpu import register
from interface.widgets.editor.widget import digit_editor
from interface.widgets.pad.widget import digit_pad

_MODEL = "model"  # one pool for everything that runs the network
# More than ever wait for an answer (interface/serving/waiting.py), so that nobody is kept back before: whose run comes
# next is not decided here but by the network (model/line.py).
_AT_ONCE = MOST_ANSWERS + 20
_KEPT = 4 * 3600  # seconds after which Gradio deletes a picture in any case; mostly interface/chat/housekeeping.py does
_INTERFACE = Path(__file__).parent / "interface"
_STYLES = ("chat/style.css", "widgets/slider/style.css", "widgets/digit_map/style.css", "links/copy_link.css")
_SCRIPTS = ("chat/scroll.js", "links/copy_link.js", "widgets/digit_map/script.js")
_TAKE = '(sent) => [sent, { text: "", files: [] }]'
_GIVE_BACK = "(sent, now) => (now.text || now.files.length ? now : sent)"  # nothing came of it: it can be sent again
_FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")


def build_app(bot: Bot) -> gr.Blocks:
    """The page, with its events; ``start`` serves it."""
    host = Host(bot)
    alphabet = bot.identity.alphabet
    said, examples = page_words(REFERENCE, alphabet=alphabet), offered(alphabet)
    gr.set_static_paths(EXAMPLES_FOLDER)  # copies of the pictures on buttons would be deleted with what visitors sent
    with gr.Blocks(
        title=said["title"]["value"].splitlines()[0].strip("# "), analytics_enabled=False, delete_cache=(600, _KEPT)
    ) as demo:
        visit = gr.State(host.welcome())
        title = gr.Markdown(**said["title"], elem_id="title")
        notice = None
        if bot.identity.notice:
            notice = gr.Markdown(plain(bot.identity.notice), elem_id="notice")
        with gr.Row(equal_height=False, elem_id="columns"):
            with gr.Column(scale=2, min_width=320, elem_id="pictures"):
                with gr.Tabs(elem_id="ways") as ways_in:
                    with gr.Tab(**said["way-draw"], id="draw", elem_id="way-draw") as way_draw:
                        pad = digit_pad(
                            interface_words(REFERENCE, alphabet), bar_names(REFERENCE, alphabet), elem_id="pad"
                        )
                    with gr.Tab(**said["way-upload"], id="upload", elem_id="way-upload") as way_upload:
                        upload = only_uploads(
                            gr.File(
                                **said["upload"],
                                file_types=["image"],
                                type="filepath",
                                height=220,
                                elem_id="upload",
                            )
                        )
                    with gr.Tab(**said["way-camera"], elem_id="way-camera") as way_camera:
                        camera = only_uploads(
                            gr.Image(
                                sources=["webcam"], type="filepath", show_label=False, buttons=[], elem_id="camera"
                            )
                        )
                examples_title = gr.Markdown(**said["examples-title"], visible=bool(examples), elem_id="examples-title")
                with gr.Row(elem_id="examples"):
                    buttons = [
                        gr.Button(**said[f"example-{one.id}"], icon=one.path, size="sm", elem_id=f"example-{one.id}")
                        for one in examples
                    ]
                whole_page = whole_page_link(**said["whole-page"], elem_id="whole-page")
            with gr.Column(scale=3, min_width=320, elem_id="conversation"):
                chat = gr.Chatbot(
                    **said["chat"],
                    show_label=False,
                    height=740,
                    buttons=[],
                    feedback_options=None,
                    autoscroll=False,  # interface/chat/scroll.js
                    latex_delimiters=[],
                    allow_tags=False,
                    elem_id="chat",
                )
                box = only_uploads(
                    gr.MultimodalTextbox(
                        **said["question"],
                        show_label=False,
                        file_types=["image"],
                        file_count="multiple",
                        max_plain_text_length=20_000,
                        elem_id="question",
                    )
                )
                outbox = only_uploads(gr.MultimodalTextbox(visible=False, file_count="multiple", elem_id="outbox"))
            with gr.Column(elem_id="changes"):
                editor = digit_editor(**said["editor"], elem_id="editor")
        shown = [visit, chat, editor]
        running: dict[str, Any] = {
            "outputs": shown,
            "concurrency_id": _MODEL,
            "concurrency_limit": _AT_ONCE,
            "show_progress": "hidden",
            "api_visibility": "private",
            # Two events of one visitor at a time would each write their own version of the visit, so the later one
            # stops the earlier (interface/chat/turns.py). Nothing is lost by it: a question brings the drawing along.
            "trigger_mode": "multiple",
        }

        def open_drawing(value: str, now: Visit) -> Iterator[tuple]:
            news = value and value != now.drawing
            yield from views(host.open_drawing(now, value), now, ("drawn", value)) if news else [NOTHING]

        def open_upload(path: str | None, now: Visit) -> Iterator[tuple]:
            yield from views(host.open_upload(now, path), now, ("sent", path)) if path else [NOTHING]

        def open_example(name: str, now: Visit) -> Iterator[tuple]:
            yield from views(host.open_example(now, name), now, ("example", name))

        def send(sent: dict[str, Any], drawing: str, now: Visit) -> Iterator[tuple]:
            text, files = sent.get("text") or "", sent.get("files") or []
            if now.turns.busy and not text.strip() and not files:  # Enter once too often: the box is empty already
                yield NOTHING
                return
            steps = host.send(now, text, files, drawing)
            yield from views(steps, now, ("asked", text.strip(), *files, drawing))

        def choose(chosen: gr.SelectData, drawing: str, now: Visit) -> Iterator[tuple]:
            text = str(chosen.value)
            yield from views(host.ask(now, text, drawing), now, ("asked", text, drawing))

        def ask_why(asked: gr.EventData, now: Visit) -> Iterator[tuple]:
            pixels = getattr(asked, "pixels", None)
            yield from views(host.ask_why(now, pixels), now, ("edited", pixels))

        def try_drawing(value: str, now: Visit) -> dict[str, Any]:
            return gr.update(answer=host.try_drawing(now, value))

        def try_edit(edited: str, now: Visit) -> dict[str, Any]:
            return gr.update(answer=host.try_edit(now, edited))

        def localise(now: Visit, request: gr.Request) -> list[Any]:
            address = Address.from_query(request.query_params)
            language = page_language(address.lang, request.headers.get("accept-language", ""))
            welcome = host.welcome(language, address.level, address.lesson)
            by_script = gr.update(words=script_words(language, alphabet), names=bar_names(language, alphabet))
            if language == REFERENCE and not address.lesson:
                return [welcome, by_script, *[gr.skip()] * len(spoken)]
            words = page_words(language, address.lesson, alphabet)
            texts = [gr.update(**words[one.elem_id]) for one in spoken if one is not notice]
            if notice is not None:
                texts.append(gr.update(value=interface_words(language, alphabet)["fallback_weights"]))
            return [welcome, by_script, *texts]

        def follow_link(now: Visit, request: gr.Request) -> Iterator[tuple]:
            address = Address.from_query(request.query_params)
            asks = address.image or address.ask  # else it must not end what a visitor has already begun
            yield from views(host.follow_link(now, address), now, address) if asks else [NOTHING]

        if not alphabet.written:  # once the pad is there, whose script names the controls: nobody draws clothes
            choose_upload = partial(gr.update, selected="upload")
            demo.load(choose_upload, None, [ways_in], queue=False, show_progress="hidden", api_visibility="private")
        notices = [notice] if notice is not None else []
        ways = [way_draw, way_upload, way_camera, upload]
        spoken = [title, *ways, examples_title, *buttons, whole_page, chat, box, editor, *notices]
        arrived = demo.load(
            localise, [visit], [visit, pad, *spoken], queue=False, show_progress="hidden", api_visibility="private"
        )
        pad.submit(open_drawing, [pad, visit], **running)
        upload.upload(open_upload, [upload, visit], **running)
        camera.change(open_upload, [camera, visit], **running)
        for one, button in zip(examples, buttons, strict=True):
            button.click(partial(open_example, one.id), [visit], **running)
        arrived.then(follow_link, [visit], **running)
        # The page itself empties the box: what only one step says may be lost (interface/chat/shown.py).
        taken = box.submit(None, [box], [outbox, box], js=_TAKE, api_visibility="private")
        asked = taken.then(send, [outbox, pad, visit], **running)
        asked.failure(None, [outbox, box], [box], js=_GIVE_BACK, api_visibility="private")
        chat.option_select(choose, [pad, visit], **running)
        editor.submit(ask_why, [visit], **running)
        # Apart from the explanations, so that the bars never wait for one. Their answers change nothing of the visit.
        live = {**running, "concurrency_id": "live", "trigger_mode": "always_last"}
        pad.change(try_drawing, [pad, visit], **{**live, "outputs": [pad]})
        editor.change(try_edit, [editor, visit], **{**live, "outputs": [editor]})
        chat.clear(
            lambda now: (host.start_anew(now), gr.update(picture={})),
            [visit],
            [visit, editor],
            queue=False,
            api_visibility="private",
        )

        upload.upload(lambda: None, None, [upload], queue=False, api_visibility="private")
        callers = Callers()
        add_endpoints(bot, callers, "programs")
    demo.callers = callers
    return demo


def _page_script(*names: str) -> str:
    """One function that runs those of the files, for Gradio takes only one."""
    functions = [(_INTERFACE / name).read_text(encoding="utf-8") for name in names]
    return "() => {\n" + "\n".join(f"({function})();" for function in functions) + "\n}"


def _events(demo: gr.Blocks) -> list[str | None]:
    """The addresses whose events wait or run."""
    events = list(demo._queue.event_ids_to_events.values())
    return [event.request.client.host if event.request.client else None for event in events]


def start(demo: gr.Blocks, embedders: Embedders = ANYBODY, folder: Path | None = None, **settings: Any) -> str:
    """Serve the page; returns its address. ``settings`` go to ``gr.Blocks.launch`` on top of the app's own.

    ``embedders``: the sites that may show the app in their pages. ``folder``: that of visitors' files, if it is this
    process's alone.
    """
    trust_proxies()
    quieten_gradio()
    housekeeping = Housekeeping(demo, folder)

    def broke(session: str) -> None:
        demo.callers.gone(session)  # type: ignore[attr-defined]
        if visit := housekeeping.visit(session):
            visit.session.desk.stop()

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        async with mcp_tools.lifespan(app), housekeeping.going_on():
            yield

    demo.space_id = None  # else a page on a Space gets a header that loads fonts and pictures from other hosts
    demo.queue(max_size=256, default_concurrency_limit=_AT_ONCE, api_open=False)
    own: dict[str, Any] = {
        "theme": gr.themes.Soft(
            primary_hue="blue", secondary_hue="blue", font=_FONT, font_mono=("ui-monospace", "monospace")
        ),
        "css_paths": [_INTERFACE / name for name in _STYLES],
        "head": compact_head(),
        "js": _page_script(*_SCRIPTS),
        "max_file_size": "15mb",
        "show_error": False,
        "footer_links": [],
        "run_history": False,  # it would keep every run in the browser: class rooms share computers
        "enable_monitoring": False,
        "ssr_mode": False,
        "state_session_capacity": MOST_SESSIONS,
        "max_threads": 3 * _AT_ONCE,  # answers, programs and editors; all but one or two of them wait
        "app_kwargs": {
            "middleware": [
                (Guard, (embedders, bool(settings.get("share"))), {}),
                (Limits, (partial(_events, demo), Allowances()), {}),
                (Component, (), {}),
                (Calls, (), {}),
                (Leaving, (housekeeping.opened, housekeeping.closed, broke), {}),
            ],
            "routes": [openapi.route()],
            "lifespan": lifespan,
        },
    }
    _, address, _ = demo.launch(**{**own, **settings})
    return address


def _has_mcp() -> bool:
    """Whether the package is there that Gradio needs for MCP, in a version that it knows."""
    try:
        return importlib.metadata.version("mcp").startswith("1.")
    except importlib.metadata.PackageNotFoundError:
        return False


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="A chat that explains how a neural network reads a handwritten digit.")
    parser.add_argument("--share", action="store_true", help="a public address for a week, through Gradio's servers")
    parser.add_argument("--host", help="address to listen on (default: this computer only)")
    parser.add_argument("--port", type=int, help="port to listen on (default: the first free one from 7860)")
    parser.add_argument(
        "--model", help="a directory, or owner/name[@revision] on the Hub (default: the bundled weights)"
    )
    parser.add_argument("--strict-model", action="store_true", help="stop where the model asked for cannot be had")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
    parser.add_argument(
        "--embed-from",
        action="append",
        metavar="SITE",
        help="a site that may show the app in its pages, as https://school.example; may be repeated; 'none' for none "
        f"(default: what {VARIABLE} lists, else any)",
    )
    parser.add_argument("--mcp", action="store_true", help="stop where the package for the MCP tools is missing")
    options = parser.parse_args(arguments)
    mcp = _has_mcp()
    if options.mcp and not mcp:
        print("--mcp needs another package: run pip install 'mcp>=1.24,<2' first.", file=sys.stderr)
        return 2
    try:
        listed = options.embed_from or os.environ.get(VARIABLE, "").split()
        embedders = Embedders.listed(listed, on_a_space="SPACE_ID" in os.environ)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    logging.basicConfig(format="%(message)s")
    logging.getLogger("model.engines").setLevel(logging.INFO)  # one line: what runs the network
    register()
    ending = Ending()
    with ending.heard(), own_folder() as folder:
        print("Waking up: loading the network …", flush=True)
        try:
            bot = Bot.load(model=options.model, device=options.device, strict=options.strict_model)
        except BotError as error:
            print(error, file=sys.stderr)
            return 2
        demo = build_app(bot)
        start(
            demo,
            embedders,
            folder,
            share=options.share,
            server_name=options.host,
            server_port=options.port,
            mcp_server=mcp,
            prevent_thread_lock=True,
        )
        threading.Thread(target=bot.warm_up, name="warm-up", daemon=True).start()
        ending.wait()
        print("Closing.", flush=True)
        demo.close(verbose=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
