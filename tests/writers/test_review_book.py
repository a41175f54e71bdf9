"""The workbook of open questions, as an office program shows it."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
import zipfile
from pathlib import Path

import pytest
from forms import PEOPLE
from openpyxl import Workbook, load_workbook

from reportkit.doubts import ClusterDoubt, ColumnDoubt, Conflict, Doubts, PairDoubt, Row
from reportkit.messages import Language
from reportkit.writers.review_book import write_review

WORDS = "身份证号相差一位且校验码不符 +9.1; 姓名同音 +4.2; 联系电话不同 -2.0; 任意两行的基准 -8.1"


def row(number: int, *values: str | None) -> Row:
    shown = tuple(value or "" for value in values)
    return Row(f"{number}村/表.xlsx", "Sheet1", number + 2, f"{number}村", json.dumps(shown), f"d{number}", shown, values)


LEFT = row(1, "王芳", "370602********1234", "13900000001", "前岭村1号", "100")
RIGHT = row(2, "王方", "370602********1234", "13900000002", "前岭村1号", None)
PAIR = PairDoubt(LEFT, RIGHT, 0.82, 3.2, WORDS, {"姓名": 4.2, "身份证号": 9.1, "联系电话": -2.0, "": -8.1})
CLUSTER = ClusterDoubt("c1", "bridge", (LEFT, RIGHT, row(3, "王芳", None, None, "后岭村", None)), 2, 0.93, WORDS, (1, 2), 3)
DOUBTS = Doubts(
    PEOPLE,
    (PAIR,),
    (CLUSTER,),
    (ColumnDoubt("住哪里", "家庭住址", 0.6, "values", 2, ("家庭住址",)),),
    (Conflict("联系电话", "139****0001", "1村/表.xlsx Sheet1!3", "139****0002", "2村/表.xlsx Sheet1!4", "majority"),),
    {"pairs": 7, "clusters": 0, "columns": 0, "conflicts": 0},
)


def written(folder: Path, *doubts: Doubts, language: Language = Language.ZH) -> Path:
    path = folder / "review.xlsx"
    write_review(path, doubts, "2026-11", language)
    return path


def opened(path: Path) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(path)


def test_a_pair_stands_one_row_below_the_other_with_its_words_and_each_fields_weight_below_its_values(tmp_path: Path) -> None:
    page = opened(written(tmp_path, DOUBTS))["待定"]
    lines = [[cell.value for cell in line] for line in page.iter_rows(min_row=6, max_row=8)]
    assert lines[0][5:12] == ["1村", "1村/表.xlsx Sheet1!3", *LEFT.shown]
    assert (lines[0][12], lines[1][7], lines[1][11]) == (WORDS, "王方", None)
    assert lines[2][6:12] == ["任意两行的基准 -8.1", 4.2, 9.1, -2, None, None]
    assert lines[2][12] == "合计 +3.2"
    assert str(page["B9"].value).startswith("还有 7 项")


def test_what_differs_is_tinted_and_a_blank_differs_from_nothing(tmp_path: Path) -> None:
    page = opened(written(tmp_path, DOUBTS))["待定"]
    tinted = [cell.column_letter for cell in page[7] if cell.fill.fgColor.rgb == "FFFFE699"]
    assert tinted == ["H", "J"]


def test_decisions_have_a_list_and_say_in_a_hidden_column_what_they_are_about(tmp_path: Path) -> None:
    book = opened(written(tmp_path, DOUBTS))
    assert [one.formula1 for one in book["待定"].data_validations.dataValidation] == ['"相同,不同,不确定"']
    assert [one.formula1 for one in book["字段"].data_validations.dataValidation] == ["_lists!$A$1:$A$5"]
    assert all(book[name].column_dimensions["A"].hidden for name in ("待定", "簇", "字段"))
    assert json.loads(str(book["待定"]["A6"].value))["pair"] == ["d1", "d2"]
    assert json.loads(str(book["簇"]["A8"].value))["row"] == "d3"
    assert book["_lists"].sheet_state == "hidden"


def test_the_values_that_a_mark_stands_for_are_not_in_the_workbook(tmp_path: Path) -> None:
    secret = Row("a.xlsx", "S", 3, "甲村", '{"person.name":"密不外传"}', "d9", ("*",) * 5, ("密不外传",) * 5)
    one = Doubts(PEOPLE, (PairDoubt(secret, RIGHT, 0.6, None, "", {}),), (), (), (), dict(DOUBTS.more))
    with zipfile.ZipFile(written(tmp_path, one)) as package:
        assert not any("密不外传".encode() in package.read(name) for name in package.namelist())


def test_a_row_that_nothing_identifies_takes_no_decision(tmp_path: Path) -> None:
    nobody = Row("a.xlsx", "S", 3, "甲村", "", "", ("",) * 5, (None,) * 5)
    one = Doubts(PEOPLE, (PairDoubt(nobody, RIGHT, 0.6, None, "", {}),), (), (), (), dict(DOUBTS.more))
    page = opened(written(tmp_path, one))["待定"]
    assert (page["A6"].value, page["B6"].value) == (None, "没有可认的值")


def test_nothing_from_the_input_is_live(tmp_path: Path) -> None:
    evil = row(4, "=1+1", "+cmd", "@x", "http://example.invalid/", None)
    one = Doubts(PEOPLE, (PairDoubt(evil, RIGHT, 0.6, None, "", {}),), (), (), (), dict(DOUBTS.more))
    with zipfile.ZipFile(written(tmp_path, one)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_the_same_doubts_give_the_same_bytes_in_either_language(tmp_path: Path) -> None:
    for language in Language:
        first = written(tmp_path, DOUBTS, language=language).read_bytes()
        assert written(tmp_path, DOUBTS, language=language).read_bytes() == first
    assert opened(written(tmp_path, DOUBTS, language=Language.EN)).sheetnames[:2] == ["To decide", "Clusters"]


def test_an_office_program_shows_pairs_clusters_and_weights(tmp_path: Path) -> None:
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip("no office program here")
    path = written(tmp_path, DOUBTS)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    reading = ["pdftotext", "-layout", str(tmp_path / "review.pdf"), "-"]
    shown = subprocess.run(reading, check=True, capture_output=True, timeout=60).stdout.decode()
    for words in ("+9.1", "-2.0", "82%", "桥（3 行 2 条连线）", "住哪里", "怎么填"):
        assert words in shown.replace("\n", "")
    assert "Err:" not in shown
