"""A weights directory from the Hugging Face Hub, in seconds or not at all.

``hf_hub_download`` alone waits for up to two minutes where a server accepts and then says nothing, and raises whatever
its HTTP library raises; so it runs in a thread of its own, with a deadline, and only ``WeightsError`` leaves this file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from model.errors import WeightsError

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # read when huggingface_hub is imported

ANSWER_SECONDS = 12.0  # until the Hub has answered a first, small request
DOWNLOAD_SECONDS = 30.0  # for all tensors: about 14 MB
ETAG_SECONDS = 3.0  # for one attempt to ask for a file's version

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(@[\w./-]+)?")

Found = TypeVar("Found")


def is_hub_name(name: str) -> bool:
    """Whether this reads as ``owner/name`` or ``owner/name@revision``."""
    return _NAME.fullmatch(name) is not None


class Snapshot:
    """One commit of one repository; files come from the cache where it holds them."""

    def __init__(self, name: str, first_file: str) -> None:
        """``owner/name`` or ``owner/name@revision``; fetches ``first_file``, which tells the commit.

        Raises WeightsError, with one sentence, where that fails.
        """
        self.repository, _, self.revision = name.partition("@")
        try:
            path = self._fetch(first_file, ANSWER_SECONDS, online=True)
        except WeightsError:
            cached = self._cached(first_file)
            if cached is None:
                raise
            path = cached
        self.folder = path.parent
        self.revision = self.folder.name  # the cache keeps a folder for each commit

    def fetch(self, files: Sequence[str]) -> None:
        """Bring further files of the same commit into ``folder``."""
        for file in files:
            if self._cached(file) is None:
                self._fetch(file, DOWNLOAD_SECONDS, online=True)

    def forget(self) -> None:
        """Remove the files from the cache: a damaged one would otherwise be used for ever."""
        for path in list(self.folder.iterdir()):
            with contextlib.suppress(OSError):  # a cache that cannot be written to stays as it is
                path.resolve().unlink(missing_ok=True)
                path.unlink(missing_ok=True)

    def _cached(self, file: str) -> Path | None:
        try:
            return self._fetch(file, ANSWER_SECONDS, online=False)
        except WeightsError:
            return None

    def _fetch(self, file: str, seconds: float, online: bool) -> Path:
        from huggingface_hub import hf_hub_download, logging

        logging.set_verbosity_error()  # its notes on each attempt would stand between the lines of a conversation

        def download() -> str:
            return hf_hub_download(
                self.repository,
                file,
                revision=self.revision or None,
                etag_timeout=ETAG_SECONDS,
                local_files_only=not online,
                tqdm_class=_silent_bar(),
            )

        try:
            return Path(_within(seconds, download))
        except Exception as problem:  # the Hub client promises no common base for what its HTTP library raises
            raise WeightsError(self._sentence(problem, file, seconds)) from problem

    def _sentence(self, problem: Exception, file: str, seconds: float) -> str:
        """What went wrong, for a person. The order matters: some of these errors are subclasses of others."""
        from huggingface_hub import errors

        where = f"{self.repository}{'@' if self.revision else ''}{self.revision}"
        reason = type(problem.__cause__ or problem).__name__
        number = problem.errno if isinstance(problem, OSError) else None
        if number in (errno.ENOSPC, errno.EDQUOT):
            return f"The disk has no room for {file} of {where}."
        if number in (errno.EROFS, errno.EACCES, errno.EPERM):
            return f"The folder for the Hugging Face Hub's files cannot be written to: no place for {file} of {where}."
        status = getattr(getattr(problem.__cause__ or problem, "response", None), "status_code", None)
        if isinstance(problem, errors.LocalEntryNotFoundError) and status is not None:
            return f"The Hugging Face Hub answered with status {status} when asked for {file} of {where}."
        sentences: tuple[tuple[type[Exception], str], ...] = (
            (_TooLate, f"The Hugging Face Hub did not deliver {file} of {where} within {seconds:.0f} seconds."),
            (
                errors.GatedRepoError,
                f"{where} asks for permission: log in to the Hugging Face Hub with `hf auth login`.",
            ),
            (errors.RepositoryNotFoundError, f"The Hugging Face Hub has no model {self.repository}, or it is private."),
            (
                errors.RevisionNotFoundError,
                f"{self.repository} on the Hugging Face Hub has no revision {self.revision!r}.",
            ),
            (errors.LocalEntryNotFoundError, f"The Hugging Face Hub cannot be reached for {where} ({reason})."),
            (errors.EntryNotFoundError, f"{where} on the Hugging Face Hub holds no {file}."),
            (errors.HFValidationError, f"{self.repository!r} is not a name that the Hugging Face Hub allows."),
        )
        found = (sentence for kind, sentence in sentences if isinstance(problem, kind))
        return next(found, f"{file} of {where} could not be downloaded ({reason}).")


class _TooLate(Exception):
    """The deadline has passed."""


def _within(seconds: float, work: Callable[[], Found]) -> Found:
    """The result of ``work``, or its error, or _TooLate; what is too late ends on its own, at the latest with us."""
    results: list[Found] = []
    problems: list[Exception] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as problem:
            problems.append(problem)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if problems:
        raise problems[0]
    if not results:
        raise _TooLate
    return results[0]


def _silent_bar() -> type:
    from huggingface_hub.utils import tqdm

    class SilentBar(tqdm):
        """A progress bar that is not drawn: a terminal conversation has one line for errors and none for bars."""

        def __init__(self, *arguments: object, **settings: object) -> None:
            super().__init__(*arguments, **{**settings, "disable": True})

    return SilentBar
