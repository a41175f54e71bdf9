"""Problems as a list has them, and what is read back of one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import CODES, IDS, ROSTER, WRONG, marked, marking, problem, township, warning

from reportkit.intake import Source, discover, read_file, take_in
from reportkit.marking import COLUMNS, Mark, Marks, Problem, Standing, about, graver, head, listed, marks_in
from reportkit.messages import Language, say
from reportkit.readers import read
from reportkit.severity import Severity
from reportkit.sheets import Sheet
from reportkit.writers.stamp import stamp_in


def back(content: bytes, stamp: dict[str, str] | None = None) -> Marks:
    found = marks_in(read(content, "x.xlsx").sheets, stamp_in(content) if stamp is None else stamp)
    assert found is not None
    return found


def with_cells(sheet: Sheet, changes: dict[tuple[int, int], str]) -> Sheet:
    """A sheet after somebody typed, by row and column from 0."""
    rows = [list(row) for row in sheet.rows]
    for (row, column), value in changes.items():
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    return replace(sheet, rows=rows)


# -- the list -----------------------------------------------------------------------------------------------


def test_errors_come_before_warnings_and_what_is_settled_last_else_the_given_order_stands() -> None:
    settled = problem(row=9, standing=Standing.WAIVED)
    given = [settled, warning(row=3), problem(row=8), problem(row=2), problem(severity=Severity.NOTE, row=1)]
    assert [line.first.row for line in listed(given)] == [8, 2, 3, 1, 9]
    assert [line.number for line in listed(given)] == [1, 2, 3, 4, 5]


def test_five_hundred_alike_in_one_column_are_one_line_in_the_order_of_rows() -> None:
    alike = [problem(row=row) for row in range(502, 2, -1)]
    first, second = listed([*alike, problem("C", 7)])
    assert (len(first.members), first.first.row, first.members[-1].row, first.together) == (500, 3, 502, True)
    assert second.first.column == "C"


def test_a_gap_between_the_rows_is_not_hidden() -> None:
    (line,) = listed([problem(row=row) for row in range(3, 50, 2)])
    assert not line.together


def test_few_alike_stay_lines_of_their_own_and_so_do_those_with_another_explanation() -> None:
    few = [problem(row=row) for row in range(3, 8)]
    own = [warning(row=row, explanation=f"原因{row}", standing=Standing.EXPLAINED) for row in range(3, 40)]
    assert len(listed(few)) == 5
    assert len(listed(own)) == 37


@given(st.lists(st.builds(problem, st.sampled_from("ABC"), st.integers(1, 60)), max_size=120))
def test_every_problem_is_in_exactly_one_line(problems: list[Problem]) -> None:
    members = [one for line in listed(problems) for one in line.members]
    assert sorted(members, key=repr) == sorted(problems, key=repr)


def test_the_graver_of_two_is_the_one_that_asks_for_more() -> None:
    assert graver(Severity.NOTE, Severity.ERROR) == Severity.ERROR
    assert graver(Severity.WARNING, Severity.NOTE) == Severity.WARNING


def test_what_is_explained_or_waived_counts_as_settled_not_as_open() -> None:
    told = marking([problem(), warning(), warning(row=6, standing=Standing.EXPLAINED)])
    assert (told.number(Severity.ERROR), told.number(Severity.WARNING), told.settled) == (1, 1, 1)


# -- reading back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
def test_a_copy_says_which_problems_it_had_and_of_what_it_is(tmp_path: Path, language: Language) -> None:
    found = back(marked(tmp_path, township(), language=language))
    assert [(mark.code, mark.sheet, mark.row, mark.column, mark.key, mark.value, mark.severity) for mark in found.marks] == [
        ("id-checksum", ROSTER, 4, "B", "人4", IDS[1], "error"),
        ("deceased", ROSTER, 3, "", "人3", "王芳甲", "error"),
        ("missing-column", ROSTER, 0, "", "人0", "", "error"),
        ("amount-jump", ROSTER, 5, "D", "人5", "104", "warning"),
    ]
    assert (found.sheet, found.unit, found.template, found.period) == (
        say("marked-sheet", language),
        "370602001",
        "hardship",
        "2026-11",
    )
    assert found.sha256 == marking(content=township()).sha256


def test_it_is_known_without_its_document_properties_and_under_another_name(tmp_path: Path) -> None:
    content = marked(tmp_path, township())
    listing, *rest = read(content, "x.xlsx").sheets
    found = marks_in([*rest, replace(listing, name="Sheet3")], {})
    assert found == replace(back(content), sheet="Sheet3")


def test_it_is_known_without_its_title(tmp_path: Path) -> None:
    content = marked(tmp_path, township())
    listing = read(content, "x.xlsx").sheets[0]
    found = marks_in([replace(listing, rows=listing.rows[4:])], {})
    assert found is not None
    assert (found.marks, found.unit) == (back(content).marks, "")


def test_a_long_explanation_is_whole(tmp_path: Path) -> None:
    words = "经核对属实，" * 100
    assert back(marked(tmp_path, township(), [warning(explanation=words)])).marks[0].explanation == words


def test_an_explanation_that_was_typed_is_read_with_its_problem(tmp_path: Path) -> None:
    listing = read(marked(tmp_path, township()), "x.xlsx").sheets[0]
    at = next(row for row, cells in enumerate(listing.rows) if "amount-jump" in "".join(map(str, cells)))
    found = marks_in([with_cells(listing, {(at, 8): " 本月补发 \n"})], {})
    assert found is not None
    assert [(mark.code, mark.explanation) for mark in found.explained] == [("amount-jump", "本月补发")]


@pytest.mark.parametrize("dash", ["-", "—", " / ", "……", "无", "暂无", "N/A"])
def test_a_dash_or_a_word_for_nothing_explains_nothing(tmp_path: Path, dash: str) -> None:
    listing = read(marked(tmp_path, township()), "x.xlsx").sheets[0]
    at = next(row for row, cells in enumerate(listing.rows) if "amount-jump" in "".join(map(str, cells)))
    found = marks_in([with_cells(listing, {(at, 8): dash})], {})
    assert found is not None
    assert found.explained == ()


@pytest.mark.parametrize("change", ["put in", "delete", "swap"])
def test_columns_that_somebody_moved_in_the_list_change_nothing(tmp_path: Path, change: str) -> None:
    listing = read(marked(tmp_path, township()), "x.xlsx").sheets[0]
    start = next(at for at, cells in enumerate(listing.rows) if cells[0] == "1")
    at = next(row for row, cells in enumerate(listing.rows) if "amount-jump" in "".join(map(str, cells)))
    rows = [[*cells, *[""] * 9] for cells in with_cells(listing, {(at, 8): "本月补发"}).rows]
    for row in rows[start - 1 :]:
        match change:
            case "put in":
                row.insert(2, "")
            case "delete":
                del row[1]
            case _:
                row[1], row[8] = row[8], row[1]
    found = marks_in([replace(listing, rows=rows)], {})
    assert found is not None
    assert [(mark.code, mark.explanation) for mark in found.explained] == [("amount-jump", "本月补发")]


def test_an_explanation_given_before_is_there_again(tmp_path: Path) -> None:
    known = warning(explanation="本月补发", standing=Standing.EXPLAINED)
    assert [mark.explanation for mark in back(marked(tmp_path, township(), [known])).marks] == ["本月补发"]


def test_lines_that_were_sorted_and_a_row_put_above_change_nothing(tmp_path: Path) -> None:
    content = marked(tmp_path, township())
    listing = read(content, "x.xlsx").sheets[0]
    start = next(at for at, cells in enumerate(listing.rows) if cells[0] == "1")
    shuffled = replace(listing, rows=[["领导阅"], *listing.rows[:start], *reversed(listing.rows[start:])])
    found = marks_in([shuffled], {})
    assert found is not None
    assert sorted(found.marks, key=repr) == sorted(back(content).marks, key=repr)
    assert found.unit == "370602001"


def test_a_line_whose_hidden_part_is_gone_is_known_by_its_place(tmp_path: Path) -> None:
    listing = read(marked(tmp_path, township()), "x.xlsx").sheets[0]
    bare = replace(listing, rows=[row[: len(COLUMNS)] for row in listing.rows])
    found = marks_in([bare], {})
    assert found is not None
    assert found.marks == (
        Mark("", ROSTER, 4, "B", "身份证号", IDS[1], line=1),
        Mark("", ROSTER, 5, "D", "补助金额", "104", line=4),
    )


def test_what_somebody_types_beside_the_hidden_part_does_no_harm(tmp_path: Path) -> None:
    content = marked(tmp_path, township())
    listing = read(content, "x.xlsx").sheets[0]
    found = marks_in([with_cells(listing, {(FIRST, 10): "备忘" for FIRST in (5, 6)})], stamp_in(content))
    assert found == back(content)


def test_one_explanation_speaks_for_all_that_stand_in_its_line(tmp_path: Path) -> None:
    alike = [warning(row=row, explanation="统一补发") for row in range(3, 103)]
    found = back(marked(tmp_path, township(), alike))
    assert len(found.explained) == 100
    assert {(mark.explanation, mark.line, mark.alone) for mark in found.marks} == {("统一补发", 1, False)}


def test_a_key_that_looks_like_a_coded_character_stays_as_it_is(tmp_path: Path) -> None:
    (mark,) = back(marked(tmp_path, township(), [problem(key="_x0041_", value="a_x000D_b")])).marks
    assert (mark.key, mark.value) == ("_x0041_", "a_x000D_b")


def test_two_thousand_cells_with_long_keys_are_kept_over_several_cells(tmp_path: Path) -> None:
    alike = [warning(row=row, key=f"{row}" * 10, value="值" * 20) for row in range(1000, 3000)]
    assert {mark.key for mark in back(marked(tmp_path, township(), alike)).marks} == {f"{row}" * 10 for row in range(1000, 3000)}


def test_other_workbooks_have_no_marks() -> None:
    assert marks_in(read(township(), "x.xlsx").sheets, {}) is None
    words = head(Language.ZH)
    assert marks_in([Sheet("问题清单", [["本月问题"], list(words), ["1"]])], {}) is None
    assert marks_in([Sheet("问题清单", [["问题清单：我们自己的"], list(words[:5])])], {}) is None


@given(st.text(max_size=60))
def test_whatever_stands_in_the_hidden_part_is_no_error(hidden: str) -> None:
    line = ["1", "错误", f"{ROSTER} B7", "身份证号", "x", "y", "z", "", "因为", hidden]
    found = marks_in([Sheet("s", [["问题清单：某镇"], list(head(Language.ZH)), line])], {})
    assert found is not None
    assert all(mark.explanation == "因为" for mark in found.marks)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), st.integers(1, 10**6))
def test_keys_and_values_of_any_kind_come_back(text: str, row: int) -> None:
    (line,) = listed([problem(row=row, key=text, value=text)])
    found = marks_in([Sheet("s", [["问题清单："], list(head(Language.ZH)), ["1", *[""] * 8, about(line)]])], {})
    assert found is not None
    assert [(mark.key, mark.value, mark.row) for mark in found.marks] == [(text, text, row)]


# -- on the way in ------------------------------------------------------------------------------------------


def test_intake_finds_the_tables_of_a_copy_as_it_found_those_of_the_original(tmp_path: Path) -> None:
    before = read_file(township(), Source(tmp_path, "a.xlsx"), 0.0)
    after = read_file(marked(tmp_path, township()), Source(tmp_path, "a.xlsx"), 0.0)
    assert [sheet.sheet for sheet in after.sheets] == [ROSTER, CODES]  # type: ignore[union-attr]
    assert repr(after.sheets) == repr(before.sheets)  # type: ignore[union-attr]
    assert before.marks is None  # type: ignore[union-attr]
    assert len(after.marks.marks) == len(WRONG)  # type: ignore[union-attr]


def test_marks_come_through_the_workers(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.xlsx").write_bytes(marked(tmp_path, township()))
    (arrival,) = take_in(discover([tmp_path / "in"]).sources)
    assert arrival.marks.unit == "370602001"  # type: ignore[union-attr]
