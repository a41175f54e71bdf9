"""Broken rules stop the load with file and line; what is only odd is told by ``template lint``."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, person

from reportkit.drafting import dump_spec
from reportkit.errors import UsageError
from reportkit.specs import lint, load_spec

SPEC = """\
name: allowance
title: 津贴花名册
workbook: allowance.xlsx
kind: list
schema:
  fields:
    - {name: 姓名, element: person-name}
    - {name: 年龄, type: integer, element: integer, constraints: {minimum: 0, maximum: 130}}
    - {name: 出生日期, type: date, element: date}
    - {name: 津贴标准(元/月), type: number, element: amount}
rules:
  - code: EA01
    severity: warning
    left: '"年龄"'
    op: "="
    right: years_between("出生日期", period_end)
    message: {zh: "年龄({left})与出生日期算出的({right})不符", en: "age {left} but born {right} years ago"}
    cell: 年龄
    pass: [{年龄: 81, 出生日期: 1945-01-01}]
    fail: [{年龄: 18, 出生日期: 1945-01-01}]
  - {code: EA02, check: 津贴标准（元/月） ＞ 0, message: 津贴标准应大于零}
reconcile:
  - {code: EA03, sql: 'SELECT a._file, a._sheet, a._row FROM "allowance" a JOIN "deceased" d USING (_entity)'}
"""


def written(folder: Path, text: str = SPEC) -> Path:
    (folder / "allowance.xlsx").write_bytes(b"")
    path = folder / "allowance.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_contracts_rules_are_good_ones(tmp_path: Path) -> None:
    template = load_spec(written(tmp_path))
    assert [rule.code for rule in template.rules] == ["EA01", "EA02"]
    assert lint(written(tmp_path)) == []
    assert load_spec(written(tmp_path, dump_spec(template))) == template


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("left: '\"年龄\"'", "left: '\"年令\"'", "rule-column", 14),
        ("years_between(", "read_csv(", "rule-function", 16),
        ('years_between("出生日期", period_end)', "年龄 > ANY (SELECT 1)", "rule-function", 16),
        ("years_between(", "YERS(", "rule-function", 16),
        ("cell: 年龄", "cell: 年令", "rule-column", 18),
        ("age {left} but", "age {lefd} but", "rule-placeholder", 17),
        ("pass: [{年龄: 81", "pass: [{年龄: 80", "rule-example-fails", 19),
        ("fail: [{年龄: 18", "fail: [{年龄: 81", "rule-example-passes", 20),
        ("check: 津贴标准（元/月） ＞ 0", "check: 津贴标准（元/月） ＞ 姓名", "rule-kinds", 21),
        ("sql: 'SELECT", "sql: 'DELETE", "rule-no-query", 23),
    ],
)
def test_a_broken_rule_stops_the_load_with_file_and_line(tmp_path: Path, before: str, after: str, code: str, line: int) -> None:
    assert before in SPEC
    path = written(tmp_path, SPEC.replace(before, after, 1))
    assert [(one.code, one.line) for one in lint(path)] == [(code, line)]
    with pytest.raises(UsageError) as refused:
        load_spec(path)
    assert (refused.value.code, refused.value.facts["line"], refused.value.facts["path"]) == (code, str(line), str(path))


def test_lint_warns_of_odd_rules_that_the_load_lets_pass(tmp_path: Path) -> None:
    more = "津贴标准应大于零}\n  - {code: EA04, check: 年龄 >= 0}\n  - {code: EA05, check: NOT 津贴标准(元/月) <= 0}"
    path = written(tmp_path, SPEC.replace("津贴标准应大于零}", more))
    assert [(one.code, one.line) for one in lint(path)] == [("rule-never-fires", 22), ("rule-repeats", 23)]
    assert len(load_spec(path).rules) == 4


def test_a_rule_that_reads_a_file_ends_the_command_with_2_and_where(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.workbook("t/allowance.xlsx", [])
    desk.workbook("in/a.xlsx", [person(n) for n in range(5)])
    made = desk.run("template", "new", "t/allowance.xlsx")
    assert made.status == 0
    spec = desk.folder / "t/allowance.yaml"
    text = spec.read_text("utf-8")
    spec.write_text(text + "rules:\n  - code: A1\n    check: read_csv('/etc/passwd') = 1\n", "utf-8")
    done = desk.run("merge", "in", "--template", "t/allowance.yaml", "-o", "out.xlsx")
    assert done.status == 2
    assert f"allowance.yaml:{len(text.splitlines()) + 3}" in done.err
    assert "read_csv" in done.err
    assert not (desk.folder / "out.xlsx").exists()
