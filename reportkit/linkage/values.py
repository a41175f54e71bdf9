"""Records as integers: every field's distinct values once, their frequencies, and which of them are valid identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.elements import element
from reportkit.elements.shape import Element, Scope

Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

#: Rows expected to repeat another, a row.
REPEATED = 0.15
#: Fields of which two at a time tell how many records are repeated.
_TELLING = 3
_AT_ONCE = 2
#: From so many words on they are found by their hashes.
_MANY = 50_000
#: Weight of what is usual for an element, in pairs, and in third records.
_PRIOR, _THIRD = 200.0, 10.0


@dataclass(frozen=True, slots=True)
class LinkField:
    """A field to compare. ``key``: the template's primary key holds it."""

    name: str
    element: str
    concept: str = ""
    key: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """What is known of a field over more records than there are here: how many are filled, and the chance that two agree."""

    filled: float
    chance: float


@dataclass(frozen=True)
class Column:
    """A field's values: ``codes`` (one a record, -1 where blank) into the sorted distinct ``words``; ``counts`` of each word.

    ``valid`` (one a word) says which words are valid identifiers; all false where the element is none. ``totals``: of all records, where
    these are only some; ``counts`` are of all then.
    ``repeats``: pairs of records of one thing that are expected among all; below 0 what is usual.
    """

    field: LinkField
    codes: Codes
    words: pl.Series
    counts: Floats
    valid: Flags
    totals: Totals | None = None
    repeats: float = -1.0

    @property
    def element(self) -> Element:
        """The field's element."""
        return element(self.field.element)

    @property
    def top(self) -> int:
        """The level of values that are the same."""
        return len(self.element.levels) - 1

    @cached_property
    def whole(self) -> Flags:
        """Which words have the full form of the element's identifiers, valid or not; all false where the element is none."""
        linking = self.element.linking
        found: Flags = np.zeros(len(self.words), dtype=np.bool_)
        return self.words.str.contains(linking.plain).to_numpy() if linking.identifies and linking.plain else found

    @cached_property
    def usual(self) -> Floats:
        """The probability of each level between two records of one thing, before anything is seen."""
        given = self.element.linking.agreement
        middle = self.top - 1
        shape = np.array(given or [0.05, *([0.1 / middle] * middle if middle > 0 else []), 0.85])
        found: Floats = shape / shape.sum()
        return found

    @cached_property
    def filled(self) -> float:
        """Number of records that hold a value."""
        return self.totals.filled if self.totals else float(self.counts.sum())

    @cached_property
    def chance(self) -> float:
        """The probability that two records of different things hold the same word.

        Counted over pairs of different records, less the pairs that repetitions make, with a prior from the element, so that six rows
        do not think a number common because it stands there once.
        """
        if self.totals:
            return self.totals.chance
        repeated = REPEATED * self.filled if self.repeats < 0 else self.repeats * float(self.usual[-1]) * self.share_filled**2
        usual = self.element.linking.usual
        return (2 * max(self.agreeing - repeated, 0.0) + _PRIOR * usual) / (max(self.filled * (self.filled - 1), 0.0) + _PRIOR)

    @property
    def agreeing(self) -> float:
        """Pairs of records that hold the same word."""
        return float((self.counts * (self.counts - 1)).sum()) / 2

    @property
    def share_filled(self) -> float:
        """Share of the records that hold a value."""
        return self.filled / max(len(self.codes), 1)

    @cached_property
    def frequency(self) -> Floats:
        """For each word the probability that a third record holds it too: how common a value is on which a pair agrees."""
        found: Floats = (np.maximum(self.counts - 2, 0.0) + _THIRD * self.chance) / (max(self.filled - 2, 0.0) + _THIRD)
        return found


def encode(records: pl.DataFrame, fields: Sequence[LinkField]) -> list[Column]:
    """Columns of the fields that hold anything at all."""
    columns = [encode_one(records[field.name], field) for field in fields]
    return [column for column in columns if len(column.words)]


def counted(columns: Sequence[Column]) -> list[Column]:
    """The columns with the pairs of records of one thing that are to be expected: those that agree in two telling fields at once.

    What agrees in a field beyond these agrees by chance. Without a second field it is what is usual.
    """
    telling = sorted((column for column in columns if len(column.words) > 1), key=lambda column: column.agreeing)[:_TELLING]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        both = list(pool.map(lambda pair: _together(*pair), combinations(telling, 2)))
    return [replace(column, repeats=min(both)) for column in columns] if both else list(columns)


def _together(one: Column, other: Column) -> float:
    """Pairs of one thing, reckoned from those that agree in both fields."""
    codes = np.where((one.codes >= 0) & (other.codes >= 0), one.codes.astype(np.int64) * len(other.words) + other.codes, -1)
    sizes = pl.Series(codes[codes >= 0]).value_counts()["count"].to_numpy().astype(np.float64)
    often = float(one.usual[-1] * other.usual[-1]) * (one.share_filled * other.share_filled) ** 2
    return float((sizes * (sizes - 1)).sum()) / 2 / max(often, 0.05)


def encode_one(values: pl.Series, field: LinkField) -> Column:
    """A column of one field's values (String, null where blank)."""
    words = values.drop_nulls().unique().sort()
    codes = numbered(values, words)
    counts = np.bincount(codes[codes >= 0], minlength=len(words)).astype(np.float64)
    return Column(field, codes, words, counts, _valid(words, field.element))


def numbered(values: pl.Series, words: pl.Series) -> Codes:
    """The place of each value among distinct words that hold every value; -1 for a null."""
    if len(words) > _MANY:
        hashes = words.hash()
        if hashes.n_unique() == len(words):
            # Where no two words have one hash, hashes find the places, in half the time.
            there = values.is_not_null()
            values, words = pl.select(pl.when(there).then(values.hash())).to_series(), hashes
    table = pl.DataFrame({"word": words}).with_row_index("code")
    found = pl.DataFrame({"word": values}).join(table, on="word", how="left", maintain_order="left")["code"]
    return found.cast(pl.Int32).fill_null(-1).to_numpy()


def _valid(words: pl.Series, kind: str) -> Flags:
    """Valid identifiers: the element's check finds nothing, and they have the full length of their kind."""
    one = element(kind)
    if not one.linking.identifies:
        return np.zeros(len(words), dtype=np.bool_)
    if one.linking.valid is not None:
        return one.linking.valid(words).to_numpy()
    scope = Scope()
    told = np.fromiter((one.check(word, scope) == "" for word in words), dtype=np.bool_, count=len(words))
    return np.asarray(told & words.str.contains(one.linking.plain).to_numpy(), dtype=np.bool_)
