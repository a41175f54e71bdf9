"""``merge``: a folder of workbooks → one clean report."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from reportkit.cli.console import FACE, close
from reportkit.summary import Failing, MergeOptions


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("merge")(merge)


def merge(
    paths: Annotated[list[Path], typer.Argument(help="workbooks or folders · 文件或文件夹")],
    out: Annotated[str, typer.Option("-o", "--out", help="report, or a folder ending in / for one report a form · 输出")] = "",
    template: Annotated[str, typer.Option(help="spec, blank or pack template; else grouped by headers · 模板")] = "",
    evidence: Annotated[Path | None, typer.Option(help="folder for the evidence · 核对材料文件夹")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day that outputs carry · 截止日期")] = None,
    fail_on: Annotated[
        Failing, typer.Option(help="from which severity on the exit status is 1 · 达到何种程度退出码为 1")
    ] = Failing.ERROR,
    force: Annotated[bool, typer.Option("--force", help="overwrite a file that is not ours · 覆盖")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="write nothing · 只说明，不写")] = False,
    show_values: Annotated[bool, typer.Option("--show-values", help="do not mask values · 不隐藏号码")] = False,
) -> int:
    """Merge workbooks into one report · 合并表格.

    \b
    Example · 例:
      reportkit merge 村表/ -o 汇总.xlsx
    """
    from reportkit import oneshot

    folder = out.endswith(("/", "\\")) or (out != "" and Path(out).is_dir())
    options = MergeOptions(
        tuple(paths),
        Path(out) if out else None,
        folder,
        template,
        evidence,
        fail_on,
        force,
        dry_run,
        show_values,
        as_of.date() if as_of else None,
        FACE.language,
    )
    with FACE.progress() as told:
        summary = oneshot.merge(options, told)
    return close(summary)
