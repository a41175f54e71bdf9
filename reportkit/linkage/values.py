"""Records as integers: every field's distinct values once, their frequencies, and which of them are valid identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.elements import element
from reportkit.elements.shape import Scope

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Elements whose valid values name one thing in the world: two that differ are two things.
IDENTIFIERS = ("identity-number", "credit-code")


@dataclass(frozen=True, slots=True)
class LinkField:
    """A field to compare. ``key``: the template's primary key holds it."""

    name: str
    element: str
    concept: str = ""
    key: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A field's values: ``codes`` (one a record, -1 where blank) into ``words``; ``counts`` of each word among the filled cells.

    ``valid`` (one a word) says which words are valid identifiers; all false where the element is none.
    """

    field: LinkField
    codes: Codes
    words: tuple[str, ...]
    counts: NDArray[np.float64]
    valid: Flags

    @property
    def share(self) -> NDArray[np.float64]:
        """Each word's share of the filled cells."""
        found: NDArray[np.float64] = self.counts / max(self.counts.sum(), 1.0)
        return found

    @cached_property
    def chance(self) -> float:
        """The probability that two records of different things hold the same word.

        Counted over pairs of different records, less the pairs that repetitions make, with a prior from the element, so that six rows
        do not think a number common because it stands there once.
        """
        filled = float(self.counts.sum())
        agreeing = float((self.counts * (self.counts - 1)).sum()) - 2 * _REPEATED * filled
        usual = _USUAL.get(self.field.element, 0.01)
        return (max(agreeing, 0.0) + _PRIOR * usual) / (max(filled * (filled - 1), 0.0) + _PRIOR)

    @cached_property
    def frequency(self) -> NDArray[np.float64]:
        """For each word the probability that a third record holds it too: how common a value is on which a pair agrees."""
        filled = float(self.counts.sum())
        found: NDArray[np.float64] = (np.maximum(self.counts - 2, 0.0) + _THIRD * self.chance) / (max(filled - 2, 0.0) + _THIRD)
        return found


#: Rows expected to repeat another, a row.
_REPEATED = 0.15
#: Weight of what is usual for an element, in pairs, and in third records.
_PRIOR, _THIRD = 200.0, 10.0
#: How often two things agree in a value by chance.
_USUAL = {
    "identity-number": 1e-8,
    "credit-code": 1e-7,
    "account": 1e-6,
    "phone": 1e-4,
    "person-name": 5e-3,
    "organisation-name": 1e-3,
    "address": 2e-3,
    "date": 1e-3,
    "month": 0.01,
    "year": 0.03,
    "amount": 0.05,
    "integer": 0.1,
    "code": 0.3,
}


def encode(records: pl.DataFrame, fields: Sequence[LinkField]) -> list[Column]:
    """Columns of the fields that hold anything at all."""
    return [column for field in fields if (column := _encode(records[field.name], field)).words]


def _encode(values: pl.Series, field: LinkField) -> Column:
    distinct = values.drop_nulls().unique().sort()
    table = pl.DataFrame({"word": distinct}).with_row_index("code")
    found = pl.DataFrame({"word": values}).join(table, on="word", how="left", maintain_order="left")["code"]
    codes = found.cast(pl.Int64).fill_null(-1).to_numpy()
    counts = np.bincount(codes[codes >= 0], minlength=distinct.len()).astype(np.float64)
    words = tuple(distinct.to_list())
    return Column(field, codes, words, counts, _valid(words, field.element))


def _valid(words: Sequence[str], kind: str) -> Flags:
    if kind not in IDENTIFIERS:
        return np.zeros(len(words), dtype=np.bool_)
    check, scope = element(kind).check, Scope()
    return np.fromiter((check(word, scope) == "" and len(word) == 18 for word in words), dtype=np.bool_, count=len(words))
