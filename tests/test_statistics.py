"""Statistics forms of many units made into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import pytest
from forms import TODAY, consolidate_grid, grid, submission, table
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit import answers, statistics
from reportkit.evidence import of_grid
from reportkit.messages import Language
from reportkit.rules import Rule
from reportkit.setting import Setting
from reportkit.statistics import Statistics, number_in
from reportkit.submissions import State, Submission
from reportkit.templates import Aggregate, GridCell, Template
from reportkit.wording import worded

few = settings(max_examples=40, deadline=None)
COLUMNS = ("受理数", "办结数", "满意数", "办结率(%)")
HEADER = ["项目", *COLUMNS]


def cell(column: str, at: str, how: Aggregate = Aggregate.SUM, row: str = "热线", **more: object) -> GridCell:
    return GridCell.model_validate({"name": f"{row}·{column}", "row": row, "column": column, "at": at, "aggregate": how, **more})


def form(ratio: Sequence[str] = ("热线·办结数", "热线·受理数")) -> Template:
    return grid(
        cell("受理数", "B3"),
        cell("办结数", "C3"),
        cell("满意数", "D3"),
        cell("办结率(%)", "E3", Aggregate.RATIO, of=ratio, scale=100),
    )


def sent(unit: str, *figures: object, file: str = "", day: int = 1) -> Submission:
    return submission(file or f"{unit}.xlsx", table(HEADER, [["热线", *figures]]), unit=unit, day=day, of="figures")


def values(found: Statistics) -> Mapping[str, float | None]:
    return {name.split("·")[1]: value for name, value in found.values.items()}


def told(found: Statistics, code: str) -> list[tuple[object, ...]]:
    return found.findings.frame.filter(code=code).select("file", "row", "column", "field", "value").rows()


@few
@given(st.lists(st.tuples(*[st.integers(0, 500)] * 3), min_size=1, max_size=6))
def test_the_citys_figures_are_the_sums_and_its_rate_is_made_of_them(units: list[tuple[int, ...]]) -> None:
    found = consolidate_grid(form(), [sent(f"镇{n}", *line, "1") for n, line in enumerate(units)])
    received, done, content = map(sum, zip(*units, strict=True))
    assert values(found) == {
        "受理数": received,
        "办结数": done,
        "满意数": content,
        "办结率(%)": round(100 * done / received, 1) if received else 0,
    }


def test_a_rate_is_no_mean_of_rates() -> None:
    found = consolidate_grid(form(), [sent("甲", "100", "50", "1", "50"), sent("乙", "10", "10", "1", "100")])
    assert values(found)["办结率(%)"] == 54.5


def test_a_cell_that_is_no_number_is_named_and_the_total_says_what_it_leaves_out() -> None:
    found = consolidate_grid(form(), [sent("甲", "10", "八成", "1", "0"), sent("乙", "20", "15", "", "75")])
    assert values(found)["办结数"] == 15
    assert found.left_out == {"热线·办结数": ("甲.xlsx",), "热线·满意数": ("乙.xlsx",)}
    assert told(found, "figure-not-a-number") == [("甲.xlsx", 3, "C", "热线·办结数", "八成")]
    assert told(found, "figure-blank") == [("乙.xlsx", 3, "D", "热线·满意数", "")]


WAIVED = dict.fromkeys(answers.SCHEMA, "") | {"unit": "甲", "kind": "waived", "by": "王主任", "until": "2026-12-31"}


def waived(code: str) -> Setting:
    return Setting(TODAY, TODAY, answers=pl.DataFrame([WAIVED | {"code": code}], schema=answers.SCHEMA))


def test_a_figure_counts_that_a_waiver_lets_pass() -> None:
    forms = [sent("甲", "-10", "8", "1", "0"), sent("乙", "20", "-15", "", "75")]
    found = statistics.consolidate_grid(form(), forms, waived("figure-negative"))
    assert found.left_out == {"热线·办结数": ("乙.xlsx",), "热线·满意数": ("乙.xlsx",)}
    assert (values(found)["受理数"], values(found)["办结数"]) == (10, 8)
    assert sorted(line[0] for line in told(found, "figure-negative")) == ["乙.xlsx", "甲.xlsx"]


def test_a_figure_counts_that_breaks_a_rule_which_was_waived() -> None:
    of = form().model_copy(update={"rules": (Rule(code="R", severity="error", check="热线·受理数 < 15", cell="热线·受理数"),)})
    forms = [sent("甲", "30", "8", "1", "0"), sent("乙", "20", "15", "1", "75")]
    assert consolidate_grid(of, forms).left_out == {"热线·受理数": ("乙.xlsx", "甲.xlsx")}
    found = statistics.consolidate_grid(of, forms, waived("R"))
    assert (found.left_out, values(found)["受理数"]) == ({"热线·受理数": ("乙.xlsx",)}, 30)


def test_a_blank_that_was_explained_is_nothing_that_a_sum_leaves_out() -> None:
    said = pl.DataFrame([WAIVED | {"code": "figure-blank", "field": "热线·满意数", "kind": "explained"}], schema=answers.SCHEMA)
    forms = [sent("甲", "10", "8", "", "0"), sent("乙", "20", "15", "", "75")]
    found = statistics.consolidate_grid(form(), forms, Setting(TODAY, TODAY, answers=said))
    assert found.left_out == {"热线·满意数": ("乙.xlsx",)}


def test_words_are_no_number_though_a_waiver_lets_them_pass() -> None:
    found = statistics.consolidate_grid(form(), [sent("甲", "10", "八成", "1", "0")], waived("figure-not-a-number"))
    assert found.left_out == {"热线·办结数": ("甲.xlsx",)}


def test_where_no_unit_has_a_number_the_city_has_none() -> None:
    found = consolidate_grid(form(), [sent("甲", "10", "/", "1", "0")])
    assert values(found)["办结数"] is None
    assert values(found)["办结率(%)"] is None
    assert told(found, "ratio-unknown") == [("", 0, "", "热线·办结率(%)", "")]


def test_a_units_last_form_counts_in_whatever_order_they_come() -> None:
    forms = [
        sent("甲", "10", "5", "1", "50", file="甲.xlsx", day=1),
        sent("甲", "12", "6", "1", "50", file="甲.新.xlsx", day=2),
    ]
    for order in (forms, forms[::-1]):
        found = consolidate_grid(form(), order)
        assert values(found)["受理数"] == 12
        states = {one.file: (one.state, one.revision, one.note) for one in found.submissions}
        assert states == {"甲.xlsx": (State.SUPERSEDED, 1, "甲.新.xlsx"), "甲.新.xlsx": (State.ACCEPTED, 2, "")}


def test_forms_that_name_no_unit_all_count() -> None:
    found = consolidate_grid(form(), [sent("", "10", "5", "1", "50", file=name) for name in ("a.xlsx", "b.xlsx")])
    assert values(found)["受理数"] == 20


def test_the_order_of_forms_is_irrelevant() -> None:
    sent_in = [sent("甲", "10", "5", "1", "50"), sent("乙", "0.1", "0.2", "3", "200"), sent("丙", "x", "1", "1", "1")]
    forward, backward = consolidate_grid(form(), sent_in), consolidate_grid(form(), sent_in[::-1])
    assert forward.values == backward.values
    assert forward.by_unit().equals(backward.by_unit())
    assert sorted(forward.findings.frame.rows()) == sorted(backward.findings.frame.rows())


@pytest.mark.parametrize(
    ("how", "city"),
    [(Aggregate.MAX, 9.0), (Aggregate.MIN, 2.0), (Aggregate.MEAN, 5.0), (Aggregate.NONE, None), (Aggregate.SUM, 15.0)],
)
def test_a_cell_is_aggregated_as_its_spec_says(how: Aggregate, city: float | None) -> None:
    found = consolidate_grid(
        grid(cell("受理数", "B3", how)), [sent("甲", "2"), sent("乙", "9"), sent("丙", "4"), sent("丁", "无")]
    )
    assert found.values == {"热线·受理数": city}


def test_every_units_figures_stand_in_one_line() -> None:
    found = consolidate_grid(form(), [sent("乙", "3", "2", "1", "66.7"), sent("甲", "1", "x", "1", "100")])
    assert found.by_unit().rows() == [("乙", "乙.xlsx", 3.0, 2.0, 1.0, 66.7), ("甲", "甲.xlsx", 1.0, None, 1.0, 100.0)]


def test_a_cell_that_a_form_lacks_is_a_finding_and_so_is_what_it_has_too_much() -> None:
    sheet = table(
        ["项目", "受理数", "办结数", "办结率(%)", "抽查数"], [["热线", "1", "1", "100", "5"], ["来信", "1", "1", "100", "5"]]
    )
    found = consolidate_grid(form(), [submission("甲.xlsx", sheet, unit="甲", of="figures")])
    assert [line[3] for line in told(found, "cell-not-found")] == ["热线·满意数"]
    extra = found.findings.frame.filter(code="extra-figures")["detail"].to_list()
    assert [set(one.split(", ")) for one in extra] == [{"来信", "抽查数"}]


# -- a rate whose two cells nobody named -------------------------------------------------------------------

UNITS = [(10, 5, 4), (8, 8, 1), (20, 7, 7), (40, 36, 9)]


def rates(units: Sequence[tuple[int, int, int]], top: int, bottom: int) -> list[Submission]:
    return [sent(f"镇{n}", *line, f"{100 * line[top] / line[bottom]:.1f}%") for n, line in enumerate(units)]


@pytest.mark.parametrize(("top", "bottom"), [(1, 0), (2, 0), (2, 1)])
def test_the_units_own_figures_show_what_a_rate_is_made_of(top: int, bottom: int) -> None:
    found = consolidate_grid(form(()), rates(UNITS, top, bottom))
    whole = [sum(column) for column in zip(*UNITS, strict=True)]
    assert found.template.cells[-1].of == (f"热线·{COLUMNS[top]}", f"热线·{COLUMNS[bottom]}")
    assert values(found)["办结率(%)"] == round(100 * whole[top] / whole[bottom], 1)


def test_where_no_pair_of_cells_fits_the_rate_stays_empty_with_a_finding() -> None:
    # In the first of the four the rate is by accident that of the second cell to the first.
    found = consolidate_grid(form(()), [sent(f"镇{n}", *line, str(50 - 7 * n)) for n, line in enumerate(UNITS)])
    assert found.template.cells[-1].of == ()
    assert values(found)["办结率(%)"] is None
    assert [line[3] for line in told(found, "ratio-unknown")] == ["热线·办结率(%)"]


# -- sums inside a form ------------------------------------------------------------------------------------

PARTS = grid(*(cell("数量", f"B{n}", row=row) for n, row in enumerate(("总数", "男", "女"), 3)))


def counted(unit: str, *figures: int) -> Submission:
    sheet = table(["项目", "数量"], [[row, str(n)] for row, n in zip(("总数", "男", "女"), figures, strict=True)])
    return submission(f"{unit}.xlsx", sheet, unit=unit, of="figures")


def test_the_odd_form_whose_sum_is_not_that_of_its_parts_is_named() -> None:
    good = [counted(f"镇{n}", 2 * n + 3, n + 1, n + 2) for n in range(5)]
    assert told(consolidate_grid(PARTS, good), "figure-unlike-sum") == []
    found = consolidate_grid(PARTS, [*good, counted("坏镇", 99, 1, 2)])
    assert told(found, "figure-unlike-sum") == [("坏镇.xlsx", 3, "B", "总数·数量", "99")]
    assert found.findings.frame.filter(code="figure-unlike-sum")["suggestion"].to_list() == ["3"]


def test_a_total_at_the_foot_is_a_sum_too() -> None:
    foot = grid(*(cell("数量", f"B{n}", row=row) for n, row in enumerate(("男", "女", "合计"), 3)))
    sheets = [
        table(["项目", "数量"], [["男", str(n)], ["女", "2"], ["合计", str(n + 2 + (7 if n == 3 else 0))]]) for n in range(1, 7)
    ]
    sent_in = [submission(f"{n}.xlsx", sheet, unit=str(n), of="figures") for n, sheet in enumerate(sheets, 1)]
    found = consolidate_grid(foot, sent_in)
    assert told(found, "figure-unlike-sum") == [("3.xlsx", 5, "B", "合计·数量", "12")]


def test_what_is_called_the_total_of_all_is_one_where_most_of_a_few_units_say_so() -> None:
    foot = grid(*(cell("数量", f"B{n}", row=row) for n, row in enumerate(("男", "女", "合计"), 3)))
    lines = {"甲": (1, 2, 3), "乙": (4, 5, 9), "丙": (-3, 6, 18), "丁": (7, 8, 20)}
    forms = [
        submission(
            f"{unit}.xlsx",
            table(["项目", "数量"], [[row, str(n)] for row, n in zip(("男", "女", "合计"), line, strict=True)]),
            unit=unit,
            of="figures",
        )
        for unit, line in lines.items()
    ]
    found = consolidate_grid(foot, forms)
    assert told(found, "figure-unlike-sum") == [("丁.xlsx", 5, "B", "合计·数量", "20")]
    assert told(found, "figure-negative") == [("丙.xlsx", 3, "B", "男·数量", "-3")]


def test_a_cell_that_happens_to_be_what_stands_before_it_is_no_sum() -> None:
    names = ("一般", "重大", "已整改")
    of = grid(*(cell("数量", f"B{n}", row=row) for n, row in enumerate(names, 3)))
    lines = [(n, 1, n + 1) for n in range(1, 6)] + [(4, 2, 5)]
    forms = [table(["项目", "数量"], [[row, str(n)] for row, n in zip(names, line, strict=True)]) for line in lines]
    found = consolidate_grid(of, [submission(f"{n}.xlsx", one, unit=str(n), of="figures") for n, one in enumerate(forms)])
    assert told(found, "figure-unlike-sum") == []


def test_of_two_runs_of_parts_the_one_that_fits_all_units_counts() -> None:
    # In most units 其他 is nothing, so that 男 and 女 alone seem to make the sum; the last unit is right none the less.
    names = ("总数", "男", "女", "其他")
    of = grid(*(cell("数量", f"B{n}", row=row) for n, row in enumerate(names, 3)))
    lines = [(n + 3, n, 3, 0) for n in range(1, 6)] + [(6, 1, 2, 3)]
    forms = [table(["项目", "数量"], [[row, str(n)] for row, n in zip(names, line, strict=True)]) for line in lines]
    found = consolidate_grid(of, [submission(f"{n}.xlsx", one, unit=str(n), of="figures") for n, one in enumerate(forms)])
    assert told(found, "figure-unlike-sum") == []


ROWS, SEXES = ("合计", "一类", "二类"), ("小计", "男", "女")
CROSSED = grid(*(cell(column, f"{'BCD'[m]}{n}", row=row) for n, row in enumerate(ROWS, 3) for m, column in enumerate(SEXES)))


def crossed(unit: int, spoiled: Mapping[tuple[int, int], object]) -> Submission:
    """A two-way form whose sums hold but for the cells (row, column) that are spoiled."""
    inner = [[unit, 2], [1, unit + 1]]
    lines: list[list[object]] = [[sum(line), *line] for line in ([sum(column) for column in zip(*inner, strict=True)], *inner)]
    for (row, column), value in spoiled.items():
        lines[row][column] = value
    sheet = table(["项目", *SEXES], [[row, *line] for row, line in zip(ROWS, lines, strict=True)])
    return submission(f"{unit}.xlsx", sheet, unit=str(unit), of="figures")


def spoiled(cells: Mapping[tuple[int, int], object]) -> Statistics:
    """Five forms of which the last is spoiled."""
    return consolidate_grid(CROSSED, [crossed(n, cells if n == 5 else {}) for n in range(1, 6)])


def words(found: Statistics, code: str) -> list[str]:
    lines = worded(found.findings, found.template.entries, Language.ZH).filter(code=code)
    return [f"{message}；{mend}" for message, mend in lines.select("message", "mend").rows()]


def test_a_wrong_total_of_a_column_is_named_and_not_the_totals_that_it_spoils() -> None:
    found = spoiled({(0, 2): 48})
    assert told(found, "figure-unlike-sum") == [("5.xlsx", 3, "D", "合计·女", "48")]
    assert words(found, "figure-unlike-sum") == ["填的是 48，各分项相加为 8；请核对合计与分项（推算此格应为：8）。"]


def test_a_wrong_part_of_a_row_and_a_column_is_named_and_neither_of_its_totals() -> None:
    found = spoiled({(2, 1): 91})
    assert told(found, "figure-unlike-sum") == []
    assert told(found, "figure-breaks-sums") == [("5.xlsx", 5, "C", "二类·男", "91")]
    assert words(found, "figure-breaks-sums") == ["填的是 91，使合计 C3/B5 都对不上；请核对此格（推算应为：1），合计不必改。"]


def test_the_total_of_all_is_named_where_rows_and_columns_both_deny_it() -> None:
    assert told(spoiled({(0, 0): 99}), "figure-unlike-sum") == [("5.xlsx", 3, "B", "合计·小计", "99")]


def test_two_wrong_cells_of_one_form_are_named_together() -> None:
    found = spoiled({(1, 1): 70, (2, 2): 90})
    assert told(found, "figure-breaks-sums") == [("5.xlsx", 4, "C", "一类·男", "70"), ("5.xlsx", 5, "D", "二类·女", "90")]
    assert ["须一并改正：D5" in line for line in words(found, "figure-breaks-sums")] == [True, False]


def test_where_a_single_sum_fails_the_total_is_marked_and_its_parts_are_named_as_well() -> None:
    found = consolidate_grid(PARTS, [*(counted(f"镇{n}", 2 * n + 3, n + 1, n + 2) for n in range(5)), counted("坏镇", 99, 1, 2)])
    assert words(found, "figure-unlike-sum") == [
        "填的是 99，各分项相加为 3（也可能错在：B4/B5）；请核对合计与分项（推算此格应为：3）。"
    ]


def test_a_part_without_a_number_leaves_its_sums_unjudged() -> None:
    found = spoiled({(2, 1): "/"})
    assert told(found, "figure-unlike-sum") == told(found, "figure-breaks-sums") == []


def test_less_than_nothing_is_an_error_and_in_no_total_but_a_change_may_be_negative() -> None:
    of = grid(cell("受理数", "B3"), cell("比上月增减", "C3"))
    sheet = table(["项目", "受理数", "比上月增减"], [["热线", "-3", "-4"]])
    other = table(["项目", "受理数", "比上月增减"], [["热线", "5", "1"]])
    found = consolidate_grid(of, [submission(f"{u}.xlsx", s, unit=u, of="figures") for u, s in (("甲", sheet), ("乙", other))])
    assert found.values == {"热线·受理数": 5, "热线·比上月增减": -3}
    assert found.left_out == {"热线·受理数": ("甲.xlsx",)}
    assert told(found, "figure-negative") == [("甲.xlsx", 3, "B", "热线·受理数", "-3")]


def test_a_label_taken_by_its_place_is_a_finding_on_its_row_and_fuzzy_in_the_evidence() -> None:
    of = grid(*(cell("数量", f"B{n}", row=row) for n, row in enumerate(("热线工单", "信访件", "网上留言"), 3)))
    sheet = table(["项目", "数量"], [["热线工单", "1"], ["来信", "2"], ["网上留言", "3"]])
    found = consolidate_grid(of, [submission("甲.xlsx", sheet, unit="甲", of="figures")])
    assert told(found, "label-by-place") == [("甲.xlsx", 4, "", "信访件", "来信")]
    lines = of_grid(found).frames["fields.csv"].select("header", "field", "how").rows()
    assert lines[0] == ("热线工单·数量", "热线工单·数量", "exact")
    assert lines[1] == ("来信·数量", "信访件·数量", "fuzzy")


def test_cells_that_are_no_sum_in_most_forms_are_not_judged() -> None:
    found = consolidate_grid(PARTS, [counted(f"镇{n}", 7 * n + 1, n, 2) for n in range(6)])
    assert told(found, "figure-unlike-sum") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,200人", 1200),
        ("85%", 85),
        ("８５％", 85),
        ("-3", -3),
        ("1.50", 1.5),
        ("", None),
        ("无", None),
        ("约30", None),
        ("/", None),
    ],
)
def test_the_number_that_a_cell_states(text: str, number: float | None) -> None:
    assert number_in(text) == number
