"""Findings: something wrong or doubtful at an address, as facts; the words are in the message catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Severity(StrEnum):
    """error 强制: has to be mended; warning 核实: passes with an explanation; note 提示."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``row`` 0 and empty texts mean the whole sheet, file or row.

    ``code`` is an entry of the catalogue, which says the severity; its message may name ``{field}``, ``{value}``,
    ``{detail}`` and ``{suggestion}`` beside ``{file}``, ``{sheet}``, ``{row}``, ``{column}``.
    """

    code: str
    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    field: str = ""
    value: str = ""
    detail: str = ""
    suggestion: str = ""


SCHEMA = pl.Schema(
    {
        "code": pl.String,
        "file": pl.String,
        "sheet": pl.String,
        "row": pl.Int64,
        "column": pl.String,
        "field": pl.String,
        "value": pl.String,
        "detail": pl.String,
        "suggestion": pl.String,
    }
)


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings as a frame of ``SCHEMA``; no nulls, ``row`` 0 for none."""

    frame: pl.DataFrame

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Findings:
        """From single findings."""
        lines = [tuple(getattr(f, name) for name in SCHEMA) for f in findings]
        return cls(pl.DataFrame(lines, schema=SCHEMA, orient="row"))

    @classmethod
    def empty(cls) -> Findings:
        """No finding."""
        return cls(pl.DataFrame(schema=SCHEMA))

    @classmethod
    def gather(cls, parts: Iterable[pl.DataFrame]) -> Findings:
        """From frames that hold some of the schema's columns; what is missing is empty."""
        whole = [
            part.select(
                (
                    pl.col(name).fill_null(0 if kind == pl.Int64 else "")
                    if name in part.columns
                    else pl.lit(0 if kind == pl.Int64 else "")
                )
                .cast(kind)
                .alias(name)
                for name, kind in SCHEMA.items()
            )
            for part in parts
            if part.height
        ]
        return cls(pl.concat(whole)) if whole else cls.empty()

    def __add__(self, other: Findings) -> Findings:
        """Both, the left ones first."""
        return Findings(pl.concat([self.frame, other.frame]))
