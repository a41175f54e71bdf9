"""Dates, months and years."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.elements import element
from reportkit.elements.lunar import NONE, lunar
from reportkit.elements.numerals import whole
from reportkit.elements.shape import Scope

NOW = Scope(until=date(2026, 11, 30), future=False)
DIGITS = "〇一二三四五六七八九"


def spell(number: int) -> str:
    """1 to 99 as one says it."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def excel(day: date) -> int:
    return (day - date(1899, 12, 30)).days


@given(st.dates(date(1930, 1, 1), date(2026, 11, 30)))
def test_a_date_is_the_same_however_it_is_written(day: date) -> None:
    year = "".join(DIGITS[int(digit)] for digit in str(day.year))
    written = [
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
        f"{year}年{spell(day.month)}月{spell(day.day)}日",
        f"{year.replace('〇', '零')}年{spell(day.month)}月{spell(day.day)}号",
        f"{day} 08:30:00",
        f"{day.year}年{day.month}月{day.day}日8时30分",
        str(excel(day)),
        f"{day}T08:30:00",
    ]
    kind = element("date")
    assert {kind.normalise(one, NOW) for one in written} == {day.isoformat()}
    assert kind.check(day.isoformat(), NOW) == ""
    assert {element("month").normalise(one, NOW) for one in written} == {day.isoformat()[:7]}


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("2024-02-30", "2024-02-30", "date-impossible"),
        ("2026-13-11", "2026-13-11", "date-impossible"),
        ("2025.11.31", "2025.11.31", "date-impossible"),
        ("20260230", "20260230", "date-impossible"),
        ("2027-01-01", "2027-01-01", "date-future"),
        ("2024年3月", "2024-03", "date-incomplete"),
        ("24.3.5", "24.3.5", "date-ambiguous"),
        ("80.3.5", "1980-03-05", ""),
        ("40.11.11", "1940-11-11", ""),
        ("26.11.11", "26.11.11", "date-ambiguous"),
        ("5/3/2024", "5/3/2024", "date-ambiguous"),
        ("25/3/2024", "2024-03-25", ""),
        ("长期", "长期", ""),
        ("不详", "不详", "date-form"),
        ("2024-03-05(星期二)", "2024-03-05", ""),
    ],
)
def test_dates_that_are_wrong_or_doubtful_are_said_to_be(written: str, value: str, code: str) -> None:
    kind = element("date")
    assert (kind.normalise(written, NOW), kind.check(value, NOW)) == (value, code)


def test_a_due_date_may_lie_in_the_future() -> None:
    assert element("date").check("2027-01-01", Scope(until=NOW.until, future=True)) == ""


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("2024.10", "2024-10", ""),
        ("2024.1", "2024-01", ""),
        ("202412", "2024-12", ""),
        ("二〇一七年一月", "2017-01", ""),
        ("2024年3月份", "2024-03", ""),
        ("1977.13", "1977.13", "month-impossible"),
        ("2024", "2024", "month-incomplete"),
        ("2027.1", "2027-01", "month-future"),
        ("去年", "去年", "month-form"),
    ],
)
def test_months(written: str, value: str, code: str) -> None:
    kind = element("month")
    assert (kind.normalise(written, NOW), kind.check(value, NOW)) == (value, code)


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("2012年", "2012", ""),
        ("二〇一二年", "2012", ""),
        ("2012.5", "2012", ""),
        ("20120", "20120", "year-impossible"),
        ("2031", "2031", "year-impossible"),
        ("八十年代", "八十年代", "year-form"),
    ],
)
def test_years(written: str, value: str, code: str) -> None:
    kind = element("year")
    assert (kind.normalise(written, NOW), kind.check(value, NOW)) == (value, code)


@given(st.integers(1, 99))
def test_numerals_that_one_says_are_read_back(number: int) -> None:
    assert whole(spell(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("三百零五", 305), ("一千二百", 1200), ("两万", 20000), ("二〇二四", 2024), ("廿一", 21), ("三百五", None)],
)
def test_numerals(text: str, number: int | None) -> None:
    assert whole(text) == number


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1990-03-05", "1990-03-05", "same"),
        ("1990-03-05", "1990-03-06", "near"),
        ("1990-03-05", "1990-03-07", "near"),
        ("1990-03-05", "1980-03-05", "near"),
        ("1951-03-05", "1915-03-05", "near"),
        ("1989-03-05", "1990-03-05", "near"),
        ("1990-03-05", "1990-05-03", "near"),
        ("1990-03-12", "1990-03-21", "near"),
        ("19931333", "1993-12-33", "near"),
        ("1976-10-01", "1976-08-08", "lunar"),
        ("1990-03-05", "1990-03-28", "part"),
        ("1990-03-05", "1972-03-05", "part"),
        ("1990-03-05", "1990-10-05", "part"),
        ("1990-03-05", "1990-03", "part"),
        ("1990-03-05", "1990", "part"),
        ("1990-03-05", "1991-11-28", "distant"),
        ("1850", "1851", "distant"),
        ("1990-03-05", "1971-10-28", "differ"),
        ("1990-03-05", "长期", "differ"),
    ],
)
def test_dates_agree_by_degrees(one: str, other: str, level: str) -> None:
    kind = element("date")
    assert kind.levels[kind.compare([one], [other])[0]] == level
    assert kind.levels[kind.compare([other], [one])[0]] == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1950", "1951", "near"),
        ("1950", "1952", "near"),
        ("1950", "1960", "slip"),
        ("1951", "1915", "slip"),
        ("1950", "1983", "differ"),
    ],
)
def test_years_agree_by_degrees(one: str, other: str, level: str) -> None:
    kind = element("year")
    assert kind.levels[kind.compare([one], [other])[0]] == level


@pytest.mark.parametrize(
    ("day", "moon"),
    [
        (date(1949, 1, 29), 1949_01_01),
        (date(1976, 1, 31), 1976_01_01),
        (date(1976, 10, 1), 1976_08_08),
        (date(1984, 2, 2), 1984_01_01),
        (date(2000, 2, 5), 2000_01_01),
        (date(2020, 6, 25), 2020_05_05),
        (date(2023, 1, 22), 2023_01_01),
        (date(2023, 3, 22), 2023_02_01),
        (date(2024, 9, 17), 2024_08_15),
        (date(1900, 1, 30), NONE),
    ],
)
def test_festivals_stand_on_their_lunar_days(day: date, moon: int) -> None:
    assert moon_of(day) == moon


@given(st.dates(date(1900, 1, 31), date(2098, 1, 1)))
def test_a_lunar_day_is_followed_by_the_next_or_by_a_first(day: date) -> None:
    """Twelve or thirteen months of 29 or 30 days a year, new moon to new moon."""
    today, tomorrow = moon_of(day), moon_of(day + timedelta(days=1))
    assert NONE not in (today, tomorrow)
    assert tomorrow == today + 1 or (tomorrow % 100 == 1 and today % 100 in (29, 30))
    assert tomorrow // 100 == today // 100 or tomorrow % 100 == 1


def moon_of(day: date) -> int:
    return int(lunar(np.array([(day - date(1970, 1, 1)).days], dtype=np.int32))[0])


@pytest.mark.parametrize("raw", ["2024-03-05", "2024年3月5日", "20240305"])
def test_whole_dates_look_like_dates(raw: str) -> None:
    assert element("date").resembles(raw)


@pytest.mark.parametrize("raw", ["45356", "2024", "13812345678", "张三", "3.5", "20241399"])
def test_bare_numbers_and_names_do_not_look_like_dates(raw: str) -> None:
    assert not element("date").resembles(raw)
