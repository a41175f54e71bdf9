"""A rule tried before it is used: by the parser, on no rows, on a row of blanks and on a row of ordinary values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TypeVar

import polars as pl

from reportkit.rulebook.broken import Broken
from reportkit.rulebook.functions import tell, told_columns

T = TypeVar("T")
_ORDINARY: Mapping[pl.DataType, object] = {
    pl.String(): "甲",
    pl.Float64(): 1.0,
    pl.Int64(): 1,
    pl.Date(): date(2026, 1, 1),
}


def safely(action: Callable[[], T]) -> T:
    """What an action gives; the engine's panics are no ``Exception`` and would end the program.

    Raises:
        Broken: whatever the action raised, but for the user's own interrupt.
    """
    try:
        return action()
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, Broken):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the engine is no Exception
        raise Broken(
            "rule-syntax", why=str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        ) from None


def probes(kinds: Mapping[str, pl.DataType]) -> list[pl.DataFrame]:
    """No rows; a row of blanks; a row of ordinary values."""
    schema = pl.Schema(kinds)
    blank, plain = dict.fromkeys(kinds), {name: _ORDINARY.get(to) for name, to in kinds.items()}
    return [pl.DataFrame(schema=schema), pl.DataFrame([blank], schema=schema), pl.DataFrame([plain], schema=schema)]


def compiled(sql: str, kinds: Mapping[str, pl.DataType]) -> tuple[pl.Expr, pl.DataType]:
    """An expression and what it gives.

    Raises:
        Broken: the engine cannot read it, or cannot run it on columns of these kinds.
    """
    expression = safely(lambda: pl.sql_expr(sql))
    told = told_columns(sql)
    for holder in told.values():
        if kinds[holder] != pl.String():
            raise Broken("rule-arguments-field", function=holder)
    for probe in probes(kinds):
        seen = probe.with_columns(tell(column, holder) for column, holder in told.items())
        given = safely(partial(_kind, seen, expression))
    return expression, given


def _kind(frame: pl.DataFrame, expression: pl.Expr) -> pl.DataType:
    return frame.select(expression.alias("")).to_series().dtype
