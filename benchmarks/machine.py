"""What a measurement ran on, in one line."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import version

from model.devices import processor_name, usable_cores

PACKAGES = ("torch", "openvino", "numpy", "lime", "captum")


def describe() -> str:
    """Processor, cores, load, versions and date."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    machine = f"{processor_name()}, {usable_cores()} cores{load}"
    return f"{machine}; Python {platform.python_version()}, {packages}; {date.today()}"
