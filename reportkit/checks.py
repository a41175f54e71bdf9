"""What the elements and the schema already know of a template's records: wrong cells, missing values, facts that contradict.

Every function takes records and gives frames with columns of ``findings.SCHEMA``; they are told apart by their code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import polars as pl

from reportkit.constraints import constraints
from reportkit.elements import element, identity_number
from reportkit.elements.shape import Scope
from reportkit.findings import Finding, Findings
from reportkit.records import LINE, PART, Part, Records
from reportkit.sheets import Role, letter
from reportkit.templates import Field

#: A column tells what the identity number tells where this share of its rows agrees, on this many rows at least.
_AGREES, _ENOUGH = 0.75, 5


def check(records: Records, period_end: date, references: Mapping[str, pl.DataFrame] = MappingProxyType({})) -> Findings:
    """All findings about single cells of the records. ``references``: what foreign keys refer to, as ``constraints`` takes it."""
    parts = [*_wrong_cells(records), *constraints(records, references), *_contradictions(records, period_end)]
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


# -- facts that contradict the identity number ------------------------------------------------------------


def _contradictions(records: Records, period_end: date) -> Iterator[pl.DataFrame]:
    """Birth date, age and sex that an identity number of the row denies: of several numbers the one that the column agrees with most."""
    holders = [field.name for field in records.template.fields if field.element == "identity-number"]
    told = [_told(records, name, period_end) for name in holders]
    told = [one for one in told if one["birth"].null_count() < records.height]
    for field in records.template.fields:
        judge = _JUDGES.get(_kind(field))
        if judge is not None and told:
            agreed, denied = max((judge(records, field, one) for one in told), key=lambda judged: judged[0])
            if agreed >= _AGREES:
                yield denied


def _kind(field: Field) -> str:
    return "sex" if set(field.values) == {"男", "女"} else field.element


def _told(records: Records, holder: str, period_end: date) -> pl.DataFrame:
    """``birth`` (ISO date), ``sex`` and ``age`` (years at the period's end) that valid identity numbers tell; else null."""
    numbers = pl.when(records.codes[holder].is_null()).then(records.frame[holder])
    column = records.frame.select(numbers.alias("id")).to_series()
    distinct = column.drop_nulls().unique(maintain_order=True)
    born = [identity_number.birth_date(value) for value in distinct]
    known = pl.DataFrame(
        {
            "id": distinct,
            "birth": [day.isoformat() if day else None for day in born],
            "sex": [identity_number.sex(value) or None for value in distinct],
            "age": [_age(day, period_end) if day else None for day in born],
        },
        schema={"id": pl.String, "birth": pl.String, "sex": pl.String, "age": pl.Int64},
    )
    return column.to_frame().join(known, on="id", how="left", maintain_order="left")


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _compare(records: Records, field: Field, wanted: pl.Series, same: pl.Expr, code: str) -> tuple[float, pl.DataFrame]:
    """The share of a column's cells that agree with ``wanted``, 0 where too few can be judged, and the cells that differ."""
    cells = records.cells(field.name).with_columns(wanted.alias("wanted"))
    judged = cells.filter(pl.col("value").is_not_null() & pl.col("code").is_null() & pl.col("wanted").is_not_null())
    judged = judged.with_columns(same.alias("same"))
    agreed = int(judged["same"].sum()) / judged.height if judged.height >= _ENOUGH else 0.0
    return agreed, judged.filter(~pl.col("same")).select(
        "file",
        "sheet",
        "row",
        "column",
        pl.lit(code).alias("code"),
        pl.lit(field.name).alias("field"),
        pl.col("written").alias("value"),
        pl.col("wanted").cast(pl.String).alias("suggestion"),
    )


def _birth(records: Records, field: Field, told: pl.DataFrame) -> tuple[float, pl.DataFrame]:
    size = 10 if field.element == "date" else 7
    return _compare(
        records, field, told["birth"].str.head(size), pl.col("value") == pl.col("wanted"), "birth-differs-from-identity-number"
    )


def _sex(records: Records, field: Field, told: pl.DataFrame) -> tuple[float, pl.DataFrame]:
    return _compare(records, field, told["sex"], pl.col("value") == pl.col("wanted"), "sex-differs-from-identity-number")


def _years(records: Records, field: Field, told: pl.DataFrame) -> tuple[float, pl.DataFrame]:
    near = (pl.col("value").cast(pl.Float64, strict=False) - pl.col("wanted")).abs() <= 1
    return _compare(records, field, told["age"], near, "age-differs-from-identity-number")


_JUDGES = {"date": _birth, "month": _birth, "sex": _sex, "integer": _years}


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
