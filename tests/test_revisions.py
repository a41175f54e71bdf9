"""Which of a unit's several files counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from forms import submission
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.findings import Finding
from reportkit.submissions import State, revision_mark, supersede


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("石良镇花名册.xlsx", False),
        ("石良镇花名册(最终版).xlsx", True),
        ("石良镇花名册（修改）.xlsx", True),
        ("石良镇花名册-更正.xlsx", True),
        ("石良镇_final.xlsx", True),
        ("石良镇 v2.xlsx", True),
        ("石良镇(新).xlsx", True),
        ("新石良村.xlsx", False),
        ("定稿/石良镇.xlsx", False),
    ],
)
def test_a_name_says_that_it_is_a_revision(name: str, marked: bool) -> None:  # noqa: FBT001 - the answer
    assert bool(revision_mark(name)) is marked


def test_a_later_revision_has_a_higher_mark() -> None:
    names = ["a.xlsx", "a修改.xlsx", "a修改2.xlsx", "a修改3.xlsx", "a修改10.xlsx"]
    marks = [revision_mark(name) for name in names]
    assert marks[0] == 0
    assert marks[1] <= marks[2]
    assert marks[2] < marks[3] < marks[4]


def settled(*sent: tuple[str, int, str]) -> tuple[dict[str, tuple[State, int, str]], list[Finding]]:
    """Files (name, day, one letter a key) of one unit."""
    keys = {name: frozenset(letters) for name, _, letters in sent}
    found, findings = supersede([submission(name, unit="3702", day=day) for name, day, _ in sent], keys)
    return {one.file: (one.state, one.revision, one.note) for one in found}, findings


@pytest.mark.parametrize(("letters", "superseded"), [("abcdef", True), ("abcxyz", True), ("abwxyz", False), ("uvwxyz", False)])
def test_a_later_file_supersedes_an_earlier_one_with_which_it_shares_half_of_the_keys(letters: str, superseded: bool) -> None:  # noqa: FBT001 - the answer
    found, findings = settled(("b.xlsx", 1, "abcdef"), ("a.xlsx", 2, letters))
    assert found["a.xlsx"] == (State.ACCEPTED, 2, "")
    assert found["b.xlsx"] == ((State.SUPERSEDED, 1, "a.xlsx") if superseded else (State.ACCEPTED, 1, ""))
    told = [] if superseded else [("several-parts", "a.xlsx", "b.xlsx"), ("several-parts", "b.xlsx", "a.xlsx")]
    assert sorted((one.code, one.file, one.detail) for one in findings) == told


def test_a_name_that_marks_a_revision_supersedes_whatever_it_holds() -> None:
    found, findings = settled(("a.xlsx", 1, "abcd"), ("a最终版.xlsx", 2, "wxyz"))
    assert found["a.xlsx"] == (State.SUPERSEDED, 1, "a最终版.xlsx")
    assert findings == []


def test_an_earlier_file_never_supersedes_a_later_one() -> None:
    found, _ = settled(("a最终版.xlsx", 1, "abcd"), ("a.xlsx", 2, "abcd"))
    assert found["a最终版.xlsx"] == (State.SUPERSEDED, 1, "a.xlsx")


def test_files_received_together_are_ordered_by_filing_date_then_mark_then_name() -> None:
    one, two = submission("z.xlsx", unit="3702"), submission("a.xlsx", unit="3702")
    assert max([one, two], key=lambda sent: sent.order) is one
    dated = replace(two, filed=date(2026, 11, 2))
    assert max([one, dated], key=lambda sent: sent.order) is dated
    marked = submission("a修订.xlsx", unit="3702")
    assert max([one, marked], key=lambda sent: sent.order) is marked


def test_other_units_files_are_never_superseded_and_files_of_nobody_stand_alone() -> None:
    keys = dict.fromkeys(("a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx"), frozenset("abcd"))
    units = {"a.xlsx": "3701", "b.xlsx": "3702", "c.xlsx": "", "d.xlsx": ""}
    found, findings = supersede([submission(name, unit=unit) for name, unit in units.items()], keys)
    assert {one.state for one in found} == {State.ACCEPTED}
    assert findings == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["", "修改", "v2"]), st.integers(1, 3), st.text("abcdef", min_size=1, max_size=5)),
        min_size=1,
        max_size=5,
    )
)
def test_the_last_file_of_a_unit_always_counts_and_each_superseded_one_names_a_later_one(
    sent: list[tuple[str, int, str]],
) -> None:
    files = [(f"{n}{mark}.xlsx", day, letters) for n, (mark, day, letters) in enumerate(sent)]
    found, findings = settled(*files)
    assert set(found) == {name for name, _, _ in files}
    order = sorted(files, key=lambda one: submission(one[0], day=one[1]).order)
    place = {name: n for n, (name, _, _) in enumerate(order)}
    assert found[order[-1][0]][0] is State.ACCEPTED
    for name, (state, revision, note) in found.items():
        assert revision == place[name] + 1
        assert (place[note] > place[name]) if state is State.SUPERSEDED else note == ""
    standing = {name for name, (state, _, _) in found.items() if state is State.ACCEPTED}
    assert {one.file for one in findings} == (standing if len(standing) > 1 else set())
    assert settled(*reversed(files))[0] == found
