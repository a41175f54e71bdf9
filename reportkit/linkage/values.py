"""Records as integers: every field's distinct values once, their frequencies, and which of them are valid identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Column:
    """A field's values: ``codes`` (one a record, -1 where blank) into ``words``; ``share`` of each word among the filled cells.

    ``valid`` (one a word) says which words are valid identifiers; all false where the element is none.
    """

    field: LinkField
    codes: Codes
    words: tuple[str, ...]
    share: NDArray[np.float64]
    valid: Flags

    @property
    def chance(self) -> float:
        """The probability that two random filled cells hold the same word."""
        return float(np.square(self.share).sum()) if len(self.words) else 1.0


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
    return Column(field, codes, words, counts / max(counts.sum(), 1.0), _valid(words, field.element))


def _valid(words: Sequence[str], kind: str) -> Flags:
    if kind not in IDENTIFIERS:
        return np.zeros(len(words), dtype=np.bool_)
    check, scope = element(kind).check, Scope()
    return np.fromiter((check(word, scope) == "" and len(word) == 18 for word in words), dtype=np.bool_, count=len(words))
