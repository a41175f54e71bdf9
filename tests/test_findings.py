"""Findings: facts at an address."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from reportkit.findings import SCHEMA, Finding, Findings

TEXTS = st.text("甲a{}\n", max_size=4)
SINGLE = st.builds(Finding, TEXTS, TEXTS, TEXTS, st.integers(0, 9), TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)


@given(st.lists(SINGLE, max_size=5), st.lists(SINGLE, max_size=5))
def test_findings_stand_in_one_frame_in_the_order_in_which_they_were_found(first: list[Finding], then: list[Finding]) -> None:
    both = Findings.of(first) + Findings.of(then)
    assert both.frame.schema == SCHEMA
    told = [replace(Finding(*row), facts=tuple(row[-2])) for row in both.frame.rows()]
    assert told == [replace(one, severity=one.severity or "error") for one in (*first, *then)]
    assert Findings.gather([Findings.of(first).frame, Findings.of(then).frame]).frame.equals(both.frame)


def test_what_a_frame_of_findings_leaves_out_is_empty_never_null() -> None:
    some = pl.DataFrame({"file": ["a.xlsx"], "code": ["x"], "row": [3], "_id": [7]}, schema_overrides={"row": pl.UInt32})
    holes = pl.DataFrame(
        {"code": ["y"], "row": [None], "value": [None]}, schema={"code": pl.String, "row": pl.Int64, "value": pl.String}
    )
    found = Findings.gather([some, holes, some.clear()])
    told = [replace(Finding(*row), facts=tuple(row[-2])) for row in found.frame.rows()]
    assert told == [Finding("x", "a.xlsx", row=3, severity="error"), Finding("y", "", severity="error")]


def test_nothing_found_is_a_frame_like_any_other() -> None:
    assert Findings.gather([]).frame.equals(Findings.empty().frame)
    assert (Findings.empty() + Findings.of([])).frame.schema == SCHEMA
