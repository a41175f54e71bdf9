"""Months: ``2024年3月``, ``2024.3``, ``202403``, any date → ``2024-03``.

``2024.10`` typed as a number reaches us as ``2024.1``: it is read as January, as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

import polars as pl

from reportkit.elements.distances import graded
from reportkit.elements.moments import OPEN, read
from reportkit.elements.shape import Element, Levels, Linking, Scope
from reportkit.elements.standing import by
from reportkit.elements.writing import clean, none, settle

_ISO = re.compile(r"\d{4}-\d\d", re.ASCII)
_ALONE = re.compile(r"(?:0?[1-9]|1[0-2])月?(?:份)?", re.ASCII)


def normalise(raw: str, scope: Scope) -> str:
    """ISO 8601; what the calendar has not comes back cleaned."""
    return raw if _ISO.fullmatch(raw) else settle(partial(_step, scope), raw)


def _step(scope: Scope, text: str) -> str:
    text = clean(text)
    if none(text):
        return ""
    moment = None if text in OPEN else read(_bare(text), scope.until)
    if moment is None or not moment.certain or not moment.possible or not moment.month:
        return text
    return f"{moment.year:04}-{moment.month:02}"


def _bare(text: str) -> str:
    return text.removesuffix("份")


def check(value: str, scope: Scope) -> str:
    """Form, calendar, completeness, and the future where the scope forbids it."""
    if value in OPEN:
        return ""
    if _ALONE.fullmatch(value):
        return "month-incomplete"
    moment = read(_bare(value), scope.until)
    if moment is None:
        return "month-form"
    if not moment.possible:
        return "month-impossible"
    if not moment.certain:
        return "date-ambiguous"
    if not moment.month:
        return "month-incomplete"
    return "month-future" if not scope.future and value > scope.until.isoformat()[:7] else ""


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Near: one month apart, or the same month of another year."""
    return graded(left, right, 2, _near)


def _near(left: str, right: str) -> bool:
    if not (_ISO.fullmatch(left) and _ISO.fullmatch(right)):
        return False
    apart = 12 * (int(left[:4]) - int(right[:4])) + int(left[5:]) - int(right[5:])
    return abs(apart) == 1 or left[5:] == right[5:]


def mask(value: str) -> str:
    """Shown as it is."""
    return value


def resembles(raw: str) -> bool:
    """Year and month without a day."""
    text = clean(raw)
    if text.isdigit() and len(text) != 6:
        return False
    moment = read(_bare(text), Scope().until)
    if moment is None or not moment.certain or not moment.possible:
        return False
    return moment.month > 0 and not moment.day and 1900 <= moment.year <= 2100


_STANDS = "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"


def _stands(texts: pl.Series, scope: Scope) -> pl.Series:
    return texts.str.contains(_STANDS) & by(texts, scope.until.isoformat()[:7], future=scope.future)


ELEMENT = Element(
    "month",
    normalise,
    check,
    compare,
    ("differ", "near", "same"),
    mask,
    resembles,
    Linking(usual=0.01, agreement=(0.05, 0.05, 0.9), plain=_STANDS),
    stands=_stands,
)
