"""numpy, loaded when something is first asked of it: loading it takes a tenth of a second, and only comparing and linking need it.

To be had as ``from reportkit import arrays as np``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import *  # noqa: F403 - stands for all of it


def __getattr__(name: str) -> object:
    """What numpy calls so."""
    found = globals()[name] = getattr(import_module("numpy"), name)
    return found
