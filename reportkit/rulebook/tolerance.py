"""By how much the two sides of a rule may differ, and what only looks like a difference because floats are binary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from reportkit.periods import Period
from reportkit.rulebook.functions import expand
from reportkit.rulebook.tokens import Sort, Token, spell
from reportkit.rulebook.trial import safely

#: No figure of an office is stated to so many decimals.
NOISE = 1e-9
#: What a sum of some tens of floats may lose of its largest term.
_LOST = 1e-14


def margin(text: str, right: pl.Expr, auto: pl.Expr | float) -> pl.Expr | float:
    """``0.5`` → itself; ``5%`` → that share of the right side; ``auto`` → what the declared decimals leave open."""
    if text == "auto":
        return auto
    return right.abs() * (float(text[:-1]) / 100) if text.endswith("%") else float(text)


def open_interval(tokens: Sequence[Token], decimals: Mapping[str, int], period: Period) -> pl.Expr | float:
    """By how much left less right may move while every term stays within half a unit of its last declared decimal.

    A value with d decimals stands for itself ± 0.5·10^-d (Eurofiling, EBA); one that declares none is exact. Where terms are only
    added that is the sum of the halves; else each term is moved by its half and what the difference moves by is added up.
    """
    named = [token.text for token in tokens if token.sort is Sort.NAME and token.text in decimals]
    if all(token.sort in (Sort.NAME, Sort.NUMBER) or token.sign("+", "-", "(", ")") for token in tokens):
        return float(sum(_half(decimals[name]) for name in named))
    at_rest = _difference(tokens, period)
    moved = (_difference(_move(tokens, name, _half(decimals[name])), period) for name in dict.fromkeys(named))
    return sum(((one - at_rest).abs().fill_null(0.0) for one in moved), start=pl.lit(0.0))


def _half(decimals: int) -> float:
    return 0.5 * 10.0**-decimals


def _move(tokens: Iterable[Token], name: str, by: float) -> list[Token]:
    moved = Token(Sort.SQL, f"({Token(Sort.NAME, name).spelt} + {by:.12f})")
    return [moved if token.sort is Sort.NAME and token.text == name else token for token in tokens]


def _difference(tokens: Sequence[Token], period: Period) -> pl.Expr:
    sql = spell(expand(tokens, period))
    return safely(lambda: pl.sql_expr(sql)).cast(pl.Float64)


def lost(sides: tuple[pl.Expr, pl.Expr], fields: Iterable[str]) -> pl.Expr:
    """What floats may have lost on the way to a difference of two sides of these numbers."""
    sizes = [*(side.cast(pl.Float64).abs() for side in sides), *(pl.col(name).cast(pl.Float64).abs() for name in fields)]
    return pl.sum_horizontal(sizes) * _LOST + NOISE
