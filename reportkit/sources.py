"""What a report was made of: one line a file, with every row of it counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from reportkit.consolidation import Consolidation
from reportkit.findings import Findings
from reportkit.severity import Severity
from reportkit.statistics import Statistics
from reportkit.submissions import State, Submission
from reportkit.summary import LeftOut, ReportLine, Returned
from reportkit.units import Units


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A file's share in a report. ``rows`` = ``kept`` + ``merged`` + ``set_aside``."""

    unit: str
    file: str
    state: str
    received: str
    rows: int
    kept: int
    merged: int
    set_aside: int
    errors: int
    warnings: int


def of_list(one: Consolidation, units: Units) -> tuple[SourceLine, ...]:
    """One line a submission of a list template, superseded and unreadable ones included."""
    per_file = one.kept.group_by("file").agg(pl.len().alias("rows"), pl.col("kept").sum().cast(pl.Int64))
    rows = {file: (total, kept) for file, total, kept in per_file.iter_rows()}
    weights = _weights(one.findings.frame)
    return tuple(_line(s, units, rows.get(s.file, (0, 0)), weights.get(s.file, (0, 0))) for s in one.submissions)


def of_grid(one: Statistics, units: Units) -> tuple[SourceLine, ...]:
    """One line a submission of a statistics template; its rows are its figures."""
    figures: dict[str, int] = {}
    for figure in one.figures:
        figures[figure.file] = figures.get(figure.file, 0) + 1
    counts = {s.file: (figures.get(s.file, 0),) * 2 for s in one.submissions}
    weights = _weights(one.findings.frame)
    return tuple(_line(s, units, counts[s.file], weights.get(s.file, (0, 0))) for s in one.submissions)


def _line(one: Submission, units: Units, counts: tuple[int, int], weight: tuple[int, int]) -> SourceLine:
    rows, kept = counts
    left = rows - kept
    merged, aside = (left, 0) if one.state is State.ACCEPTED else (0, left)
    received = one.delivery.received.isoformat(" ", "minutes")
    return SourceLine(units.name(one.unit), one.file, one.state.value, received, rows, kept, merged, aside, *weight)


def _weights(findings: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """File → its numbers of errors and warnings."""
    counts = findings.group_by("file").agg(
        (pl.col("severity") == Severity.ERROR.value).sum().alias("errors"), (pl.col("severity") == Severity.WARNING.value).sum()
    )
    return {file: (errors, warnings) for file, errors, warnings in counts.iter_rows()}


def report_line(result: Consolidation | Statistics, path: str) -> ReportLine:
    """One report of a round, counted."""
    lines = of_list(result, Units()) if isinstance(result, Consolidation) else of_grid(result, Units())
    counts = severities([result.findings])
    return ReportLine(
        template=result.template.name,
        title=result.template.title,
        path=path,
        submissions=sum(line.state == State.ACCEPTED for line in lines),
        rows_in=sum(line.rows for line in lines),
        rows_out=sum(line.kept for line in lines),
        merged=sum(line.merged for line in lines),
        set_aside=sum(line.set_aside for line in lines),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
    )


def returned(submissions: Iterable[Submission], units: Units) -> tuple[Returned, ...]:
    """What goes back, by unit and file."""
    back = [one for one in submissions if one.state is State.RETURNED]
    return tuple(Returned(units.name(one.unit), one.file, one.note) for one in back)


def left_out(results: Iterable[Consolidation | Statistics]) -> tuple[LeftOut, ...]:
    """Totals of reports that leave wrong cells out."""
    return tuple(
        LeftOut(result.template.title, field, cells) for result in results for field, cells in _left_out(result) if cells
    )


def _left_out(result: Consolidation | Statistics) -> list[tuple[str, int]]:
    if isinstance(result, Statistics):
        return [(cell, len(files)) for cell, files in result.left_out.items()]
    totals = [field.name for field in result.template.fields if field.total]
    codes, origin = result.records.codes, result.golden.origin
    return [(name, int(codes[name].gather(origin[name]).is_not_null().sum())) for name in totals]


def severities(parts: Iterable[Findings]) -> dict[Severity, int]:
    """Numbers of findings by severity."""
    counts = dict.fromkeys(Severity, 0)
    for part in parts:
        for severity, number in part.frame.group_by("severity").len().iter_rows():
            counts[Severity(severity)] += number
    return counts
