"""A report a second time in 千元 or 万元: the same blank, its amounts restated with parts adding up to their totals (舍位平衡)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from reportkit.compilation import Heading, Issued, filled, grid_report_of, list_report_of
from reportkit.consolidation import Consolidation
from reportkit.localisation import Sum
from reportkit.messages import Language, say
from reportkit.money import factors, finer, restated, unit_of
from reportkit.readers import read
from reportkit.rounding import apportion, balance, ordinary
from reportkit.sheets import letter, text
from reportkit.statistics import Statistics, sums_of
from reportkit.templates import Aggregate, Rounding, Template
from reportkit.writers.grid_report import GridReport, write_grid_report
from reportkit.writers.list_report import Column, ListReport, write_list_report
from reportkit.writers.text_sheet import TextSheet

#: A line that names the unit of all that names none: ``单位：元``, ``(计量单位:万元)``.
_LINE = re.compile(r"单位\s*[:：]")
_SEVERAL = re.compile(r"[、,，/;；]")
#: So many moved figures are listed and commented one by one.
_LISTED = 500


@dataclass(frozen=True, slots=True)
class _Moved:
    """A figure that is not what ordinary rounding gives, or (``shown`` None) a total that was none before."""

    at: str
    what: str
    before: float
    ordinary: float | None
    shown: float | None


def rounded_title(template: Template) -> str:
    """What its second report is called, ``月报表(万元)``; "" for a template that asks for none."""
    return f"{template.title}({template.rounding.unit})" if template.rounding else ""


def write_rounded(path: Path, issued: Issued, result: Consolidation | Statistics, heading: Heading) -> bool:
    """Write the report in the unit that its template's ``rounding`` names; gives whether there was anything to restate.

    Figures that are no money, or are in that unit already, stand as in the first report, which is left as it is.
    """
    rounding = result.template.rounding
    by = factors(result.template, _said(issued))
    if rounding is None or not by:
        return False
    fills = {**filled(issued, heading), **_relabelled(issued, rounding.unit, result.template, by)}
    if isinstance(result, Consolidation):
        write_list_report(path, _list(list_report_of(issued, result, heading, fills), rounding, by, heading.language))
    else:
        write_grid_report(path, _grid(grid_report_of(issued, result, heading, fills), result, by, heading.language))
    return True


def _said(issued: Issued) -> str:
    """The line that names one unit for the whole form, "" where there is none or it names several."""
    lines = [line.text for line in issued.form.above if _LINE.search(line.text)]
    units = [tail for line in lines if unit_of(tail := _LINE.split(line)[-1]) and not _SEVERAL.search(tail)]
    return units[0] if units else ""


# -- labels -----------------------------------------------------------------------------------------------


def _relabelled(issued: Issued, unit: str, template: Template, by: Mapping[str, int]) -> dict[str, str]:
    """Address → label with the new unit: what stands over and beside restated figures, and lines that name a unit for all."""
    sheet = next(one for one in read(issued.content, template.workbook).sheets if one.name == issued.form.sheet)
    labels, rows = _labels(template, by), _rows(template, by)
    above = {(line.row, line.column) for line in (*issued.form.above, *issued.form.below) if _LINE.search(line.text)}
    found = {}
    for row, values in enumerate(sheet.rows, 1):
        for column, value in enumerate(values, 1):
            plain = re.sub(r"\s+", "", value) if isinstance(value, str) else ""
            measure = row in rows and unit_of(plain) and restated(plain, "") == ""
            if plain and ((row, column) in above or plain in labels or measure) and (new := restated(text(value), unit)) != value:
                found[f"{letter(column)}{row}"] = new
    return found


def _labels(template: Template, by: Mapping[str, int]) -> set[str]:
    cells = [cell for cell in template.cells if cell.name in by]
    names = [name for cell in cells for name in (cell.row, cell.column)] + [
        field.name for field in template.fields if field.name in by
    ]
    return {level for name in names for level in name.split(">") if unit_of(level)}


def _rows(template: Template, by: Mapping[str, int]) -> set[int]:
    """Rows of a statistics form that hold a restated figure."""
    return {int(cell.at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for cell in template.cells if cell.name in by}


# -- statistics -------------------------------------------------------------------------------------------


def _grid(report: GridReport, result: Statistics, by: Mapping[str, int], language: Language) -> GridReport:
    at = {cell.name: cell.at for cell in result.template.cells}
    rounding = result.template.rounding or Rounding(unit="")
    sums = list(dict.fromkeys([*sums_of(result.template, result.figures), *_stated(result.template)]))
    figures, moved = dict(report.figures), list[_Moved]()
    for factor in sorted(set(by.values())):
        values = {name: result.values.get(name) for name, its in by.items() if its == factor}
        found = balance(values, [one for one in sums if set(one.cells) <= values.keys()], factor, rounding.decimals)
        figures |= {at[name]: value for name, value in found.figures.items() if value is not None}
        for name, usual in found.moved.items():
            moved.append(_Moved(at[name], name, values[name] or 0.0, usual, found.figures[name]))
        moved += [_Moved(at[one.total], one.total, values[one.total] or 0.0, None, None) for one in found.broken]
    comments = dict(report.comments)
    for one in moved:
        comments[one.at] = "\n".join(words for words in (comments.get(one.at, ""), _comment(one, language)) if words)
    sheets = [report.sheets[-1], _sheet(moved, rounding, language)]
    decimals = {at[name]: rounding.decimals for name in by if at[name] in figures}
    return replace(report, figures=figures, comments=comments, sheets=sheets, decimals=decimals)


def _stated(template: Template) -> Iterator[Sum]:
    """Sums that the spec itself states."""
    for cell in template.cells:
        if cell.aggregate is Aggregate.SUM and len(cell.of) > 1:
            yield Sum(cell.name, cell.of)


# -- lists ------------------------------------------------------------------------------------------------


def _list(report: ListReport, rounding: Rounding, by: Mapping[str, int], language: Language) -> ListReport:
    letters = {column.field: column.letter for column in report.columns}
    rows, totals, moved = report.rows, dict(report.totals), list[tuple[int, str, _Moved]]()
    for name in [name for name in by if name in letters]:
        values = _figures(report, name)
        figures, usual = apportion(values, by[name], rounding.decimals), ordinary(values, by[name], rounding.decimals)
        rows = rows.with_columns(_written(rows[name], figures, rounding.decimals, finer(rounding.unit, by[name])))
        totals[name] = round(float(np.nansum(figures)), rounding.decimals)
        for row in np.flatnonzero(~np.isnan(values) & (figures != usual)).tolist():
            at = f"{letters[name]}{report.first + row}"
            moved.append((row, name, _Moved(at, name, float(values[row]), float(usual[row]), float(figures[row]))))
    moved.sort(key=lambda each: each[:2])
    return replace(
        report,
        rows=rows,
        totals={name: value for name, value in totals.items() if name in report.totals},
        columns=tuple(_column(column, rounding, by) for column in report.columns),
        remarks={(row, name): _comment(one, language) for row, name, one in moved[:_LISTED]},
        sheets=[*report.sheets, _sheet([one for *_, one in moved], rounding, language)],
    )


def _column(column: Column, rounding: Rounding, by: Mapping[str, int]) -> Column:
    return replace(column, kind="amount", decimals=rounding.decimals) if column.field in by else column


def _figures(report: ListReport, name: str) -> np.ndarray:
    """A column's numbers, NaN where there is none or an error stands on it."""
    numbers = report.rows[name].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy().copy()
    numbers[[row for row, field in report.comments if field == name]] = np.nan
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def _written(column: pl.Series, figures: np.ndarray, decimals: int, unit: str) -> pl.Series:
    """The column with its figures restated; what is none stands as it was, with its old unit where it might be taken for one."""
    new = [None if np.isnan(value) else f"{value:.{decimals}f}" for value in figures]
    frame = pl.DataFrame({"old": column, "new": pl.Series(new, dtype=pl.String)})
    old = pl.col("old").str.replace(r"([0-9])$", "${1}" + unit)
    return frame.select(pl.coalesce("new", old).alias(column.name)).to_series()


# -- the sheet that says so -------------------------------------------------------------------------------


def _comment(one: _Moved, language: Language) -> str:
    if one.shown is None or one.ordinary is None:
        return say("rounded-broken", language)
    return say("rounded-moved", language, ordinary=f"{one.ordinary:.12g}", shown=f"{one.shown:.12g}")


def _sheet(moved: Sequence[_Moved], rounding: Rounding, language: Language) -> TextSheet:
    names = ("cell", "what", "before", "ordinary", "shown")
    header = tuple(say(f"rounded-{name}", language) for name in names)
    number = sum(one.shown is not None for one in moved)
    title = say("rounded-title", language, unit=rounding.unit, decimals=rounding.decimals, number=number)
    rows: list[list[str | float | None]] = [[one.at, one.what, one.before, one.ordinary, one.shown] for one in moved[:_LISTED]]
    for row, one in zip(rows, moved, strict=False):
        row[4] = _comment(one, language) if one.shown is None else one.shown
    if len(moved) > _LISTED:
        rows.append([say("rounded-more", language, number=len(moved) - _LISTED), None, None, None, None])
    return TextSheet(say("rounded-sheet", language), title, header, rows)
