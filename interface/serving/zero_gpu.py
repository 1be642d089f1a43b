"""What a ZeroGPU Space wants to see: a function for its GPU, which nobody calls here.

Such a Space lends a GPU to decorated functions only, for seconds, out of each visitor's daily quota (two minutes
without an account), in a process forked for the call. An answer of ours is some hundred short runs, each decided by the
one before, between which sentences are already being read; on two cores all of them take a second or two. So the
network runs on the processor there as anywhere (``model/devices.py``), and no visitor's quota is touched.
The platform stops a Space in which no function was decorated by the time of ``launch``.
"""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)


def register() -> None:
    """Decorate a function where the package ``spaces`` is installed, which does nothing outside of ZeroGPU.

    To be called before torch is asked for a GPU, which ``spaces`` takes for a reason not to start.
    """
    try:
        import spaces

        spaces.GPU(duration=1)(_nothing)
    except ImportError:
        return
    except Exception as problem:  # the page can do without; where it cannot, the platform says so itself
        log.warning("The package spaces does not work here (%s: %s).", type(problem).__name__, problem)


def _nothing() -> None:
    """Nothing: see above."""
