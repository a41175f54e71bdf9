"""What the elements and the schema already know of a template's records: wrong cells, missing values, facts that contradict.

Every function takes records and gives frames with columns of ``findings.SCHEMA``; they are told apart by their code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import polars as pl

from reportkit.constraints import constraints
from reportkit.contradictions import contradictions, facts
from reportkit.findings import Finding, Findings
from reportkit.records import LINE, Part, Records
from reportkit.sheets import letter


def check(records: Records, period_end: date, references: Mapping[str, pl.DataFrame] = MappingProxyType({})) -> Findings:
    """All findings about single cells of the records. ``references``: what foreign keys refer to, as ``constraints`` takes it."""
    known = facts(records, period_end)
    parts = [*_wrong_cells(records), *constraints(records, references), *contradictions(records, known)]
    return Findings.gather(parts) + Findings.of([*_absent_columns(records), *_uncalculated(records.parts)])


def _wrong_cells(records: Records) -> Iterator[pl.DataFrame]:
    for name in records.names:
        wrong = records.codes[name].is_not_null().arg_true()
        if len(wrong):
            cells = records.cells(name, wrong)
            yield cells.with_columns(pl.lit(name).alias("field"), pl.col("written").alias("value"))


def _absent_columns(records: Records) -> Iterator[Finding]:
    """Fields that a part has no column for: named once, not row by row."""
    for part in records.parts:
        present = part.letters
        for field in records.template.fields:
            if field.name not in present and part.table.body.height:
                code = "required-column-missing" if field.constraints.required else "column-missing"
                yield Finding(code, part.file, part.table.sheet, field=field.name)


def _uncalculated(parts: Sequence[Part]) -> Iterator[Finding]:
    for part in parts:
        names = {match.column: match.field for match in part.matches if match.field}
        body = set(part.table.body[LINE].to_list()) if part.table.uncalculated else set()
        for row, column in sorted(part.table.uncalculated):
            if row in body and letter(column) in names:
                yield Finding("formula-without-value", part.file, part.table.sheet, row, letter(column), names[letter(column)])
