from __future__ import annotations

from datetime import date

import pytest
from forms import field, template
from ruled import rule

from reportkit.rulebook import oddities, problems
from reportkit.rules import Reconcile, Rule
from reportkit.templates import Constraints, Field

FIELDS = (
    field("姓名", "person-name"),
    field("身份证号", "identity-number"),
    field("性别", "text", "男", "女"),
    Field(name="年龄", type="integer", element="integer", constraints=Constraints(minimum=0, maximum=130)),
    field("合计", "integer"),
    field("男", "integer"),
    field("女", "integer"),
    field("出生日期", "date"),
    field("起始年月", "month"),
    field("金额(元)", "amount"),
    field("备注"),
    field("电话", "phone"),
)


def odd(*said: dict[str, object]) -> list[tuple[int, str, str]]:
    """Index, code and the other rule of each warning."""
    rules = tuple(rule(f"T{number}", **one) for number, one in enumerate(said))
    return found(*rules)


def found(*rules: Rule, reconcile: tuple[Reconcile, ...] = ()) -> list[tuple[int, str, str]]:
    of = template(*FIELDS, rules=rules, reconcile=reconcile)
    assert list(problems(of)) == []
    return [(int(place[1]), code.removeprefix("rule-"), str(facts.get("other", ""))) for place, code, facts in oddities(of)]


def test_sound_rules_are_let_be() -> None:
    sound = [
        {"left": "合计", "right": "男 + 女"},
        {"left": "年龄", "right": "years_between(出生日期, period_end)", "tolerance": 1},
        {"left": "出生日期", "right": "birth_date(身份证号)"},
        {"left": "性别", "right": "sex(身份证号)"},
        {"check": "金额(元) > 0"},
        {"check": "年龄 >= 80"},
        {"check": "LENGTH(姓名) <= 4"},
        {"check": "起始年月 >= '2000-01'"},
        {"check": "matches(备注, '^[一-龥]+$')"},
        {"left": "男", "op": "both", "right": "女"},
        {"left": "金额(元)", "right": "合计 * 12", "tolerance": "5%"},
        {"check": "LENGTH(身份证号) = 18"},
        {"check": "contains(备注, '镇')"},
        {"check": "contains(备注, '村')"},
        {"left": "男", "right": "金额(元)"},
        {"check": "matches(电话, '^\\d+$')"},
        {"check": "NOT matches(电话, '^\\d+$')"},
    ]
    assert odd(*sound) == []


@pytest.mark.parametrize("check", ["年龄 >= 0", "性别 IN ('男', '女')", "合计 = 合计"])
def test_a_rule_that_only_repeats_what_the_field_says_never_fires(check: str) -> None:
    assert odd({"check": check}) == [(0, "never-fires", "")]


def test_rules_that_say_the_same_in_other_words_repeat_each_other() -> None:
    assert odd({"check": "年龄 >= 60"}, {"check": "年龄 ＞＝ 60"}) == [(1, "repeats", "T0")]
    assert odd({"check": "年龄 >= 60"}, {"check": "NOT 年龄 < 60"}) == [(1, "repeats", "T0")]
    assert odd({"left": "合计", "right": "男 + 女"}, {"left": "女", "right": "合计 - 男"}) == [(1, "repeats", "T0")]


def test_rules_that_no_row_can_meet_together_contradict_each_other() -> None:
    assert odd({"check": "年龄 >= 60"}, {"check": "年龄 < 50"}) == [(1, "contradicts", "T0")]
    apart = [{"check": "年龄 >= 60", "when": "性别 = '男'"}, {"check": "年龄 < 50", "when": "性别 = '女'"}]
    assert odd(*apart) == []


def test_a_rule_and_its_successor_are_never_in_force_together() -> None:
    old = rule("OLD", check="年龄 >= 80", valid_to=date(2025, 12, 31))
    new = rule("NEW", check="年龄 < 80", valid_from=date(2026, 1, 1))
    assert found(old, new) == []


def test_queries_that_are_the_same_but_for_blanks_repeat_each_other() -> None:
    sql = "SELECT _file, _sheet, _row FROM people"
    assert found(reconcile=(Reconcile(code="A", sql=sql), Reconcile(code="B", sql=sql.replace(" FROM", "\n  from")))) == [
        (1, "repeats", "A")
    ]
