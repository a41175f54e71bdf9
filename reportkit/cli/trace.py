"""``trace``: where a report's cell came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.console import FACE
from reportkit.masking import masked

if TYPE_CHECKING:
    from reportkit.tracing import Trace


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("trace")(trace)


def trace(
    report: Annotated[Path, typer.Argument(help="a report in outbox, or one that merge made · 汇总表")],
    cell: Annotated[str, typer.Argument(help="such as D7, or 表!D7 · 单元格")],
    evidence: Annotated[
        Path | None, typer.Option(help="folder of evidence, where it is not beside the report · 核对材料文件夹")
    ] = None,
    show_values: Annotated[bool, typer.Option("--show-values", help="do not mask values · 不隐藏号码")] = False,
) -> None:
    """Say where a cell's value came from · 追溯单元格的来源.

    \b
    Example · 例:
      reportkit trace 区里汇总/outbox/2026-11/高龄津贴.xlsx D7
    """
    from reportkit import tracing

    found = tracing.trace(report, cell, evidence)
    document = asdict(found)
    FACE.document(document if show_values else _masked(document))
    for line in _lines(found):
        if not FACE.quiet and not FACE.as_json:
            FACE.people.print(line if show_values else masked(line), markup=False)


def _masked(value: object) -> dict[str, object]:
    shown = _hide(value)
    return shown if isinstance(shown, dict) else {}


def _hide(value: object) -> object:
    if isinstance(value, dict):
        return {name: _hide(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_hide(one) for one in value]
    return masked(value) if isinstance(value, str) else value


def _lines(found: Trace) -> Iterator[str]:
    """The cell, its sources, what lost and by which rule, and why the rows were joined."""
    yield FACE.say("trace-cell", sheet=found.sheet, cell=found.cell, value=found.value, field=found.field)
    key = "trace-figures" if not found.cluster_id else "trace-rows"
    yield FACE.say(key, number=len(found.origins), cluster=found.cluster_id)
    for one in found.origins:
        place = f"{one.file} {f'{one.sheet}!{one.cell}'.lstrip('!')}"
        written = FACE.say("trace-gone") if one.written is None else one.written
        yield FACE.say(
            "trace-kept" if one.kept else "trace-merged" if found.cluster_id else "trace-not-counted",
            place=place,
            written=written,
        )
    if found.cluster_id:
        yield FACE.say("trace-conflicts" if found.lost else "trace-no-conflict")
    for lost in found.lost:
        facts = {"chosen_from": lost.chosen_from, "other_from": lost.other_from, "rule": FACE.say(f"review-rule-{lost.rule}")}
        yield FACE.say("trace-lost", chosen=lost.chosen, other=lost.other, **facts)
    if found.links:
        yield FACE.say("trace-links")
    for link in found.links:
        sure = f"{float(link.probability) * 100:.0f}%"
        yield FACE.say("trace-link", left=link.left, right=link.right, sure=sure, why=link.why)
