"""Results → reports: golden records and figures laid into the department's blank, with what they were made of."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path

import polars as pl

from reportkit import sources
from reportkit.blanks import OpenBlank
from reportkit.consolidation import Consolidation
from reportkit.fields.headers import is_running_number
from reportkit.layout import lay_out, reported
from reportkit.messages import Entry, Language, say, tidy
from reportkit.periods import Period
from reportkit.sheets import HeaderCell, Role, Table, letter
from reportkit.statistics import Statistics
from reportkit.templates import Field, Template
from reportkit.units import Units
from reportkit.writers.fills import fill_lines
from reportkit.writers.fresh_blank import SHEET, fresh_blank
from reportkit.writers.grid_report import GridReport, write_grid_report
from reportkit.writers.list_report import Column, ListReport, write_list_report
from reportkit.writers.ruled_rows import ruled_rows
from reportkit.writers.text_sheet import Cell, TextSheet

#: What stands where in a report: a line a row (its cluster), a line a column (its field); of a statistics form a line a cell.
PLACES = pl.Schema(dict.fromkeys(("sheet", "row", "column", "field", "cluster_id"), pl.String()))
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

    period: Period | None
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
        """``2026-11`` → ``2026年11月``; "" for other periods and for none."""
        if self.period is None or not re.fullmatch(r"\d{4}-\d\d", self.period.name):
            return ""
        return f"{self.period.last.year}年{self.period.last.month}月"

    def stamp(self, template: str) -> dict[str, str]:
        """The program's mark."""
        return {"reportkit.report": template} | ({"reportkit.period": self.period.name} if self.period else {})


def write_report(path: Path, issued: Issued, result: Consolidation | Statistics, heading: Heading) -> pl.DataFrame:
    """Write a template's report; gives what stands where in it (``PLACES``)."""
    fills = filled(issued, heading)
    if isinstance(result, Consolidation):
        report = list_report_of(issued, result, heading, fills)
        write_list_report(path, report)
        return places(report, result)
    write_grid_report(path, grid_report_of(issued, result, heading, fills))
    return _cells(issued.form.sheet, result)


def filled(issued: Issued, heading: Heading) -> Mapping[str, str]:
    """Address → text of the blank's lines that say who reports, for when."""
    return fill_lines([*issued.form.above, *issued.form.below], heading.publisher, heading.month, heading.as_of)


def places(report: ListReport, result: Consolidation) -> pl.DataFrame:
    """What stands where in a list report."""
    ids = reported(result)
    homes = result.clusters.frame["cluster"].gather(ids).to_frame().join(result.names, on="cluster", maintain_order="left")
    rows = pl.int_range(report.first, report.first + len(ids), eager=True).cast(pl.String)
    lines = pl.DataFrame({"row": rows, "cluster_id": homes["cluster_id"]})
    fields = [(column.letter, column.field) for column in report.columns if column.field]
    columns = pl.DataFrame(fields, schema={"column": pl.String, "field": pl.String}, orient="row")
    whole = pl.concat([columns, lines], how="diagonal").with_columns(pl.lit(report.sheet).alias("sheet"), pl.all().fill_null(""))
    return whole.select(list(PLACES))


def _cells(sheet: str, result: Statistics) -> pl.DataFrame:
    at = [(cell.at.rstrip("0123456789"), cell.at, cell.name) for cell in result.template.cells]
    lines = [(sheet, cell.removeprefix(letters), letters, name, "") for letters, cell, name in at]
    return pl.DataFrame(lines, schema=PLACES, orient="row")


# -- lists ------------------------------------------------------------------------------------------------


def list_report_of(issued: Issued, result: Consolidation, heading: Heading, fills: Mapping[str, str]) -> ListReport:
    """What stands in a list's report."""
    body, form = lay_out(result, heading.language), issued.form
    first, last = prepared(form, ruled_rows(issued.content, form.sheet, [letter(cell.column) for cell in form.header]))
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
        own_total=own_total(form, first, last),
        notes=left_out,
        comments={(mark.row, mark.field): mark.comment for mark in body.marks},
        fills=fills,
        sheets=[sources_sheet(sources.of_list(result, heading.units), heading.language)],
        stamp=heading.stamp(result.template.name),
    )


def prepared(form: Table, ruled: Collection[int] = ()) -> tuple[int, int]:
    """The first and the last row that a blank has prepared for records; last < first where it has none. ``ruled``: its ``ruled_rows``."""
    totals, under = _totals(form), form.header_last + 1
    first = under + 1 if under in totals and (form.body.height or under + 1 in ruled) else under
    numbered = form.aside.filter(form.aside["_role"] == Role.NUMBERED.value)["_row"].to_list()
    ends = [row for row in (*totals, *(line.row for line in form.below)) if row >= first]
    rows = [row for row in (*form.body["_row"].to_list(), *numbered) if row < min(ends, default=row + 1)]
    last = max(first - 1, min([max(rows, default=form.data_last), *(end - 1 for end in ends)]))
    return first, next(row for row in count(last) if row + 1 not in ruled or row + 1 in ends)


def own_total(form: Table, first: int, last: int) -> int:
    """The blank's own total row, which the report's totals are put into; 0 where it has none. Its prepared rows are ``first`` … ``last``."""
    return next((row for row in _totals(form) if not first <= row <= last), 0)


def _totals(form: Table) -> list[int]:
    return sorted(form.aside.filter(form.aside["_role"] == Role.TOTAL.value)["_row"].to_list())


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


def grid_report_of(issued: Issued, result: Statistics, heading: Heading, fills: Mapping[str, str]) -> GridReport:
    """What stands in a statistics form's report."""
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
    """A line a unit and a column a cell; the other way round where there are more cells than units, so that the sheet is narrow."""
    cells = [f"{cell.row} {cell.column}" for cell in result.template.cells]
    lines: list[list[Cell]] = [[heading.units.name(unit), *values] for unit, _, *values in result.by_unit().iter_rows()]
    table: list[list[Cell]] = [[say("source-unit", heading.language), *cells], *lines]
    if len(cells) > len(lines):
        table = [list(line) for line in zip(*table, strict=True)]
    header = tuple(str(name) for name in table[0])
    return TextSheet(say("by-unit-sheet", heading.language), result.template.title, header, table[1:])


# -- one-shot reports -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Appendix:
    """What ``merge`` puts behind a report: findings as ``evidence.told`` gives them, and the files that are in no report."""

    findings: pl.DataFrame
    others: tuple[sources.SourceLine, ...] = ()


def write_merged(
    path: Path, issued: Issued | None, result: Consolidation | Statistics, heading: Heading, appendix: Appendix
) -> pl.DataFrame:
    """Write ``merge``'s report: into the blank where there is one, else into a fresh form; findings and sources come last.

    Gives what stands where in it (``PLACES``).
    """
    problems = problems_sheet(appendix.findings, heading.language, result.template.entries)
    fills = fill_lines([*issued.form.above, *issued.form.below], "", heading.month, None) if issued else {}
    if isinstance(result, Statistics):
        if issued is None:
            raise ValueError(result.template.name)
        grid = grid_report_of(issued, result, heading, fills)
        last = sources_sheet((*sources.of_grid(result, heading.units), *appendix.others), heading.language)
        write_grid_report(path, replace(grid, sheets=[*grid.sheets[:-1], problems, last]))
        return _cells(issued.form.sheet, result)
    report = list_report_of(issued, result, heading, fills) if issued else _fresh(result, heading)
    last = sources_sheet((*sources.of_list(result, heading.units), *appendix.others), heading.language)
    more = [other_columns(result.unmapped, heading.language)] if result.unmapped.height else []
    write_list_report(path, replace(report, sheets=[*more, problems, last]))
    return places(report, result)


def other_columns(unmapped: pl.DataFrame, language: Language) -> TextSheet:
    """The sheet 其他列: what stands in columns that are no field of the report, by its address."""
    names = ("file", "sheet", "row", "column", "header", "value")
    header = tuple(say("other-sheet-name" if name == "sheet" else f"other-{name}", language) for name in names)
    return TextSheet(say("other-sheet", language), say("other-title", language), header, unmapped.select(names).rows())


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


def problems_sheet(findings: pl.DataFrame, language: Language, entries: Mapping[str, Entry]) -> TextSheet:
    """The sheet 问题: what needs a look, errors first. ``findings`` as ``evidence.told`` gives them."""
    order = {"error": 0, "warning": 1, "note": 2}
    rank = pl.col("severity").replace_strict(order, return_dtype=pl.Int64)
    shown = findings.filter(pl.col("severity") != "note").sort(rank, "file", "sheet", "row", "column").head(20_000)
    rows = [
        [
            line["file"],
            line["sheet"],
            f"{line['column']}{line['row'] or ''}",
            say(f"severity-{line['severity']}", language),
            tidy(line["message"]),
            entries[line["code"]].mend[language] if line["code"] in entries else "",
        ]
        for line in shown.iter_rows(named=True)
    ]
    names = ("file", "sheet-name", "cell", "severity", "message", "mend")
    header = tuple(say(f"problem-{name}", language) for name in names)
    return TextSheet(say("problem-sheet", language), say("problem-title", language), header, rows)
