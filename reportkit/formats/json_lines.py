"""``jsonl``: one finding a line, for who reads as it comes."""

from __future__ import annotations

from reportkit.formats.shape import Format, line_document, to_bytes
from reportkit.summary import Listing


def _render(listing: Listing) -> bytes:
    return b"".join(to_bytes(_FIRST | line_document(line), indent=None) for line in listing.lines)


_FIRST = {"tool": "reportkit"}
FORMAT = Format("jsonl", b'{"tool": "reportkit", "code": ', _render)
