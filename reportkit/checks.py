"""What the elements and the schema already know of a template's records: wrong cells, missing values, facts that contradict.

Every function takes records and gives frames with columns of ``findings.SCHEMA``; they are told apart by their code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from reportkit.contradictions import contradictions, facts
from reportkit.elements import element
from reportkit.elements.shape import Scope
from reportkit.findings import Finding, Findings
from reportkit.records import LINE, PART, Part, Records
from reportkit.sheets import Role, letter
from reportkit.suggestions import Known, suggest
from reportkit.templates import Field


def check(records: Records, period_end: date) -> Findings:
    """All findings about single cells of the records."""
    told = facts(records, period_end)
    known = Known(records, told, period_end)
    parts = [*_wrong_cells(known), *_missing(known), *contradictions(records, told)]
    return Findings.gather(parts) + Findings.of([*_absent_columns(records), *_uncalculated(records.parts)])


def _wrong_cells(known: Known) -> Iterator[pl.DataFrame]:
    records = known.records
    for field in records.template.fields:
        if records.codes[field.name].null_count() < records.height:
            cells = records.cells(field.name).filter(pl.col("code").is_not_null())
            yield _found(known, field, cells)


def _missing(known: Known) -> Iterator[pl.DataFrame]:
    records = known.records
    for field in records.template.fields:
        if field.constraints.required:
            cells = records.cells(field.name)
            blank = pl.col("value").is_null() & (pl.col("column") != "")
            if field.name in records.inherited.columns:
                cells = cells.filter(~records.inherited[field.name])
            yield _found(known, field, cells.filter(blank).with_columns(pl.lit("required-missing").alias("code")))


def _found(known: Known, field: Field, cells: pl.DataFrame) -> pl.DataFrame:
    """Cells with the field, what stands there and what is suggested."""
    return cells.with_columns(
        suggest(known, field, cells), pl.lit(field.name).alias("field"), pl.col("written").fill_null("").alias("value")
    )


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


# -- totals -----------------------------------------------------------------------------------------------


def check_totals(records: Records, repeated: pl.Series) -> Findings:
    """Totals at the foot of a table that don't add up.

    A total is right where it is the sum of all rows, of one row a group, of rows not typed twice, or of the last two together:
    offices count in each of these ways. ``repeated`` (Boolean, a row of records) marks rows typed twice.
    """
    found: list[Finding] = []
    numeric = [field.name for field in records.template.fields if field.element in ("amount", "integer")]
    heads = _heads(records)
    for number, part in enumerate(records.parts):
        totals = part.table.aside.filter(pl.col("_role") == Role.TOTAL)
        if totals.height == 1 and part.table.body.height:
            mine = records.frame[PART] == number
            found += _of_part(
                records, part, totals, [(mine, mine & heads), (mine & ~repeated, mine & heads & ~repeated)], numeric
            )
    return Findings.of(found)


def _heads(records: Records) -> pl.Series:
    """Whether a row is the first of its group (a household); true everywhere where nothing is grouped."""
    names = records.inherited.columns
    if not names:
        return pl.repeat(value=True, n=records.height, dtype=pl.Boolean, eager=True)
    key = records.filled().select(PART, *names).hash_rows()
    return (key != key.shift(1)).fill_null(value=True)


def _of_part(
    records: Records, part: Part, totals: pl.DataFrame, ways: list[tuple[pl.Series, pl.Series]], numeric: list[str]
) -> Iterator[Finding]:
    letters = part.letters
    for name in numeric:
        column = letters.get(name, "")
        given = _figure(totals[column][0]) if column else None
        if given is None:
            continue
        sums = {_sum(records, name, rows) for way in ways for rows in way}
        if all(abs(given - one) > 0.005 for one in sums):
            right = max(sums)
            yield Finding(
                "total-differs",
                part.file,
                part.table.sheet,
                totals[LINE][0],
                column,
                name,
                f"{given:g}",
                f"{right:g}",
                f"{right:g}",
            )


def _figure(text: str | None) -> float | None:
    kind = element("amount")
    value = kind.normalise(text, Scope()) if text else ""
    try:
        return float(value)
    except ValueError:
        return None


def _sum(records: Records, name: str, rows: pl.Series) -> float:
    good = records.codes[name].is_null() & rows
    return round(float(records.frame[name].filter(good).cast(pl.Float64, strict=False).sum()), 2)
