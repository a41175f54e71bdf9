"""CSV that spreadsheets open rightly and never run: UTF-8 with BOM, line feeds, formula-like texts defused; and read back."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from pathlib import Path

import polars as pl

_RUNS = r"^[=+@\t\r]"
_MINUS, _NUMBER = r"^-", r"^-\d*\.?\d+([eE][+-]?\d+)?$"


def write_csv(path: Path, frame: pl.DataFrame) -> None:
    """Write ``frame``; readable by its owner alone."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(csv_bytes(frame))


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """What ``write_csv`` writes. ``=1+1`` stands as ``'=1+1``, ``-5`` as ``-5``."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    safe = frame.with_columns(_defused(pl.col(name)) for name in texts)
    return safe.write_csv(include_bom=True, line_terminator="\n").encode()


def _defused(text: pl.Expr) -> pl.Expr:
    runs = text.str.contains(_RUNS) | (text.str.contains(_MINUS) & ~text.str.contains(_NUMBER))
    return pl.when(runs).then(pl.lit("'") + text).otherwise(text).name.keep()


def decoded(content: bytes) -> str:
    """A CSV's text: Excel saves it as UTF-8 with a mark or in the system's Chinese encoding."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def read_csv(path: Path, columns: Iterable[str]) -> pl.DataFrame:
    """What ``write_csv`` wrote, whoever saved it again since: texts of those columns, none null; no line where there is no file.

    Raises:
        ValueError: it is no such table, or it lacks a column.
    """
    names = list(columns)
    if not path.is_file():
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    text = decoded(path.read_bytes())
    try:
        frame = pl.read_csv(io.StringIO(text.replace("\r\n", "\n")), infer_schema=False)
        return frame.select(pl.col(name).fill_null("").str.replace(r"^'([=+@\t\r-])", "${1}") for name in names)
    except pl.exceptions.PolarsError as error:
        raise ValueError(str(error)) from None
