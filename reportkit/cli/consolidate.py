"""``consolidate``: the whole round of a workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from reportkit.cli.console import FACE, close, seconds_of
from reportkit.errors import UsageError
from reportkit.summary import ConsolidateOptions, Failing


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("consolidate")(consolidate)


def consolidate(
    directory: Annotated[Path, typer.Argument(help="the workspace · 工作区")] = Path(),
    period: Annotated[str, typer.Option(help="2026, 2026-Q4, 2026-11, 2026-11-23; else the latest that came in · 报告期")] = "",
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day that outputs carry · 截止日期")] = None,
    engine: Annotated[str, typer.Option(help="local")] = "local",
    fail_on: Annotated[
        Failing | None, typer.Option(help="from which severity on the exit status is 1 · 达到何种程度退出码为 1")
    ] = None,
    require_complete: Annotated[
        bool, typer.Option("--require-complete", help="exit 4 where submissions are missing · 缺报时退出码为 4")
    ] = False,
    wait: Annotated[str, typer.Option(help="queue for another run's lock: 30s, 10m, 1h · 排队等待")] = "0",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="write nothing · 只说明，不写")] = False,
    show_values: Annotated[bool, typer.Option("--show-values", help="do not mask values · 不隐藏号码")] = False,
) -> int:
    """Consolidate a round: one report a template, with evidence · 汇总一期报表.

    Example: reportkit consolidate 区里汇总 --period 2026-11
    """
    from reportkit import rounds
    from reportkit.workspace import settings_in

    FACE.prefer(settings_in(directory).language)
    if engine != "local":
        raise UsageError("engine-unknown", engine=engine)
    day: date | None = as_of.date() if as_of else None
    options = ConsolidateOptions(
        directory, period, day, engine, fail_on, require_complete, seconds_of(wait), dry_run, show_values, FACE.language
    )
    with FACE.progress() as told:
        summary = rounds.consolidate(options, told)
    return close(replace(summary, next_step=summary.next_step or "consolidate"), directory)
