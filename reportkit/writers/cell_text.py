"""Text as a cell may hold it."""

from __future__ import annotations

import re

#: The most characters that Excel keeps in a cell.
MOST = 32_767


def clean(text: str) -> str:
    """Text that XML 1.0 and Excel take as it is: no control characters, ``_x0041_`` kept from being read as A."""
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", text)
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)[:MOST]
