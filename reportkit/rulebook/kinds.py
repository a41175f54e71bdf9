"""Fields as rules see them: numbers, days and texts instead of the records' canonical strings."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from reportkit.templates import Field, Kind, Template

_BY_TYPE: Mapping[str, pl.DataType] = {
    "number": pl.Float64(),
    "integer": pl.Int64(),
    "date": pl.Date(),
    "yearmonth": pl.Date(),
    "year": pl.Int64(),
}
_BY_ELEMENT: Mapping[str, pl.DataType] = {
    "amount": pl.Float64(),
    "integer": pl.Int64(),
    "date": pl.Date(),
    "month": pl.Date(),
    "year": pl.Int64(),
}


def kind(field: Field) -> pl.DataType:
    """What a field's values are: Float64, Int64, Date (a year and month is its first day), else String."""
    return _BY_TYPE.get(field.type) or _BY_ELEMENT.get(field.element) or pl.String()


def kinds(template: Template) -> dict[str, pl.DataType]:
    """All names that a template's rules may use; the cells of a statistics form are numbers."""
    if template.kind is Kind.GRID:
        return {cell.name: pl.Float64() for cell in template.cells}
    return {field.name: kind(field) for field in template.fields}


def typed(name: str, to: pl.DataType) -> pl.Expr:
    """A column of canonical strings as what they are; null where one is not."""
    column = pl.col(name)
    if to == pl.Date():
        return pl.when(column.str.len_chars() == 7).then(column + "-01").otherwise(column).str.to_date("%Y-%m-%d", strict=False)
    if to == pl.Int64():
        return column.cast(pl.Int64, strict=False)
    return column.cast(to, strict=False)
