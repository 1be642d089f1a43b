"""What a measurement ran on, in one line."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path

from model.devices import usable_cores

PACKAGES = ("torch", "openvino", "numpy", "lime", "captum")


def describe() -> str:
    """Processor, cores, load, versions and date."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return (
        f"{_processor()}, {usable_cores()} cores{load}; Python {platform.python_version()}, {packages}; {date.today()}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = (
        [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        if info.is_file()
        else []
    )
    return names[0] if names else platform.processor() or platform.machine()
