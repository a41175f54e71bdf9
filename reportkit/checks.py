"""What the elements and the schema already know of a template's records: wrong cells, missing values, facts that contradict.

Every function takes records and gives frames with columns of ``findings.SCHEMA``; they are told apart by their code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from reportkit.constraints import References, constraints
from reportkit.contradictions import contradictions, facts
from reportkit.findings import Finding, Findings
from reportkit.records import ID, LINE, Part, Records
from reportkit.sheets import letter
from reportkit.suggestions import Known, suggest
from reportkit.templates import Field
from reportkit.units import Units
from reportkit.unlisted import unlisted

#: What a required cell that is blank is called.
_REQUIRED = "required-missing"
_NOTHING = References()
_NO_UNITS = Units()


def check(
    records: Records,
    period_end: date,
    references: References = _NOTHING,
    *,
    units: Units = _NO_UNITS,
) -> Findings:
    """All findings about single cells of the records.

    Args:
        records: of one template.
        period_end: the day on which ages are reckoned.
        references: what foreign keys refer to.
        units: those that cells may name; without any no name is held for wrong.
    """
    told = facts(records, period_end)
    known = Known(records, told, period_end)
    demanded = (_suggested(known, found) for found in constraints(records, references))
    parts = [*_wrong_cells(known), *demanded, *unlisted(records, units), *contradictions(records, told)]
    return Findings.gather(parts) + Findings.of([*_absent_columns(records), *_uncalculated(records.parts)])


def _wrong_cells(known: Known) -> Iterator[pl.DataFrame]:
    records = known.records
    for field in records.template.fields:
        wrong = records.codes[field.name].is_not_null().arg_true()
        if len(wrong):
            cells = records.cells(field.name, wrong)
            yield cells.with_columns(
                suggest(known, field, cells), pl.lit(field.name).alias("field"), pl.col("written").fill_null("").alias("value")
            )


def _suggested(known: Known, found: pl.DataFrame) -> pl.DataFrame:
    """Blank cells that are required, with what the row's other cells say that they hold."""
    if ID not in found.columns or not found.height or found["code"][0] != _REQUIRED:
        return found
    blank = found.with_columns(pl.lit(None, dtype=pl.String).alias("value"))
    return found.with_columns(suggest(known, _field(known, found), blank))


def _field(known: Known, found: pl.DataFrame) -> Field:
    return known.records.template.field(found["field"][0])


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
