"""A coverage-guided fuzzer for uploads: atheris looks for new paths through Pillow's readers and our own.

    pip install atheris
    python -m benchmarks.fuzz_guided -max_total_time=600

Options are libFuzzer's. It begins with the corpus of benchmarks/mutations.py, and ends with a file and a trace where
something escapes.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["PIL", "model.preparation", "model.preprocess"]):
    from benchmarks.fuzz_uploads import fuzz_one
    from benchmarks.mutations import corpus

LIMITS = ("-max_len=60000", "-timeout=30", "-rss_limit_mb=4000")


def one(data: bytes) -> None:
    """What atheris calls."""
    fuzz_one(data)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # Pillow's about what is wrong with each
    folder = tempfile.mkdtemp(prefix="fuzz")
    for number, (_, data) in enumerate(corpus([])):
        Path(folder, str(number)).write_bytes(data)
    atheris.Setup([sys.argv[0], folder, *LIMITS, f"-artifact_prefix={folder}/", *sys.argv[1:]], one)
    atheris.Fuzz()
