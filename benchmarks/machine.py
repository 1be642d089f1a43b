"""What a measurement ran on, in one line."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import PackageNotFoundError, version

import torch

from model.devices import processor_name, usable_cores

PACKAGES = ("torch", "openvino", "numpy", "lime", "captum")


def describe() -> str:
    """Processor, cores, load, GPU, versions and date."""
    packages = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    machine = f"{processor_name()}, {usable_cores()} cores{load}"
    if torch.cuda.is_available():
        machine += f"; {torch.cuda.get_device_name()}, CUDA {torch.version.cuda}"
    return f"{machine}; Python {platform.python_version()}, {packages}; {date.today()}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
