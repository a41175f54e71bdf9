"""Findings: something wrong or doubtful at an address, as facts; the words are in the message catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from reportkit.messages import catalogue
from reportkit.severity import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``row`` 0 and empty texts mean the whole sheet, file or row.

    ``code`` is an entry of the catalogue, which says the severity; its message may name ``{field}``, ``{value}``,
    ``{detail}`` and ``{suggestion}`` beside ``{file}``, ``{sheet}``, ``{row}``, ``{column}``. A code may also be that of a rule in a
    template's spec; ``severity`` is then the rule's, and ``facts`` are the values of what its words name, in the order of its entry's.
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
    facts: tuple[str, ...] = ()
    severity: str = ""


_COLUMNS = ("code", "file", "sheet", "row", "column", "field", "value", "detail", "suggestion")
_KINDS: dict[str, pl.DataType] = {name: pl.Int64() if name == "row" else pl.String() for name in _COLUMNS}
SCHEMA = pl.Schema(_KINDS | {"facts": pl.List(pl.String()), "severity": pl.String()})


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings as a frame of ``SCHEMA``; no nulls, ``row`` 0 for none."""

    frame: pl.DataFrame

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Findings:
        """From single findings."""
        lines = [tuple(getattr(f, name) for name in SCHEMA) for f in findings]
        frame = pl.DataFrame(lines, schema=SCHEMA, orient="row")
        return cls(frame.with_columns(_severity(frame)))

    @classmethod
    def empty(cls) -> Findings:
        """No finding."""
        return cls(pl.DataFrame(schema=SCHEMA))

    @classmethod
    def gather(cls, parts: Iterable[pl.DataFrame]) -> Findings:
        """From frames that hold some of the schema's columns; what is missing is empty."""
        whole = [part.select(_column(name, part) for name in SCHEMA) for part in parts if part.height]
        return cls(pl.concat(whole)) if whole else cls.empty()

    def about(self, files: Iterable[str]) -> Findings:
        """Those about these files."""
        return Findings(self.frame.filter(pl.col("file").is_in(sorted(set(files)))))

    def beside(self, files: Iterable[str]) -> Findings:
        """Those about no one of these files."""
        return Findings(self.frame.filter(~pl.col("file").is_in(sorted(set(files)))))

    def __add__(self, other: Findings) -> Findings:
        """Both, the left ones first."""
        return Findings(pl.concat([self.frame, other.frame]))


_NO_FACTS = pl.lit([], dtype=pl.List(pl.String))


def _column(name: str, part: pl.DataFrame) -> pl.Expr:
    if name == "severity":
        return _severity(part)
    nothing = {"row": pl.lit(0), "facts": _NO_FACTS}.get(name, pl.lit(""))
    kind = SCHEMA[name]
    return (pl.col(name).cast(kind).fill_null(nothing) if name in part.columns else nothing.cast(kind)).alias(name)


def _severity(part: pl.DataFrame) -> pl.Expr:
    """What is given, else what the catalogue says of the code, else error."""
    known = {code: _usual(code) for code in part["code"].unique()}
    words = {*known.values()}
    usual = pl.lit(words.pop()) if len(words) == 1 else pl.col("code").replace_strict(known, default="", return_dtype=pl.String)
    own = pl.when(pl.col("severity").fill_null("") != "").then(pl.col("severity")) if "severity" in part.columns else None
    return (usual if own is None else own.otherwise(usual)).alias("severity")


def _usual(code: str) -> str:
    return (catalogue()[code].severity if code in catalogue() else Severity.ERROR).value
