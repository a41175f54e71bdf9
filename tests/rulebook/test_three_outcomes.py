from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from desk import identity
from forms import field, part, records, table, template
from hypothesis import given, settings
from hypothesis import strategies as st
from ruled import NAMES, PERIOD, failing, form, outcome, row, rule, ruled

from reportkit.findings import SCHEMA
from reportkit.messages import Language
from reportkit.periods import Period
from reportkit.records import gather
from reportkit.rulebook import compile_rules, judge, of_records
from reportkit.rules import Rule
from reportkit.sheets import Area
from reportkit.wording import worded

SUM = rule(
    left="合计", right="男 + 女", message={"zh": "合计{left}应为{right},差{difference}({姓名})", "en": "{left} {difference}"}
)


def test_a_row_passes_fails_or_is_not_judged() -> None:
    rows = [row(合计=3, 男=1, 女=2), row(合计=3, 男=1, 女=1), row(合计=3, 男=1), row(合计="x3y", 男=1, 女=2)]
    done = ruled(SUM, *rows)
    assert outcome(done) == (1, 1, 2)
    assert done.outcomes["code"].to_list() == ["T01"]
    assert failing(done) == [4]


def test_a_finding_marks_the_left_sides_first_cell_and_tells_both_sides() -> None:
    done = ruled(SUM, row(姓名="王芳", 合计=3, 男=1, 女=1))
    found = done.findings.frame
    assert found.schema == SCHEMA
    one = found.row(0, named=True)
    assert (one["file"], one["sheet"], one["row"], one["column"], one["field"]) == ("a.xlsx", "Sheet1", 3, "E", "合计")
    assert (one["value"], one["detail"], one["severity"]) == ("3", "1", "error")
    assert one["facts"] == ["3", "2", "1", "王芳"]
    words = worded(done.findings, form(SUM).entries, Language.ZH)
    assert words["message"].to_list() == ["合计3应为2,差1(王芳)"]


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ({"check": "金额(元) > 100"}, "H"),
        ({"check": "金额(元) > 人均（元）"}, ""),
        ({"check": "金额(元) > 100", "cell": "姓名"}, "A"),
        ({"left": "人均（元） + 200", "op": "<", "right": "金额(元)"}, "I"),
    ],
)
def test_which_cell_a_finding_marks(said: dict[str, object], column: str) -> None:
    done = ruled(rule(**said), row(姓名="王芳", 金额=12, 人均=13))
    assert done.findings.frame["column"].to_list() == [column]


def test_a_rule_without_words_says_which_it_is_and_by_how_much() -> None:
    one = rule("EA07", left="金额(元)", right="人均（元）", severity="warning")
    done = ruled(one, row(金额="0.3", 人均="0.1"))
    (said,) = worded(done.findings, form(one).entries, Language.EN)["message"]
    assert "EA07" in said
    assert said.endswith("(difference: 0.2)")
    assert done.findings.frame["severity"].to_list() == ["warning"]


def test_floats_are_no_reason_for_a_finding() -> None:
    one = rule(left="金额(元)", right="人均（元） + 0.2")
    assert failing(ruled(one, row(金额="0.3", 人均="0.1"))) == []
    large = rule(left="金额(元)", right="人均（元） + 98765432.11 - 0.01")
    assert failing(
        ruled(large, row(金额="222222221.02", 人均="123456788.92"), row(金额="222222221.03", 人均="123456788.92"))
    ) == [4]


@pytest.mark.parametrize(
    ("op", "wanted"),
    [("=", [4, 5]), ("<>", [3]), ("<", [3, 5]), ("<=", [5]), (">", [3, 4]), (">=", [4])],
)
def test_operators_hold_numbers_and_days_alike(op: str, wanted: list[int]) -> None:
    numbers = ruled(
        rule(left="金额(元)", op=op, right="人均（元）"), row(金额=2, 人均=2), row(金额=1, 人均=2), row(金额=3, 人均=2)
    )
    days = ruled(
        rule(left="出生日期", op=op, right="起始年月"),
        *(row(出生日期=f"2020-02-{day:02}", 起始年月="2020-02") for day in (1,)),
        row(出生日期="2020-01-31", 起始年月="2020-02"),
        row(出生日期="2020-02-02", 起始年月="2020-02"),
    )
    assert failing(numbers) == wanted
    assert failing(days) == wanted


def test_both_or_neither_and_not_both() -> None:
    rows = [row(男=1, 女=1), row(男=1), row()]
    one = rule(left="男", op="one", right="女")
    assert worded(ruled(one, *rows).findings, form(one).entries, Language.EN)["message"].to_list() == [
        "男 / 女: not both are filled in (rule T01)"
    ]
    assert failing(ruled(rule(left="男", op="both", right="女"), *rows)) == [4]
    assert failing(ruled(rule(left="男", op="one", right="女"), *rows)) == [3]


@pytest.mark.parametrize(("missing", "wanted"), [("skip", (0, 1, 2)), ("zero", (1, 1, 1)), ("fail", (0, 2, 1))])
def test_what_a_blank_side_means_is_the_rules_to_say_and_an_unreadable_one_is_never_judged(
    missing: str, wanted: tuple[int, int, int]
) -> None:
    rows = [row(合计=3, 男=3), row(合计=3, 男=1, 女=1), row(合计=3, 男=3, 女="x3y")]
    assert outcome(ruled(rule(left="合计", right="男 + 女", missing=missing), *rows)) == wanted


@pytest.mark.parametrize(
    "check", ["合计 / 男 > 1", "合计 % 男 = 0", "合计 / (男 - 0) > 1", "MOD(合计, 男) = 0", "合计 / - 男 < 0"]
)
def test_a_division_by_zero_is_not_judged(check: str) -> None:
    assert outcome(ruled(rule(check=check), row(合计=4, 男=0), row(合计=4, 男=2))) == (1, 0, 1)
    assert outcome(ruled(rule(left="人均（元）", right="金额(元) / 男"), row(人均=1, 金额=1, 男=0))) == (0, 0, 1)


def test_a_blank_text_is_not_judged_by_what_it_would_contain() -> None:
    rows = [row(姓名="东村王芳"), row(姓名=""), row(姓名="王芳")]
    assert outcome(ruled(rule(check="contains(姓名, '村')"), *rows)) == (1, 1, 1)
    assert outcome(ruled(rule(check="STRPOS(姓名, '村') > 0"), *rows)) == (1, 1, 1)
    assert outcome(ruled(rule(check="matches(姓名, '^东.*芳$')"), *rows)) == (1, 1, 1)


def test_a_sum_along_rows_is_told_as_it_was_reckoned_over_all_of_them() -> None:
    one = rule(left="合计", right="SUM(男) OVER (PARTITION BY 姓名)", message="{left} {right} {difference}")
    rows = [row(姓名="甲", 合计=3, 男=1), row(姓名="甲", 合计=4, 男=2), row(姓名="乙", 合计=5, 男=5)]
    assert ruled(one, *rows).findings.frame["facts"].to_list() == [["4", "3", "1"]]


def test_a_side_may_be_a_constant() -> None:
    one = rule(left="出生日期", op="<", right="period_end", message="{right}")
    done = ruled(one, row(出生日期="2027-01-01"), row(出生日期="2027-01-02"))
    assert done.findings.frame.select("detail", "facts").rows() == [("32", ["2026-11-30"]), ("33", ["2026-11-30"])]


def test_a_rule_speaks_only_of_rows_that_when_means() -> None:
    one = rule(left="合计", right="男", when="女 > 0")
    assert outcome(ruled(one, row(合计=1, 男=2, 女=1), row(合计=1, 男=2, 女=0), row(合计=1, 男=2))) == (0, 1, 0)


def test_an_unreadable_value_is_not_judged_whichever_part_of_the_rule_reads_it() -> None:
    one = rule(check="合计 > 5", when="女 IS NULL")
    assert outcome(ruled(one, row(合计=1), row(合计=1, 女="x3y"), row(合计=1, 女=2))) == (0, 1, 1)


def test_a_rule_out_of_force_is_not_heard() -> None:
    old = rule(check="合计 > 5", valid_to=date(2026, 11, 29))
    new = rule(check="合计 > 5", valid_from=date(2026, 11, 30))
    assert ruled(old, row(合计=1)).outcomes.height == 0
    assert failing(ruled(new, row(合计=1))) == [3]


@pytest.mark.parametrize(("tolerance", "wanted"), [(0, [4, 5, 6]), (0.5, [5, 6]), ("5%", [6]), ("10%", [])])
def test_tolerance_is_a_number_or_a_share_of_the_right_side(tolerance: float | str, wanted: list[int]) -> None:
    rows = [row(金额=x, 人均=100) for x in (100, 100.5, 105, 110)]
    assert failing(ruled(rule(left="金额(元)", right="人均（元）", tolerance=tolerance), *rows)) == wanted


def test_auto_is_what_the_declared_decimals_leave_open() -> None:
    fields = (field("合计", "amount", decimals=2), field("甲", "amount", decimals=1), field("乙", "amount", decimals=1))
    of = template(*fields, rules=(rule(left="合计", right="甲 + 乙", tolerance="auto"),))
    rows = [("10.10", "5", "5"), ("10.105", "5", "5"), ("10.11", "5", "5")]
    done = judge(of_records(records(of, *rows)), compile_rules(of, PERIOD))
    assert failing(done) == [5]


def test_auto_follows_factors_and_leaves_undeclared_terms_exact() -> None:
    fields = (
        field("元", "amount", decimals=0),
        field("万元", "amount", decimals=2),
        field("人数", "integer"),
        field("男", "integer"),
    )
    of = template(
        *fields,
        rules=(
            rule("A", left="元", right="万元 * 10000", tolerance="auto"),
            rule("B", left="人数", right="男", tolerance="auto"),
        ),
    )
    done = judge(of_records(records(of, ("12350", "1.23", "2", "2"), ("12351", "1.23", "2", "1"))), compile_rules(of, PERIOD))
    assert done.findings.frame.select("code", "row").rows() == [("A", 4), ("B", 4)]


def test_ages_and_months_are_full_ones() -> None:
    rows = [row(合计=79, 出生日期="1946-12-01"), row(合计=80, 出生日期="1946-11-30"), row(合计=80, 出生日期="1946-12-01")]
    assert failing(ruled(rule(left="合计", right="years_between(出生日期, period_end)"), *rows)) == [5]
    since = [row(合计=n, 起始年月="2026-02") for n in (9, 10)]
    assert failing(ruled(rule(left="合计", right="months_between(起始年月, period_end)"), *since)) == [4]
    assert failing(ruled(rule(left="合计", right="days_between(period_start, period_end)"), row(合计=29), row(合计=30))) == [4]


def test_an_identity_number_tells_birth_date_sex_and_age() -> None:
    holder = identity(1, "19451201")
    assert failing(ruled(rule(left="出生日期", right="birth_date(身份证号)"), row(身份证号=holder, 出生日期="1945-12-01"))) == []
    assert failing(
        ruled(rule(check="age_at(身份证号, period_end) >= 81"), row(身份证号=holder), row(身份证号=identity(2, "19451101")))
    ) == [3]
    assert outcome(ruled(rule(check="sex(身份证号) = '男'"), row(身份证号=holder), row(身份证号="护照"))) == (1, 0, 1)


def test_a_part_without_the_column_is_not_judged() -> None:
    of = form(rule(left="合计", right="男", missing="fail"))
    whole = part("a.xlsx", table(NAMES, [row(合计=1, 男=2)]), of)
    short = part("b.xlsx", table(["姓名", "合计"], [("王芳", 1), ("李强", 2)]), of)
    done = judge(of_records(gather(of, [whole, short], PERIOD.last)), compile_rules(of, PERIOD))
    assert outcome(done) == (0, 1, 2)


def test_a_groups_value_is_judged_on_each_of_its_rows_and_marked_once() -> None:
    fields = (
        field("户主"),
        field("户籍人口", "integer", per="household"),
        field("成员数", "integer", per="household"),
        field("年龄", "integer"),
    )
    of = template(*fields, rules=(rule("A", check="户籍人口 > 5"), rule("B", check="年龄 < 户籍人口", cell="年龄")))
    rows = [("甲", 3, 3, 1), ("", "", "", 9), ("乙", 6, 6, 9)]
    merges = [Area(3, 2, 4, 2), Area(3, 3, 4, 3)]
    held = records(of, *rows, merges=merges)
    assert held.inherited.width
    done = judge(of_records(held), compile_rules(of, PERIOD))
    assert done.findings.frame.select("code", "row").rows() == [("A", 3), ("B", 4), ("B", 5)]


def test_no_rows_and_no_rules_are_no_trouble() -> None:
    of = form(SUM)
    empty = judge(of_records(records(of)), compile_rules(of, PERIOD))
    assert (outcome(empty), empty.findings.frame.height) == ((0, 0, 0), 0)
    assert ruled_without_rules().outcomes.height == 0


def ruled_without_rules() -> object:
    of = form()
    return judge(of_records(records(of, row(合计=1))), compile_rules(of, PERIOD))


def test_a_rule_that_the_engine_gives_up_on_is_not_judged_and_the_others_are(monkeypatch: pytest.MonkeyPatch) -> None:
    class Panic(BaseException):
        pass

    sound = pl.LazyFrame.collect
    of = form(rule("OK", check="合计 > 5"), rule("BAD", check="男 > 5"))
    book = compile_rules(of, PERIOD)
    subject = of_records(records(of, row(合计=1, 男=1), row(合计=9, 男=9)))

    def collect(frame: pl.LazyFrame, **options: object) -> object:
        if '"男"' in frame.explain(optimized=False):
            raise Panic("index out of bounds")
        return sound(frame, **options)

    monkeypatch.setattr(pl.LazyFrame, "collect", collect)
    done = judge(subject, book)
    assert done.outcomes.rows() == [("OK", 1, 1, 0), ("BAD", 0, 0, 2)]
    assert done.findings.frame.select("code", "detail", "severity").rows() == [
        ("OK", "", "error"),
        ("rule-not-run", "BAD", "warning"),
    ]


def test_a_rule_that_no_longer_fits_what_its_field_turned_out_to_hold_is_not_judged() -> None:
    of = form(rule("OLD", check="姓名 > 5"), rule("OK", check="合计 > 5"))
    done = judge(of_records(records(of, row(姓名="王芳", 合计=1))), compile_rules(of, PERIOD))
    assert done.outcomes.rows() == [("OK", 0, 1, 0), ("OLD", 0, 0, 1)]
    assert done.findings.frame.select("code", "detail").rows() == [("OK", ""), ("rule-not-run", "OLD")]


money = st.integers(-(10**10), 10**10).map(lambda cents: Decimal(cents) / 100)


@given(
    st.lists(st.tuples(money, money, st.sampled_from(["0", "0.01", "0.5", "-0.01"]), st.booleans()), min_size=1, max_size=20),
    st.sampled_from(["0", "0.01", "0.5"]),
)
@settings(max_examples=60, deadline=None)
def test_equality_within_a_tolerance_is_what_decimals_say(
    drawn: list[tuple[Decimal, Decimal, str, bool]], tolerance: str
) -> None:
    fields = (field("合计"), field("甲"), field("乙"))
    kinds = tuple(one.model_copy(update={"type": "number"}) for one in fields)
    of = template(*kinds, rules=(rule(left="合计", right="甲 + 乙", tolerance=float(tolerance)),))
    triples = [(a + b + Decimal(by) if near else a, a, b) for a, b, by, near in drawn]
    done = judge(of_records(records(of, *[tuple(map(str, one)) for one in triples])), compile_rules(of, PERIOD))
    wanted = [n for n, (total, a, b) in enumerate(triples, 3) if abs(total - (a + b)) > Decimal(tolerance)]
    assert failing(done) == wanted


days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(st.lists(st.tuples(days, days), min_size=1, max_size=15))
@settings(max_examples=60, deadline=None)
def test_time_between_two_days_is_what_the_calendar_says(drawn: list[tuple[date, date]]) -> None:
    of = template(
        *(field(name, type="date") for name in ("从", "到")),
        *(field(name, type="integer") for name in ("年", "月", "日")),
        rules=(
            rule("Y", left="年", right="years_between(从, 到)"),
            rule("M", left="月", right="months_between(从, 到)"),
            rule("D", left="日", right="days_between(从, 到)"),
        ),
    )
    rows = [(a, b, _years(a, b), _months(a, b), (b - a).days) for a, b in drawn]
    held = of_records(records(of, *[tuple(map(str, one)) for one in rows]))
    assert judge(held, compile_rules(of, PERIOD)).outcomes.rows() == [(code, len(rows), 0, 0) for code in "YMD"]


def _years(a: date, b: date) -> int:
    return b.year - a.year - ((b.month, b.day) < (a.month, a.day))


def _months(a: date, b: date) -> int:
    return 12 * (b.year - a.year) + b.month - a.month - (b.day < a.day)


@given(st.permutations(range(12)))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_is_irrelevant(order: list[int]) -> None:
    people = [row(姓名="甲乙"[n % 2], 合计=n % 5 or "", 男=n % 3, 女=1) for n in range(12)]
    rules = (
        SUM,
        rule("T02", check="SUM(合计) OVER (PARTITION BY 姓名) > 合计 * 5"),
        rule("T03", check="合计 / 男 > 1", missing="fail"),
    )
    assert told(rules, [people[n] for n in order]) == told(rules, people)


def told(rules: tuple[Rule, ...], rows: list[tuple[object, ...]]) -> tuple[list[object], list[object]]:
    of = form(*rules)
    done = judge(of_records(records(of, *rows)), compile_rules(of, PERIOD))
    lines = done.findings.frame.select("code", "field", "value", "detail", "facts").rows()
    return sorted(map(str, lines)), done.outcomes.rows()


def test_a_period_of_its_own_is_what_a_rule_reckons_with() -> None:
    of = form(rule(left="合计", right="years_between(出生日期, period_end)"))
    held = of_records(records(of, row(合计=80, 出生日期="1945-01-01")))
    assert outcome(judge(held, compile_rules(of, Period.parse("2025")))) == (1, 0, 0)
    assert outcome(judge(held, compile_rules(of, Period.parse("2026")))) == (0, 1, 0)
