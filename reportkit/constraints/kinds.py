"""The types of Table Schema: which canonical texts are values of a field's type, and what values are ordered by.

Expressions over a field's text, null where there is none. What an element has already read and found right is not judged again.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from reportkit.elements import element
from reportkit.elements.shape import Scope
from reportkit.templates import Field

#: Element → the types that all its right values have.
_READ: Mapping[str, frozenset[str]] = {
    "amount": frozenset({"number"}),
    "integer": frozenset({"integer", "number"}),
    "year": frozenset({"year", "integer", "number"}),
    "month": frozenset({"yearmonth"}),
    "date": frozenset({"date"}),
}
#: Element → the type whose order its values have, whatever type the field states.
_ORDERED = {"year": "year", "month": "yearmonth", "date": "date"}
_SHAPES = {
    "integer": r"^[+-]?[0-9]+$",
    "number": r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$|^NaN$|^-?INF$",
    "year": "^-?[0-9]{4}$",
    "yearmonth": "^[0-9]{4}-(?:0[1-9]|1[0-2])$",
    "duration": r"^-?P(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+W)?(?:[0-9]+D)?(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?$",
}
FORMATS = {
    "email": r"^[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+$",
    "uri": r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$",
    "uuid": "^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$",
    "binary": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
}
_WRITTEN = frozenset({"integer", "number"})
_NUMBERS = frozenset({"integer", "number", "year"})
MOMENTS = frozenset({"date", "datetime", "time"})


def fits(field: Field) -> pl.Expr | None:
    """Which of a field's values are of its type and format; None where there is nothing to judge."""
    value = as_standard(field, pl.col(field.name))
    if field.type == "boolean":
        return value.is_in([*field.trueValues, *field.falseValues])
    if field.type == "string":
        return value.str.contains(FORMATS[field.format]) if field.format in FORMATS else None
    if field.type in _READ.get(field.element, ()):
        return None
    if field.type in MOMENTS:
        return pl.when(value.is_not_null()).then(moment(value, field.type, field.format).is_not_null())
    shape = _SHAPES.get(field.type)
    if shape is None:
        return None
    return value.str.contains(shape) & ~value.str.contains("[PT]$") if field.type == "duration" else value.str.contains(shape)


def as_standard(field: Field, value: pl.Expr) -> pl.Expr:
    """A number without what its field allows around and in it: ``€ 1.234,50`` → ``1234.50``; all else as it is."""
    if field.type not in _WRITTEN:
        return value
    if not field.bareNumber:
        value = value.str.replace_all("^[^0-9+-]+|[^0-9]+$", "")
    if field.groupChar:
        value = value.str.replace_all(field.groupChar, "", literal=True)
    return value if field.decimalChar == "." else value.str.replace(field.decimalChar, ".", literal=True)


def ordered(field: Field) -> str:
    """The type whose order a field's values have; "" where they have none."""
    kind = _ORDERED.get(field.element, field.type)
    return kind if kind in _NUMBERS | MOMENTS | {"yearmonth"} else ""


def ordinal(field: Field, value: pl.Expr) -> pl.Expr:
    """What a value is compared by: a number, a moment, the text of a month; null where a text is none. For fields that are ``ordered``."""
    kind = ordered(field)
    if kind in _NUMBERS:
        return as_standard(field, value).cast(pl.Float64, strict=False)
    if kind in MOMENTS:
        return moment(value, kind, "default" if field.element == "date" else field.format)
    return pl.when(value.str.contains(_SHAPES["yearmonth"])).then(value)


def moment(value: pl.Expr, kind: str, form: str) -> pl.Expr:
    """``default`` ISO 8601; ``any`` whatever offices write; else a pattern of ``strptime``."""
    if form not in ("default", "any"):
        return _parsed(value, kind, form.removeprefix("fmt:"))
    usual = {"date": _day, "datetime": _instant, "time": _time}[kind](value)
    if form == "default" or kind == "time":
        return usual
    whatever = value.map_batches(_read, return_dtype=pl.Date)
    return pl.coalesce(usual, whatever if kind == "date" else whatever.cast(pl.Datetime("us")))


def _parsed(value: pl.Expr, kind: str, pattern: str) -> pl.Expr:
    typed = {"date": pl.Date(), "datetime": pl.Datetime("us"), "time": pl.Time()}[kind]
    return value.str.strptime(typed, pattern, strict=False)


def _day(value: pl.Expr) -> pl.Expr:
    whole = pl.when(value.str.contains("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")).then(value)
    return whole.str.to_date("%Y-%m-%d", strict=False)


def _instant(value: pl.Expr) -> pl.Expr:
    """A workbook's midnight is written as its day alone; a zone is no part of the order."""
    whole = pl.when(
        value.str.contains(
            r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
        )
    ).then(value)
    local = whole.str.replace(" ", "T", literal=True).str.replace("(T.*?)(?:Z|[+-][0-9]{2}:?[0-9]{2})$", "$1")
    local = pl.when(local.str.len_bytes() == 10).then(local + "T00:00:00").otherwise(local)
    return local.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit="us")


def _time(value: pl.Expr) -> pl.Expr:
    whole = pl.when(value.str.contains(r"^[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?$")).then(value)
    return whole.str.to_time("%H:%M:%S%.f", strict=False)


def _read(texts: pl.Series) -> pl.Series:
    distinct = texts.drop_nulls().unique(maintain_order=True)
    days = [element("date").normalise(text, Scope()) for text in distinct]
    read = pl.Series(days, dtype=pl.String).str.to_date("%Y-%m-%d", strict=False)
    return texts.replace_strict(distinct, read, default=None, return_dtype=pl.Date)
