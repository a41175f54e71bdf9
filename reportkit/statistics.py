"""Statistics forms of many units made into one: every cell by its labels, summed or otherwise aggregated."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations

import polars as pl

from reportkit.acceptance import judge
from reportkit.answers import no_keys
from reportkit.elements import element
from reportkit.elements.shape import Scope
from reportkit.findings import Finding, Findings
from reportkit.grids import GridReading, GridValue, Placed, read_grid
from reportkit.localisation import Blame, Bounds, Sum, locate
from reportkit.records import FILE, UNIT
from reportkit.rulebook import OUTCOMES, compile_rules, of_figures
from reportkit.rulebook import judge as hold_against
from reportkit.setting import Setting
from reportkit.severity import Severity
from reportkit.sheets import Table
from reportkit.submissions import State, Submission
from reportkit.sums import shown
from reportkit.templates import Aggregate, GridCell, Template
from reportkit.units import Units
from reportkit.unlisted import CODE as UNLISTED
from reportkit.unlisted import unlisted_labels

#: What may be less than nothing: a change, a difference, a balance.
_BELOW_ZERO = re.compile(r"增减|增长|增幅|增速|变化|变动|净|同比|环比|差额|差异|[±+]|结余|盈亏|损益|利润|升降|较上|比上|温")
#: A ratio's two cells are taken for found where this share of the units' own figures agrees.
_AGREES = 0.8
#: How long one form's sums are searched, and how many cells a finding names.
_BOUNDS, _TOLD = Bounds(tries=1000), 6


@dataclass(frozen=True, slots=True)
class Figure:
    """One unit's cell: its number (None where it holds none) and its address.

    ``label``, ``score`` and ``how``: what its row and column are called in the form, and how they were taken for the cell's.
    ``wrong``: the finding's code where the number cannot be and no answer lets it pass, and then it is in no figure of the city.
    """

    file: str
    unit: str
    sheet: str
    row: int
    column: str
    cell: str
    text: str
    number: float | None
    label: str = ""
    score: float = 1.0
    how: str = "exact"
    wrong: str = ""

    @property
    def counted(self) -> float | None:
        """The number where it is one that can be."""
        return None if self.wrong else self.number

    @property
    def lacking(self) -> bool:
        """Whether the city's figure has to say that it is without this one; a blank that an answer lets pass is nothing to add."""
        return self.counted is None and bool(self.wrong or self.text.strip())


@dataclass(frozen=True, slots=True)
class Statistics:
    """All that is known of a statistics template's round.

    Attributes:
        values: cell name → the city's figure; None where it cannot be known.
        left_out: cell name → files whose cell is no number, or one that cannot be, and so is not in the figure.
        figures: every unit's cell of the accepted submissions.
        outcomes: of each of its rules the numbers of forms that passed, failed and could not be judged (``rulebook.OUTCOMES``).
    """

    template: Template
    submissions: tuple[Submission, ...]
    values: Mapping[str, float | None]
    left_out: Mapping[str, tuple[str, ...]]
    figures: tuple[Figure, ...]
    findings: Findings
    outcomes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OUTCOMES))

    def by_unit(self) -> pl.DataFrame:
        """One line a unit's file, one Float64 column a cell: ``UNIT``, ``FILE`` and the cells' names."""
        names = [cell.name for cell in self.template.cells]
        lines: dict[tuple[str, str], dict[str, float | None]] = {}
        for figure in self.figures:
            lines.setdefault((figure.unit, figure.file), {})[figure.cell] = figure.number
        rows = [[unit, file, *(line.get(name) for name in names)] for (unit, file), line in sorted(lines.items())]
        schema = {UNIT: pl.String, FILE: pl.String} | dict.fromkeys(names, pl.Float64)
        return pl.DataFrame(rows, schema=schema, orient="row")


def consolidate_grid(template: Template, submissions: Sequence[Submission], setting: Setting) -> Statistics:
    """The city's figures of one statistics form; each unit's latest readable form counts."""
    settled = _settle(submissions)
    findings: list[Finding] = []
    figures: list[Figure] = []
    for one in settled:
        if one.state is State.ACCEPTED:
            figures += _figures(one, template, findings, setting.units)
    figures = _let_pass(figures, _unanswered(Findings.of(findings), settled, setting))
    findings += _unlike_sums(template, figures)
    ruled = hold_against(of_figures(figures, template), compile_rules(template, setting.round))
    found = Findings.of(findings) + ruled.findings
    open_ones = _unanswered(found, settled, setting)
    sizes = Counter(figure.file for figure in figures)
    settled, returned = judge(settled, open_ones, template.accept, sizes)
    figures = _flagged(figures, _unanswered(ruled.findings, settled, setting))
    back = {one.file for one in settled if one.state is State.RETURNED}
    figures = [figure for figure in figures if figure.file not in back]
    template = replace_ratios(template, figures)
    values, left_out = _aggregate(template, figures)
    lost = [
        Finding("ratio-unknown", "", field=cell.name, detail=cell.at) for cell in template.cells if _lost(cell, values, figures)
    ]
    found += Findings.of([*lost, *returned])
    return Statistics(template, tuple(settled), values, left_out, tuple(figures), found, ruled.outcomes)


def _unanswered(found: Findings, settled: Sequence[Submission], setting: Setting) -> Findings:
    return setting.unanswered(found, no_keys(), {one.file: one.unit for one in settled})


def _let_pass(figures: Sequence[Figure], open_ones: Findings) -> list[Figure]:
    """Figures whose own fault an answer lets pass are wrong no more; a blank one is still no number."""
    faults = set(open_ones.frame.select("file", "code", "field").iter_rows())
    return [one if (one.file, one.wrong, one.cell) in faults else replace(one, wrong="") for one in figures]


def _flagged(figures: Sequence[Figure], found: Findings) -> list[Figure]:
    """Figures that an error of a rule stands on are wrong ones; those that are wrong already keep their code."""
    errors = found.frame.filter((pl.col("severity") == Severity.ERROR.value) & (pl.col("column") != ""))
    codes = {(file, cell): code for file, cell, code in errors.select("file", "field", "code").reverse().iter_rows()}
    return [replace(one, wrong=one.wrong or codes.get((one.file, one.cell), "")) for one in figures]


def _settle(submissions: Sequence[Submission]) -> list[Submission]:
    """Of a unit's forms the last one counts."""
    ordered = sorted(submissions, key=lambda one: one.order)
    last = {one.unit or one.file: one for one in ordered}
    settled = []
    seen: dict[str, int] = {}
    for one in ordered:
        seen[one.unit] = seen.get(one.unit, 0) + 1
        current = last[one.unit or one.file]
        state = one if one is current else replace(one, state=State.SUPERSEDED, note=current.file)
        settled.append(replace(state, revision=seen[one.unit] if one.unit else 1))
    return sorted(settled, key=lambda one: one.file)


def _figures(one: Submission, template: Template, findings: list[Finding], units: Units) -> list[Figure]:
    """A form's cells; of several tables each cell comes from the one that has most of them."""
    readings = sorted(((read_grid(table, template), table) for table in one.tables), key=lambda pair: -len(pair[0].cells))
    found: dict[str, Figure] = {}
    for reading, table in readings:
        for value in reading.cells:
            if value.name not in found:
                found[value.name] = _figure(one, table, value, template)
    missing = [cell.name for cell in template.cells if cell.name not in found]
    sheet = one.tables[0].sheet if one.tables else ""
    findings += [Finding("cell-not-found", one.file, sheet, field=name) for name in missing]
    findings += [_wrong(figure) for figure in found.values() if figure.wrong]
    findings += [label for reading, table in readings for label in _unlisted(one, table.sheet, reading, template, units)]
    findings += [_placed(one.file, table.sheet, label) for reading, table in readings for label in reading.placed]
    findings += [
        Finding("extra-figures", one.file, sheet, detail=", ".join(reading.extra)) for reading, _ in readings[:1] if reading.extra
    ]
    return [found[cell.name] for cell in template.cells if cell.name in found]


def _figure(one: Submission, table: Table, value: GridValue, template: Template) -> Figure:
    number = number_in(value.text)
    at = (one.file, one.unit, table.sheet, value.row, value.column, value.name, value.text)
    wrong = _fault(value, number, template)
    return Figure(*at, number, value.label, value.score, value.how, wrong)


def _fault(value: GridValue, number: float | None, template: Template) -> str:
    if number is None:
        return "figure-not-a-number" if value.text.strip() else "figure-blank"
    cell = next(cell for cell in template.cells if cell.name == value.name)
    return "figure-negative" if number < 0 and not _BELOW_ZERO.search(f"{cell.row} {cell.column} {cell.unit}") else ""


def _unlisted(one: Submission, sheet: str, reading: GridReading, template: Template, units: Units) -> Iterator[Finding]:
    """Labels that name no unit, where the template's name units."""
    rows, columns = ({cell.row for cell in template.cells}, {cell.column for cell in template.cells})
    for of_row, wanted in ((True, rows), (False, columns)):
        unlike = [label for label in reading.unlike if label.of_row is of_row]
        for label, meant in unlisted_labels(unlike, wanted, one.unit, units):
            yield Finding(UNLISTED, one.file, sheet, label.row, label.column, label.meant, label.text, suggestion=meant)


def _placed(file: str, sheet: str, label: Placed) -> Finding:
    return Finding("label-by-place", file, sheet, label.row, label.column, label.expected, label.found, suggestion=label.expected)


def number_in(text: str) -> float | None:
    """The number that a statistics cell states: ``1,200人`` → 1200.0; None for words and blanks."""
    kind, given = element("amount"), Scope()
    value = kind.normalise(text.replace("%", "").replace("％", ""), given) if text else ""
    try:
        return float(value)
    except ValueError:
        return None


def _wrong(figure: Figure) -> Finding:
    return Finding(figure.wrong, figure.file, figure.sheet, figure.row, figure.column, figure.cell, figure.text)


def _aggregate(template: Template, figures: Sequence[Figure]) -> tuple[dict[str, float | None], dict[str, tuple[str, ...]]]:
    by_cell: dict[str, list[Figure]] = {}
    for figure in figures:
        by_cell.setdefault(figure.cell, []).append(figure)
    left_out = {name: tuple(f.file for f in group if f.lacking) for name, group in by_cell.items()}
    numbers = {name: [f.counted for f in group if f.counted is not None] for name, group in by_cell.items()}
    values: dict[str, float | None] = {}
    for cell in template.cells:
        if cell.aggregate is not Aggregate.RATIO:
            values[cell.name] = _reduce(cell.aggregate, numbers.get(cell.name, []))
    for cell in template.cells:
        if cell.aggregate is Aggregate.RATIO:
            values[cell.name] = _ratio(cell, values)
    return values, {name: files for name, files in left_out.items() if files}


def _reduce(how: Aggregate, numbers: list[float]) -> float | None:
    if not numbers:
        return None
    match how:
        case Aggregate.SUM:
            return round(sum(numbers), 6)
        case Aggregate.MAX:
            return max(numbers)
        case Aggregate.MIN:
            return min(numbers)
        case Aggregate.MEAN:
            return round(sum(numbers) / len(numbers), 6)
        case _:
            return None


def _ratio(cell: GridCell, values: Mapping[str, float | None]) -> float | None:
    """The ratio of the city's own sums, to one decimal; 0 where there is nothing to divide by."""
    if len(cell.of) != 2:
        return None
    top, bottom = (values.get(name) for name in cell.of)
    if top is None or bottom is None:
        return None
    return round(cell.scale * top / bottom, 1) if bottom else 0.0


def _lost(cell: GridCell, values: Mapping[str, float | None], figures: Sequence[Figure]) -> bool:
    return cell.aggregate is Aggregate.RATIO and values.get(cell.name) is None and any(f.cell == cell.name for f in figures)


def replace_ratios(template: Template, figures: Sequence[Figure]) -> Template:
    """Ratios without ``of`` get the two cells of their row that the units' own figures show: value ≈ scale × a / b."""
    lines: dict[str, dict[str, float]] = {}
    for figure in figures:
        if figure.number is not None:
            lines.setdefault(figure.file, {})[figure.cell] = figure.number
    cells = []
    for cell in template.cells:
        row_mates = [c.name for c in template.cells if c.row == cell.row and c.name != cell.name and c.aggregate is Aggregate.SUM]
        if cell.aggregate is Aggregate.RATIO and len(cell.of) != 2:
            scale = cell.scale if cell.scale != 1 else 100
            pair = _pair(cell.name, row_mates, list(lines.values()), scale)
            cells.append(cell.model_copy(update={"of": pair, "scale": scale}))
        else:
            cells.append(cell)
    return _same_columns(template.model_copy(update={"cells": tuple(cells)}))


def _pair(name: str, mates: list[str], lines: list[dict[str, float]], scale: float) -> tuple[str, ...]:
    """The pair that most units' figures bear out; empty where fewer than ``_AGREES`` of the telling ones do."""
    best: tuple[float, int, tuple[str, ...]] = (0.0, 0, ())
    for top, bottom in permutations(mates, 2):
        told = [line for line in lines if name in line and line.get(bottom) and top in line]
        telling = [line for line in told if line[top] not in (0.0, line[bottom])]
        good = sum(abs(line[name] - scale * line[top] / line[bottom]) <= 0.051 * scale / 100 for line in told)
        share = good / len(told) if told else 0.0
        if share >= _AGREES and telling and (share, len(told)) > best[:2]:
            best = (share, len(told), (top, bottom))
    return best[2]


def _same_columns(template: Template) -> Template:
    """A ratio that its own row could not show takes the columns that the same column shows in the other rows."""
    by_label = {(cell.row, cell.column): cell.name for cell in template.cells}
    column_of = {cell.name: cell.column for cell in template.cells}
    known: dict[str, tuple[str, str]] = {}
    for cell in template.cells:
        if len(cell.of) == 2 and all(name in column_of for name in cell.of):
            known.setdefault(cell.column, (column_of[cell.of[0]], column_of[cell.of[1]]))
    cells = []
    for cell in template.cells:
        names = [by_label.get((cell.row, column), "") for column in known.get(cell.column, ())]
        lacks = cell.aggregate is Aggregate.RATIO and len(cell.of) != 2
        cells.append(cell.model_copy(update={"of": tuple(names)}) if lacks and len(names) == 2 and all(names) else cell)
    return template.model_copy(update={"cells": tuple(cells)})


# -- sums inside a form -----------------------------------------------------------------------------------


def sums_of(template: Template, figures: Sequence[Figure]) -> tuple[Sum, ...]:
    """The sums among a form's cells that its units' figures show."""
    return shown(template, [_numbers(line) for line in _forms(figures)])


def _forms(figures: Sequence[Figure]) -> list[dict[str, Figure]]:
    lines: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        lines.setdefault(figure.file, {})[figure.cell] = figure
    return list(lines.values())


def _numbers(line: Mapping[str, Figure]) -> dict[str, float]:
    return {name: figure.counted for name, figure in line.items() if figure.counted is not None}


def _unlike_sums(template: Template, figures: Sequence[Figure]) -> list[Finding]:
    """In each form the fewest cells that explain why its sums don't hold."""
    sums = sums_of(template, figures)
    found: list[Finding] = []
    for line in _forms(figures):
        for blame in locate(_numbers(line), sums, bounds=_BOUNDS):
            found += _blamed(line, blame)
    return found


def _blamed(line: Mapping[str, Figure], blame: Blame) -> Iterator[Finding]:
    """Findings on the cells of the set that is held for wrong; where that is not known, on every total that differs."""
    totals = {one.total: one for one in blame.failing}
    chosen = _chosen(blame, totals)
    others = [name for each in blame.sets for name in each if name not in chosen]
    for name, needed in chosen.items():
        together = [other for other in chosen if other != name] if blame.sets else []
        wanted = "" if needed is None else f"{needed:.12g}"
        facts = (_addresses(line, together), _addresses(line, others))
        if name in totals:
            right = totals[name].of_parts(_numbers(line))
            yield _unlike(line[name], "figure-unlike-sum", f"{right or 0:.12g}", wanted, facts)
        else:
            spoiled = [total for total, one in totals.items() if name in one.parts]
            yield _unlike(line[name], "figure-breaks-sums", _addresses(line, spoiled), wanted, facts)


def _chosen(blame: Blame, totals: Mapping[str, Sum]) -> Mapping[str, float | None]:
    """Of several sets the one with most totals that differ: a total is what its unit reckoned, a part what it counted."""
    if not blame.sets:
        return dict.fromkeys(totals)
    if not blame.certain and not totals:
        return {}
    return max(blame.sets, key=lambda each: sum(name in totals for name in each))


def _addresses(line: Mapping[str, Figure], names: Sequence[str]) -> str:
    at = [f"{line[name].column}{line[name].row}" for name in dict.fromkeys(names)]
    return "/".join(at[:_TOLD]) + ("…" if len(at) > _TOLD else "")


def _unlike(figure: Figure, code: str, detail: str, wanted: str, facts: tuple[str, ...]) -> Finding:
    at = (figure.file, figure.sheet, figure.row, figure.column, figure.cell, figure.text)
    return Finding(code, *at, detail, wanted, facts)
