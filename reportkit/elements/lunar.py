"""The Chinese lunar calendar, 1900–2098: which day of it a date is. Many older people give their birthday by it.

The lengths of the months are facts of the calendar (GB/T 33661-2017; Hong Kong Observatory, "Gregorian-Lunar Calendar Conversion Table").
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from reportkit import arrays as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


#: No date of the lunar calendar.
NONE = -1

#: A year each: bit 16 whether the leap month has 30 days, bits 15 to 4 whether months 1 to 12 have, bits 3 to 0 which month has a leap month
#: behind it.
_YEARS = """
    04bd8 04ae0 0a570 054d5 0d260 0d950 16554 056a0 09ad0 055d2 04ae0 0a5b6 0a4d0 0d250 1d255 0b540 0d6a0 0ada2 095b0 14977
    04970 0a4b0 0b4b5 06a50 06d40 1ab54 02b60 09570 052f2 04970 06566 0d4a0 0ea50 06e95 05ad0 02b60 186e3 092e0 1c8d7 0c950
    0d4a0 1d8a6 0b550 056a0 1a5b4 025d0 092d0 0d2b2 0a950 0b557 06ca0 0b550 15355 04da0 0a5d0 14573 052b0 0a9a8 0e950 06aa0
    0aea6 0ab50 04b60 0aae4 0a570 05260 0f263 0d950 05b57 056a0 096d0 04dd5 04ad0 0a4d0 0d4d4 0d250 0d558 0b540 0b5a0 195a6
    095b0 049b0 0a974 0a4b0 0b27a 06a50 06d40 0af46 0ab60 09570 04af5 04970 064b0 074a3 0ea50 06b58 05ac0 0ab60 096d5 092e0
    0c960 0d954 0d4a0 0da50 07552 056a0 0abb7 025d0 092d0 0cab5 0a950 0b4a0 0baa4 0ad50 055d9 04ba0 0a5b0 15176 052b0 0a930
    07954 06aa0 0ad50 05b52 04b60 0a6e6 0a4e0 0d260 0ea65 0d530 05aa0 076a3 096d0 04afb 04ad0 0a4d0 1d0b6 0d250 0d520 0dd45
    0b5a0 056d0 055b2 049b0 0a577 0a4b0 0aa50 1b255 06d20 0ada0 14b63 09370 049f8 04970 064b0 168a6 0ea50 06aa0 1a6c4 0aae0
    092e0 0d2e3 0c960 0d557 0d4a0 0da50 05d55 056a0 0a6d0 055d4 052d0 0a9b8 0a950 0b4a0 0b6a6 0ad50 055a0 0aba4 0a5b0 052b0
    0b273 06930 07337 06aa0 0ad50 14b55 04b60 0a570 054e4 0d160 0e968 0d520 0daa0 16aa6 056d0 04ae0 0a9d4 0a2d0 0d150
"""
_FIRST, _NEW_YEAR = 1900, date(1900, 1, 31)


@cache
def _months() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """First days of all months, counted from ``_NEW_YEAR``, and each month as YYYYMM00; a leap month has the number before it."""
    lengths: list[int] = []
    names: list[int] = []
    for year, code in enumerate((int(word, 16) for word in _YEARS.split()), _FIRST):
        for month in range(1, 13):
            lengths.append(29 + (code >> (16 - month) & 1))
            names.append(year * 10_000 + month * 100)
            if code & 15 == month:
                lengths.append(29 + (code >> 16))
                names.append(year * 10_000 + month * 100)
    return np.cumsum([0, *lengths], dtype=np.int32), np.array(names, dtype=np.int32)


def lunar(days: NDArray[np.int32]) -> NDArray[np.int32]:
    """Dates by the lunar calendar as YYYYMMDD of days counted from 1970; ``NONE`` outside 1900–2098."""
    starts, names = _months()
    passed = days + (date(1970, 1, 1) - _NEW_YEAR).days
    at = np.searchsorted(starts, passed, side="right") - 1
    inside = (at >= 0) & (at < len(names))
    at = np.where(inside, at, 0)
    return np.where(inside, names[at] + passed - starts[at] + 1, NONE)
