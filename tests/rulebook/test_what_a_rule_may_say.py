from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruled import form, rule

from reportkit.messages import Language, say
from reportkit.rulebook import problems
from reportkit.rulebook.broken import Broken
from reportkit.rulebook.tokens import tidy
from reportkit.rulebook.trial import compiled

NAMES = ("人数(人)", "合计", "2024年", "增长率(%)", "order", "元/月", "总人口·男>女")


def broken(**said: object) -> tuple[str, dict[str, object]]:
    """Code and facts of the only problem."""
    ((_, code, facts),) = problems(form(rule(**said)))
    return code, facts


@pytest.mark.parametrize(
    ("written", "sql"),
    [
        ("合计 ≥ （男＋女）－１", '"合计" >= ( 男 + 女 ) - 1'),
        ("人数(人) > 0", '"人数(人)" > 0'),
        ("人数（人） ＞ 0", '"人数(人)" > 0'),
        ("[人数（人）] <> 2", '"人数(人)" <> 2'),
        ("“合计” ＝ 3", '"合计" = 3'),
        ("2024年 × 2 ÷ 3 ≠ 1", '"2024年" * 2 / 3 <> 1'),
        ("增长率(%) ≤ 5", '"增长率(%)" <= 5'),
        ("增长率（％） > 0 or 元／月 < 1", '"增长率(%)" > 0 or "元/月" < 1'),
        ("总人口·男＞女 ＞ 0", '"总人口·男>女" > 0'),
        ("order = 1 and 元/月>0", '"order" = 1 and "元/月" > 0'),
        ("合计 = '（合计）＝“一”'", "\"合计\" = '（合计）＝“一”'"),
        ("合计 = ‘它’", "\"合计\" = '它'"),
        ("合计 > 1 -- 备注", '"合计" > 1'),
        ("合计 > date '2024-01-01'", "\"合计\" > date '2024-01-01'"),
    ],
)
def test_chinese_typing_habits_are_sql_in_the_end(written: str, sql: str) -> None:
    assert tidy(written, NAMES) == sql


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_what_stands_in_a_literal_is_never_changed(inner: str) -> None:
    literal = "'" + inner.replace("'", "''") + "'"
    assert tidy(f"合计 ＝ {literal}", NAMES) == f'"合计" = {literal}'


@given(st.text(alphabet="合计人数()（）+＋>＞ 1'\"“”‘’[]", max_size=25))
@settings(max_examples=300, deadline=None)
def test_tidying_twice_is_tidying_once(text: str) -> None:
    try:
        once = tidy(text, NAMES)
    except Broken:
        return
    assert tidy(once, NAMES) == once


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_at_all_is_a_rule_or_a_problem_and_never_a_crash(text: str) -> None:
    if text.strip():
        assert all(code.startswith("rule-") for _, code, _ in problems(form(rule(check=text))))


@pytest.mark.parametrize(
    ("check", "code"),
    [
        ("read_csv('/etc/passwd') = 1", "rule-function"),
        ("\"read_csv\"('/etc/passwd') = 1", "rule-function"),
        ("SUMM(合计) > 1", "rule-function"),
        ("人数(合计) > 1", "rule-function"),
        ("E'\\'' = 姓名 OR read_csv('x')", "rule-sign"),
        ("$$x$$ = 姓名", "rule-sign"),
        ("合计::text = '1'", "rule-sign"),
        ("姓名 = '没有关上", "rule-sign"),
        ("合计 > ANY (SELECT 1)", "rule-function"),
        ("合计 IN (SELECT 1)", "rule-query"),
        ("合计 > 1; DROP TABLE x", "rule-two-statements"),
        ("出生日期 < CURRENT_DATE", "rule-clock"),
        ("合记 > 1", "rule-column"),
        ("SUM(合计) > 1", "rule-aggregate"),
        ("合计", "rule-not-boolean"),
        ("合计 > 姓名", "rule-kinds"),
        ("合计 IN ('1')", "rule-syntax"),
        ("姓名 + 姓名 = '甲乙'", "rule-text-reckoned"),
        ("合计 - '1' > 0", "rule-text-reckoned"),
        ("(姓名) + (姓名) = '甲乙'", "rule-text-reckoned"),
        ("出生日期 > 5", "rule-kinds"),
        ("合计 > 1 AND (出生日期) = (合计 + 1)", "rule-kinds"),
        ("起始年月 - 出生日期 > 30", "rule-days"),
        ("30 < (period_end - 出生日期)", "rule-days"),
        ("合计 > (男 + 女", "rule-bracket"),
        ("合计 > 男 +", "rule-syntax"),
        ("1 = 1", "rule-no-field"),
        ("years_between(出生日期) > 1", "rule-arguments"),
        ("birth_date(合计) > period_start", "rule-arguments-field"),
        ("matches(姓名, '(')", "rule-syntax"),
        ("出生日期 > '2024-13-01'", "rule-no-day"),
    ],
)
def test_what_no_rule_may_say_is_told_before_any_data(check: str, code: str) -> None:
    assert broken(check=check)[0] == code


@pytest.mark.parametrize(
    "check",
    [
        "合计 BETWEEN 1 AND 9 AND 姓名 IS NOT NULL",
        "姓名 IN ('甲', '乙') OR 姓名 LIKE '王%' OR 姓名 ~ '^李'",
        "CASE WHEN 男 > 0 THEN 合计 > 0 ELSE TRUE END",
        "SUM(合计) OVER (PARTITION BY 姓名) <= 9",
        "COUNT(*) OVER (PARTITION BY 姓名) = 1",
        "EXTRACT(MONTH FROM 出生日期) * 100 > 1",
        "COALESCE(合计, 0) + ROUND(金额(元), 1) >= 0",
        "出生日期 BETWEEN '1900-01-01' AND '2030-12-31'",
        "起始年月 >= '2020-01'",
        "出生日期 + INTERVAL '1 month' < period_end",
        "起始年月 - 出生日期 > INTERVAL '30 days'",
        "MAX(合计 > 1) OVER (PARTITION BY 姓名)",
        "姓名 || '村' = '东村' AND CONCAT(姓名, 姓名) <> ''",
        "LENGTH(TRIM(姓名)) - 20 < 0",
        "age_at(身份证号, period_end) >= 80 AND sex(身份证号) = '男'",
    ],
)
def test_what_offices_ask_for_is_a_rule(check: str) -> None:
    assert list(problems(form(rule(check=check)))) == []


def test_a_misspelt_field_is_told_with_the_one_that_was_meant() -> None:
    assert broken(check="合记 > 1") == ("rule-column", {"rule": "T01", "key": "check", "field": "合记", "suggestion": "合计"})
    assert broken(check="yers_between(出生日期, period_end) > 1")[1]["suggestion"] == "years_between"
    assert broken(check="金额(圆) > 1")[1]["suggestion"] == "金额(元)"
    assert broken(check="人均·元 > 1")[1] == {"rule": "T01", "key": "check", "field": "人均·元", "suggestion": "人均（元）"}
    assert broken(check="合计 > 1", cell="合技")[1]["suggestion"] == "合计"
    assert broken(check="合计 > 1", message="{合汁}")[1]["suggestion"] == "合计"


def test_left_and_right_are_of_one_kind() -> None:
    assert broken(left="合计", right="姓名")[0] == "rule-kinds"
    assert broken(left="出生日期", right="合计")[0] == "rule-kinds"
    assert list(problems(form(rule(left="姓名", op="both", right="合计")))) == []


def test_difference_is_named_only_where_there_are_two_sides() -> None:
    assert broken(check="合计 > 1", message="差 {difference}")[0] == "rule-placeholder"
    assert list(problems(form(rule(left="合计", right="男+女", message="{left} {right} {difference} {姓名} {value}")))) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"pass": [{"合计": 3, "男": 1, "女": 1}]}, "rule-example-fails"),
        ({"fail": [{"合计": 3, "男": 1, "女": 2}]}, "rule-example-passes"),
        ({"pass": [{"合计": 3, "男": 1}]}, "rule-example-not-judged"),
        ({"fail": [{"合计": 3, "男": 1, "女": 1, "姓名": "合计"}], "when": "姓名 <> '合计'"}, "rule-example-not-meant"),
        ({"fail": [{"合记": 3}]}, "rule-example-field"),
        ({"fail": [{"合计": "x3y", "男": 1, "女": 1}]}, "rule-example-value"),
        ({"pass": [{"合计": 3, "男": 1, "女": 2, "period_end": "2026"}]}, "rule-example-value"),
    ],
)
def test_an_example_that_does_not_behave_is_named(said: dict[str, object], code: str) -> None:
    place, found, facts = next(problems(form(rule(left="合计", right="男 + 女", **said))))
    assert (found, place[:1], place[3:]) == (code, ("rules",), (0,))
    assert facts["rule"] == "T01"


def test_an_example_may_state_its_period_so_that_it_holds_next_year_too() -> None:
    aged = [{"合计": 81, "出生日期": "1945-01-01", "period_end": "2026-11-30"}]
    said = rule(left="合计", right="years_between(出生日期, period_end)", **{"pass": aged})
    assert list(problems(form(said))) == []


def test_the_engines_panic_is_a_problem_and_the_users_interrupt_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    class Panic(BaseException):
        pass

    def panics(_: str) -> object:
        raise Panic("called `Option::unwrap()` on a `None` value")

    monkeypatch.setattr("reportkit.rulebook.trial.pl.sql_expr", panics)
    code, facts = broken(check="合计 > 1")
    assert code == "rule-syntax"
    assert "unwrap" in str(facts["why"])

    def stops(_: str) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("reportkit.rulebook.trial.pl.sql_expr", stops)
    with pytest.raises(KeyboardInterrupt):
        broken(check="合计 > 1")


def test_a_true_panic_of_the_engine_is_caught_where_a_guard_should_ever_miss_it() -> None:
    with pytest.raises(Broken) as told:
        compiled("a > ANY (SELECT 1)", {"a": pl.Int64()})
    assert told.value.code == "rule-syntax"


@pytest.mark.parametrize("language", list(Language))
def test_every_problem_says_which_rule_and_what(language: Language) -> None:
    for _, code, facts in problems(form(rule("X1", check="合记 > 1"), rule("X2", left="合计", right="姓名"))):
        assert str(facts["rule"]) in say(code, language, **facts)


@pytest.mark.parametrize(
    ("check", "code"),
    [
        ("(" * 500 + "合计 > 1" + ")" * 500, "rule-too-deep"),
        ("NOT (" * 40 + "合计 > 1" + ")" * 40, "rule-too-deep"),
        ("CASE WHEN 男 > 1 THEN " * 300 + "TRUE" + " END" * 300, "rule-too-deep"),
        ("SQRT(" * 19 + "合计" + ")" * 19 + " > 0", "rule-too-deep"),
        (" OR ".join(f"合计 = {number}" for number in range(3000)), "rule-too-long"),
        ("合计 + " * 10_000 + "合计 > 0", "rule-too-long"),
        ("NOT " * 2000 + "合计 > 0", "rule-too-long"),
    ],
)
def test_a_rule_that_would_halt_or_crash_the_engine_is_refused_before_it_is_read(check: str, code: str) -> None:
    assert broken(check=check)[0] == code


def test_a_rule_may_be_as_long_as_people_write_them() -> None:
    assert list(problems(form(rule(check="合计 = " + " + ".join(["男", "女"] * 50))))) == []
    assert list(problems(form(rule(check=f"合计 IN ({', '.join(map(str, range(2000)))})")))) == []
    assert list(problems(form(rule(check="ABS(" * 19 + "合计" + ")" * 19 + " > 0")))) == []


@pytest.mark.parametrize(
    ("check", "meant"),
    [("合计 > 1 且 男 > 1", "AND"), ("合计 > 1 或者 男 > 1", "OR"), ("合计 大于 1", ">"), ("如果(合计 > 1, TRUE, FALSE)", "if")],
)
def test_words_for_signs_are_told_how_a_rule_spells_them(check: str, meant: str) -> None:
    assert broken(check=check)[1]["suggestion"] == meant


@pytest.mark.parametrize("check", ["姓名 > 3", "合计 = '甲'", "出生日期 > '2026年1月1日'", "sex(身份证号) = 1"])
def test_what_is_held_against_another_kind_is_told_in_our_words(check: str) -> None:
    assert broken(check=check)[0] == "rule-kinds"


@pytest.mark.parametrize(("check", "sign"), [("((合计 > 1)", "("), ("CASE 合计 WHEN 1 THEN TRUE", "CASE")])
def test_half_a_pair_is_told_by_name(check: str, sign: str) -> None:
    code, facts = broken(check=check)
    assert (code, facts["sign"]) == ("rule-bracket", sign)


def test_a_call_of_nothing_does_not_make_the_engine_panic(capfd: pytest.CaptureFixture[str]) -> None:
    assert broken(check="LEAST() = 合计")[0] == "rule-arguments"
    assert "panicked" not in capfd.readouterr().err
