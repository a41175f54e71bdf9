"""A marked copy at the township's desk: opened, mended and saved with LibreOffice, and sent again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from clerk import Clerk
from marked import CODES, IDS, ROSTER, WRONG, cells, coloured, commented, marked, marking, opened, township, warning

from reportkit.intake import Arrival, Source, read_file
from reportkit.marking import Standing
from reportkit.messages import Language, say
from reportkit.writers.marked_copy import write_marked

LIST = say("marked-sheet", Language.ZH)
#: Of the warning's line in the list.
EXPLANATION = "I9"
FORMATS = ("xlsx", "xls", "ods")


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Clerk:
    return Clerk(tmp_path_factory.mktemp("office") / "home")


@pytest.fixture(scope="module")
def mended(clerk: Clerk, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Format → the copy in which the wrong number was mended and the warning explained."""
    folder = tmp_path_factory.mktemp("mended")
    marked(folder, township())
    typed = [(ROSTER, "B4", IDS[2]), (LIST, EXPLANATION, "本月补发，已核对")]
    return {one: clerk.types(folder / "marked.xlsx", folder / f"mended.{one}", typed) for one in FORMATS}


def arrived(content: bytes, name: str) -> Arrival:
    found = read_file(content, Source(Path(name), name), 0.0)
    assert isinstance(found, Arrival)
    return found


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_was_wrong_is_known_again_with_the_explanation(mended: dict[str, bytes], suffix: str) -> None:
    marks = arrived(mended[suffix], f"mended.{suffix}").marks
    assert marks is not None
    assert sorted((mark.code, mark.key) for mark in marks.marks) == sorted((one.code, one.key) for one in WRONG)
    assert [(mark.code, mark.row, mark.explanation) for mark in marks.explained] == [("amount-jump", 5, "本月补发，已核对")]
    assert (marks.unit, marks.template, marks.period) == ("370602001", "hardship", "2026-11")


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_table_is_found_as_before_with_the_mended_value(mended: dict[str, bytes], suffix: str) -> None:
    before, after = (
        [table for sheet in one.sheets for table in sheet.tables]
        for one in (arrived(township(), "a.xlsx"), arrived(mended[suffix], f"a.{suffix}"))
    )
    assert [(table.sheet, table.header, table.data_first, table.data_last) for table in after] == [
        (table.sheet, table.header, table.data_first, table.data_last) for table in before
    ]
    assert after[0].body["B"].to_list() == [IDS[0], IDS[2], IDS[2]]
    assert after[0].body.drop("B").equals(before[0].body.drop("B"))


def test_marked_anew_only_what_is_still_open_is_marked(mended: dict[str, bytes], tmp_path: Path) -> None:
    left = [replace(WRONG[2], standing=Standing.STILL), warning(standing=Standing.EXPLAINED, explanation="本月补发，已核对")]
    write_marked(tmp_path / "again.xlsx", mended["xlsx"], marking(left, mended["xlsx"], fixed=2))
    again = (tmp_path / "again.xlsx").read_bytes()
    assert coloured(again) == {"A3": "red", "D5": "blue"}
    told = commented(again)
    assert told.keys() == {"A3", "D5"}
    assert (told["A3"].count("【reportkit】"), told["A3"].split("\n")[0]) == (1, "本人签字见附件")
    assert opened(again).sheetnames == [LIST, ROSTER, CODES]
    assert "本月补发，已核对" in str(cells(again)[LIST])


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_a_copy_saved_as_another_format_is_marked_without_its_old_list(
    mended: dict[str, bytes], tmp_path: Path, suffix: str
) -> None:
    write_marked(tmp_path / "again.xlsx", mended[suffix], marking([WRONG[0]], mended[suffix], f"mended.{suffix}"))
    again = (tmp_path / "again.xlsx").read_bytes()
    assert opened(again).sheetnames == [LIST, ROSTER, CODES]
    assert coloured(again) == {"B4": "red"}


@pytest.mark.parametrize("language", list(Language))
def test_the_list_is_printed_whole(clerk: Clerk, tmp_path: Path, language: Language) -> None:
    marked(tmp_path, township(), language=language)
    page = "".join(clerk.prints(tmp_path / "marked.xlsx").split())
    assert "###" not in page
    for words in ("marked-lead", "marked-do-errors", "marked-colours", "marked-head-explanation", "marked-error"):
        assert "".join(say(words, language).split()) in page
    assert page.count(IDS[1]) == 2
