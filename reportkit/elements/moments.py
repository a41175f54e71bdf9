"""Dates as offices write them: 2024年3月5日, 2024.3.5, 20240305, 二〇二四年三月五日, Excel's serial numbers, with a time or not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from reportkit.elements.numerals import whole
from reportkit.elements.writing import clean, words

_TIME = re.compile(
    r"(?:[T ]|(?<=[日号])) ?(?:[上下]午|凌晨|早上|晚上|中午)?\d{1,2}[:时点].*$|(?<=^\d{8})[ T]?\d{4,6}$",
    re.ASCII,
)
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
_HAN_ZERO = re.compile("(?<=[一二三四五六七八九〇零○])[Oo0](?=[一二三四五六七八九〇零○Oo0年])")
_HAN = re.compile("[〇零○一二三四五六七八九十廿卅]+")
_SPACED = re.compile(r" ?([-./年月日号、]) ?")

_FULL = re.compile(r"(\d{4})[-./年、_\\](\d{1,2})(?:[-./月、_\\](\d{1,2}))?[日号月.]?", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?:年度?)?", re.ASCII)
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})?", re.ASCII)
_SHORT = re.compile(r"(\d{2})[-./年、](\d{1,2})(?:[-./月、](\d{1,2}))?[日号月.]?", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{2})年", re.ASCII)
_DAYFIRST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})", re.ASCII)
_SERIAL = re.compile(r"(\d{4,5})(?:\.\d+)?", re.ASCII)

#: Ends that have no day.
OPEN = words("长期 长期有效 至今 永久 永久有效 现在 今")

#: Years that a date is taken for one.
FIRST, LAST = 1850, 2150
_EPOCH = date(1899, 12, 30)


class Moment(NamedTuple):
    """What a text states; 0 for a part that it leaves out. A year below 100 means that the century is not certain."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def certain(self) -> bool:
        """Whether the text can be read in one way only."""
        return self.year >= 100

    @property
    def possible(self) -> bool:
        """Whether the calendar has it."""
        try:
            date(self.year if self.certain else 2000, self.month or 1, self.day or 1)
        except ValueError:
            return False
        return not self.certain or FIRST <= self.year <= LAST


def read(text: str, until: date) -> Moment | None:
    """What a text states, whether the calendar has it or not; None where it is no date at all.

    A year of two digits is read only where one century is possible: after ``until``'s own it is 19xx.
    """
    if _FULL.fullmatch(text) is None:
        text = _plain(text)
    if match := _FULL.fullmatch(text) or _YEAR.fullmatch(text):
        moment = Moment(*(int(part or 0) for part in match.groups()))
        return _serial(text) or moment if moment.year > LAST and match.re is _YEAR else moment
    if match := _RUN.fullmatch(text):
        moment = Moment(*(int(part or 0) for part in match.groups()))
        if FIRST <= moment.year <= LAST or len(text) == 8:
            return moment
        return _short(text[:2], text[2:4], text[4:], until)
    if match := _SHORT.fullmatch(text):
        return _short(match[1], match[2], match[3], until)
    if match := _SHORT_YEAR.fullmatch(text):
        return _short(match[1], "", "", until)
    if match := _DAYFIRST.fullmatch(text):
        return _day_or_month_first(*map(int, match.groups()))
    return _serial(text)


def _plain(text: str) -> str:
    """Without time and weekday, Chinese numerals as digits, one separator."""
    text = _WEEKDAY.sub("", clean(text)).strip()
    text = _TIME.sub("", text).replace("元月", "1月")
    text = _HAN.sub(_figures, _HAN_ZERO.sub("〇", text))
    return _SPACED.sub(r"\1", text).replace(" ", "-")


def _figures(match: re.Match[str]) -> str:
    number = whole(match[0])
    return match[0] if number is None else str(number)


def _short(year: str, month: str, day: str | None, until: date) -> Moment:
    number = int(year)
    pivot = until.year % 100 if until.year < 2100 else 49
    return Moment(1900 + number if number > pivot else number, int(month or 0), int(day or 0))


def _day_or_month_first(one: int, two: int, year: int) -> Moment:
    if one > 12:
        return Moment(year, two, one)
    if two > 12 or one == two:
        return Moment(year, one, two)
    return Moment(0, one, two)


def _serial(text: str) -> Moment | None:
    """Excel's day numbers, 1905 to 2100; 1900–2100 alone is a year."""
    match = _SERIAL.fullmatch(text)
    if not match or not 2100 < int(match[1]) < 73051:
        return None
    day = _EPOCH + timedelta(days=int(match[1]))
    return Moment(day.year, day.month, day.day)
