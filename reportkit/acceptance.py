"""Which submissions go back whole: a spec's ``accept`` says past how many errors, or past which share of rows with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from reportkit.findings import Finding, Findings
from reportkit.severity import Severity
from reportkit.submissions import State, Submission
from reportkit.templates import Accept

TOO_MANY = "too-many-errors"


def judge(
    submissions: Sequence[Submission], findings: Findings, accept: Accept | None, sizes: Mapping[str, int]
) -> tuple[list[Submission], list[Finding]]:
    """The submissions, those past the spec's bounds returned, and a finding for each of these; without bounds as they came.

    Args:
        submissions: of one template.
        findings: all that is known to be wrong with them.
        accept: the bounds. Errors are counted once a cell; their share is that of the rows (a form's figures) that hold one.
        sizes: file → number of its rows, or of its figures.
    """
    if accept is None:
        return list(submissions), []
    counts = _errors(findings)
    settled, told = [], []
    for one in submissions:
        number, places = counts.get(one.file, (0, 0))
        share = places / max(sizes.get(one.file, 0), places, 1)
        if one.state is State.ACCEPTED and _past(accept, number, share):
            told.append(Finding(TOO_MANY, one.file, value=str(number), detail=f"{share:.0%}"))
            settled.append(replace(one, state=State.RETURNED, note=TOO_MANY))
        else:
            settled.append(one)
    return settled, told


def _errors(findings: Findings) -> dict[str, tuple[int, int]]:
    """File → number of cells, rows and sheets with an error, and of rows (of a form: cells) that hold one."""
    wrong = findings.frame.filter(pl.col("severity") == Severity.ERROR.value).unique(["file", "sheet", "row", "column", "field"])
    rows = pl.struct("sheet", "row").filter(pl.col("row") > 0).n_unique()
    return {file: (number, places) for file, number, places in wrong.group_by("file").agg(pl.len(), rows).iter_rows()}


def _past(accept: Accept, number: int, share: float) -> bool:
    most, largest = accept.max_errors, accept.max_error_share
    return (most is not None and number > most) or (largest is not None and share > largest)
