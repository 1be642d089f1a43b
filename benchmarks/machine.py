"""What a measurement ran on, in one line."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import PackageNotFoundError, version

import torch

from model.devices import processor_name, usable_cores

PACKAGES = ("torch", "openvino", "numpy", "lime", "captum")


def describe(device: str = "cpu") -> str:
    """Processor, cores, the GPU where ``device`` is one of CUDA's, load, versions and date."""
    gpu = f", {torch.cuda.get_device_name(device)} (CUDA {torch.version.cuda})" if device.startswith("cuda") else ""
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    machine = f"{processor_name()}, {usable_cores()} cores{gpu}{load}"
    packages = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return f"{machine}; Python {platform.python_version()}, {packages}; {date.today()}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
