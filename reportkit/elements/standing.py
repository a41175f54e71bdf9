"""Which values of a column stand as they are: canonical as written, and right. Told of a whole column at once.

Most values of most lists are such; only the others are read one by one. An element that cannot tell so of a value says no.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import polars as pl

from reportkit.elements.shape import Scope
from reportkit.elements.writing import NONE

#: Texts (String, no nulls) → which of them stand as they are (Boolean, no nulls).
Stands = Callable[[pl.Series, Scope], pl.Series]

#: So many digits a float holds exactly; with more, numbers are compared one by one.
_DIGITS = 15


def matching(pattern: str) -> Stands:
    """What matches a regular expression of polars and is no word for nothing."""

    def stands(texts: pl.Series, _scope: Scope) -> pl.Series:
        return texts.str.contains(pattern) & ~texts.is_in(NONE)

    return stands


def numbers(pattern: str, listed: Callable[[tuple[str, ...]], frozenset[Decimal]], spell: Callable[[Decimal], str]) -> Stands:
    """Numbers that are written as ``pattern`` says, none of them negative, within bounds and on the list where there is one.

    Args:
        pattern: of numbers that are canonical as they stand.
        listed: the numbers that a code list names.
        spell: a number in its canonical form.
    """

    def stands(texts: pl.Series, scope: Scope) -> pl.Series:
        right = texts.str.contains(pattern) & (texts.str.len_bytes() <= _DIGITS)
        if scope.values:
            right &= texts.is_in([spell(number) for number in listed(scope.values)])
        if scope.minimum is not None or scope.maximum is not None:
            figures = pl.select(pl.when(right).then(texts)).to_series().cast(pl.Float64)
            low, high = (-1.0 if scope.minimum is None else scope.minimum), scope.maximum
            within = (figures >= low) if high is None else figures.is_between(low, high)
            right &= within.fill_null(value=False)
        return right

    return stands


def on_list(texts: pl.Series, scope: Scope) -> pl.Series:
    """Values of the code list, in its own spelling."""
    return texts.is_in(scope.values)


def by(texts: pl.Series, last: str, *, future: bool) -> pl.Series:
    """Which ISO dates or months are not after the last one that may be."""
    return pl.repeat(value=True, n=len(texts), dtype=pl.Boolean, eager=True) if future else texts <= last
