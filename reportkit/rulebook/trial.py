"""A rule tried before it is used: by the parser, on no rows, on a row of blanks and on a row of ordinary values."""

from __future__ import annotations

import re
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
    tried = [probe.with_columns(tell(column, holder) for column, holder in told.items()) for probe in probes(kinds)]
    # Before it is run: what is held against another kind is told in our words, not in the engine's.
    safely(partial(_all_of_one_kind, tried[0], expression))
    for seen in tried:
        given = safely(partial(_kind, seen, expression))
    return expression, given


def _kind(frame: pl.DataFrame, expression: pl.Expr) -> pl.DataType:
    return frame.select(expression.alias("")).to_series().dtype


def _all_of_one_kind(frame: pl.DataFrame, expression: pl.Expr) -> None:
    """Polars would hold a day against a number, and string texts together that are added.

    Raises:
        Broken: both sides of a sign somewhere in the expression are not of one kind, or texts are added.
    """
    nodes, parts = _tree(expression)
    kinds = frame.lazy().select(node.alias(str(at)) for at, node in enumerate(nodes)).collect_schema().dtypes()
    for node, kind, inner in zip(nodes, kinds, parts, strict=True):
        if len(inner) == 2 and _is_sign(node):
            _of_one_kind([(nodes[at], kinds[at]) for at in reversed(inner)], kind)


def _is_sign(node: pl.Expr) -> bool:
    told = str(node)
    return told.startswith("[(") and told.endswith(")]")


def _tree(expression: pl.Expr) -> tuple[list[pl.Expr], list[range]]:
    """An expression and all it is made of, and where the parts of each stand, the last first."""
    nodes, parts = [expression], []
    for node in nodes:  # grows while it is walked: a rule of many terms is too deep for a function that calls itself
        inner = node.meta.pop()
        parts.append(range(len(nodes), len(nodes) + len(inner)))
        nodes += inner
    return nodes, parts


def _of_one_kind(sides: list[tuple[pl.Expr, pl.DataType]], kind: pl.DataType) -> None:
    (left, of_left), (right, of_right) = sides
    families = [family(of_left), family(of_right)]
    if kind == pl.String() and not all(str(side).endswith(".cast(String)") for side in (left, right)):
        raise Broken("rule-text-reckoned", field=_told(left), sign="+")
    if kind == pl.Boolean() and set(families) == {"duration", "number"}:
        raise Broken("rule-days", text=_told(left if families[0] == "duration" else right))
    if kind == pl.Boolean() and len(set(families) - {"null"}) > 1:
        raise Broken("rule-kinds", left=_told(left), right=_told(right))


def family(kind: pl.DataType) -> str:
    """Kinds that are held against each other: all numbers are one."""
    return "number" if kind.is_numeric() else "text" if kind == pl.String() else kind.base_type().__name__.lower()


def _told(side: pl.Expr) -> str:
    """``[(col("a")) - (col("b"))]`` → ``a - b``."""
    return re.sub(r'col\("([^"]*)"\)|dyn (?:int|float): ', r"\1", str(side)).translate(_BRACKETS)


_BRACKETS = str.maketrans("", "", "[]()")
