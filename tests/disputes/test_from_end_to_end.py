"""A dispute as its people see it: marked, sent to whose word counts, corrected by its next revision, kept."""

from __future__ import annotations

from pathlib import Path

from desk import Desk, person
from openpyxl import load_workbook

HEADER = ("序号", "姓名", "身份证号", "家庭住址")


def police(desk: Desk, third: object) -> None:
    rows = [(third if n == 2 else person(n)[0], person(n)[1], person(n)[3]) for n in range(6)]
    desk.workbook("ws/inbox/2026-11/甲村/户籍.xlsx", rows, HEADER, "户籍人口登记表")


def test_a_dispute_is_sent_to_its_owner_and_settled_by_the_owners_next_revision(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.found()
    desk.workbook("表样/户籍.xlsx", [], HEADER, "户籍人口登记表")
    desk.run("template", "new", "表样/户籍.xlsx", "--into", "ws/templates")
    for name, department in (("补助", "民政局"), ("户籍", "公安局")):
        spec = tmp_path / f"ws/templates/{name}.yaml"
        own = "owner: {姓名: 公安局}\n" if name == "户籍" else ""
        spec.write_text(spec.read_text("utf-8").replace("workbook:", f"department: {department}\nworkbook:", 1) + own, "utf-8")
    desk.workbook("ws/inbox/2026-11/甲村/补助.xlsx", [person(n) for n in range(6)])
    police(desk, "张明")
    words = ("consolidate", "ws", "--period", "2026-11", "--as-of", "2026-12-05")
    assert "异议 1 处" in desk.run(*words).out
    sheet = load_workbook(tmp_path / "ws/outbox/2026-11/disputes/公安局.xlsx").worksheets[0]
    assert [sheet.cell(4, column).value for column in (4, 5, 7)] == ["姓名", "张明", f"民政局：{person(2)[0]}"]
    assert len(list((tmp_path / "ws/outbox/2026-11/marked/11").iterdir())) == 2
    police(desk, person(2)[0])
    told = desk.run(*words).out
    assert "本期已更正的异议 1 处" in told
    assert "没有发现问题" in told
    assert not (tmp_path / "ws/outbox/2026-11/disputes").exists()
    assert not (tmp_path / "ws/outbox/2026-11/marked").exists()
    (kept,) = desk.table("ws/.reportkit/disputes.csv")
    assert (kept["state"], kept["corrected_by"]) == ("corrected", "2026-11/甲村/户籍.xlsx")
