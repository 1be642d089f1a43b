"""Run every test of many replies again: ``python -m model.recheck replies.jsonl``.

Each line is a reply as docs/contract.md describes it. Exit status 0 where every statement holds, 1 where one does not,
2 where the file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from model.recheck import Reference, recheck


def main() -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m model.recheck", description=__doc__.splitlines()[0])
    parser.add_argument("replies", type=Path, help="a file with one reply a line, as python -m bot --json prints them")
    parser.add_argument("--weights", type=Path, default=Path(__file__).parents[1] / "weights")
    options = parser.parse_args()
    try:
        lines = options.replies.read_text(encoding="utf-8").splitlines()
        replies = [json.loads(line) for line in lines if line.strip()]
        reference = Reference(options.weights)
        findings = recheck(replies, reference)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        print(f"These replies cannot be checked: {type(problem).__name__}: {problem}", file=sys.stderr)
        return 2
    for sentence in findings.false:
        print(f"FALSE {sentence}")
    print(
        f"{findings.replies:,} replies, {findings.claims:,} claims, {findings.tests:,} tests, "
        f"{findings.controls:,} controls, {findings.looks:,} looks, {len(reference.answers):,} different pictures run; "
        f"largest difference {findings.largest:.1e}, of a look {findings.strangest:.1e}; "
        f"{len(findings.false):,} false statements"
    )
    return 1 if findings.false else 0


if __name__ == "__main__":
    sys.exit(main())
