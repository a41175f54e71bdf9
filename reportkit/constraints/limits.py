"""The constraints of a field as expressions: what a cell has to be, each with the code of what is said where it is not.

Every constraint but ``required`` lets a blank pass, as the standard says; a value that is not of its type is held to nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from reportkit.constraints.kinds import fits, ordered, ordinal
from reportkit.elements import element
from reportkit.elements.shape import Scope
from reportkit.templates import Field

#: Elements that hold their values to a list, and to bounds that are numbers.
_LISTING = frozenset({"code", "amount", "integer"})
BOUNDING = frozenset({"amount", "integer"})
#: So many values of a list are named in a message.
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Limit:
    """``bad``: true where a field's value breaks it; ``detail``: the bound, as the message says it."""

    code: str
    bad: pl.Expr
    detail: str = ""


def limits(field: Field) -> Iterator[Limit]:
    """What a field's values are held to, over a column of its name that is null where there is nothing to judge."""
    fine = fits(field)
    value = pl.col(field.name)
    if fine is not None:
        told = "、".join([*field.trueValues, *field.falseValues]) if field.type == "boolean" else field.format
        yield Limit("type-format" if field.type == "string" else f"type-{field.type}", ~fine, told)
        value = pl.when(fine).then(value)
    yield from _texts(field, value)
    yield from _bounds(field, value)


def whole(pattern: str) -> str:
    """A pattern of Table Schema, which speaks of whole values, as polars searches for it."""
    return f"^(?:{pattern})$"


def _texts(field: Field, value: pl.Expr) -> Iterator[Limit]:
    given = field.constraints
    if given.pattern:
        yield Limit("pattern-differs", ~value.str.contains(whole(given.pattern)), given.pattern)
    if given.enum and field.element not in _LISTING:
        kind = element(field.element)
        allowed = {*given.enum, *(kind.normalise(one, Scope()) for one in given.enum)} - {""}
        more = "…" if len(given.enum) > _NAMED else ""
        yield Limit("value-not-listed", ~value.is_in(sorted(allowed)), "、".join(given.enum[:_NAMED]) + more)
    if given.minLength is not None:
        yield Limit("too-short", value.str.len_chars() < given.minLength, str(given.minLength))
    if given.maxLength is not None:
        yield Limit("too-long", value.str.len_chars() > given.maxLength, str(given.maxLength))


def _bounds(field: Field, value: pl.Expr) -> Iterator[Limit]:
    """A date is compared as a date, whatever its format; what cannot be compared passes."""
    if not ordered(field):
        return
    given, at = field.constraints, ordinal(field, value)
    # An element that knows its bounds has held its values to them already.
    low, high = (None, None) if field.element in BOUNDING else (given.minimum, given.maximum)
    for code, most, breaks in (
        ("below-minimum", low, pl.Expr.lt),
        ("above-maximum", high, pl.Expr.gt),
        ("not-above", given.exclusiveMinimum, pl.Expr.le),
        ("not-below", given.exclusiveMaximum, pl.Expr.ge),
    ):
        if most is not None:
            yield Limit(code, breaks(at, bound(field, most)), spelt(most))


def bound(field: Field, given: float | str) -> pl.Expr:
    """A bound as its field's values are compared; null where it is none."""
    return ordinal(field, pl.lit(spelt(given)))


def spelt(given: float | str) -> str:
    """A bound as a person writes it: 80.0 → ``80``."""
    return f"{int(given)}" if isinstance(given, float) and given.is_integer() else str(given)
