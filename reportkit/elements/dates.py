"""Dates: ``2024年3月5日``, ``2024.3.5``, ``45356`` → ``2024-03-05``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache, partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.elements.cuts import VALUE, cut, piece
from reportkit.elements.distances import equal, matrix, unequal
from reportkit.elements.moments import FIRST, LAST, OPEN, read
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
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
    """Near: one digit or at most three days apart. Part: the same month or the same birthday, or day and month exchanged."""
    levels: Levels = np.where(equal(left, right), 3, 0).astype(np.uint8)
    whole = [at for at in unequal(levels) if len(left[at]) == len(right[at]) == 10]
    if whole:
        levels[whole] = _apart([left[at] for at in whole], [right[at] for at in whole])
    return levels


def _apart(left: list[str], right: list[str]) -> Levels:
    one, two = matrix(left).astype(np.int64) - 48, matrix(right).astype(np.int64) - 48
    slip = (one != two).sum(axis=1) == 1
    few = np.abs(_days(one) - _days(two)) <= 3
    same = one == two
    month = same[:, :7].all(axis=1)
    birthday = same[:, 5:].all(axis=1)
    exchanged = same[:, :4].all(axis=1) & (one[:, 5:7] == two[:, 8:]).all(axis=1) & (one[:, 8:] == two[:, 5:7]).all(axis=1)
    return np.where(slip | few, 2, np.where(month | birthday | exchanged, 1, 0)).astype(np.uint8)


def _days(digits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days since 1970; for a text of ten characters that is no date some number that means nothing."""
    years = digits[:, :4] @ np.array([1000, 100, 10, 1])
    months = years * 12 + digits[:, 5:7] @ np.array([10, 1]) - 1 - 1970 * 12
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.asarray(first + digits[:, 8:] @ np.array([10, 1]) - 1, dtype=np.int64)


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


_YEAR_AND_DAY = pl.when(VALUE.str.len_chars() == 10).then(VALUE.str.slice(0, 4) + VALUE.str.slice(7))

ELEMENT = Element(
    "date",
    normalise,
    check,
    compare,
    ("differ", "part", "near", "same"),
    mask,
    resembles,
    Linking(
        usual=1e-3,
        agreement=(0.03, 0.02, 0.05, 0.9),
        parts=(
            Part("year-and-month", piece(0, 7, of=7, to=10)),
            Part("month-and-day", piece(5, None, of=10)),
            Part("year-and-day", cut(_YEAR_AND_DAY)),
        ),
        plain=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    ),
)
