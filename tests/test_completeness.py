"""What is owed and what has come: forms are counted, not files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
from forms import PEOPLE, field, submission, template

from reportkit.completeness import COUNTS, RATES, SCHEMA, completeness
from reportkit.submissions import Round, State, Submission
from reportkit.units import Unit, Units

UNITS = Units(
    (
        Unit("1", "甲区", "district"),
        Unit("11", "甲镇", "township", "1"),
        Unit("111", "东村", "village", "11"),
        Unit("112", "西村", "village", "11"),
        Unit("12", "乙镇", "township", "1"),
        Unit("121", "南村", "village", "12"),
    )
)
FIRMS = template(field("企业名称"), name="firms", title="企业登记表", reporters="township")
GIVEN = Round(UNITS, (PEOPLE, FIRMS), "2026-11")
DUES = {"people": "2026-11-05"}


def line(
    found: list[Submission], explained: dict[str, int] | None = None, *, given: Round = GIVEN, **keys: str
) -> dict[str, object]:
    frame = completeness(found, given, DUES, explained or {}, {("112", "people")})
    wanted = {"scope": "form", "level": "", "unit": "", "template": ""} | keys
    if not keys.get("level"):
        del wanted["level"]
    (only,) = frame.filter(**wanted).to_dicts()
    return only


def sent(unit: str, day: int, state: State = State.ACCEPTED, file: str = "", of: str = "people") -> Submission:
    return replace(submission(file or f"{unit}-{day}.xlsx", unit=unit, day=day, of=of), state=state)


def counted(found: list[Submission], **keys: str) -> tuple[object, ...]:
    told = line(found, **keys)
    return tuple(told[name] for name in ("received", "on_time", "late", "missing", "returned", "accepted"))


def test_the_frame_has_its_columns_and_a_line_for_every_form_unit_branch_level_and_template() -> None:
    frame = completeness([], GIVEN, DUES, {})
    assert frame.schema == SCHEMA
    number = dict(frame.group_by("scope").len().iter_rows())
    assert number == {"form": 5, "unit": 5, "branch": 3, "level": 2, "template": 2, "all": 1}


def test_parts_copies_and_revisions_of_a_form_count_once() -> None:
    many = [sent("111", 3), sent("111", 4), sent("111", 4, State.COPY, "copy.xlsx"), sent("111", 2, State.SUPERSEDED)]
    assert counted(many, unit="111", template="people") == (1, 1, 0, 0, 0, 1)
    assert line(many, scope="all")["received"] == 1


def test_a_mended_revision_after_the_due_day_makes_no_form_late() -> None:
    found = [sent("111", 4, State.SUPERSEDED), sent("111", 9)]
    assert counted(found, unit="111", template="people") == (1, 1, 0, 0, 0, 1)


def test_a_file_that_nobody_can_read_does_not_keep_the_due_day() -> None:
    found = [sent("111", 4, State.UNREADABLE), sent("111", 9)]
    assert counted(found, unit="111", template="people") == (1, 0, 1, 0, 0, 1)


def test_what_came_but_cannot_be_used_is_received_and_not_accepted() -> None:
    assert counted([sent("111", 4, State.UNREADABLE)], unit="111", template="people") == (1, 1, 0, 0, 0, 0)


def test_a_form_of_which_one_part_was_returned_is_returned() -> None:
    found = [sent("111", 3), sent("111", 4, State.RETURNED)]
    assert counted(found, unit="111", template="people") == (1, 1, 0, 0, 1, 0)


def test_a_unit_owes_only_the_forms_of_its_level() -> None:
    found = [sent("11", 3), sent("11", 3, of="firms")]
    assert line(found, scope="unit", unit="11")["expected"] == 1
    assert line(found, scope="all")["received"] == 1


def test_a_branch_counts_all_below_it_with_what_its_own_unit_files() -> None:
    found = [sent("111", 3), sent("11", 3, of="firms"), sent("121", 8)]
    told = line(found, scope="branch", unit="11")
    assert (told["level"], told["expected"], told["received"]) == ("township", 3, 2)
    assert line(found, scope="branch", unit="1")["received"] == 3
    assert line(found, scope="level", level="village")["late"] == 1


def test_rates_are_shares_of_what_is_expected() -> None:
    told = line([sent("111", 3), sent("112", 9), sent("121", 2, State.RETURNED)], scope="template", template="people")
    assert (told["received_rate"], told["accepted_rate"]) == (1.0, 2 / 3)
    assert told["on_time_rate"] == 2 / 3


def test_a_rate_of_nothing_is_no_rate() -> None:
    told = completeness([], Round(Units(), (PEOPLE,)), {}, {}).to_dicts()
    assert [(one["scope"], one["expected"], one["received_rate"]) for one in told] == [("all", 0, None)]


def test_explained_and_locked_forms_are_counted() -> None:
    found = [sent("111", 3), sent("112", 3)]
    told = line(found, {"111-3.xlsx": 4, "gone.xlsx": 1}, scope="all")
    assert (told["explained"], told["locked"]) == (1, 1)


def test_every_scope_adds_up_to_the_forms() -> None:
    found = [sent("111", 3), sent("112", 9), sent("11", 3, State.RETURNED, of="firms")]
    frame = completeness(found, GIVEN, DUES, {})
    sums = frame.filter(pl.col("scope") != "branch").group_by("scope").agg(pl.col(name).sum() for name in COUNTS)
    assert sums.drop("scope").n_unique() == 1
    assert all(one in frame.columns for one in RATES)
    assert date.fromisoformat(DUES["people"])
