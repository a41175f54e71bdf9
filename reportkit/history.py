"""What a round keeps for later rounds, below ``.reportkit/periods/<period>/<template>``: records, places of cells, findings.

Parquet, so that a year's rows are read in a moment; the folder is its owner's alone.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import polars as pl

from reportkit.chronicle import Chronicle
from reportkit.errors import DiskError

PERIODS = "periods"
_PARTS = tuple(field.name for field in fields(Chronicle))
#: What a round's end adds to.
_ADDED = ("findings", "told")


def write(folder: Path, one: Chronicle) -> None:
    """Keep a template's round.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    _write(folder, one, _PARTS)


def amend(folder: Path, one: Chronicle) -> None:
    """Keep what a round's end adds to a round that is kept; its rows stand as they are.

    Raises:
        OSError: it cannot be written.
    """
    _write(folder, one, _ADDED)


def _write(folder: Path, one: Chronicle, parts: tuple[str, ...]) -> None:
    for name in parts:
        frame: pl.DataFrame = getattr(one, name)
        frame.write_parquet(_path(folder, name))
        _path(folder, name).chmod(0o600)


def read(folder: Path) -> Chronicle | None:
    """A template's round as it was kept; None where there was none.

    Raises:
        DiskError: it is broken or cannot be read.
    """
    if not _path(folder, _PARTS[-1]).is_file():
        return None
    try:
        return Chronicle(*(pl.read_parquet(_path(folder, name)) for name in _PARTS))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise DiskError("cannot-read", path=folder, why=type(error).__name__) from error


def _path(folder: Path, part: str) -> Path:
    return folder / f"{part}.parquet"
