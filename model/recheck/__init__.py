"""Every test of many replies run again.

The pictures in the replies go through torchvision's own densenet121 with the weights directory, and nothing else of
this project, so that no mistake there can confirm itself.
"""

from model.recheck.findings import Findings
from model.recheck.reference import Reference
from model.recheck.replies import recheck

__all__ = ["Findings", "Reference", "recheck"]
