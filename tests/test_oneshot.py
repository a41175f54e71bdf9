"""``merge`` and ``validate``: what lies on the desk, and what comes of it."""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from desk import HEADER, Desk, person
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reportkit.arrivals import Outcome
from reportkit.desk import _shared
from reportkit.errors import UsageError
from reportkit.oneshot import _file_names, merge
from reportkit.outbox import is_evidence
from reportkit.summary import MergeOptions

GOOD = [person(n) for n in range(6)]
LABELS = ("城市低保", "农村低保", "特困供养", "临时救助")


def statistics(desk: Desk, name: str, unit: str, first: int) -> Path:
    """A unit's statistics form with its own words, a private sheet and a total of formulas."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "表"
    sheet.append([f"{unit}低保工作统计表"])
    sheet.merge_cells("A1:D1")
    sheet.append([f"填报单位：{unit}", None, "填报日期：2026年11月3日"])
    sheet.append(["指标", "户数", "人数", "金额(元)"])
    for at, label in enumerate(LABELS):
        sheet.append([label, first + at, 2 * first + at, 1000 * first])
    sheet.append(["填表人：王芳", None, "联系电话：13900001111"])
    book.create_sheet("私")["A1"] = "370602195603121234"
    path = desk.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def sheets(path: Path) -> dict[str, Worksheet]:
    return {sheet.title: sheet for sheet in load_workbook(path).worksheets}


def texts(sheet: Worksheet) -> list[str]:
    return [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None]


def column(sheet: Worksheet, header: str) -> list[object]:
    """The cells under a header of one of the sheets behind a report."""
    at = next(n for n, cell in enumerate(sheet[2]) if cell.value == header)
    return [row[at] for row in sheet.iter_rows(min_row=3, values_only=True)]


# -- statistics forms ---------------------------------------------------------------------------------------


def test_statistics_forms_are_summed_in_the_look_of_the_largest(desk: Desk) -> None:
    for n, unit in enumerate(("前岭村", "石湾村", "王家村")):
        statistics(desk, f"in/{n}.xlsx", unit, 10 + n)
    done = desk.run("merge", "in", "-o", "out.xlsx")
    assert done.status in (0, 1), done.err
    found = sheets(desk.folder / "out.xlsx")
    report = found["表"]
    assert [[cell.value for cell in row] for row in report["A4:D4"]] == [["城市低保", 33, 66, 33000]]
    assert "私" not in found
    said = "\n".join(texts(report))
    assert not any(word in said for word in ("前岭村", "石湾村", "王家村", "王芳", "13900001111"))
    assert column(found["来源"], "填报单位")[:3] == ["前岭村", "石湾村", "王家村"]
    assert texts(found["各单位数据"])[1:5] == ["填报单位", "前岭村", "石湾村", "王家村"]


def test_statistics_in_another_format_get_a_plain_form(desk: Desk) -> None:
    for n in (1, 2):
        lines = [["低保工作统计表"], ["指标", "户数", "人数"], *([label, n, 2 * n] for label in LABELS)]
        desk.file(f"in/{n}.csv", "\n".join(",".join(map(str, line)) for line in lines).encode("utf-8-sig"))
    assert desk.run("merge", "in", "-o", "out.xlsx").status in (0, 1)
    assert texts(sheets(desk.folder / "out.xlsx")["汇总"])[-12:-9] == ["城市低保", "3", "6"]


# -- what is written, and over what ---------------------------------------------------------------------------


def test_a_failure_leaves_no_report_and_no_evidence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.workbook("in/a.xlsx", GOOD)
    statistics(desk, "in/b.xlsx", "前岭村", 3)

    def broken(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr("reportkit.oneshot.own_look", broken)
    with pytest.raises(KeyError):
        merge(MergeOptions((desk.folder / "in",), desk.folder / "out", into_folder=True, evidence=desk.folder / "evidence"))
    assert [path.name for path in desk.folder.rglob("*") if path.is_file()] in (["a.xlsx", "b.xlsx"], ["b.xlsx", "a.xlsx"])


def test_evidence_goes_over_its_own_kind_alone(desk: Desk) -> None:
    desk.workbook("in/a.xlsx", GOOD)
    desk.file("mine/notes.txt", b"mine")
    words = ("merge", "in", "-o", "out.xlsx", "--evidence", "mine")
    assert desk.run(*words).status == 2
    assert not (desk.folder / "out.xlsx").exists()
    assert desk.run(*words, "--force").status == 0
    assert (desk.folder / "mine/notes.txt").read_bytes() == b"mine"
    assert (desk.folder / "mine/records.csv").exists()
    for _ in range(2):
        assert desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "evidence").status == 0
    assert is_evidence(desk.folder / "evidence")


def test_a_list_of_records_of_somebody_else_is_no_evidence_of_ours(desk: Desk) -> None:
    desk.workbook("in/a.xlsx", GOOD)
    desk.file("theirs/records.csv", b"name,song\n")
    assert desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "theirs").status == 2
    assert (desk.folder / "theirs/records.csv").read_bytes() == b"name,song\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no modes")
def test_evidence_is_its_owners_alone_whatever_the_umask(desk: Desk) -> None:
    desk.workbook("in/a.xlsx", GOOD)
    before = os.umask(0)
    try:
        merge(MergeOptions((desk.folder / "in",), desk.folder / "out.xlsx", evidence=desk.folder / "deep/evidence"))
    finally:
        os.umask(before)
    made = [desk.folder / "deep/evidence", *(desk.folder / "deep/evidence").rglob("*")]
    assert [path.name for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


@pytest.mark.parametrize("name", ["out.csv", "out", "out.xls"])
def test_a_report_is_an_xlsx(desk: Desk, name: str) -> None:
    desk.workbook("in/a.xlsx", GOOD)
    assert desk.run("merge", "in", "-o", name).status == 2
    assert not (desk.folder / name).exists()


def test_an_input_is_never_written_to(desk: Desk) -> None:
    path = desk.workbook("in/a.xlsx", GOOD)
    before = path.read_bytes()
    assert desk.run("merge", "in", "-o", "in/a.xlsx", "--force").status == 2
    assert path.read_bytes() == before


def test_a_dry_run_says_so_and_writes_nothing(desk: Desk) -> None:
    desk.workbook("in/a.xlsx", GOOD)
    done = desk.run("merge", "in", "-o", "out.xlsx", "--evidence", "evidence", "--dry-run")
    assert done.status == 0
    assert "没有写出任何文件" in done.out
    assert desk.run("merge", "in", "-o", "out.xlsx", "--dry-run", "--json").document["dry_run"] is True
    assert [path.name for path in desk.folder.iterdir()] == ["in"]


def test_what_an_earlier_call_made_is_no_input(desk: Desk) -> None:
    desk.workbook("in/a.xlsx", GOOD)
    words = ("merge", "in", "-o", "in/out/", "--evidence", "in/out/evidence", "--json")
    assert desk.run(*words).status == 0
    again = desk.run(*words)
    assert again.status == 0
    assert again.document["skipped"] == 9


def test_two_reports_of_one_title_are_two_files() -> None:
    titles = ("基本/情况表", "基本:情况表", "另一张表")
    results = [SimpleNamespace(template=SimpleNamespace(name=str(n), title=title)) for n, title in enumerate(titles)]
    outcome = cast("Outcome", SimpleNamespace(results=results))
    assert list(_file_names(outcome).values()) == ["基本_情况表", "基本_情况表(2)", "另一张表"]


# -- what stands in it ----------------------------------------------------------------------------------------


def test_extra_columns_are_kept_on_a_sheet_of_their_own(desk: Desk) -> None:
    blank = desk.workbook("blank.xlsx", [], HEADER[:-1])
    desk.workbook("in/a.xlsx", [(*row[:-1], f"鞋码{n}") for n, row in enumerate(GOOD)], (*HEADER[:-1], "鞋码"))
    done = desk.run("merge", "in", "--template", str(blank), "-o", "out.xlsx")
    assert done.status in (0, 1), done.err
    kept = sheets(desk.folder / "out.xlsx")["其他列"]
    assert column(kept, "内容") == [f"鞋码{n}" for n in range(6)]
    assert column(kept, "行") == list(range(3, 9))


def test_without_extra_columns_there_is_no_such_sheet(desk: Desk) -> None:
    desk.workbook("in/a.xlsx", GOOD)
    desk.run("merge", "in", "-o", "out.xlsx")
    assert "其他列" not in sheets(desk.folder / "out.xlsx")


def test_every_file_stands_among_the_sources_with_its_state(desk: Desk) -> None:
    first = desk.workbook("in/a.xlsx", GOOD)
    copy = desk.file("in/b.xlsx", first.read_bytes())
    os.utime(copy, (time.time() + 60, time.time() + 60))
    desk.file("in/c.xlsx", b"")
    statistics(desk, "in/d.xlsx", "前岭村", 3)
    assert desk.run("merge", "in", "-o", "out.xlsx").status == 3
    source = sheets(desk.folder / "out.xlsx")["来源"]
    said = dict(zip(column(source, "文件"), column(source, "处理结果"), strict=True))
    assert said["in/a.xlsx"] == "已汇总"
    assert said["in/b.xlsx"] == "重复文件"
    assert said["in/c.xlsx"] == "打不开"
    assert said["in/d.xlsx"] == "未采用"


def test_without_a_period_nothing_bears_this_month(desk: Desk) -> None:
    desk.workbook("in/a.xlsx", GOOD)
    assert desk.run("merge", "in", "-o", "out.xlsx", "--json").document["period"] == ""
    assert "reportkit.period" not in {one.name for one in load_workbook(desk.folder / "out.xlsx").custom_doc_props.props}


def test_the_period_that_all_files_name_is_the_reports(desk: Desk) -> None:
    desk.workbook("in/a.xlsx", GOOD, title="2026年9月补助花名册")
    assert desk.run("merge", "in", "-o", "out.xlsx", "--json").document["period"] == "2026-09"


@pytest.mark.parametrize(("prepared", "total"), [(0, None), (0, 0), (2, None), (2, 0), (2, "=SUM(F3:F4)")])
def test_a_blanks_own_total_row_takes_the_total(desk: Desk, prepared: int, total: object) -> None:
    path = desk.workbook("blank.xlsx", [("",) * 5] * prepared)
    book = load_workbook(path)
    assert book.active is not None
    book.active.append(["合计", None, None, None, None, total])
    book.save(path)
    desk.workbook("in/a.xlsx", GOOD)
    done = desk.run("merge", "in", "--template", str(path), "-o", "out.xlsx")
    assert done.status in (0, 1), done.err
    report = load_workbook(desk.folder / "out.xlsx").worksheets[0]
    labels = [str(row[0].value) for row in report.iter_rows()]
    assert labels.count("合计") == 1
    assert labels.index("合计") == 8
    assert report["B3"].value == GOOD[0][0]
    assert str(report["F9"].value) == "=SUM(F3:F8)"


# -- privacy --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", ["370602195603121234", "３７０６０２１９５６０３１２１２３４", "6217 0012 3400 1234 567"])
def test_numbers_are_hidden_whatever_field_they_stand_in(desk: Desk, secret: str) -> None:
    rows = [list(row) for row in GOOD]
    rows[2][2] = secret + " 无"
    desk.workbook("in/a.xlsx", rows)
    for words in (("validate", "in"), ("validate", "in", "--json")):
        done = desk.run(*words)
        assert secret not in done.out + done.err
    assert "*****" in desk.run("validate", "in").out
    assert secret in desk.run("validate", "in", "--show-values").out


# -- what is said ---------------------------------------------------------------------------------------------


def test_many_findings_alike_are_one_line_with_their_code(desk: Desk) -> None:
    rows = [list(person(n)) for n in range(40)]
    for row in rows[5:]:
        row[4] = "若干"
    desk.workbook("in/a.xlsx", rows)
    done = desk.run("validate", "in")
    assert len(done.out.splitlines()) < 10
    assert "共 35 处" in done.out
    assert "张报表" not in done.out
    assert "[" in done.out


def test_nothing_made_asks_nobody_to_open_it(desk: Desk) -> None:
    desk.file("in/a.xlsx", b"")
    done = desk.run("merge", "in")
    assert done.status == 3
    assert "打开" not in done.out.splitlines()[-1].split("。")[-1]
    assert not (desk.folder / "in-汇总.xlsx").exists()


def test_a_wrong_output_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="out-not-xlsx"):
        merge(MergeOptions((tmp_path / "absent",), tmp_path / "a.csv"))


@pytest.mark.parametrize(
    ("titles", "shared"),
    [
        (["石湾村低收入台账", "前岭村低收入台账"], "低收入台账"),
        (["前岭村困难群众花名册", "后岭村困难群众花名册"], "困难群众花名册"),
        (["石湾村社区养老服务名册", "登州镇社区养老服务名册"], "社区养老服务名册"),
        (["困难群众花名册", "困难群众花名册"], "困难群众花名册"),
    ],
)
def test_a_reports_title_is_what_the_files_titles_share_without_half_a_place(titles: list[str], shared: str) -> None:
    assert _shared(titles) == shared
