"""The workbook in which a department decides what is disputed."""

from __future__ import annotations

from pathlib import Path

from departments import CIVIL, HEALTH, NUMBER, POLICE, owned, rows, stated
from openpyxl import load_workbook

from reportkit.disputes import Disputes, find_disputes
from reportkit.messages import Language
from reportkit.units import Unit, Units
from reportkit.writers.dispute_book import STAMP, Frame, write_dispute_books

UNITS = Units((Unit("11", "甲村", "village"),))
OWNER = owned(POLICE, 姓名="公安局", 电话="公安局")


def disputes() -> Disputes:
    forms = [
        (
            OWNER,
            rows(
                OWNER,
                {"身份证号": NUMBER, "姓名": "=王芳", "性别": "男"},
                {"_entity": "e2", "姓名": "李强", "电话": "13900000001"},
            ),
        ),
        (CIVIL, rows(CIVIL, {"身份证号": NUMBER, "姓名": "王房", "性别": "女"}, {"_entity": "e2", "电话": "13811112222"})),
        (HEALTH, rows(HEALTH, {"身份证号": NUMBER, "姓名": "王方"})),
    ]
    return find_disputes(stated(forms), UNITS)


def book(folder: Path, *, language: Language = Language.ZH, show_values: bool = False) -> list[tuple[object, ...]]:
    (path,) = write_dispute_books(folder, disputes(), Frame("2026-11", UNITS, language, show_values=show_values))
    assert path.name == "公安局.xlsx"
    return list(load_workbook(path).active.iter_rows(min_row=3, values_only=True))


def test_a_line_a_dispute_says_who_what_and_where_each_side_stands(tmp_path: Path) -> None:
    head, *lines = book(tmp_path)
    assert head[-2:] == ("结论", "说明")
    assert len(lines) == 2
    told = next(dict(zip(head, line, strict=True)) for line in lines if line[3] == "姓名")
    assert told["本部门登记"] == "=王芳"
    assert told["本部门出处"] == "甲村 11/residents.xlsx Sheet1!A3"
    assert told["其他部门登记"] == "卫健局：王方\n民政局：王房"
    assert told["其他部门出处"].split("\n")[0] == "卫健局 甲村 11/health.xlsx Sheet1!A3"
    assert told["结论"] is None


def test_what_nobody_owns_is_sent_to_nobody(tmp_path: Path) -> None:
    assert "性别" not in {line[3] for line in book(tmp_path)}


def test_numbers_are_masked_unless_asked_for(tmp_path: Path) -> None:
    shown = [str(cell) for line in book(tmp_path) for cell in line]
    assert not any(NUMBER in cell or "13811112222" in cell for cell in shown)
    whole = [str(cell) for line in book(tmp_path, show_values=True) for cell in line]
    assert NUMBER in whole
    assert "民政局：13811112222" in whole


def test_verdicts_are_chosen_from_a_list_and_the_header_stays_in_sight(tmp_path: Path) -> None:
    book(tmp_path)
    page = load_workbook(tmp_path / "公安局.xlsx").active
    (choice,) = page.data_validations.dataValidation
    assert "以本部门为准" in choice.formula1
    assert str(choice.sqref) == "I4:I5"
    assert page.freeze_panes == "C4"
    assert page.print_title_rows == "$1:$3"
    assert page.page_setup.fitToHeight == 0


def test_the_book_bears_its_mark_and_is_the_same_each_time(tmp_path: Path) -> None:
    book(tmp_path / "a")
    book(tmp_path / "b")
    assert (tmp_path / "a/公安局.xlsx").read_bytes() == (tmp_path / "b/公安局.xlsx").read_bytes()
    assert load_workbook(tmp_path / "a/公安局.xlsx").custom_doc_props[STAMP].value == "2026-11"


def test_it_speaks_english_too(tmp_path: Path) -> None:
    assert book(tmp_path, language=Language.EN)[0][-2:] == ("Verdict", "Note")
