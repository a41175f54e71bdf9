"""What became of a dispute: corrected by whose revision, withdrawn, open again."""

from __future__ import annotations

import polars as pl
from departments import CIVIL, HEALTH, NUMBER, POLICE, rows, stated

from reportkit.disputes import KEPT, find_disputes, follow
from reportkit.templates import Template
from reportkit.units import Units

NOTHING = pl.DataFrame(schema=dict.fromkeys(KEPT, pl.String))


def after(kept: pl.DataFrame, period: str, **names: str) -> pl.DataFrame:
    """A round in which forms call one person so; ``-``: the form came without him, no word: it did not come."""
    forms: list[tuple[Template, pl.DataFrame]] = []
    for of in (POLICE, CIVIL, HEALTH):
        if name := names.get(of.department, ""):
            one = {"身份证号": NUMBER, "姓名": name} if name != "-" else {"姓名": "别人", "_entity": "e2"}
            forms.append((of, rows(of, one, file=f"{period}/{of.name}.xlsx")))
    return follow(kept, find_disputes(stated(forms), Units(), kept), period)


def only(kept: pl.DataFrame) -> dict[str, str]:
    (line,) = kept.to_dicts()
    return line


START = after(NOTHING, "2026-10", 公安局="王芳", 民政局="王房")


def test_a_new_dispute_is_open_since_its_first_period_with_what_each_side_states() -> None:
    line = only(START)
    assert (line["state"], line["first_period"], line["last_period"]) == ("open", "2026-10", "2026-10")
    assert "王芳" in line["sides"]
    assert "王房" in line["sides"]
    assert list(line) == list(KEPT)


def test_a_dispute_that_goes_on_keeps_its_first_period() -> None:
    line = only(after(START, "2026-11", 公安局="王芳", 民政局="王防"))
    assert (line["state"], line["first_period"], line["last_period"]) == ("open", "2026-10", "2026-11")
    assert "王防" in line["sides"]


def test_the_revision_that_states_another_value_corrected_it() -> None:
    line = only(after(START, "2026-11", 公安局="王芳", 民政局="王芳"))
    assert (line["state"], line["corrected_by"], line["corrected_period"]) == ("corrected", "2026-11/allowance.xlsx", "2026-11")
    assert line["last_period"] == "2026-10"


def test_the_owner_may_be_the_one_that_corrects() -> None:
    assert only(after(START, "2026-11", 公安局="王房", 民政局="王房"))["corrected_by"] == "2026-11/residents.xlsx"


def test_a_revision_in_the_same_period_corrects_too() -> None:
    assert only(after(START, "2026-10", 公安局="王芳", 民政局="王芳"))["state"] == "corrected"


def test_a_side_that_states_nothing_any_more_withdraws() -> None:
    line = only(after(START, "2026-11", 公安局="王芳", 民政局="-"))
    assert (line["state"], line["corrected_by"]) == ("withdrawn", "")


def test_as_long_as_a_sides_form_has_not_come_the_dispute_stays_open() -> None:
    line = only(after(START, "2026-11", 公安局="王芳"))
    assert (line["state"], line["last_period"]) == ("open", "2026-10")


def test_what_comes_back_is_open_again() -> None:
    corrected = after(START, "2026-11", 公安局="王芳", 民政局="王芳")
    line = only(after(corrected, "2026-12", 公安局="王芳", 民政局="王房"))
    assert (line["state"], line["first_period"], line["last_period"]) == ("open", "2026-10", "2026-12")
    assert (line["corrected_by"], line["corrected_period"]) == ("", "")


def test_what_has_ended_stays_as_it_is() -> None:
    corrected = after(START, "2026-11", 公安局="王芳", 民政局="王芳")
    assert after(corrected, "2026-12", 公安局="王芳", 民政局="王芳").equals(corrected)


def test_the_same_round_twice_is_once() -> None:
    again = after(START, "2026-10", 公安局="王芳", 民政局="王房")
    assert again.equals(START)


def test_a_cell_that_somebody_spoilt_does_not_stop_the_round() -> None:
    spoilt = START.with_columns(pl.lit("谁改的").alias("sides"))
    assert only(after(spoilt, "2026-11", 公安局="王芳", 民政局="王芳"))["state"] == "withdrawn"
