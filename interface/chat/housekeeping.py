"""What is forgotten, and when: the conversations of those who have left, files that nobody is shown, and too much.

Gradio keeps a closed page's state for an hour, files for as long as ``delete_cache`` says whether or not anybody still
looks at them, and bounds the number of conversations instead of their memory. Here both go together: a file stays as
long as a conversation shows it, and a conversation as long as its page is open, and ``AWAY`` longer, as phones sleep.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import anyio.to_thread
import gradio as gr
from gradio.state_holder import SessionState

from bot.footprint import footprint
from interface.chat.messages import Download, Picture
from interface.chat.visit import Visit
from interface.serving.folder import delete_unshown
from interface.serving.log import log_fault
from interface.serving.trimming import trim

EVERY = 20.0  # seconds
AWAY = 300.0  # seconds that a conversation, a file or an answer to a program stays that nobody has open
UNUSED = 4 * 3600.0  # seconds that a conversation stays in which nothing happens, though its page be open
CALL = 60.0  # seconds that Gradio's own notes on a program's call stay: such calls are no conversations
MOST_SESSIONS = 2_000  # 57 kB each to Gradio, however little was said
MOST_BYTES = 400_000_000  # of all conversations; one of seven questions about two pictures takes about 1.4 MB


class Housekeeping:
    """Of one served app. Its methods are called from one thread at a time."""

    def __init__(
        self, demo: gr.Blocks, folder: Path | None, most: int = MOST_BYTES, clock: Callable[[], float] = time.time
    ) -> None:
        """``folder``: where the files are, if it is ours alone (serving/folder.py), else nothing is deleted."""
        self._demo, self._folder, self._most, self._clock = demo, folder, most, clock
        self._state = next(block._id for block in demo.blocks.values() if isinstance(block, gr.State))
        self._left: dict[str, float] = {}  # when those left whose page is closed
        self._sizes: dict[str, tuple[Visit, int]] = {}

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Tidies as long as the app is served."""

        async def tidy_on() -> None:
            while True:
                await asyncio.sleep(EVERY)
                try:
                    self.forget()
                    await anyio.to_thread.run_sync(self.tidy_files)
                    await anyio.to_thread.run_sync(trim)
                except Exception as error:  # one fault must not end the tidying
                    log_fault(error)

        task = asyncio.create_task(tidy_on())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def visit(self, session: str) -> Visit | None:
        """The conversation of a page; None where there is none."""
        known = self._sessions.get(session)
        return known.state_data.get(self._state) if known else None

    def opened(self, session: str) -> None:
        """A page is open, for the first time or again."""
        if self._left.pop(session, None) is not None and session in self._sessions:
            self._sessions[session].is_closed = False  # else Gradio deletes it in an hour, open or not

    def closed(self, session: str) -> None:
        """A page was closed."""
        if session in self._sessions:
            self._left[session] = self._clock()

    def forget(self) -> None:
        """Conversations whose page is closed, calls that are over, and the longest unused where they are too much."""
        now = self._clock()
        sizes: dict[str, tuple[Visit, int]] = {}
        for session in list(self._sessions):  # the longest unused first
            visit, used = self.visit(session), self._used(session)
            away = now - max(used, self._left[session]) if session in self._left else 0.0
            if away > AWAY or now - used > (CALL if visit is None else UNUSED):
                self._drop(session)
            elif visit is not None:
                known = self._sizes.get(session)
                sizes[session] = known if known and known[0] is visit else (visit, footprint(visit))
        self._sizes = sizes
        total = sum(size for _, size in sizes.values())
        for session, (_, size) in list(sizes.items()):
            if total <= self._most:
                break
            self._drop(session)
            total -= size
        self._forget_answers(now)

    def tidy_files(self) -> None:
        """Delete what no conversation shows any more, and what was uploaded or made for a call some time ago."""
        if self._folder is not None:
            visits = [self.visit(session) for session in list(self._sessions)]
            shown = {path for visit in visits if visit is not None for path in shown_files(visit)}
            delete_unshown(self._folder, shown, self._clock() - AWAY)

    @property
    def _sessions(self) -> dict[str, SessionState]:
        return self._demo.state_holder.session_data

    def _used(self, session: str) -> float:
        used = self._demo.state_holder.time_last_used.get(session)
        return used.timestamp() if isinstance(used, datetime) else self._clock()

    def _drop(self, session: str) -> None:
        holder = self._demo.state_holder
        with holder.lock:
            self._sessions.pop(session, None)
            holder.time_last_used.pop(session, None)
        self._left.pop(session, None)
        self._sizes.pop(session, None)

    def _forget_answers(self, now: float) -> None:
        """What was to be sent to those who never came for it."""
        queue = self._demo._queue
        for note in list(queue.event_analytics.values()):
            session, since = str(note["session_hash"]), note["time"]
            over = note["status"] not in ("queued", "processing")
            if over and isinstance(since, float) and now - since > AWAY and session not in self._sessions:
                queue.pending_messages_per_session.pop(session, None)
                queue.pending_event_ids_session.pop(session, None)


def shown_files(visit: Visit) -> set[str]:
    """The paths of all files in the chat."""
    items = (item for message in visit.messages for item in message.content)
    return {item.path for item in items if isinstance(item, Picture | Download)}
