"""Findings as other programs read them: what each format's standard asks for, and the same findings in all of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import polars as pl
import pytest
from forms import HEADER, PEOPLE, TODAY, submission, table
from villagers import villagers

from reportkit.cli.validate import Form
from reportkit.consolidation import Setting, consolidate
from reportkit.errors import UsageError
from reportkit.evidence import FINDINGS
from reportkit.findings import Finding, Findings
from reportkit.formats import ENDINGS, FORMATS, is_listing, save
from reportkit.formats.listing import Manner, listing
from reportkit.messages import Language, catalogue
from reportkit.rules import Rule
from reportkit.summary import Listing

HIDDEN = "370602195603121234"
#: Two findings of one cell are told in one order too.
FOUND = (
    Finding("date-impossible", "报送/甲 镇(1).xlsx", "名册", 7, "B", "出生日期", "2026-02-30"),
    Finding("row-repeated", "报送/甲 镇(1).xlsx", "名册", 9, "C", "身份证号", HIDDEN, "名册!5"),
    Finding("file-extension", "/in/b.xls", detail="xlsx"),
    Finding("phone-length", "c.csv", "", 4, "D", "联系电话", "=1+1"),
    Finding("weights-built-in", "", detail="12"),
    Finding("conflict", "c.csv", "", 4, detail="联系电话：1（乙镇）"),
    Finding("conflict", "c.csv", "", 4, detail="家庭住址：乙（乙镇）"),
)


def told(*findings: Finding, show_values: bool = False, language: Language = Language.ZH) -> Listing:
    units = {"报送/甲 镇(1).xlsx": "甲镇"}
    return listing([], Findings.of(findings), Manner(language, units, show_values=show_values))


def rendered(form: str, of: Listing) -> str:
    return FORMATS[form].render(of).decode("utf-8-sig")


def document(form: str, of: Listing) -> Any:  # noqa: ANN401 - JSON
    return json.loads(rendered(form, of))


def test_the_command_line_offers_what_there_is() -> None:
    assert {form.value for form in Form} == set(FORMATS)
    assert set(ENDINGS.values()) <= set(FORMATS)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_numbers_of_persons_are_hidden_in_every_format_unless_they_are_asked_for(form: str) -> None:
    facts = (*FOUND, Finding("maybe-repeated", "a.xlsx", "S", 3, detail=f"{HIDDEN} b.xlsx"))
    assert HIDDEN not in rendered(form, told(*facts))
    assert HIDDEN in rendered(form, told(*facts, show_values=True))


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_a_suggestion_that_differs_only_where_numbers_are_hidden_is_not_told(form: str) -> None:
    def suggested(number: str, *, show_values: bool = False) -> str:
        found = Finding("identity-number-check-digit", "a.xlsx", "S", 3, "C", "身份证号", HIDDEN, suggestion=number)
        return rendered(form, told(found, show_values=show_values))

    assert "370602195603121234" not in suggested("370602196503121234")
    assert suggested("370602196503121234") == suggested("")
    assert "370602196503121234" in suggested("370602196503121234", show_values=True)
    assert suggested("370602195603121243") != suggested("")


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_same_findings_are_the_same_bytes_in_whatever_order_they_were_found(form: str) -> None:
    assert FORMATS[form].render(told(*FOUND)) == FORMATS[form].render(told(*FOUND[::-1]))


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("findings", [(), FOUND], ids=["none", "some"])
def test_a_file_of_ours_is_written_anew_and_nothing_else_is(tmp_path: Path, form: str, findings: tuple[Finding, ...]) -> None:
    path = tmp_path / "new" / f"found.{form}"
    for _ in range(2):
        save(path, FORMATS[form].render(told(*findings)))
    assert is_listing(path) or not findings
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(b"name,phone\n")
    with pytest.raises(UsageError, match="not-ours"):
        save(path, b"")
    assert path.read_bytes() == b"name,phone\n"
    save(path, b"x", force=True)
    assert path.read_bytes() == b"x"


def test_a_folder_and_somebody_elses_document_are_no_listings(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"schema": "other"}', encoding="utf-8")
    assert not is_listing(tmp_path)
    assert not is_listing(tmp_path / "other.json")
    with pytest.raises(UsageError):
        save(tmp_path, b"")


# -- json and its lines -----------------------------------------------------------------------------------------


def test_the_document_says_its_version_counts_and_holds_findings_folded_and_one_by_one() -> None:
    many = [Finding("date-impossible", "a.xlsx", "S", row, "B", "日期", f"2026-02-{row}") for row in range(30, 60)]
    found = document("json", told(*many, *FOUND[1:]))
    assert found["schema_version"] == 1
    assert found["findings"] == {"error": 31, "warning": 3, "note": 2}
    assert found["folded"][0]["count"] == 30
    assert sum(line["count"] for line in found["folded"]) == len(found["listed"]) == 36
    assert "generated" not in json.dumps(found)


def test_a_line_of_json_is_a_finding_with_all_that_is_known_of_it() -> None:
    lines = [json.loads(line) for line in rendered("jsonl", told(*FOUND)).splitlines()]
    assert len(lines) == len(FOUND)
    (date,) = (line for line in lines if line["code"] == "date-impossible")
    assert date == {
        "tool": "reportkit",
        "code": "date-impossible",
        "severity": "error",
        "unit": "甲镇",
        "file": "报送/甲 镇(1).xlsx",
        "sheet": "名册",
        "row": 7,
        "column": "B",
        "cell": "B7",
        "field": "出生日期",
        "value": "2026-02-30",
        "message": "日历上没有“2026-02-30”这一天",
        "mend": catalogue()["date-impossible"].mend[Language.ZH],
        "suggestion": "",
        "effect": 0.0,
        "share": 0.0,
        "total": "",
    }
    assert [line["row"] for line in lines if line["code"] == "weights-built-in"] == [None]


# -- csv --------------------------------------------------------------------------------------------------------


def test_a_spreadsheet_opens_the_evidences_columns_and_runs_nothing() -> None:
    content = FORMATS["csv"].render(told(*FOUND))
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert tuple(lines[0]) == FINDINGS
    assert {(line["code"], line["row"]) for line in lines} >= {("date-impossible", "7"), ("file-extension", "")}
    assert [line["value"] for line in lines if line["code"] == "phone-length"] == ["'=1+1"]


# -- sarif ------------------------------------------------------------------------------------------------------

#: What the standard requires of each object that we write, and all that it allows of the closed ones (SARIF 2.1.0, section 3).
REQUIRED = {"log": {"version", "runs"}, "run": {"tool"}, "driver": {"name"}, "rule": {"id"}, "result": {"message"}}
ALLOWED = {
    "log": {"$schema", "version", "runs"},
    "run": {"tool", "language", "results"},
    "driver": {"name", "rules"},
    "rule": {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"},
    "result": {"ruleId", "ruleIndex", "level", "message", "locations", "properties"},
    "location": {"physicalLocation", "logicalLocations"},
}


def fits(kind: str, one: Mapping[str, Any]) -> bool:
    return REQUIRED.get(kind, set()) <= one.keys() <= ALLOWED[kind]


def test_sarif_holds_what_the_standard_requires_and_nothing_that_it_does_not_know() -> None:
    log = document("sarif", told(*FOUND))
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert log["version"] == "2.1.0"
    assert fits("log", log)
    assert fits("run", run)
    assert fits("driver", driver)
    assert re.fullmatch(r"[a-zA-Z]{2}(-[a-zA-Z]{2})?", run["language"])
    assert all(fits("rule", rule) for rule in driver["rules"])
    assert all(fits("result", result) for result in run["results"])
    assert all(fits("location", place) for result in run["results"] for place in result["locations"])
    assert {result["level"] for result in run["results"]} == {"error", "warning", "note"}
    assert len(run["results"]) == len(FOUND)


def test_every_result_of_sarif_names_a_rule_that_says_what_it_means_and_how_to_mend_it() -> None:
    (run,) = document("sarif", told(*FOUND, language=Language.EN))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({one.code for one in FOUND})
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["help"]["text"] == catalogue()[rule["id"]].mend[Language.EN]
        assert "{" not in rule["shortDescription"]["text"]


def test_sarif_points_to_the_file_by_uri_to_the_row_as_line_and_to_the_cell_by_name() -> None:
    (run,) = document("sarif", told(*FOUND))["runs"]
    places = {result["ruleId"]: result["locations"] for result in run["results"]}
    (date,) = places["date-impossible"]
    uri = date["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9%/._~-]+", uri)
    assert unquote(uri) == "报送/甲 镇(1).xlsx"
    assert date["physicalLocation"]["region"] == {"startLine": 7}
    assert date["logicalLocations"] == [{"fullyQualifiedName": "名册!B7"}]
    (whole,) = places["file-extension"]
    assert whole == {"physicalLocation": {"artifactLocation": {"uri": "file:///in/b.xls"}}}
    assert places["weights-built-in"] == []


def test_a_code_without_an_entry_is_still_a_rule() -> None:
    (run,) = document("sarif", told(Finding("X1", "a.xlsx")))["runs"]
    assert run["tool"]["driver"]["rules"] == [{"id": "X1", "shortDescription": {"text": "X1"}, "help": {"text": "X1"}}]


# -- ess --------------------------------------------------------------------------------------------------------


def test_the_ess_report_is_a_list_of_confrontations_that_failed() -> None:
    report = document("ess", told(*FOUND))
    assert len({one["id"] for one in report}) == len(FOUND)
    for one in report:
        assert one.keys() == {"id", "type", "event", "rule", "data", "value"}
        assert (one["type"], one["value"]) == ("validation", "0")
        assert {"time", "actor", "agent", "trigger"} == one["event"].keys()
        assert one["rule"]["severity"] in {"error", "warning", "information"}
        assert one["rule"]["language"]
        assert one["rule"]["expression"]
        assert all(isinstance(point, list) for name in ("source", "target") for point in one["data"][name])
    (date,) = (one for one in report if one["rule"]["expression"] == "date-impossible")
    assert date["data"]["target"] == [["报送/甲 镇(1).xlsx", "名册", "7", "出生日期"]]


def test_the_ess_report_knows_no_clock_but_the_day_that_it_is_given() -> None:
    assert {one["event"]["time"] for one in document("ess", told(*FOUND))} == {""}
    dated = replace(told(*FOUND), as_of="2026-12-05")
    assert {one["event"]["time"] for one in document("ess", dated)} == {"2026-12-05"}


def test_a_departments_rule_is_told_as_it_is_written_and_what_it_could_not_judge_is_na() -> None:
    rule = Rule(code="EA01", left='"年龄"', right='"岁"', severity="warning", message={"zh": "年龄{left}岁", "en": "age {left}"})
    one = told(Finding("EA01", "a.xlsx", "S", 3, "C", "年龄", severity="warning"))
    known = replace(one, entries={"EA01": rule.entry}, expressions={"EA01": '"年龄" = "岁"'}, unjudged={"EA01": 4})
    failed, open_ = document("ess", known)
    assert failed["rule"] | {"description": "", "explanation": ""} == {
        "language": "SQL",
        "expression": '"年龄" = "岁"',
        "severity": "warning",
        "description": "",
        "explanation": "",
    }
    assert (open_["value"], open_["data"]["description"], open_["rule"]["severity"]) == ("NA", "4", "warning")


# -- for people -------------------------------------------------------------------------------------------------


def test_the_text_names_every_file_once_and_cuts_nothing() -> None:
    many = [Finding("date-impossible", f"in/{n}.xlsx", "表", row, "B", "日期", "2026-02-30") for n in range(60) for row in (3, 4)]
    text = rendered("table", told(*many))
    assert all(text.count(f"\n{n}.xlsx\n") == 1 for n in range(60))
    assert text.count("[date-impossible]") == 121
    assert "以下文件都在 in" in text


def test_a_whole_column_a_row_a_sheet_and_a_file_are_told_as_such() -> None:
    found = told(
        Finding("column-unmapped", "a.xlsx", "表", 0, "N", "备用"),
        Finding("conflict", "a.xlsx", "表", 5),
        Finding("no-table", "a.xlsx", "表"),
        Finding("phone-length", "a.xlsx", "", 5, "C", "电话", "1"),
    )
    text = rendered("table", found)
    for words in ("表 N 列  ", "表 第 5 行  ", "  表  没有", "  C5  "):
        assert words in text


def test_alike_findings_are_shown_with_their_span_and_a_few_of_their_values() -> None:
    found = told(*(Finding("code-unknown", "a.xlsx", "表", row, "B", "性别", f"第{row}类") for row in range(3, 20)))
    line = rendered("table", found).splitlines()[-1]
    assert line.split() == [
        "错误",
        "表!B3–B19",
        "共",
        "17",
        "处：“第3类”不在可选值中；还有“第4类”、“第5类”、“第6类”等",
        "[code-unknown]",
    ]


def test_the_overview_counts_by_code_and_names_the_units_that_have_most() -> None:
    units = {f"{n}.xlsx": f"{n}镇" for n in range(5)}
    found = [Finding("code-unknown", f"{n}.xlsx", "S", row, "B") for n in range(5) for row in range(3, 5 + n)]
    made = listing([], Findings.of(found), Manner(Language.ZH, units))
    text = FORMATS["table"].render(made).decode()
    assert "20  “‹值›”不在可选值中 [code-unknown]：4镇 6、3镇 5、2镇 4 等 5 个单位" in text


def test_a_few_findings_need_no_overview() -> None:
    assert rendered("table", told(*FOUND)).count("[date-impossible]") == 1


def test_effects_are_told_with_their_total_and_never_twice() -> None:
    moved = pl.DataFrame({"effect": [1200.5], "share": [0.0801], "total": ["补助金额(元)"]})
    single = told(Finding("required-missing", "a.xlsx", "表", 3, "E", "补助金额(元)"))
    facts = dict(zip(moved.columns, moved.row(0), strict=True))
    folded = replace(single.folded[0], **facts)
    assert "，影响“补助金额(元)”合计 1,200.50（8.0%）" in rendered("table", replace(single, folded=(folded,)))
    denied = replace(folded, code="total-differs")
    assert "，相差为合计的 8.0%" in rendered("table", replace(single, folded=(denied,)))


def test_rows_that_a_rule_could_not_judge_are_counted_over_all_templates_and_said() -> None:
    rule = Rule(code="R1", left='"补助金额(元)"', right="100")
    of = PEOPLE.model_copy(update={"rules": (rule,)})
    lots = [villagers(9), villagers(7)]
    sent = [submission(f"{n}.xlsx", table(HEADER, [(*one, "") for one in lot]), unit=f"0{n}") for n, lot in enumerate(lots)]
    found = [consolidate(of, [one], Setting(TODAY, TODAY)) for one in sent]
    made = listing(found, Findings.empty(), Manner(Language.ZH))
    assert made.unjudged == {"R1": 16}
    assert "有 16 行次没有按规则判断，不算通过：R1" in rendered("table", made)
    assert document("json", made)["not_judged"] == {"R1": 16}
    assert [one["data"]["description"] for one in document("ess", made) if one["value"] == "NA"] == ["16"]
