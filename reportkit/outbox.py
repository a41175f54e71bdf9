"""What a round leaves behind, made aside and then renamed into place: nobody ever sees half of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from reportkit.errors import DiskError
from reportkit.writers.csv_text import write_csv

#: Bytes of a name; file systems take 255, and a name has its ending and, while it is made, ``.new`` besides.
_LONGEST = 200


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A new folder that takes ``target``'s place when the block ends well, and vanishes when it does not.

    Raises:
        DiskError: the disk is full or the folder may not be written; ``target`` is as it was.
    """
    fresh, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    try:
        _restore(target, old)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        yield fresh
        if target.exists():
            target.replace(old)
        fresh.replace(target)
    except OSError as error:
        raise DiskError("cannot-write", path=error.filename or target, why=error.strerror or error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        _restore(target, old)


def _restore(target: Path, old: Path) -> None:
    """What was moved aside comes back where nothing took its place, be it now or by a run that was killed; else it goes."""
    if old.exists() and not target.exists():
        old.replace(target)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def staged_file(target: Path) -> Iterator[Path]:
    """A new file beside ``target`` that takes its place when the block ends well.

    Raises:
        DiskError: it cannot be written; ``target`` is as it was.
    """
    fresh = target.with_name(f".{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield fresh
        fresh.replace(target)
    except OSError as error:
        raise DiskError("cannot-write", path=error.filename or target, why=error.strerror or error) from error
    finally:
        fresh.unlink(missing_ok=True)


def write_evidence(folder: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    """CSV files by name; the folder is the owner's alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, frame in frames.items():
        write_csv(folder / name, frame)


def write_json(path: Path, document: Mapping[str, object]) -> None:
    """One JSON document, readable, the same bytes for the same content."""
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def file_name(title: str) -> str:
    """A report's file name: its title without what file systems refuse, and no longer than they take."""
    safe = "".join("_" if character in '\\/:*?"<>|' or ord(character) < 32 else character for character in title)
    return safe.encode()[:_LONGEST].decode(errors="ignore").strip(" .") or "report"
