from __future__ import annotations

from dataclasses import dataclass

from ruled import PERIOD, rule

from reportkit.rulebook import compile_rules, judge, oddities, of_figures, problems
from reportkit.rules import Rule
from reportkit.statistics import Figure
from reportkit.templates import GridCell, Kind, Template


def statistics(*rules: Rule) -> Template:
    cells = tuple(
        GridCell(name=f"总人口·{name}", row="总人口", column=name, at=f"{at}5")
        for name, at in zip(("合计", "男", "女"), "CDE", strict=True)
    )
    return Template(name="pop", title="人口统计表", workbook="b.xlsx", kind=Kind.GRID, cells=cells, rules=rules)


@dataclass(frozen=True)
class Form:
    """One unit's figures: texts, in the order of the cells; None where the form lacks the cell."""

    file: str
    texts: tuple[str | None, ...]

    def figures(self, of: Template) -> list[Figure]:
        return [self._figure(cell, text) for cell, text in zip(of.cells, self.texts, strict=True) if text is not None]

    def _figure(self, cell: GridCell, text: str) -> Figure:
        number = float(text) if text.lstrip("-").isdigit() else None
        wrong = "figure-blank" if not text else "" if number is not None and number >= 0 else "figure-not-a-number"
        return Figure(self.file, "u", "表1", 5, cell.at[0], cell.name, text, number, wrong=wrong)


SUM = rule("P1", left="总人口·合计", right="总人口·男 + 总人口·女", message="{left}≠{right}，男{总人口·男}")


def judged(of: Template, *forms: Form) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    done = judge(of_figures([figure for form in forms for figure in form.figures(of)], of), compile_rules(of, PERIOD))
    return done.findings.frame.select("file", "row", "column", "value", "detail").rows(), done.outcomes.rows()


def test_a_form_is_a_row_and_its_cells_are_marked() -> None:
    of = statistics(SUM)
    assert list(problems(of)) == []
    found, outcomes = judged(
        of,
        Form("b.xlsx", ("10", "4", "5")),
        Form("a.xlsx", ("9", "4", "5")),
        Form("c.xlsx", ("9", "不详", "5")),
        Form("d.xlsx", ("9", "", "5")),
        Form("e.xlsx", ("9", None, "5")),
    )
    assert found == [("b.xlsx", 5, "C", "10", "1")]
    assert outcomes == [("P1", 1, 1, 3)]


def test_a_blank_cell_may_count_as_nothing_but_a_missing_one_never() -> None:
    of = statistics(rule("P1", left="总人口·合计", right="总人口·男 + 总人口·女", missing="zero"))
    _, outcomes = judged(of, Form("a.xlsx", ("5", "", "5")), Form("b.xlsx", ("9", None, "5")))
    assert outcomes == [("P1", 1, 0, 1)]


def test_a_rule_about_several_cells_marks_the_form() -> None:
    found, _ = judged(statistics(rule("P1", check="总人口·男 > 总人口·女")), Form("a.xlsx", ("5", "1", "5")))
    assert found == [("a.xlsx", 0, "", "", "")]


def test_examples_and_made_rows_work_on_cells_too() -> None:
    said = rule(
        "P1",
        left="总人口·合计",
        right="总人口·男 + 总人口·女",
        **{"pass": [{"总人口·合计": "1,200", "总人口·男": 600, "总人口·女": 600}]},
    )
    of = statistics(said, rule("P2", check="总人口·合计 >= 总人口·男 or 1 = 1"))
    assert list(problems(of)) == []
    assert [code for _, code, _ in oddities(of)] == ["rule-never-fires"]
