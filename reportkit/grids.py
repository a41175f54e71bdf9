"""A statistics form's cells by their labels: row × column, wherever they stand on the sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from reportkit import arrays as np
from reportkit.elements import ELEMENTS
from reportkit.fields.assignment import assign
from reportkit.fields.headers import attribute, fold, word
from reportkit.fields.mapping import wording
from reportkit.sheets import HeaderCell, Role, Table, letter
from reportkit.templates import Template

_MEASURE = re.compile(r"计量单位|单位$|^单位|代码$|行次|序号")
_NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?%?")
_FOOT = re.compile(r"^\s*(?:注|说明|备注|填表|审核|单位|负责|制表)|[:：].*[:：]")
#: A label is another's from so much likeness of words on, a little less in its own place; nearly all of it is another spelling.
_SAME, _SAME_PLACE, _SPELLING = 0.6, 0.5, 0.9
#: So many labels make a form of a header.
_LABELS = 2
#: Columns that only a list of persons or enterprises has.
_OF_A_ROSTER = frozenset({"name", "identity_number", "credit_code", "phone", "account", "birth_date"})
_PLACE = re.compile(r"[村庄屯镇乡街区县市社居园]$|街道$|[合总小]计|其中")


@dataclass(frozen=True, slots=True)
class GridValue:
    """A found cell: its name in the spec, its Excel row and column, and what stands there ("" for a blank).

    ``label`` is what its row and column are called in the form, ``score`` how well that fits (0–1), ``how`` exact, alias or fuzzy.
    """

    name: str
    row: int
    column: str
    text: str
    label: str = ""
    score: float = 1.0
    how: str = "exact"


@dataclass(frozen=True, slots=True)
class Placed:
    """A label that was taken for another one by its place alone; ``row`` is 0 for a column's, ``column`` "" for a row's."""

    row: int
    column: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label that the template does not write so: its address, whether it is a row's, and what it was taken for ("" for nothing)."""

    row: int
    column: str
    text: str
    of_row: bool
    meant: str = ""


@dataclass(frozen=True, slots=True)
class GridReading:
    """What a form shows of a template's cells, what it lacks, labels that the template has not, and labels taken by their place."""

    cells: tuple[GridValue, ...]
    missing: tuple[str, ...]
    unlike: tuple[Label, ...] = ()
    placed: tuple[Placed, ...] = ()

    @property
    def extra(self) -> tuple[str, ...]:
        """Labels of the form that are none of the template's."""
        return tuple(label.text for label in self.unlike if not label.meant)


@dataclass(frozen=True, slots=True)
class _Fit:
    """The given label, by its number, that a wanted one was found as."""

    at: int
    score: float
    placed: bool = False


def _lines(table: Table) -> pl.DataFrame:
    """Every row that may hold figures: records, totals and subtotals, from top to bottom; in a blank also rows of bare labels."""
    figures = [Role.TOTAL, Role.SUBTOTAL, Role.MEAN, Role.FORMULA, Role.SECTION, Role.NUMBERED]
    aside = table.aside.filter(pl.col("_role").is_in([role.value for role in figures])).drop("_role")
    lines = pl.concat([table.body, aside.select(table.body.columns)]).sort("_row")
    return lines if lines.height else _bare_lines(table, lines)


def _bare_lines(table: Table, empty: pl.DataFrame) -> pl.DataFrame:
    """A blank whose labels alone are filled in looks like a header with a footer: two labels and more right under it are rows."""
    stub = next((cell for cell in table.header if not _is_measure(cell)), None)
    labels = _bare_labels(table, stub, empty) if stub is not None else []
    if stub is None or len(labels) < _LABELS or any(re.search("[:：]", text) for _, text in labels):
        return empty
    rows = [{"_row": row, letter(stub.column): text} for row, text in labels]
    return pl.DataFrame(rows, schema=empty.schema)


def _stub(table: Table, lines: pl.DataFrame) -> HeaderCell | None:
    """The column of labels: the first one with text in most rows that is not the measure."""
    for cell in table.header:
        values = lines[letter(cell.column)].drop_nulls().to_list()
        words = [value for value in values if not _NUMBER.fullmatch(value.strip())]
        if len(words) >= max(1, 0.6 * lines.height) and not (cell.levels and _MEASURE.search(cell.levels[-1])):
            return cell
    return None


def _is_measure(cell: HeaderCell) -> bool:
    return bool(cell.levels) and bool(_MEASURE.search(cell.levels[-1]))


def looks_like_grid(table: Table) -> bool:
    """Whether a table is a statistics form: few rows, each with a label, under columns of figures or of blanks.

    A blank list has no labels in its rows; a filled list has many texts a row, and numbers that name persons are texts.
    """
    lines = _lines(table)
    stub = _stub(table, lines)
    if stub is None or not 0 < lines.height <= 60 or _is_roster(table):
        return False
    labels = lines[letter(stub.column)].drop_nulls()
    others = [letter(cell.column) for cell in table.header if cell is not stub and not _is_measure(cell)]
    values = [(value.strip(), code) for name in others for value, code in _read(lines[name].drop_nulls())]
    words = sum(code or not _NUMBER.fullmatch(value) for value, code in values)
    distinct = labels.n_unique() == labels.len()
    return distinct and bool(others) and words <= 0.2 * max(len(values), 1) and not _are_persons(labels)


def _is_roster(table: Table) -> bool:
    """Whether a header asks for what only a person or an enterprise has."""
    leaves = [attribute(word(cell.levels[-1]).name) for cell in table.header if cell.levels]
    return any(what in _OF_A_ROSTER and sure >= 0.95 for what, sure in leaves)


def _are_persons(labels: pl.Series) -> bool:
    """Whether labels are persons' names; ``石湾村`` and ``合计`` look like some and are none."""
    sample = labels.to_list()
    persons = [label for label in sample if ELEMENTS["person-name"].resembles(label) and not _PLACE.search(label.strip())]
    return len(sample) >= 3 and len(persons) >= 0.8 * len(sample)


def _read(values: pl.Series) -> list[tuple[str, bool]]:
    """A column's values, and whether each is a number that names something: digits too long for a figure, or codes."""
    codes = _are_codes([value.strip() for value in values])
    return [(value, codes or len(re.sub(r"\D", "", value.partition(".")[0])) >= 11) for value in values]


def _are_codes(values: Sequence[str]) -> bool:
    """Distinct runs of digits of one length, at least seven or with zeros in front: telephones, licences, house numbers."""
    plain = len(values) >= 3 and len(set(values)) == len(values) and all(value.isdigit() for value in values)
    same = len({len(value) for value in values}) == 1
    return plain and same and (len(values[0]) >= 7 or any(value.startswith("0") and len(value) > 1 for value in values))


def _label(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _bare_labels(table: Table, stub: HeaderCell, lines: pl.DataFrame) -> list[tuple[int, str]]:
    """Labels right under the last row of a blank: without a figure they look like the beginning of a footer."""
    found: list[tuple[int, str]] = []
    last = max(lines["_row"].to_list(), default=table.header_last)
    for line in sorted(table.below, key=lambda one: one.row):
        if line.row != last + 1 or line.column != stub.column or len(line.text) > 20 or _FOOT.search(line.text):
            break
        found.append((line.row, line.text))
        last = line.row
    return found


def grid_cells(table: Table) -> tuple[tuple[str, str, str], ...]:
    """(row label, column label, address) of every figure of a blank form, row by row."""
    lines = _lines(table)
    stub = _stub(table, lines)
    if stub is None:
        return ()
    columns = [cell for cell in table.header if cell.column > stub.column and not _is_measure(cell)]
    found = []
    for row, text in [*lines.select("_row", letter(stub.column)).iter_rows(), *_bare_labels(table, stub, lines)]:
        if text:
            found += [(_label(text), cell.name, f"{letter(cell.column)}{row}") for cell in columns]
    return tuple(found)


def read_grid(table: Table, template: Template) -> GridReading:
    """The template's cells in a submitted form, by their labels; by its place a label only where all others are found."""
    lines = _lines(table)
    stub = _stub(table, lines)
    if stub is None:
        return GridReading((), tuple(cell.name for cell in template.cells))
    rows = [(row, _label(text)) for row, text in lines.select("_row", letter(stub.column)).iter_rows() if text]
    heads = [cell for cell in table.header if cell is not stub and not _is_measure(cell)]
    by_row = _pair([label for _, label in rows], list(dict.fromkeys(cell.row for cell in template.cells)))
    by_column = _pair([cell.name for cell in heads], list(dict.fromkeys(cell.column for cell in template.cells)))
    texts = {row: n for n, row in enumerate(lines["_row"])}
    cells, missing = [], []
    for cell in template.cells:
        if cell.row in by_row and cell.column in by_column:
            (row, label), head = rows[by_row[cell.row].at], heads[by_column[cell.column].at]
            text = lines[letter(head.column)][texts[row]] or ""
            found = GridValue(cell.name, row, letter(head.column), text, f"{label}·{head.name}")
            cells.append(_weighed(found, by_row[cell.row], by_column[cell.column]))
        else:
            missing.append(cell.name)
    placed = [Placed(rows[fit.at][0], "", rows[fit.at][1], wanted) for wanted, fit in by_row.items() if fit.placed]
    placed += [Placed(0, letter(heads[f.at].column), heads[f.at].name, wanted) for wanted, f in by_column.items() if f.placed]
    written = [Label(row, letter(stub.column), label, of_row=True) for row, label in rows]
    across = [Label(table.header_last, letter(head.column), head.name, of_row=False) for head in heads]
    unlike = (*_unlike(written, by_row), *_unlike(across, by_column))
    return GridReading(tuple(cells), tuple(missing), unlike, tuple(placed))


def _unlike(given: Sequence[Label], fits: Mapping[str, _Fit]) -> Iterator[Label]:
    """Labels that the template does not write so, with what they were taken for."""
    meant = {fit.at: wanted for wanted, fit in fits.items()}
    for at, label in enumerate(given):
        wanted = meant.get(at, "")
        if label.text and (not wanted or fold(wanted) != fold(label.text)):
            yield replace(label, meant=wanted)


def _weighed(found: GridValue, row: _Fit, column: _Fit) -> GridValue:
    """A cell is as sure as the weaker of its two labels."""
    score = min(row.score, column.score)
    how = "exact" if score == 1 else "alias" if score >= _SPELLING else "fuzzy"
    return replace(found, score=round(score, 4), how="fuzzy" if row.placed or column.placed else how)


def _pair(given: Sequence[str], wanted: Sequence[str]) -> dict[str, _Fit]:
    """Wanted label → the given one, best over all; place decides between equals and fills a single gap."""
    if not given or not wanted:
        return {}
    level = len(given) == len(wanted)
    words = np.array([[_words(one, other) for one in given] for other in wanted])
    far = np.abs(np.subtract.outer(np.arange(len(wanted)), np.arange(len(given))))
    place = np.where(level & (far == 0), 0.3, 0.1 * (1 - np.minimum(far, 10) / 10))
    least = np.where(level & (far == 0), _SAME_PLACE, _SAME)
    chosen = assign(np.where(words >= least, 0.8 * words + place, 0.0))
    pairs = [(j, i) for j, i in chosen if words[j, i] >= least[j, i]]
    fits = {wanted[j]: _Fit(i, float(words[j, i])) for j, i in pairs}
    gap = set(range(len(wanted))) - {j for j, _ in pairs}
    if level and len(gap) == 1 and gap == set(range(len(given))) - {i for _, i in pairs} and len(wanted) > 1:
        at = gap.pop()
        fits[wanted[at]] = _Fit(at, float(words[at, at]), placed=True)
    return fits


def _words(given: str, wanted: str) -> float:
    return 1.0 if fold(given) == fold(wanted) else 0.95 * wording(tuple(given.split(">")), wanted)
