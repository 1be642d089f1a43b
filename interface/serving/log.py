"""What is logged of a fault: where it happened, and never what a visitor sent, which the message may hold."""

from __future__ import annotations

import logging
import sys
import traceback
from types import SimpleNamespace

import gradio.queueing
import gradio.routes

_log = logging.getLogger(__name__)


def log_fault(error: BaseException) -> None:
    """Log its kind and its place."""
    _log.error("%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))


def quieten_gradio() -> None:
    """Gradio logs in the same way from now on: its own messages repeat an event's inputs where those do not fit."""
    ours = SimpleNamespace(print_exc=_log_current)
    for module in (gradio.queueing, gradio.routes):
        module.traceback = ours  # type: ignore[attr-defined]


def _log_current() -> None:
    error = sys.exception()
    if error is not None:
        log_fault(error)
