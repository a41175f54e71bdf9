"""Cells that an error of a rule stands on are wrong cells: they count in no total, like any other wrong cell."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from reportkit.findings import Findings
from reportkit.records import Records
from reportkit.severity import Severity


def flagged(records: Records, findings: Findings) -> Records:
    """The records with the codes of errors on their cells; a cell that is wrong already keeps its code."""
    errors = findings.frame.filter((pl.col("severity") == Severity.ERROR.value) & (pl.col("column") != ""))
    columns = [_flagged(records, name, errors.filter(pl.col("field") == name)) for name in records.names]
    return replace(records, codes=pl.DataFrame(columns)) if errors.height else records


def _flagged(records: Records, name: str, errors: pl.DataFrame) -> pl.Series:
    codes = records.codes[name]
    if not errors.height:
        return codes
    first = errors.select("file", "sheet", "row", "code").unique(["file", "sheet", "row"], keep="first", maintain_order=True)
    found = records.addresses().join(first, on=["file", "sheet", "row"], how="left", maintain_order="left")["code"]
    return pl.select(pl.coalesce(codes, found).alias(name)).to_series()
