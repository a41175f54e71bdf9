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
    """Consolidate a round: reports, evidence, marked copies · 汇总一期.

    \b
    Example · 例:
      reportkit consolidate 区里汇总 --period 2026-11

    \b
    It writes into outbox/PERIOD · 写到 outbox/报告期:
      TITLE.xlsx              the reports · 汇总表
      TITLE(万元).xlsx        once more in that unit, where a spec says rounding:
                              舍位平衡的第二张，模板写了 rounding 才有
      marked/UNIT/FILE.xlsx   to send back to the units · 退回各单位的标注副本
      disputes/               to the departments whose word counts · 异议核实表
      review.xlsx             what a person has to decide · 待人工核定
      evidence/               where every row and value came from · 核对材料

    \b
    Mended copies go into inbox/UNIT/ and it runs again: it says what is fixed,
    what is still open, what is new.
    改好的副本放回 inbox/单位/ 再运行：说明已改正、仍有、新出现各几处。

    \b
    By night, for a machine · 夜间无人值守:
      reportkit consolidate 区里汇总 --wait 10m --require-complete --json

    \b
    Exit: 0 done, 1 findings at or above --fail-on, 3 some files set aside,
    4 submissions missing (--require-complete), 5 no input, 75 another run.
    退出码：0 完成，1 有达到 --fail-on 的问题，3 有文件未汇总，4 缺报，
    5 没有文件，75 另一次运行尚未结束。
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
