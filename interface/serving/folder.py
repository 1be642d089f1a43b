"""The folder for what visitors send and are shown: of this process alone, and gone when it ends.

Gradio keeps such files in one folder of the system's, which everybody on the computer can open and which stays where a
process is killed. Ours only its user can open; and what a killed process left, the next one deletes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: what a killed process left is not told from what a running one needs, and stays
    fcntl = None  # type: ignore[assignment]

VARIABLE = "GRADIO_TEMP_DIR"  # by which Gradio is told
PREFIX = "whydigit-"
_LOCK = ".lock"  # held as long as the process lives, however it ends


@contextmanager
def own_folder() -> Iterator[Path]:
    """Makes it, within the folder that ``GRADIO_TEMP_DIR`` names or the system's; deleted at the end of the block."""
    before = os.environ.get(VARIABLE)
    parent = Path(before or tempfile.gettempdir())
    parent.mkdir(parents=True, exist_ok=True)
    _delete_left_behind(parent)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)).resolve()
    os.environ[VARIABLE] = str(folder)
    try:
        with (folder / _LOCK).open("w") as lock:
            _hold(lock)
            yield folder
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before
        shutil.rmtree(folder, ignore_errors=True)


def delete_unshown(folder: Path, shown: set[str], before: float) -> None:
    """Delete what was last written before that moment (seconds, as of ``time.time``) and is not ``shown``."""
    # What is in a folder comes before it, and a folder that is gone meanwhile is left out.
    for place, folders, files in os.walk(folder, topdown=False):
        for path in (Path(place, name) for name in (*files, *folders)):
            with contextlib.suppress(OSError):  # gone meanwhile, or a folder with something in it
                if path.lstat().st_ctime >= before or path.name == _LOCK:
                    continue
                if path.is_dir() and not path.is_symlink():
                    path.rmdir()
                elif str(path) not in shown:
                    path.unlink()


def _hold(lock: IO[str]) -> bool:
    """Whether nobody else holds it; we do then, until it is closed."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _delete_left_behind(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), (folder / _LOCK).open("r+") as lock:  # another user's, or none of ours
            if _hold(lock):
                shutil.rmtree(folder, ignore_errors=True)
