"""How many different values a column has: of a few one can ask each what one would ask every row, and finding many costs more than asking."""

from __future__ import annotations

import polars as pl

#: So many rows of a column are looked at, always the same …
_SAMPLE, _SEED = 1024, 20260101
#: … and its values are few where a row in so many, or fewer, has one of its own.
_SHARE = 16


def few(values: pl.Series) -> pl.Series | None:
    """The distinct values of a long column, blank left out; None where they are likely to be many, or the column is short."""
    if len(values) < _SAMPLE * _SHARE or _likely(values.sample(_SAMPLE, seed=_SEED)) > len(values) / _SHARE:
        return None
    return values.unique().drop_nulls()


def _likely(sample: pl.Series) -> float:
    """How many distinct values there are likely to be, by how many a sample has once and twice (Chao 1984, corrected for bias)."""
    times = sample.drop_nulls().value_counts(name=" times")[" times"]
    once, twice = int((times == 1).sum()), int((times == 2).sum())
    return len(times) + once * (once - 1) / (2 * (twice + 1))
