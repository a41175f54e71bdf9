"""Dates: ``2024年3月5日``, ``2024.3.5``, ``45356`` → ``2024-03-05``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache, partial

import polars as pl

from reportkit.elements import days
from reportkit.elements.cuts import VALUE, cut, piece
from reportkit.elements.moments import FIRST, LAST, OPEN, read
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.standing import by
from reportkit.elements.writing import clean, none, settle

_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def normalise(raw: str, scope: Scope) -> str:
    """ISO 8601; a time is dropped; what the calendar has not comes back cleaned."""
    return raw if _ISO.fullmatch(raw) else settle(partial(_step, scope), raw)


def _step(scope: Scope, text: str) -> str:
    if _ISO.fullmatch(text):
        return text
    text = clean(text)
    if none(text):
        return ""
    moment = None if text in OPEN else read(text, scope.until)
    if moment is None or not moment.certain or not moment.possible or not moment.month:
        return text
    year_and_month = f"{moment.year:04}-{moment.month:02}"
    return f"{year_and_month}-{moment.day:02}" if moment.day else year_and_month


def check(value: str, scope: Scope) -> str:
    """Form, calendar, completeness, and the future where the scope forbids it."""
    if value in OPEN:
        return ""
    if _is_day(value):
        return "date-future" if not scope.future and value > scope.until.isoformat() else ""
    moment = read(value, scope.until)
    if moment is None:
        return "date-form"
    if not moment.possible:
        return "date-impossible"
    if not moment.certain:
        return "date-ambiguous"
    if not moment.day:
        return "date-incomplete"
    return "date-future" if not scope.future and value > scope.until.isoformat() else ""


@lru_cache(maxsize=65536)
def _is_day(value: str) -> bool:
    """Whether a text is a day of the calendar in ISO 8601, between the first and the last year that anybody means."""
    try:
        return _ISO.fullmatch(value) is not None and FIRST <= date.fromisoformat(value).year <= LAST
    except ValueError:
        return False


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Near: a slip, exchanged parts, few days. Lunar: one is the other by the lunar calendar.

    Part: two of year, month and day, or all that one states. Distant: the same year or the next.
    """
    return days.compare(left, right)


def mask(value: str) -> str:
    """Shown as it is."""
    return value


def resembles(raw: str) -> bool:
    """A whole date in digits or numerals; a bare number only with eight digits."""
    text = clean(raw)
    if text.replace(".", "").isdigit() and text.count(".") < 2 and len(text) != 8:
        return False
    moment = read(text, Scope().until)
    return moment is not None and moment.certain and moment.possible and moment.day > 0 and 1900 <= moment.year <= 2100


#: The days of the calendar, of the years that anybody means.
_DAYS = (
    "^(?:(?:18[5-9][0-9]|19[0-9]{2}|20[0-9]{2}|21[0-4][0-9])-"
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    "|(?:18(?:5[26]|[68][048]|[79][26])|(?:19|20)(?:0[48]|[2468][048]|[13579][26])|2000|21(?:0[48]|[24][048]|[13][26]))-02-29)$"
)


def _stands(texts: pl.Series, scope: Scope) -> pl.Series:
    return texts.str.contains(_DAYS) & by(texts, scope.until.isoformat(), future=scope.future)


_YEAR_AND_DAY = pl.when(VALUE.str.len_chars() == 10).then(VALUE.str.slice(0, 4) + VALUE.str.slice(7))

ELEMENT = Element(
    "date",
    normalise,
    check,
    compare,
    days.LEVELS,
    mask,
    resembles,
    Linking(
        usual=1e-3,
        agreement=(0.02, 0.01, 0.02, 0.005, 0.055, 0.89),
        parts=(
            Part("year-and-month", piece(0, 7, of=7, to=10)),
            Part("month-and-day", piece(5, None, of=10)),
            Part("year-and-day", cut(_YEAR_AND_DAY)),
        ),
        plain=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    ),
    stands=_stands,
)
