"""Evidence: where every row and value came from, in the contract's columns."""

from __future__ import annotations

import re

import polars as pl
import pytest
from forms import HEADER, PEOPLE, TODAY, consolidate_grid, delivery, field, grid, submission, table, template
from villagers import villagers

from reportkit import evidence
from reportkit.consolidation import Setting, consolidate
from reportkit.findings import Finding, Findings
from reportkit.messages import Language, catalogue, say, tidy
from reportkit.submissions import State, Submission
from reportkit.templates import GridCell, Template
from reportkit.units import Unit, Units

#: The columns that DESIGN.md promises.
CONTRACT = {
    "records.csv": "file,sheet,row,cluster_id,kept,score",
    "links.csv": "file,sheet,row,other_file,other_sheet,other_row,joined,probability,weight,why",
    "figures.csv": "file,sheet,row,column,cell,written,counted",
    "fields.csv": "template,file,sheet,column,header,field,score,how",
    "findings.csv": "file,sheet,row,column,code,severity,field,value,message",
    "changes.csv": "file,sheet,row,column,field,written,value,how",
    "conflicts.csv": "cluster_id,field,chosen,chosen_from,other,other_from,rule",
    "unmapped.csv": "file,sheet,row,column,header,value",
}
UNITS = Units((Unit("1", "甲区", "district"), Unit("11", "甲村", "village", "1"), Unit("12", "乙村", "village", "1")))


def frames(language: Language = Language.ZH) -> dict[str, pl.DataFrame]:
    rows = [(*one, "100") for one in villagers(20)]
    first = submission("甲村/a.xlsx", table(["序号", *HEADER], [(n, *row) for n, row in enumerate(rows, 1)]), unit="11")
    second = submission("乙村/b.xlsx", table(["姓名", "证件", "ZZ"], [(row[0], row[1], "备") for row in rows[:9]]), unit="12")
    return evidence.of(consolidate(PEOPLE, [first, second], Setting(TODAY, TODAY)), language).frames


@pytest.mark.parametrize("name", sorted(set(CONTRACT) - {"figures.csv", "findings.csv"}))
def test_the_files_of_a_list_have_the_columns_that_were_promised(name: str) -> None:
    assert ",".join(frames()[name].columns) == CONTRACT[name]


def test_findings_have_the_columns_that_were_promised() -> None:
    found = evidence.told(Findings.of([Finding("no-table", "a.xlsx")]), Language.ZH, catalogue())
    assert ",".join(found.columns) == CONTRACT["findings.csv"]


def test_every_submitted_column_but_the_running_number_has_a_line_that_says_what_it_was_taken_for() -> None:
    lines = frames()["fields.csv"].select("file", "column", "header", "field", "how").rows()
    assert lines == [
        ("乙村/b.xlsx", "A", "姓名", "姓名", "exact"),
        ("乙村/b.xlsx", "B", "证件", "身份证号", lines[1][4]),
        ("乙村/b.xlsx", "C", "ZZ", "", ""),
        *[("甲村/a.xlsx", "BCDEF"[n], one, one, "exact") for n, one in enumerate(HEADER)],
    ]
    assert lines[1][4] in {"fuzzy", "values"}
    assert frames()["fields.csv"]["score"].is_between(0, 1).all()


def test_columns_of_a_superseded_file_are_told_too() -> None:
    rows = villagers(9)
    old, new = (submission(f"{day}.xlsx", table(HEADER[:4], rows), unit="11", day=day) for day in (1, 2))
    found = evidence.of(consolidate(PEOPLE, [old, new], Setting(TODAY, TODAY)), Language.ZH).frames
    assert set(found["fields.csv"]["file"]) == {"1.xlsx", "2.xlsx"}
    assert set(found["records.csv"]["file"]) == {"2.xlsx"}


def test_findings_stand_in_the_order_of_their_addresses_with_severity_and_words() -> None:
    made = [
        Finding("total-differs", "b.xlsx", "Sheet1", 9, "E", "金额", "300", "400", "400"),
        Finding("required-missing", "a.xlsx", "Sheet1", 10, "A", "姓名"),
        Finding("column-unmapped", "a.xlsx", "Sheet1", 0, "F", "备忘", suggestion="备注"),
        Finding("required-missing", "a.xlsx", "Sheet1", 9, "A", "姓名"),
        Finding("required-missing", "a.xlsx", "Sheet1", 9, "A", "姓名"),
    ]
    for language in Language:
        found = evidence.told(Findings.of(made), language, catalogue())
        assert found.select("file", "row").rows() == [("a.xlsx", None), ("a.xlsx", 9), ("a.xlsx", 10), ("b.xlsx", 9)]
        for line, one in zip(found.rows(named=True), [made[2], made[3], made[1], made[0]], strict=True):
            facts = {
                name: getattr(one, name) for name in ("field", "value", "detail", "suggestion", "file", "sheet", "column", "row")
            }
            assert line["message"] == tidy(say(one.code, language, **facts))
            assert line["severity"] == catalogue()[one.code].severity


FACTS = {
    "file": "a.xlsx",
    "sheet": "表一",
    "row": 7,
    "column": "C",
    "field": "某栏",
    "value": "某值",
    "detail": "某事",
    "suggestion": "某议",
}


@pytest.mark.parametrize("language", Language)
def test_every_code_is_told_in_the_words_of_the_catalogue(language: Language) -> None:
    named = {code: set(re.findall(r"{(\w+)}", entry.message[language])) for code, entry in catalogue().items()}
    codes = [code for code, facts in named.items() if facts <= set(FACTS)]
    found = evidence.told(Findings.of(Finding(code, **FACTS) for code in codes), language, catalogue())
    told = dict(found.select("code", "message").rows())
    assert told == {code: say(code, language, **FACTS) for code in codes}
    assert {"conflict", "required-missing", "column-unmapped", "maybe-repeated"} <= set(codes)


def test_a_statistics_form_says_where_each_cell_was_found() -> None:
    form = grid(GridCell(name="热线·受理数", row="热线", column="受理数", at="B3"))
    sheet = table(["项目", "计量单位", "受理数"], [["热线", "件", "很多"]])
    found = evidence.of(consolidate_grid(form, [submission("a.xlsx", sheet, of="figures")]), Language.EN).frames
    assert found["fields.csv"].select("file", "column", "field").rows() == [("a.xlsx", "C", "热线·受理数")]
    for name, frame in found.items():
        assert ",".join(frame.columns) == CONTRACT[name]


# -- the round ---------------------------------------------------------------------------------------------


def received(file: str, unit: str, day: int, of: str = "people", state: State = State.ACCEPTED) -> Submission:
    return Submission(delivery(file, day=day), unit, of, "2026-11", None, (), state)


FIRMS = template(field("企业名称"), name="firms", title="企业登记表")


def missing(*found: Submission, of: tuple[Template, ...] = (PEOPLE,)) -> list[tuple[str, str]]:
    return evidence.missing(found, of, UNITS)


def test_a_form_that_nobody_sent_is_missing_one_that_could_not_be_read_is_not() -> None:
    assert missing() == [("11", "people"), ("12", "people")]
    assert missing(received("a.xlsx", "11", 1), received("b.xls", "12", 1, state=State.UNREADABLE)) == []
    assert missing(received("a.xlsx", "11", 1), of=(PEOPLE, FIRMS)) == [("12", "people"), ("11", "firms"), ("12", "firms")]
    assert missing(of=(PEOPLE.model_copy(update={"reporters": "district"}),)) == [("1", "people")]


def test_a_file_is_late_from_the_day_after_the_due_day() -> None:
    sent = [received("a.xlsx", "11", 5), received("b.xlsx", "12", 6)]
    found = evidence.submissions(sent, [PEOPLE, FIRMS], UNITS, {"people": "2026-11-05"})
    assert ",".join(found.columns) == "file,unit,template,revision,timing,state,received_at,due,sha256,note"
    assert found.select("file", "unit", "template", "timing", "received_at", "due").rows() == [
        ("", "11", "firms", "missing", "", ""),
        ("", "12", "firms", "missing", "", ""),
        ("a.xlsx", "11", "people", "on-time", "2026-11-05 09:00:00", "2026-11-05"),
        ("b.xlsx", "12", "people", "late", "2026-11-06 09:00:00", "2026-11-05"),
    ]


def test_without_a_due_day_nothing_is_late() -> None:
    found = evidence.submissions([received("a.xlsx", "11", 30)], [PEOPLE], UNITS, {})
    assert found.filter(file="a.xlsx")["timing"].to_list() == ["on-time"]


def test_files_are_counted_by_their_state() -> None:
    sent = [received("a", "11", 1), received("b", "11", 1, state=State.COPY), received("c", "12", 1)]
    assert evidence.counts(sent) == {**dict.fromkeys((state.value for state in State), 0), "accepted": 2, "copy": 1}


def test_fields_of_one_concept_ask_the_same_in_every_template() -> None:
    one = template(field("身份证号", "identity-number", concept="person.identity_number"), field("备注"), name="a")
    two = template(field("公民身份号码", "identity-number", concept="person.identity_number"), name="b")
    form = grid(GridCell(name="x", row="r", column="c", at="B3"))
    assert evidence.concepts([one, two, form]).select("template", "header", "concept").rows() == [
        ("a", "身份证号", "person.identity_number"),
        ("a", "备注", "a.备注"),
        ("b", "公民身份号码", "person.identity_number"),
    ]


def test_how_a_meaning_is_known() -> None:
    fields = (
        field("姓名", "person-name", concept="person.name"),
        field("本人姓名1", "person-name"),
        field("上学地方", "organisation-name"),
        field("村里看法"),
    )
    accepted = template(*fields, name="a")
    guessed = template(*fields, name="b", inferred=True)
    lines = evidence.concepts([accepted, guessed]).select("template", "how", "score").rows()
    assert lines[:4] == [("a", "decided", 1.0)] * 4
    assert lines[4:6] == [("b", "exact", 1.0), ("b", "alias", 0.95)]
    assert [how for _, how, _ in lines[6:]] == ["values", "fuzzy"]
    assert all(0 < score < 0.9 for _, _, score in lines[6:])


def test_a_cell_that_holds_a_placeholder_stays_as_it_is_in_the_message() -> None:
    finding = Finding(
        "sex-differs-from-identity-number", "a.xlsx", "S", 3, "B", "性别", "{suggestion}{row}", suggestion="{value}"
    )
    (message,) = evidence.told(Findings.of([finding]), Language.EN, catalogue())["message"]
    assert message == "sex “{suggestion}{row}” is denied by the identity number, which says “{value}”"
