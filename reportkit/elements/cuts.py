"""How parts of values are cut for record linkage: a column of distinct values in, their parts out, null where there is none."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

Cut = Callable[[pl.Series], pl.Series]

#: The value in the expressions that ``cut`` takes.
VALUE = pl.col("value")


def cut(expression: pl.Expr) -> Cut:
    """Parts by an expression over ``VALUE``; an empty part is none."""
    part = expression.alias("part")
    filled = pl.when(pl.col("part") != "").then(pl.col("part"))

    def parts(values: pl.Series) -> pl.Series:
        return values.cast(pl.String).alias("value").to_frame().select(part).select(filled).to_series()

    return parts


def piece(start: int, length: int | None, *, of: int, to: int | None = None) -> Cut:
    """A slice of values that are ``of`` (to ``to``) characters long."""
    size = VALUE.str.len_chars()
    fits = size.is_between(of, of if to is None else to)
    return cut(pl.when(fits).then(VALUE.str.slice(start, length)))


def each(part: Callable[[str], str]) -> Cut:
    """Parts by a function of one value, called once a value; "" for none."""

    def parts(values: pl.Series) -> pl.Series:
        return pl.Series("part", [part(value) or None for value in values.to_list()], dtype=pl.String)

    return parts
