"""The scoring kernel: records in, edges out, Arrow on both sides; it knows no engine, no disk and no other records.

An engine that shuffles records by their keys may call it on each group: what it says of a pair depends on the two records and on what
was learnt, and on nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.linkage.blocking import Pairs, candidates
from reportkit.linkage.keys import Rule
from reportkit.linkage.learnt import Learnt, dense, hashed
from reportkit.linkage.scoring import compare_all
from reportkit.linkage.values import Column

#: Columns of a prepared frame: a field's canonical value, how many records hold it, and a rule's key.
VALUE, COUNT, KEY = "value ", "count ", "key "
EDGES = pl.Schema({"left": pl.UInt32(), "right": pl.UInt32(), "probability": pl.Float64()})


class Arrow(Protocol):
    """Anything that hands over its columns through the Arrow C stream interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The columns."""
        ...


def prepare(records: pl.DataFrame, learnt: Learnt) -> pl.DataFrame:
    """``VALUE``, ``COUNT`` and ``KEY`` columns of records (a String column a field, canonical, null where blank)."""
    columns = learnt.own_columns(records)
    values = [records[one.name].alias(VALUE + one.name) for one in learnt.fields]
    counts = [count_of(column).alias(COUNT + column.field.name) for column in columns]
    keys = []
    for number, rule in enumerate(learnt.rules):
        key = hashed(columns, rule.keys)
        keys.append(pl.select(pl.when(~key.is_in(rule.crowds)).then(key)).to_series().alias(f"{KEY}{number}"))
    return pl.DataFrame([*values, *counts, *keys])


def count_of(column: Column) -> pl.Series:
    """How many records hold each record's value; 0 for a blank."""
    return pl.Series(np.append(column.counts, 0.0)[column.codes], dtype=pl.UInt32)


def edges(prepared: Arrow, learnt: Learnt, fresh: NDArray[np.bool_] | None = None, least: float = 0.5) -> pl.DataFrame:
    """``EDGES``: pairs of rows (by number) of a prepared frame that are one thing with at least that probability.

    ``fresh``: only pairs of which a row is fresh.
    """
    frame = pl.DataFrame(prepared)
    return edges_of(learnt.columns(values_of(frame), counts_of(frame)), frame, learnt, fresh, least)


def edges_of(
    columns: Sequence[Column], prepared: pl.DataFrame, learnt: Learnt, fresh: NDArray[np.bool_] | None, least: float = 0.5
) -> pl.DataFrame:
    """``edges`` of records whose values are encoded already."""
    rules = [Rule((), dense(prepared[f"{KEY}{number}"])) for number in range(len(learnt.rules))]
    wanted = (one if fresh is None else _fresh(one, fresh) for one in candidates(rules))
    pairs = compare_all(columns, learnt.shared, wanted)
    probability = learnt.known(columns).probability(pairs)
    sure = np.flatnonzero(probability >= least)
    ends = {"left": pairs.left[sure], "right": pairs.right[sure], "probability": probability[sure]}
    return pl.DataFrame(ends, schema=EDGES).sort("left", "right")


def _fresh(pairs: Pairs, fresh: NDArray[np.bool_]) -> Pairs:
    some = fresh[pairs.left] | fresh[pairs.right]
    return Pairs(pairs.left[some], pairs.right[some])


def values_of(prepared: pl.DataFrame) -> pl.DataFrame:
    """The fields' values by their names."""
    return prepared.select(pl.col(name).alias(name.removeprefix(VALUE)) for name in prepared.columns if name.startswith(VALUE))


def counts_of(prepared: pl.DataFrame) -> pl.DataFrame:
    """How many records hold each value, by the fields' names."""
    return prepared.select(pl.col(name).alias(name.removeprefix(COUNT)) for name in prepared.columns if name.startswith(COUNT))
