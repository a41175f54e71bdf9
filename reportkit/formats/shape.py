"""What every format is: a name, how its files show that they are ours, and what becomes of a listing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reportkit.summary import FindingLine, Listing


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a listing. ``mark`` begins every file of ours that holds a finding."""

    name: str
    mark: bytes
    render: Callable[[Listing], bytes]

    def owns(self, head: bytes) -> bool:
        """Whether a file that begins so was written as this format."""
        return head.startswith(self.mark)


def to_bytes(content: object, *, indent: int | None = 1) -> bytes:
    """JSON as UTF-8, Chinese as Chinese; half of a character, which no encoding has, as its number."""
    return (json.dumps(content, ensure_ascii=False, indent=indent) + "\n").encode("utf-8", "backslashreplace")


def lines_to_bytes(items: Iterable[object]) -> bytes:
    """A JSON list, one item a line."""
    return b"[\n" + b",\n".join(to_bytes(item, indent=None).rstrip() for item in items) + b"\n]\n"


def line_document(line: FindingLine) -> dict[str, object]:
    """A finding by the names of its columns; ``row`` null where it is about no row."""
    return {name: getattr(line, name) for name in line.__slots__} | {"row": line.row or None}
