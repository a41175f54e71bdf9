"""Amounts, areas, rates: ``1,200.00元`` → ``1200``; in a column of 万元 ``16万元`` → ``16``."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache, partial

from reportkit import arrays as np
from reportkit.elements.figures import PLAIN, canonical, read
from reportkit.elements.pairing import Pairing
from reportkit.elements.shape import Element, Levels, Linking, Scope
from reportkit.elements.standing import numbers
from reportkit.elements.writing import clean, none, settle


def normalise(raw: str, scope: Scope) -> str:
    """A plain decimal; what states no number comes back cleaned."""
    return raw if PLAIN.fullmatch(raw) and raw != "-0" else settle(partial(_step, scope), raw)


def _step(scope: Scope, text: str) -> str:
    text = clean(text)
    if none(text):
        return ""
    if PLAIN.fullmatch(text) and text != "-0":
        return text
    number = read(text, scope.unit)
    return text if number is None else canonical(number)


def check(value: str, scope: Scope) -> str:
    """A number, not negative unless the minimum is, within bounds, one of the listed amounts."""
    number = read(value, scope.unit)
    if number is None:
        return "not-a-number"
    if number < 0 and (scope.minimum is None or scope.minimum >= 0):
        return "amount-negative"
    if outside(number, scope):
        return "number-outside"
    return "code-unknown" if scope.values and number not in listed(scope.values) else ""


def outside(number: Decimal, scope: Scope) -> bool:
    """Whether a number lies beyond the scope's bounds."""
    low, high = scope.minimum, scope.maximum
    return (low is not None and number < Decimal(str(low))) or (high is not None and number > Decimal(str(high)))


@lru_cache(maxsize=256)
def listed(values: tuple[str, ...]) -> frozenset[Decimal]:
    """The numbers that a code list names."""
    return frozenset(number for value in values if (number := read(value, "")) is not None)


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Near: at most 5 % apart."""
    pairs = Pairing.of(left, right)
    numbers = np.array([float(word) if PLAIN.fullmatch(word) else np.nan for word in pairs.words], dtype=np.float64)
    one, two = numbers[pairs.left], numbers[pairs.right]
    near = np.abs(one - two) <= 0.05 * np.maximum(np.abs(one), np.abs(two))
    levels: Levels = np.select([pairs.equal, near], [2, 1], 0).astype(np.uint8)
    return levels


def mask(value: str) -> str:
    """Shown as it is."""
    return value


def resembles(raw: str) -> bool:
    """A number with at most 14 digits before the point, with or without currency and unit."""
    return PLAIN.fullmatch(normalise(raw, Scope())) is not None


ELEMENT = Element(
    "amount",
    normalise,
    check,
    compare,
    ("differ", "near", "same"),
    mask,
    resembles,
    Linking(usual=0.05, agreement=(0.15, 0.05, 0.8), plain=r"^[1-9][0-9]{0,13}$"),
    stands=numbers(r"^(0|[1-9][0-9]{0,13})(\.[0-9]{0,7}[1-9])?$", listed, canonical),
)
