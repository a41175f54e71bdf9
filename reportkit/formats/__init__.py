"""How findings leave the program for other programs. One module a format, of one shape; this registry is only imports, and its door."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from reportkit.errors import DiskError, UsageError
from reportkit.formats import comma_separated, document, ess, json_lines, plain, sarif
from reportkit.formats.shape import Format
from reportkit.outbox import staged_file

FORMATS: Mapping[str, Format] = MappingProxyType(
    {module.FORMAT.name: module.FORMAT for module in (plain, document, json_lines, comma_separated, sarif, ess)}
)
#: Every format says within so many bytes that it is ours.
_HEAD = 2048
#: What listings without a finding come to.
_NOTHING = (b"", b"[\n\n]")


#: Endings of files that say by themselves which format is meant.
ENDINGS = MappingProxyType(
    {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".sarif": "sarif", ".txt": "table"}
)


def save(path: Path, content: bytes, *, force: bool = False) -> None:
    """Put a listing into a file, readable by its owner alone, whole or not at all.

    Raises:
        UsageError: something that no listing of ours stands there.
        DiskError: it cannot be written.
    """
    if not force and path.exists() and not is_own(path):
        raise UsageError("not-ours", path=path)
    with staged_file(path) as fresh:
        fresh.touch(mode=0o600)
        fresh.write_bytes(content)


def is_own(path: Path) -> bool:
    """Whether a file is a list of findings that this program wrote, or one without any.

    Raises:
        DiskError: it cannot be read.
    """
    return is_listing(path) or _is_empty(path)


def is_listing(path: Path) -> bool:
    """Whether a file is a list of findings that this program wrote.

    Raises:
        DiskError: it cannot be read.
    """
    head = _head(path)
    return any(one.owns(head) for one in FORMATS.values())


def _is_empty(path: Path) -> bool:
    return path.is_file() and _head(path).strip() in _NOTHING


def _head(path: Path) -> bytes:
    if not path.is_file():
        return b""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise DiskError("cannot-read", path=path, why=error.strerror or error) from error
