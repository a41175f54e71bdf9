from datetime import date

import pytest

from reportkit.periods import Period


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-11-23", date(2026, 11, 23), date(2026, 11, 23)),
    ],
)
def test_a_period_runs_from_its_first_to_its_last_day(name: str, first: date, last: date) -> None:
    period = Period.parse(name)
    assert (period.first, period.last, str(period)) == (first, last, name)


@pytest.mark.parametrize("name", ["", "26-11", "2026-13", "2026-Q5", "2026-11-31", "2026年11月", "2026-1"])
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(name)


def test_due_falls_in_the_month_after_the_period() -> None:
    assert Period.parse("2026-11").due(5) == date(2026, 12, 5)
    assert Period.parse("2026-12").due(15) == date(2027, 1, 15)
    assert Period.parse("2026-Q4").due(10) == date(2027, 1, 10)


def test_due_on_a_day_that_the_month_lacks_is_its_last() -> None:
    assert Period.parse("2026-01").due(30) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("name", "before", "year_before"),
    [
        ("2026", "2025", "2025"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026-Q3", "2026-Q2", "2025-Q3"),
        ("2026-01", "2025-12", "2025-01"),
        ("2026-11", "2026-10", "2025-11"),
        ("2026-03-01", "2026-02-28", "2025-03-01"),
        ("2024-02-29", "2024-02-28", "2023-02-28"),
    ],
)
def test_the_period_before_and_the_same_of_the_year_before(name: str, before: str, year_before: str) -> None:
    period = Period.parse(name)
    assert (str(period.before), str(period.year_before)) == (before, year_before)
