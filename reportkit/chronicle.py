"""What a form's round is remembered by: its accepted records, where their cells stand, and all that is wrong with its files.

Rules across forms and periods, disputes, marked copies and next period's answers read this and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from reportkit.answers import keyed, no_keys, row_keys
from reportkit.consolidation import Consolidation
from reportkit.effects import effects_of
from reportkit.findings import Findings
from reportkit.records import FILE, ROW, SHEET, UNIT, Records
from reportkit.severity import Severity
from reportkit.statistics import Statistics
from reportkit.submissions import State, Submission

#: Where a field's cell stands: of a list its column, of a statistics form its row as well (else 0).
PLACES = pl.Schema({"file": pl.String(), "sheet": pl.String(), "field": pl.String(), "row": pl.Int64(), "column": pl.String()})
#: What a unit sent, byte for byte.
FILES = pl.Schema(dict.fromkeys(("file", "unit", "sha256", "state"), pl.String()))
#: Problems that a unit was told of an earlier revision of its form.
TOLD = pl.Schema({"unit": pl.String(), "code": pl.String(), "field": pl.String(), "key": pl.String(), "row": pl.Int64()})


@dataclass(frozen=True, slots=True)
class Chronicle:
    """One form's round.

    Attributes:
        records: ``_file, _sheet, _row, _unit, _key`` and a column a field with canonical values of the accepted submissions: String, null
            where wrong or blank. A statistics form's row is one unit's form (``_row`` 0), its cells Float64.
        places: of each field's cells (``PLACES``).
        findings: those of all its files, with ``unit``, ``key`` and what they do to totals (``effects.SCHEMA``).
        files: what came (``FILES``).
        told: of units that sent their form anew, the problems that they had been told before (``TOLD``), as the marked copies that came
            back say.
    """

    records: pl.DataFrame
    places: pl.DataFrame
    findings: pl.DataFrame
    files: pl.DataFrame
    told: pl.DataFrame


def chronicle(result: Consolidation | Statistics, loose: Findings) -> Chronicle:
    """Of a form's consolidation; ``loose``: findings about its files as wholes."""
    units = {one.file: one.unit for one in result.submissions}
    came = [(one.file, one.unit, one.delivery.sha256, one.state.value) for one in result.submissions]
    sent = (pl.DataFrame(came, schema=FILES, orient="row"), _told(result.submissions))
    every = result.findings + loose
    effect = effects_of(every, result)
    if isinstance(result, Consolidation):
        keys = row_keys(result.records)
        findings = keyed(every, keys, units).with_columns(effect)
        return Chronicle(_rows(result, keys), _columns(result.records), findings, *sent)
    findings = keyed(every, no_keys(), units).with_columns(effect)
    return Chronicle(_forms(result), _cells(result), findings, *sent)


def _told(submissions: Iterable[Submission]) -> pl.DataFrame:
    """The problems that marked copies bring back."""
    lines = [
        (one.unit, mark.code, mark.field, mark.key, mark.row)
        for one in submissions
        if one.delivery.marks and one.state is not State.SUPERSEDED
        for mark in one.delivery.marks.marks
        if mark.severity != Severity.NOTE.value
    ]
    return pl.DataFrame(lines, schema=TOLD, orient="row")


def _rows(result: Consolidation, keys: pl.DataFrame) -> pl.DataFrame:
    records = result.records
    accepted = [one.file for one in result.submissions if one.state is State.ACCEPTED]
    address = {FILE: "_file", SHEET: "_sheet", ROW: "_row", UNIT: "_unit"}
    taken = {*address.values(), "_key", "_entity"}
    right = [pl.when(records.codes[name].is_null()).then(pl.col(name)).alias(name) for name in records.names if name not in taken]
    rows = records.frame.select(
        *(pl.col(name).alias(short) for name, short in address.items()), keys["key"].alias("_key"), *right
    )
    return rows.filter(pl.col("_file").is_in(accepted))


def _columns(records: Records) -> pl.DataFrame:
    lines = [
        (part.file, part.table.sheet, field, 0, column)
        for part in records.parts
        for field, column in sorted(part.letters.items())
    ]
    return pl.DataFrame(lines, schema=PLACES, orient="row")


def _forms(result: Statistics) -> pl.DataFrame:
    sheets = {figure.file: figure.sheet for figure in reversed(result.figures)}
    rows = result.by_unit().rename({UNIT: "_unit", FILE: "_file"})
    sheet = pl.col("_file").replace_strict(sheets, default="", return_dtype=pl.String).alias("_sheet")
    rest = [name for name in rows.columns if name not in ("_unit", "_file")]
    row = pl.lit(0, dtype=pl.Int64).alias("_row")
    return rows.select("_file", sheet, row, "_unit", pl.lit("").alias("_key"), *rest)


def _cells(result: Statistics) -> pl.DataFrame:
    lines = [(one.file, one.sheet, one.cell, one.row, one.column) for one in result.figures]
    return pl.DataFrame(lines, schema=PLACES, orient="row")


def problems(findings: pl.DataFrame) -> pl.DataFrame:
    """The errors and warnings among findings."""
    return findings.filter(pl.col("severity") != Severity.NOTE.value)
