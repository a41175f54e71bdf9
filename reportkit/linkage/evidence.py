"""Why a pair was held to be one thing: what every field says, in bits."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.linkage.comparison import MISSING, Levels
from reportkit.linkage.learning import Known
from reportkit.linkage.model import Bits, field_terms, weight
from reportkit.linkage.patterns import rarity
from reportkit.linkage.scoring import Compared, classes_of, count_patterns
from reportkit.linkage.values import Column

#: What a field says of a pair; the prior odds stand under no field.
SCHEMA = pl.Schema(
    {"left": pl.UInt32(), "right": pl.UInt32(), "field": pl.String(), "level": pl.String(), "weight": pl.Float64()}
)
PRIOR = "prior"


def weights(known: Known, pairs: Compared, ids: NDArray[np.uint32]) -> pl.DataFrame:
    """``SCHEMA``: a line a pair and field that says anything; a pair's weights add up to its weight from the cut on.

    A field's weight compares the likeliest class of one thing with the likeliest class of others: a phone that is a household's in both
    says nothing.
    """
    if not pairs.number:
        return SCHEMA.to_frame()
    model, columns = known.model, known.columns
    patterns = count_patterns(pairs, np.zeros(pairs.number, dtype=np.uint8))
    classes = classes_of(model, pairs, patterns)
    moved = classes[1] > classes[0]
    house = classes[2] > classes[3]
    left, right = _ordered(ids[pairs.left], ids[pairs.right])
    parts = []
    rest = weight(classes) - known.cut
    for f, (column, terms) in enumerate(zip(columns, field_terms(model, pairs.levels), strict=True)):
        rare = rarity(column, pairs.levels[f], pairs.left).astype(np.float64)
        bits = _field(terms, rare, shared=bool(model.shared[f]), moved=moved, house=house)
        rest = rest - bits
        parts.append(_lines(left, right, column, pairs.levels[f], bits))
    prior = pl.DataFrame({"left": left, "right": right, "field": "", "level": PRIOR, "weight": rest}, schema=SCHEMA)
    order = pl.Enum([*(column.field.name for column in columns), ""])
    return pl.concat([*parts, prior]).sort("left", "right", pl.col("field").cast(order))


def _field(
    terms: tuple[Bits, Bits, Bits], rare: Bits, *, shared: bool, moved: NDArray[np.bool_], house: NDArray[np.bool_]
) -> Bits:
    m, near, other = terms
    by_chance = other - rare
    if shared:
        return np.asarray(np.where(moved, by_chance, m) - np.where(house, m, by_chance))
    return np.asarray(m - np.where(house, np.maximum(near, by_chance), by_chance))


def _lines(left: NDArray[np.uint32], right: NDArray[np.uint32], column: Column, levels: Levels, bits: Bits) -> pl.DataFrame:
    said = levels != MISSING
    names = np.array(column.element.levels)[levels[said]]
    lines = {"left": left[said], "right": right[said], "field": column.field.name, "level": names, "weight": bits[said]}
    return pl.DataFrame(lines, schema=SCHEMA)


def _ordered(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    return np.minimum(one, other), np.maximum(one, other)
