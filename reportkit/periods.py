"""Reporting periods: ``2026``, ``2026-Q4``, ``2026-11``, ``2026-11-23``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from reportkit.errors import UsageError

_FORM = re.compile(r"(?P<year>\d{4})(?:-Q(?P<quarter>[1-4])|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A period from its first to its last day, both included."""

    last: date
    first: date
    name: str

    @classmethod
    def parse(cls, name: str) -> Period:
        """``2026-Q4`` → 1 October to 31 December 2026.

        Raises:
            ValueError: the text is no period.
        """
        match = _FORM.fullmatch(name.strip())
        if not match:
            raise ValueError(name)
        year = int(match["year"])
        if match["day"]:
            first = last = date.fromisoformat(match[0])
        elif match["month"]:
            first, last = date(year, int(match["month"]), 1), _end(year, int(match["month"]))
        elif match["quarter"]:
            end = 3 * int(match["quarter"])
            first, last = date(year, end - 2, 1), _end(year, end)
        else:
            first, last = date(year, 1, 1), date(year, 12, 31)
        return cls(last, first, match[0])

    @classmethod
    def asked(cls, name: str) -> Period:
        """The period that somebody typed.

        Raises:
            UsageError: it is none.
        """
        try:
            return cls.parse(name)
        except ValueError:
            raise UsageError("period-unknown", period=name) from None

    @classmethod
    def month_of(cls, day: date) -> Period:
        """The month that a day is in."""
        return cls.parse(f"{day:%Y-%m}")

    @property
    def before(self) -> Period:
        """The period of the same kind that ends where this one begins: ``2026-Q1`` → ``2025-Q4``."""
        return self._around(self.first - timedelta(days=1))

    @property
    def year_before(self) -> Period:
        """The same period of the year before; 29 February → 28 February."""
        year = self.first.year - 1
        day = _end(year, self.first.month) if (self.first.month, self.first.day) == (2, 29) else self.first.replace(year=year)
        return self._around(day)

    def _around(self, day: date) -> Period:
        """The period of this one's kind that a day is in."""
        month, quarter = f"{day:%Y-%m}", f"{day.year}-Q{(day.month + 2) // 3}"
        names = {4: f"{day.year}", 7: quarter if "Q" in self.name else month, 10: day.isoformat()}
        return Period.parse(names[len(self.name)])

    def due(self, day: int) -> date:
        """Day ``day`` of the month after the period; the month's last day where it has fewer."""
        following = self.last + timedelta(days=1)
        return min(following.replace(day=1) + timedelta(days=day - 1), _end(following.year, following.month))

    def __str__(self) -> str:
        """The period's name."""
        return self.name


def _end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def today() -> date:
    """The day it is in the office."""
    return date.today()  # noqa: DTZ011 - offices live in local time
