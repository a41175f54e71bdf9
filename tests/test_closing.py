"""A round's end, as a district office meets it: what other forms say, what units answer, what goes back and comes again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from desk import Desk, person
from openpyxl import load_workbook

DEAD = ("序号", "死者姓名", "身份证号", "死亡日期")
RULES = """
reconcile:
  - code: DEAD
    severity: error
    message: {{zh: "已在死亡名单中（{{died}} 去世）", en: "died on {{died}}"}}
    sql: SELECT a._file, a._sheet, a._row, d."死亡日期" AS died FROM "补助" a JOIN "死亡" d USING (_entity)
  - code: JUMP
    severity: warning
    message: {{zh: "比上期多 {{more}}", en: "{{more}} more than last period"}}
    cell: 补助金额(元)
    sql: >-
      SELECT a._file, a._sheet, a._row, a."补助金额(元)" - p."补助金额(元)" AS more
      FROM "补助" a JOIN "补助@prev" p USING (_entity) WHERE a."补助金额(元)" > 1.5 * p."补助金额(元)"
"""


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.found()
    desk.workbook("表样/死亡.xlsx", [], DEAD, title="死亡人口登记表")
    desk.run("template", "new", "表样/死亡.xlsx", "--into", "ws/templates")
    spec = desk.folder / "ws/templates/补助.yaml"
    spec.write_text(spec.read_text(encoding="utf-8") + RULES.replace("{{", "{").replace("}}", "}"), encoding="utf-8")
    return desk


def consolidate(desk: Desk, period: str = "2026-11") -> dict[str, object]:
    done = desk.run("consolidate", "ws", "--period", period, "--as-of", "2026-12-31", "--json")
    assert done.status in {0, 1}, done.err
    return done.document


def told(desk: Desk, code: str, period: str = "2026-11") -> list[tuple[str, str, str]]:
    lines = desk.table(f"ws/outbox/{period}/evidence/补助/findings.csv")
    return [(line["row"], line["column"], line["message"]) for line in lines if line["code"] == code]


def sent(desk: Desk, rows: list[tuple[object, ...]], name: str = "甲村/补助.xlsx", period: str = "2026-11") -> Path:
    return desk.workbook(f"ws/inbox/{period}/{name}", rows)


def test_who_stands_in_the_list_of_the_dead_is_told_on_the_whole_row_with_what_that_list_says(office: Desk) -> None:
    sent(office, [person(n) for n in range(6)])
    dead = person(3)
    office.workbook("ws/inbox/2026-11/乙村/死亡.xlsx", [(dead[0], dead[1], "2026-10-08")], DEAD, title="死亡人口登记表")
    document = consolidate(office)
    assert told(office, "DEAD") == [("6", "", "已在死亡名单中（2026-10-08 去世）")]
    assert document["findings"]["error"] == 1  # type: ignore[index]


def test_rows_of_another_form_that_a_rule_names_are_counted_and_not_lost_in_silence(office: Desk) -> None:
    spec = office.folder / "ws/templates/补助.yaml"
    own, other = (f"SELECT {table}._file, {table}._sheet, {table}._row, d." for table in "ad")
    spec.write_text(spec.read_text(encoding="utf-8").replace(own, other), encoding="utf-8")
    sent(office, [person(n) for n in range(6)])
    dead = person(3)
    office.workbook("ws/inbox/2026-11/乙村/死亡.xlsx", [(dead[0], dead[1], "2026-10-08")], DEAD, title="死亡人口登记表")
    consolidate(office)
    assert told(office, "DEAD") == []
    assert [message for _, _, message in told(office, "reconcile-not-own")] == [
        "跨表规则 DEAD 查出 1 行，不是本表本期的行，没有标注"
    ]


def test_a_rule_whose_other_form_has_not_come_is_not_judged_and_says_so(office: Desk) -> None:
    sent(office, [person(n) for n in range(6)])
    consolidate(office)
    assert told(office, "DEAD") == []
    assert [message for _, _, message in told(office, "reconcile-not-judged")] == [
        "跨表规则 DEAD 本期未判断：没有 死亡",
        "跨表规则 JUMP 本期未判断：没有 补助@prev",
    ]


def test_an_amount_that_jumped_since_the_period_before_is_told_on_its_cell(office: Desk) -> None:
    sent(office, [person(n) for n in range(6)])
    consolidate(office)
    sent(office, [(*person(n)[:4], 900 if n == 2 else person(n)[4]) for n in range(6)], period="2026-12")
    consolidate(office, "2026-12")
    assert told(office, "JUMP", "2026-12") == [("5", "F", "比上期多 780")]


# -- what goes back and comes again ------------------------------------------------------------------------


def wrong(rows: int = 6) -> list[tuple[object, ...]]:
    """The third has an identity number that lost a digit, the fifth stands there twice."""
    people = [person(n) for n in range(rows)]
    people[2] = (people[2][0], str(people[2][1])[:17], *people[2][2:])
    return [*people, people[4]]


def marked(desk: Desk, period: str = "2026-11") -> Path:
    (copy,) = (desk.folder / f"ws/outbox/{period}/marked/11").iterdir()
    return copy


def test_a_file_with_problems_goes_back_marked_and_comes_again_without_them(office: Desk) -> None:
    path = sent(office, wrong())
    assert consolidate(office)["marked"] == 1
    book = load_workbook(marked(office))
    assert len(book.sheetnames) == 2
    cell = book.worksheets[1]["C5"]
    assert cell.fill.fgColor.rgb not in {"00000000", None}
    assert cell.comment is not None
    cell.value = person(2)[1]
    book.save(path)
    document = consolidate(office)
    assert document["moved"] == [{"unit": "甲村", "file": "2026-11/甲村/补助.xlsx", "fixed": 1, "still": 1, "new": 0}]
    assert [line["kept"] for line in office.table("ws/outbox/2026-11/evidence/补助/records.csv")].count("1") == 6
    again = load_workbook(marked(office))
    assert again.worksheets[1]["C5"].comment is None
    assert again.worksheets[1]["C5"].fill.fill_type is None


def explain(path: Path, code: str, words: str) -> None:
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        if any(code in str(cell.value or "") for cell in row):
            column = next(cell.column for line in sheet.iter_rows() for cell in line if str(cell.value or "").startswith("说明"))
            sheet.cell(row[0].row, column, words)
    book.save(path)


def test_an_explained_warning_passes_is_kept_and_used_again_in_the_next_period(office: Desk) -> None:
    twins = [*(person(n) for n in range(6)), (person(4)[0], *person(4)[1:])]
    path = sent(office, twins)
    assert consolidate(office)["findings"]["warning"] == 1  # type: ignore[index]
    path.write_bytes(marked(office).read_bytes())
    explain(path, "row-repeated", "两本存折，均属本人")
    document = consolidate(office)
    assert (document["findings"]["warning"], document["answered"]) == (0, {"explained": 1, "waived": 0, "reused": 0})  # type: ignore[index]
    assert document["moved"] == [{"unit": "甲村", "file": "2026-11/甲村/补助.xlsx", "fixed": 0, "still": 0, "new": 0}]
    (line,) = office.table("ws/outbox/2026-11/evidence/补助/explanations.csv")
    assert (line["row"], line["code"], line["text"], line["passes"]) == ("9", "row-repeated", "两本存折，均属本人", "1")
    sent(office, twins, period="2026-12")
    assert consolidate(office, "2026-12")["answered"] == {"explained": 1, "waived": 0, "reused": 1}


def test_an_error_passes_by_a_waiver_with_approver_and_last_day_not_by_an_explanation(office: Desk) -> None:
    path = sent(office, wrong())
    consolidate(office)
    path.write_bytes(marked(office).read_bytes())
    explain(path, "identity-number-length", "证件如此")
    document = consolidate(office)
    assert document["findings"]["error"] == 1  # type: ignore[index]
    assert [row for row, _, _ in told(office, "explanation-needs-waiver")] == ["5"]
    header = "template,unit,code,field,key,value,reason,approved_by,approved_at,until"
    waiver = "补助,甲村,identity-number-length,,,,旧证,王主任,2026-12-01,2026-12-31"
    (office.folder / "ws/waivers.csv").write_text(f"{header}\n{waiver}\n", encoding="utf-8")
    document = consolidate(office)
    assert (document["findings"]["error"], document["answered"]["waived"]) == (0, 1)  # type: ignore[index]


def reported(desk: Desk, amount: int) -> list[tuple[object, bool]]:
    """What the report holds where a unit wrote this amount, and whether a comment stands there."""
    sheet = load_workbook(desk.folder / "ws/outbox/2026-11/困难群众补助花名册.xlsx").worksheets[0]
    found = (cell for row in sheet.iter_rows() for cell in row)
    return [(cell.value, cell.comment is not None) for cell in found if str(cell.value) == str(amount)]


def test_an_amount_that_a_waiver_lets_pass_is_a_number_in_the_report_and_counts_in_its_total(office: Desk) -> None:
    spec = office.folder / "ws/templates/补助.yaml"
    limit = "rules:\n  - {code: MOST, check: '\"补助金额(元)\" <= 500', cell: 补助金额(元)}\n"
    spec.write_text(spec.read_text(encoding="utf-8") + limit, encoding="utf-8")
    sent(office, [(*person(n)[:4], 900 if n == 2 else person(n)[4]) for n in range(6)])
    consolidate(office)
    assert reported(office, 900) == [("900", True)]
    header = "template,unit,code,field,key,value,reason,approved_by,approved_at,until"
    waiver = "补助,甲村,MOST,,,900,一次性补发,王主任,2026-12-01,2026-12-31"
    (office.folder / "ws/waivers.csv").write_text(f"{header}\n{waiver}\n", encoding="utf-8")
    consolidate(office)
    assert reported(office, 900) == [(900, False)]


def test_a_number_that_its_field_does_not_allow_counts_where_a_waiver_lets_it_pass(office: Desk) -> None:
    sent(office, [(*person(n)[:4], "-50元" if n == 2 else person(n)[4]) for n in range(6)])
    consolidate(office)
    rest = sum(int(str(person(n)[4])) for n in range(6) if n != 2)
    assert (reported(office, -50), totalled(office)) == ([], rest)
    header = "template,unit,code,field,key,value,reason,approved_by,approved_at,until"
    waiver = "补助,甲村,amount-negative,,,,追回多发,王主任,2026-12-01,2026-12-31"
    (office.folder / "ws/waivers.csv").write_text(f"{header}\n{waiver}\n", encoding="utf-8")
    consolidate(office)
    assert (reported(office, -50), totalled(office)) == ([(-50, False)], rest - 50)


def totalled(desk: Desk) -> object:
    """The report's total of the amounts, as it is kept beside its formula."""
    book = load_workbook(desk.folder / "ws/outbox/2026-11/困难群众补助花名册.xlsx", data_only=True)
    return next(row[5].value for row in book.worksheets[0].iter_rows() if row[0].value == "合计")


def test_what_there_is_none_of_is_not_spoken_of_and_one_is_no_plural(office: Desk) -> None:
    people = [person(n) for n in range(6)]
    sent(office, [*people[:2], (people[2][0], str(people[2][1])[:17], *people[2][2:]), *people[3:]])
    words = ("consolidate", "ws", "--period", "2026-11", "--as-of", "2026-12-31")
    assert "Done: 1 report; 1 error. Next" in " ".join(office.run(*words, language="en").out.split())
    header = "template,unit,code,field,key,value,reason,approved_by,approved_at,until"
    waiver = "补助,甲村,identity-number-length,,,,换证,王主任,2026-12-01,2026-12-31"
    (office.folder / "ws/waivers.csv").write_text(f"{header}\n{waiver}\n", encoding="utf-8")
    told = " ".join(office.run(*words, language="en").out.split())
    assert "Let pass: 1 finding by a waiver." in told
    assert "1 report, nothing found" in told
    assert "经批准豁免 1 处。" in office.run(*words).out


def test_the_same_inbox_twice_gives_the_same_outbox(office: Desk) -> None:
    path = sent(office, wrong())
    consolidate(office)
    book = load_workbook(marked(office))
    book.worksheets[1]["C5"].value = person(2)[1]
    book.save(path)
    outbox = office.folder / "ws/outbox/2026-11"
    consolidate(office)
    first = {one: one.read_bytes() for one in outbox.rglob("*") if one.is_file()}
    consolidate(office)
    assert {one: one.read_bytes() for one in outbox.rglob("*") if one.is_file()} == first


def test_what_comes_after_a_lock_is_set_aside_and_what_came_before_stands(office: Desk) -> None:
    sent(office, [person(n) for n in range(6)])
    consolidate(office)
    locked = office.run("lock", "ws", "--period", "2026-11", "--unit", "甲村", "--by", "王主任", "--as-of", "2026-12-05")
    assert locked.status == 0, locked.err
    late = sent(office, [person(n) for n in range(3)], "甲村/补助(修改).xlsx")
    (office.folder / "ws/inbox/received.csv").write_text(
        f"file,received_at\n2026-11/甲村/{late.name},2026-12-09 10:00\n2026-11/甲村/补助.xlsx,2026-12-02 09:00\n",
        encoding="utf-8",
    )
    done = office.run("consolidate", "ws", "--period", "2026-11", "--as-of", "2026-12-31", "--json")
    states = {line["file"]: line["state"] for line in office.table("ws/outbox/2026-11/evidence/submissions.csv") if line["file"]}
    assert states == {"2026-11/甲村/补助.xlsx": "accepted", "2026-11/甲村/补助(修改).xlsx": "set-aside"}
    assert "period-locked" in json.dumps(done.document)


# -- a look at files beside a workspace -----------------------------------------------------------------------


def looked_at(desk: Desk, *words: str) -> list[tuple[str, str, str]]:
    done = desk.run("validate", *words, "--as-of", "2026-12-31", "--json")
    assert done.status in {0, 1}, done.err
    listed: list[dict[str, str]] = done.document["listed"]  # type: ignore[assignment]
    across = ("DEAD", "JUMP", "reconcile-not-judged")
    return [(line["code"], line["cell"], line["message"]) for line in listed if line["code"] in across]


def test_a_file_is_held_against_the_other_forms_as_the_last_round_left_them(office: Desk) -> None:
    sent(office, [person(n) for n in range(3)])
    dead = person(4)
    office.workbook("ws/inbox/2026-11/乙村/死亡.xlsx", [(dead[0], dead[1], "2026-10-08")], DEAD, title="死亡人口登记表")
    consolidate(office)
    path = office.workbook("新报/甲村/补助 2026-11.xlsx", [person(n) for n in range(6)], title="困难群众补助花名册（2026年11月）")
    told = looked_at(office, str(path), "--workspace", "ws")
    assert [one[:2] for one in told] == [("DEAD", "7"), ("reconcile-not-judged", "")]
    assert "2026-10-08" in told[0][2]
    # Nothing of the round is changed by a look.
    assert consolidate(office)["findings"]["error"] == 0  # type: ignore[index]


def test_without_a_round_rules_across_forms_are_not_judged_and_say_so_and_without_a_workspace_there_are_none(
    office: Desk,
) -> None:
    path = office.workbook("新报/甲村/补助 2026-11.xlsx", [person(n) for n in range(6)], title="困难群众补助花名册（2026年11月）")
    assert [one[0] for one in looked_at(office, str(path), "--workspace", "ws")] == ["reconcile-not-judged"] * 2
    assert looked_at(office, str(path), "--template", "ws/templates/补助.yaml") == []
