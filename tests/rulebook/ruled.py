"""Rules, the template they stand in and rows they judge, in a few words."""

from __future__ import annotations

from typing import Any

from forms import Row, field, records, template

from reportkit.periods import Period
from reportkit.rulebook import Ruled, compile_rules, judge, of_records
from reportkit.rules import Rule
from reportkit.templates import Field, Template

PERIOD = Period.parse("2026-11")
FIELDS = (
    field("姓名", "person-name"),
    field("身份证号", "identity-number"),
    field("出生日期", "date"),
    field("起始年月", "month"),
    field("合计", "integer"),
    field("男", "integer"),
    field("女", "integer"),
    field("金额(元)", "amount"),
    field("人均（元）", "amount"),
)
NAMES = tuple(one.name for one in FIELDS)


def rule(code: str = "T01", **said: Any) -> Rule:  # noqa: ANN401 - whatever a rule says
    return Rule.model_validate({"code": code} | said)


def form(*rules: Rule, fields: tuple[Field, ...] = FIELDS) -> Template:
    return template(*fields, rules=rules)


def row(**cells: object) -> tuple[object, ...]:
    """A row by the fields' names; ``金额`` and ``人均`` stand for names that Python cannot spell."""
    given = {{"金额": "金额(元)", "人均": "人均（元）"}.get(name, name): value for name, value in cells.items()}
    return tuple(given.get(name, "") for name in NAMES)


def ruled(one: Rule, *rows: Row) -> Ruled:
    of = form(one)
    return judge(of_records(records(of, *rows)), compile_rules(of, PERIOD))


def outcome(done: Ruled) -> tuple[int, int, int]:
    """Passed, failed, not judged, of the only rule."""
    passed, failed, not_judged = done.outcomes.row(0)[1:]
    return passed, failed, not_judged


def failing(done: Ruled) -> list[int]:
    """Excel rows with a finding, the first record in row 3."""
    return done.findings.frame["row"].to_list()
