"""Counts and ages: ``3人`` → ``3``, ``65周岁`` → ``65``, ``两个`` → ``2``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from reportkit.elements.amount import listed, outside
from reportkit.elements.distances import graded
from reportkit.elements.figures import canonical, read
from reportkit.elements.shape import Element, Levels, Linking, Scope
from reportkit.elements.standing import numbers
from reportkit.elements.writing import clean, none, settle

_PLAIN = re.compile(r"0|[1-9]\d{0,13}", re.ASCII)
_WHOLE = re.compile(r"-?\d+", re.ASCII)


def normalise(raw: str, scope: Scope) -> str:
    """Digits; what states no number comes back cleaned."""
    return raw if _PLAIN.fullmatch(raw) else settle(partial(_step, scope), raw)


def _step(_scope: Scope, text: str) -> str:
    text = clean(text)
    if none(text):
        return ""
    number = read(text, "")
    return text if number is None else canonical(number)


def check(value: str, scope: Scope) -> str:
    """A whole number, not negative unless the minimum is, within bounds."""
    number = read(value, "")
    if number is None:
        return "not-a-number"
    if number != number.to_integral_value():
        return "integer-fraction"
    if number < 0 and (scope.minimum is None or scope.minimum >= 0):
        return "integer-negative"
    if outside(number, scope):
        return "number-outside"
    return "code-unknown" if scope.values and number not in listed(scope.values) else ""


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Near: one apart, or at most 5 %."""
    return graded(left, right, 2, _near)


def _near(left: str, right: str) -> bool:
    if not (_WHOLE.fullmatch(left) and _WHOLE.fullmatch(right)):
        return False
    one, two = Decimal(left), Decimal(right)
    return abs(one - two) <= max(Decimal(1), max(abs(one), abs(two)) / 20)


def mask(value: str) -> str:
    """Shown as it is."""
    return value


def resembles(raw: str) -> bool:
    """A whole number of at most nine digits, with or without a unit."""
    found = normalise(raw, Scope())
    return _PLAIN.fullmatch(found) is not None and len(found) < 10


_STANDS = "^(0|[1-9][0-9]{0,13})$"

ELEMENT = Element(
    "integer",
    normalise,
    check,
    compare,
    ("differ", "near", "same"),
    mask,
    resembles,
    Linking(usual=0.1, agreement=(0.1, 0.1, 0.8), plain=_STANDS),
    stands=numbers(_STANDS, listed, canonical),
)
