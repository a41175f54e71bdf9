"""What is locked takes nothing more, but by exception."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from forms import PEOPLE, field, submission, template

from reportkit import evidence, locks
from reportkit.errors import UsageError
from reportkit.locks import Lock, Locks, held_back
from reportkit.submissions import State
from reportkit.units import Unit, Units
from reportkit.writers.csv_text import write_csv

UNITS = Units(
    (
        Unit("1", "甲镇", "township"),
        Unit("11", "东村", "village", "1"),
        Unit("12", "西村", "village", "1"),
        Unit("2", "乙镇", "township"),
    )
)
PERIOD = "2026-11"
FIRMS = template(field("企业名称"), name="firms", title="企业登记表")


def locked(*lines: Lock) -> Locks:
    return Locks(lines, UNITS).within(PERIOD)


def lock(unit: str = "", template: str = "", at: str = "2026-11-10", until: str = "") -> Lock:
    return Lock(PERIOD, unit, template, at, "张三", "已上报", until)


def taken(known: Locks, unit: str, day: int, of: str = "people") -> bool:
    (one,), findings = held_back([submission("a.xlsx", unit=unit, day=day, of=of)], known)
    assert (one.state is State.SET_ASIDE) == bool(findings)
    return one.state is State.ACCEPTED


def test_a_file_received_after_the_lock_is_set_aside_and_the_earlier_one_stands() -> None:
    before, after = submission("a.xlsx", unit="11", day=9), submission("b.xlsx", unit="11", day=11)
    kept, findings = held_back([before, after], locked(lock("11")))
    assert [(one.file, one.state, one.note) for one in kept] == [
        ("a.xlsx", State.ACCEPTED, ""),
        ("b.xlsx", State.SET_ASIDE, "period-locked"),
    ]
    (told,) = findings
    assert (told.code, told.file, told.detail) == ("period-locked", "b.xlsx", "2026-11-10 张三: 已上报")
    assert "--unit 11 --template people" in told.suggestion


def test_a_day_is_locked_at_its_end_and_a_time_at_once() -> None:
    assert taken(locked(lock(at="2026-11-11")), "11", 11)
    assert not taken(locked(lock(at="2026-11-11 08:00:00")), "11", 11)
    assert taken(locked(lock(at="2026-11-11 09:00:00")), "11", 11)


def test_a_lock_covers_the_units_below_and_no_other() -> None:
    known = locked(lock("1"))
    assert [taken(known, unit, 20) for unit in ("1", "11", "12", "2")] == [False, False, False, True]


def test_a_lock_of_a_form_leaves_the_others_open() -> None:
    known = locked(lock(template="people"))
    assert (taken(known, "11", 20), taken(known, "11", 20, "firms")) == (False, True)


def test_another_periods_lock_is_nothing_to_this_one() -> None:
    assert taken(locked(Lock("2026-10", "", "", "2026-11-01")), "11", 20)


def test_an_exception_takes_what_comes_to_the_end_of_its_last_day() -> None:
    known = locked(lock("1"), lock("11", at="2026-11-12", until="2026-11-15"))
    assert [taken(known, "11", day) for day in (11, 15, 16)] == [True, True, False]
    assert not taken(known, "12", 13)


def test_a_lock_after_an_exception_counts_again() -> None:
    known = locked(lock(), lock("11", at="2026-11-12", until="2026-11-20"), lock("11", at="2026-11-14"))
    assert [taken(known, "11", day) for day in (13, 16)] == [True, False]
    assert known.standing("11", "people") == known.lines[-1]


def test_a_lock_stands_where_no_exception_to_a_part_of_it_came_later() -> None:
    known = locked(lock("1"), lock("11", "people", until="2026-11-20"))
    assert known.standing("1") is None
    assert known.standing("12", "people") == known.lines[0]
    assert known.standing("2") is None


def test_forms_under_an_open_exception_are_not_locked_until_it_ends() -> None:
    known = locked(lock("1"), lock("11", until="2026-11-20"))
    assert known.forms([PEOPLE, FIRMS], date(2026, 11, 20)) == {("12", "people"), ("12", "firms")}
    assert ("11", "people") in known.forms([PEOPLE], date(2026, 11, 21))


def test_what_was_set_aside_for_another_reason_keeps_it() -> None:
    one = replace(submission("a.xlsx", unit="11", day=20), state=State.UNREADABLE, note="file-broken")
    assert held_back([one], locked(lock())) == ([one], [])


def test_locks_are_read_as_they_were_stored_and_are_their_owners_alone(tmp_path: Path) -> None:
    known = Locks((lock("11", "people"), Lock(PERIOD, "", "", "2026-11-10 09:00:00", "=李四", "-", "2026-11-20")), UNITS)
    locks.store(tmp_path, known)
    assert locks.load(tmp_path, UNITS) == known
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / locks.FILE).stat().st_mode) == 0o600


def test_without_a_file_nothing_is_locked(tmp_path: Path) -> None:
    assert locks.load(tmp_path, UNITS).against("11", "people", datetime(2026, 11, 30)) is None  # noqa: DTZ001 - offices write local time


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("2026-13,,,2026-11-10,张三,,", "period"),
        ("2026-11,99,,2026-11-10,张三,,", "unit"),
        ("2026-11,,,昨天,张三,,", "locked_at"),
        ("2026-11,,,2026-11-10,张三,,月底", "open_until"),
    ],
)
def test_a_line_that_somebody_spoilt_is_named_by_file_and_line(tmp_path: Path, line: str, column: str) -> None:
    good = "2026-11,11,,2026-11-10,张三,,"
    (tmp_path / locks.FILE).write_text("\n".join([",".join(locks.COLUMNS), good, line]), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        locks.load(tmp_path, UNITS)
    assert (caught.value.code, caught.value.facts["line"], caught.value.facts["column"]) == ("locks-wrong", "3", column)


def test_a_file_with_other_columns_is_no_file_of_locks(tmp_path: Path) -> None:
    (tmp_path / locks.FILE).write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        locks.load(tmp_path, UNITS)
    assert caught.value.code == "locks-broken"


def test_what_a_round_took_stands_though_a_copy_gave_it_a_later_time(tmp_path: Path) -> None:
    one = submission("a.xlsx", unit="11", day=20)
    sent = evidence.submissions([one, replace(one, state=State.SET_ASIDE)], [PEOPLE], UNITS, {})
    write_csv(tmp_path / "submissions.csv", sent)
    assert held_back([one], locked(lock()), locks.taken(tmp_path)) == ([one], [])
    write_csv(tmp_path / "submissions.csv", sent.filter(sent["state"] == State.SET_ASIDE.value))
    assert held_back([one], locked(lock()), locks.taken(tmp_path))[1]


def test_without_an_earlier_round_nothing_was_taken(tmp_path: Path) -> None:
    assert locks.taken(tmp_path) == frozenset()
    (tmp_path / "submissions.csv").write_text("a,b\n", encoding="utf-8")
    assert locks.taken(tmp_path) == frozenset()
