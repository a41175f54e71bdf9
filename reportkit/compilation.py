"""Results → reports: golden records and figures laid into the department's blank, with what they were made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from reportkit import sources
from reportkit.blanks import OpenBlank
from reportkit.consolidation import Consolidation
from reportkit.fields.headers import is_running_number
from reportkit.layout import lay_out
from reportkit.messages import Language, catalogue, say
from reportkit.periods import Period
from reportkit.sheets import HeaderCell, Role, Table, letter
from reportkit.statistics import Statistics
from reportkit.templates import Field, Template
from reportkit.units import Units
from reportkit.writers.fills import fill_lines
from reportkit.writers.fresh_blank import SHEET, fresh_blank
from reportkit.writers.grid_report import GridReport, write_grid_report
from reportkit.writers.list_report import Column, ListReport, write_list_report
from reportkit.writers.text_sheet import TextSheet

_KINDS = {"amount": "amount", "integer": "amount", "date": "date", "year": "amount"}


@dataclass(frozen=True, slots=True)
class Issued:
    """A template and the blank that it was issued with, opened."""

    template: Template
    content: bytes
    blank: OpenBlank

    @property
    def form(self) -> Table:
        """The blank's table."""
        return next(table for sheet in self.blank.sheets for table in sheet.tables if table.visible)


@dataclass(frozen=True, slots=True)
class Heading:
    """Who publishes a report, for which period, when, and in which language its last sheets speak."""

    period: Period
    as_of: date | None
    units: Units
    language: Language

    @property
    def publisher(self) -> str:
        """The unit at the top, "" where there is none or more than one."""
        tops = [unit for unit in self.units if not unit.parent]
        return tops[0].name if len(tops) == 1 else ""

    @property
    def month(self) -> str:
        """``2026-11`` → ``2026年11月``; "" for other periods."""
        return f"{self.period.last.year}年{self.period.last.month}月" if len(self.period.name) == 7 else ""

    def stamp(self, template: str) -> dict[str, str]:
        """The program's mark."""
        return {"reportkit.report": template, "reportkit.period": self.period.name}


def write_report(path: Path, issued: Issued, result: Consolidation | Statistics, heading: Heading) -> None:
    """Write a template's report."""
    fills = fill_lines([*issued.form.above, *issued.form.below], heading.publisher, heading.month, heading.as_of)
    if isinstance(result, Consolidation):
        write_list_report(path, _list(issued, result, heading, fills))
    else:
        write_grid_report(path, _grid(issued, result, heading, fills))


# -- lists ------------------------------------------------------------------------------------------------


def _list(issued: Issued, result: Consolidation, heading: Heading, fills: Mapping[str, str]) -> ListReport:
    body, form = lay_out(result, heading.language), issued.form
    first, last = prepared(form)
    left_out = {
        total.field: say("total-leaves-out", heading.language, number=total.left_out) for total in body.totals if total.left_out
    }
    return ListReport(
        blank=issued.content,
        sheet=form.sheet,
        first=first,
        last=last,
        columns=columns(form, result.template),
        rows=body.rows,
        merges=[(group.field, group.first, group.last) for group in body.groups],
        totals={total.field: total.value for total in body.totals},
        total_label=say("total-label", Language.ZH),
        notes=left_out,
        comments={(mark.row, mark.field): mark.comment for mark in body.marks},
        fills=fills,
        sheets=[sources_sheet(sources.of_list(result, heading.units), heading.language)],
        stamp=heading.stamp(result.template.name),
    )


def prepared(form: Table) -> tuple[int, int]:
    """The first and the last row that a blank has prepared for records; last < first where it has none."""
    first = form.header_last + 1
    numbered = form.aside.filter(form.aside["_role"] == Role.NUMBERED.value)["_row"].to_list()
    rows = sorted([*form.body["_row"].to_list(), *numbered])
    below = min((line.row for line in form.below), default=0)
    last = rows[-1] if rows else form.data_last
    return first, last if not below or last < below else below - 1


def columns(form: Table, template: Template) -> tuple[Column, ...]:
    """The form's columns with the fields that they are."""
    fields = {field.name: field for field in template.fields}
    return tuple(_column(cell, fields) for cell in form.header)


def _column(cell: HeaderCell, fields: Mapping[str, Field]) -> Column:
    if is_running_number(cell.name):
        return Column(letter(cell.column), "", "number")
    one = fields.get(cell.name)
    return Column(letter(cell.column), one.name if one else "", _KINDS.get(one.element, "text") if one else "text")


def sources_sheet(lines: tuple[sources.SourceLine, ...], language: Language) -> TextSheet:
    """The last sheet: what the report was made of."""
    names = ("unit", "file", "state", "received", "rows", "kept", "merged", "set_aside", "errors", "warnings")
    header = tuple(say(f"source-{name.replace('_', '-')}", language) for name in names)
    rows: list[list[str | int]] = [[_shown(line, name, language) for name in names] for line in lines]
    sums: list[str | int] = [say("total-label", language), "", "", ""]
    sums += [sum(int(getattr(line, name)) for line in lines) for name in names[4:]]
    return TextSheet(say("source-sheet", language), say("source-title", language), header, [*rows, sums])


def _shown(line: sources.SourceLine, name: str, language: Language) -> str | int:
    value: str | int = getattr(line, name)
    return say(f"state-{value}", language) if name == "state" else value


# -- statistics -------------------------------------------------------------------------------------------


def _grid(issued: Issued, result: Statistics, heading: Heading, fills: Mapping[str, str]) -> GridReport:
    at = {cell.name: cell.at for cell in result.template.cells}
    figures = {at[name]: value for name, value in result.values.items() if value is not None}
    comments = {
        at[name]: say("figure-leaves-out", heading.language, number=len(files), files=", ".join(files))
        for name, files in result.left_out.items()
    }
    lines = sources_sheet(sources.of_grid(result, heading.units), heading.language)
    stamp = heading.stamp(result.template.name)
    return GridReport(issued.content, issued.form.sheet, figures, fills, comments, [_by_unit(result, heading), lines], stamp)


def _by_unit(result: Statistics, heading: Heading) -> TextSheet:
    """A line a cell and a column a unit would be too wide for a district: a line a unit, a column a cell."""
    frame = result.by_unit()
    header = (say("source-unit", heading.language), *(f"{cell.row} {cell.column}" for cell in result.template.cells))
    rows = [[heading.units.name(unit), *values] for unit, _, *values in frame.iter_rows()]
    return TextSheet(say("by-unit-sheet", heading.language), result.template.title, header, rows)


# -- one-shot reports -------------------------------------------------------------------------------------


def write_merged(
    path: Path, issued: Issued | None, result: Consolidation | Statistics, heading: Heading, problems: TextSheet
) -> None:
    """Write ``merge``'s report: into the blank where there is one, else into a fresh form; findings and sources come last."""
    if isinstance(result, Statistics) or issued is not None:
        if issued is None:
            raise ValueError(result.template.name)
        fills = fill_lines([*issued.form.above, *issued.form.below], "", heading.month, None)
        if isinstance(result, Statistics):
            grid = _grid(issued, result, heading, fills)
            write_grid_report(path, replace(grid, sheets=[*grid.sheets[:-1], problems, grid.sheets[-1]]))
            return
        report = _list(issued, result, heading, fills)
    else:
        report = _fresh(result, heading)
    write_list_report(path, replace(report, sheets=[problems, *report.sheets]))


def _fresh(result: Consolidation, heading: Heading) -> ListReport:
    body = lay_out(result, heading.language)
    names = [field.name for field in result.template.fields]
    content, first = fresh_blank(result.template.title, names)
    kinds = [
        Column(letter(at), field.name, _KINDS.get(field.element, "text")) for at, field in enumerate(result.template.fields, 2)
    ]
    return ListReport(
        blank=content,
        sheet=SHEET,
        first=first,
        last=first,
        columns=(Column("A", "", "number"), *kinds),
        rows=body.rows,
        merges=[(group.field, group.first, group.last) for group in body.groups],
        totals={total.field: total.value for total in body.totals},
        comments={(mark.row, mark.field): mark.comment for mark in body.marks},
        sheets=[sources_sheet(sources.of_list(result, heading.units), heading.language)],
        stamp=heading.stamp(result.template.name),
    )


def problems_sheet(findings: pl.DataFrame, language: Language) -> TextSheet:
    """The sheet 问题: what needs a look, errors first. ``findings`` as ``evidence.told`` gives them."""
    order = {"error": 0, "warning": 1, "note": 2}
    rank = pl.col("severity").replace_strict(order, return_dtype=pl.Int64)
    shown = findings.filter(pl.col("severity") != "note").sort(rank, "file", "sheet", "row", "column").head(20_000)
    entries = catalogue()
    rows = [
        [
            line["file"],
            line["sheet"],
            f"{line['column']}{line['row'] or ''}",
            say(f"severity-{line['severity']}", language),
            line["message"],
            entries[line["code"]].mend[language] if line["code"] in entries else "",
        ]
        for line in shown.iter_rows(named=True)
    ]
    names = ("file", "sheet-name", "cell", "severity", "message", "mend")
    header = tuple(say(f"problem-{name}", language) for name in names)
    return TextSheet(say("problem-sheet", language), say("problem-title", language), header, rows)
