"""How findings are told on a terminal, in a file and to a program; how codes are explained."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk, identity, person
from rich.cells import cell_len

from reportkit.cli.console import FACE
from reportkit.messages import catalogue

LONG = "关于开展全区困难群众基本生活补助资金发放情况核查工作的登记表"


def sent(desk: Desk) -> None:
    """Three files: forty amounts that are no numbers, a date that cannot be, a row typed twice."""
    rows = [list(person(n)) for n in range(60)]
    for row in rows[20:]:
        row[4] = "若干"
    desk.workbook(f"报送/甲镇/{LONG}.xlsx", rows)
    rows = [list(person(n)) for n in range(100, 130)]
    rows[4][2] = "138"
    desk.workbook(f"报送/乙镇/{LONG}.xlsx", [*rows, rows[3]])


@pytest.fixture
def office(desk: Desk) -> Desk:
    sent(desk)
    return desk


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "sarif", "ess"])
def test_a_format_has_standard_output_to_itself_and_people_read_the_verdict(office: Desk, form: str) -> None:
    done = office.run("validate", "报送", "--format", form)
    assert done.status == 1
    assert "not-a-number" in done.out
    assert "not-a-number" not in done.err
    assert done.err.splitlines()[-1].startswith("检查了 2 份文件")
    assert office.run("validate", "报送", "--format", form, "-o", "-").out == done.out


def test_a_files_ending_says_its_format_and_what_is_not_ours_is_kept(office: Desk) -> None:
    done = office.run("validate", "报送", "-o", "结果/问题.csv")
    assert "问题已写入 结果/问题.csv" in done.out
    lines = office.table("结果/问题.csv")
    assert len([line for line in lines if line["code"] == "not-a-number"]) == 40
    assert office.run("validate", "报送", "-o", "结果/问题.csv").status == 1
    office.file("结果/名单.csv", "姓名\n王芳\n".encode())
    done = office.run("validate", "报送", "-o", "结果/名单.csv", "--json")
    assert (done.status, done.document["error"]) == (2, "not-ours")
    assert (office.folder / "结果/名单.csv").read_text(encoding="utf-8") == "姓名\n王芳\n"
    assert office.run("validate", "报送", "-o", "结果/名单.csv", "--force").status == 1
    assert office.table("结果/名单.csv") == lines


def test_a_list_of_findings_beside_the_files_is_no_submission(office: Desk) -> None:
    first = office.run("validate", "报送", "--json").document
    for name in ("问题.csv", "问题.json", "问题.txt", "问题.sarif"):
        assert office.run("validate", "报送", "-o", f"报送/{name}").status == 1
    again = office.run("validate", "报送", "--json").document
    assert again["listed"] == first["listed"]
    assert (again["submissions"], again["exit"]) == (first["submissions"], first["exit"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--json", "--format", "csv"], "format-and-json"),
        (["--json", "-o", "-"], "format-and-json"),
        (["--json", "-o", "问题.docx"], "format-unknown-ending"),
        (["--json", "--format", "pdf"], "usage"),
    ],
)
def test_what_cannot_be_told_so_is_wrong_usage(office: Desk, words: list[str], code: str) -> None:
    done = office.run("validate", "报送", *words)
    assert (done.status, done.document["error"]) == (2, code)


def test_the_document_goes_to_a_program_and_the_findings_into_a_file(office: Desk) -> None:
    done = office.run("validate", "报送", "--json", "-o", "问题.json")
    written = json.loads((office.folder / "问题.json").read_text(encoding="utf-8"))
    assert written["listed"] == done.document["listed"]
    assert written["folded"] == done.document["folded"]
    assert written["schema_version"] == 1


def test_what_moves_a_total_is_told_first_and_what_is_alike_once(office: Desk) -> None:
    done = office.run("validate", "报送")
    told = [line for line in done.out.splitlines() if re.match(r"  (错误|核实|提示)", line)]
    assert "F23–F62  共 40 处" in told[0]
    assert "影响“补助金额(元)”合计 4,800（" in told[0]
    assert "[phone-length]" in told[1]
    assert "[row-repeated]，影响“补助金额(元)”合计 130（" in told[2]
    assert done.out.count(f"甲镇/{LONG}.xlsx") == 1


def test_everything_that_a_terminal_leaves_out_is_counted_and_stands_in_the_file(desk: Desk) -> None:
    for n in range(12):
        rows = [list(person(20 * n + k)) for k in range(12)]
        for row in rows[:5]:
            row[2] = "138"
        desk.workbook(f"in/{n:02}.xlsx", rows)
    out = desk.run("validate", "in", "--lang", "en").out
    assert out.count("[phone-length]") == 40 + 1
    assert "20 more lines (20 findings) not shown" in out
    desk.run("validate", "in", "-o", "all.txt")
    text = (desk.folder / "all.txt").read_text(encoding="utf-8")
    assert text.count("[phone-length]") == 60 + 1
    assert "没有列出" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminal")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_terminal_of_eighty_columns_nothing_is_cut_and_no_line_is_longer(office: Desk, language: str) -> None:
    ours, theirs = os.openpty()
    env = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    env |= {"REPORTKIT_LANG": language, "COLUMNS": "80", "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "reportkit", "validate", "报送"]
    with subprocess.Popen(command, cwd=office.folder, env=env, stdout=theirs, stderr=subprocess.DEVNULL) as done:
        os.close(theirs)
        content = bytearray()
        try:
            while piece := os.read(ours, 65536):
                content += piece
        except OSError:
            # A terminal whose other side has closed.
            pass
    os.close(ours)
    assert done.returncode == 1
    coloured = content.decode()
    lines = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", coloured).splitlines()]
    assert max(map(cell_len, lines)) <= 80
    assert "\x1b[1;31m" in coloured
    plain = office.run("validate", "报送", language=language).out
    squeezed = re.sub(r"\s", "", "".join(lines))
    assert re.sub(r"\s", "", plain) == squeezed


# -- explain ----------------------------------------------------------------------------------------------------


def test_without_a_code_all_are_listed_by_family(desk: Desk) -> None:
    families = desk.run("explain", "--json").document["families"]
    assert isinstance(families, dict)
    listed = [one["code"] for members in families.values() for one in members]
    assert sorted(listed) == sorted(catalogue())
    said = desk.run("explain", "--lang", "en").out
    assert said.index("Structure (") < said.index("column-unmapped") < said.index("Cells (") < said.index("date-impossible")


@pytest.fixture
def ruled(desk: Desk) -> Path:
    """A workspace whose one template has two rules of its own."""
    desk.found()
    (path,) = (desk.folder / "ws/templates").glob("*.yaml")
    rules = """
rules:
  - code: BZ01
    severity: warning
    check: '"补助金额(元)" <= 2000'
    when: '"补助金额(元)" > 0'
    message: {zh: "补助{补助金额(元)}元偏高", en: "an allowance of {补助金额(元)} is high"}
    mend: 请核对标准
    cell: 补助金额(元)
    valid_from: 2026-01-01
    pass: [{补助金额(元): 100}]
    fail: [{补助金额(元): 9000}]
  - {code: BZ02, left: '"补助金额(元)"', op: "<>", right: '1', tolerance: auto, missing: zero, message: 不得为一}
"""
    path.write_text(path.read_text(encoding="utf-8") + rules, encoding="utf-8")
    return path


def test_a_departments_rule_is_explained_with_what_it_checks_and_its_examples(desk: Desk, ruled: Path) -> None:
    for words in (["--workspace", "ws"], ["--template", str(ruled)], ["--template", "ws/templates"]):
        said = desk.run("explain", "BZ01", *words).out
        for fact in ('"补助金额(元)" <= 2000', "只看", "核实", "请核对标准", "‹补助金额(元)›", "100", "9000", "2026-01-01 – …"):
            assert fact in said, fact
    said = desk.run("explain", "BZ02", "--workspace", "ws", "--lang", "en").out
    assert '"补助金额(元)" <> 1' in said
    assert "Tolerance: auto" in said
    assert "counts as 0" in said
    found = desk.run("explain", "BZ02", "--workspace", "ws", "--json").document
    assert (found["family"], found["severity"]) == ("rule", "error")


def test_rules_stand_in_the_list_of_all_codes_and_are_guessed_at(desk: Desk, ruled: Path) -> None:
    assert "BZ02" in desk.run("explain", "--workspace", "ws").out
    done = desk.run("explain", "BZ3", "--template", str(ruled))
    assert done.status == 2
    assert "BZ01" in done.err or "BZ02" in done.err
    assert desk.run("explain", "BZ01").status == 2


def test_a_template_that_is_not_there_is_wrong_usage(desk: Desk) -> None:
    done = desk.run("explain", "BZ01", "--template", "absent.yaml", "--json")
    assert (done.status, done.document["error"]) == (2, "template-not-found")


def test_findings_in_csv_are_evidences_columns(office: Desk) -> None:
    out = office.run("validate", "报送", "--format", "csv").out
    assert next(csv.reader([out.lstrip("\ufeff").splitlines()[0]]))[:5] == ["file", "sheet", "row", "column", "code"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_rules_may_call_is_listed_with_its_meaning_at_80_columns(desk: Desk, language: str) -> None:
    done = desk.run("explain", "functions", language=language)
    assert done.status == 0
    lines = done.out.splitlines()
    (told,) = (line for line in lines if line.startswith("  years_between(a, b)  "))
    assert len(told.split(maxsplit=2)) == 3
    assert max(cell_len(line) for line in lines if line.startswith("  ")) <= 80
    listed = desk.run("explain", "functions", "--json").document["functions"]
    assert isinstance(listed, list)
    assert {"period_end", "sum", "lag"} <= {one["name"] for one in listed}


def test_one_function_is_explained_by_its_name(desk: Desk) -> None:
    assert desk.run("explain", "ROUND", language="en").out.splitlines() == [
        "  round(x, n)  rounded to n decimals; without n to a whole number",
        "  An example that holds (period 2026-11): round(3.14159, 2) = 3.14",
    ]
    assert desk.run("explain", "rownd", "--json").document["error"] == "code-without-entry"


def test_what_all_findings_of_a_rule_share_is_told_where_they_are_counted(office: Desk) -> None:
    spec = office.folder / "补助.yaml"
    office.workbook("补助.xlsx", [])
    office.run("template", "new", "补助.xlsx")
    rules = "rules:\n  - {code: KP1, left: 联系电话, op: one, right: 家庭住址}\n"
    spec.write_text(spec.read_text(encoding="utf-8") + rules, encoding="utf-8")
    out = office.run("validate", "报送", "--template", "补助.yaml").out
    overview = out.split("\n\n")[0]
    assert "联系电话 / 家庭住址 不得同时填写（规则 KP1） [KP1]" in overview
    assert "‹" not in office.run("explain", "KP1", "--template", "补助.yaml").out


def test_a_rule_of_the_example_is_explained_without_a_warning_of_the_library(desk: Desk) -> None:
    templates = Path(__file__).parents[2] / "examples/rules/templates"
    done = desk.run("explain", "GL01", "--template", str(templates), "--json")
    assert done.status == 0
    assert "Warning" not in done.err
    rule = done.document["rule"]
    assert isinstance(rule, dict)
    assert rule["tolerance"] == 0
    assert "允许误差：0\n" in desk.run("explain", "GL01", "--template", str(templates)).out


def test_files_that_name_no_period_are_judged_for_the_one_that_is_asked_for(desk: Desk) -> None:
    desk.workbook("表样/补助.xlsx", [])
    desk.run("template", "new", "表样/补助.xlsx", "--into", "表样")
    spec = desk.folder / "表样/补助.yaml"
    rule = "\nrules:\n  - {code: R1, check: 'age_at(\"身份证号\", period_end) < 80', message: 已满80周岁}\n"
    spec.write_text(spec.read_text(encoding="utf-8") + rule, encoding="utf-8")
    born = person(6)
    desk.workbook("报送/甲.xlsx", [(born[0], identity(7, "19461201"), *born[2:])])

    def told(*more: str) -> list[str]:
        done = desk.run("validate", "报送", "--template", "表样/补助.yaml", "--as-of", "2026-11-30", "--json", *more)
        return [line["code"] for line in done.document["listed"] if line["code"] == "R1"]  # type: ignore[attr-defined]

    assert told() == []
    assert told("--period", "2026-12") == ["R1"]
    wrong = desk.run("validate", "报送", "--period", "十二月", "--json")
    assert (wrong.status, wrong.document["error"]) == (2, "period-unknown")


def test_a_reason_for_returning_a_file_leaves_no_figure_blank() -> None:
    for language, words in (("zh", "错误超过模板允许的上限"), ("en", "more errors than its template accepts")):
        FACE.speak(language)
        assert words in FACE.cause("too-many-errors")
        assert FACE.cause("file-empty")


def test_findings_never_take_the_place_of_an_input_not_with_force_either(desk: Desk) -> None:
    content = "姓名,金额\n张三,1\n李四,2\n".encode()
    kept = desk.file("名单.csv", content)
    for paths in ("名单.csv", "."):
        assert desk.run("validate", paths, "-o", "名单.csv", "--force").status == 2
        assert kept.read_bytes() == content
    assert desk.run("validate", ".", "-o", "问题.json").status in {0, 1, 3}
    assert desk.run("validate", ".", "-o", "问题.json", "--force").status in {0, 1, 3}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_standard_output_is_a_sentence_and_a_status_with_a_document_too() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reportkit", "--json", "explain", "no-table"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 74
    assert b"Traceback" not in done.stderr


def test_nothing_that_a_file_holds_is_obeyed_by_the_terminal(desk: Desk) -> None:
    rows = [list(person(n)) for n in range(6)]
    rows[2][2] = "138"
    desk.workbook("报送/甲\x1b[31m镇/花名册.xlsx", rows)
    for words in ((), ("--format", "table")):
        done = desk.run("validate", "报送", *words)
        assert "\x1b" not in done.out + done.err
        assert "甲␛[31m镇" in done.out
