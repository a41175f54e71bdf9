"""``validate``: what is wrong, by file, sheet and cell; nothing is written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from reportkit.cli.console import FACE, close
from reportkit.summary import Failing, ValidateOptions


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("validate")(validate)


def validate(
    paths: Annotated[list[Path], typer.Argument(help="workbooks or folders · 文件或文件夹")],
    template: Annotated[str, typer.Option(help="spec, blank or pack template; else grouped by headers · 模板")] = "",
    workspace: Annotated[Path | None, typer.Option(help="units and templates of a workspace · 工作区")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day that dates are held against · 截止日期")
    ] = None,
    fail_on: Annotated[
        Failing, typer.Option(help="from which severity on the exit status is 1 · 达到何种程度退出码为 1")
    ] = Failing.ERROR,
    show_values: Annotated[bool, typer.Option("--show-values", help="do not mask values · 不隐藏号码")] = False,
) -> int:
    """Say what is wrong in each cell · 校验表格.

    Example: reportkit validate 报送/ --workspace 区里汇总
    """
    from reportkit import oneshot
    from reportkit.workspace import settings_in

    if workspace is not None:
        FACE.prefer(settings_in(workspace).language)
    options = ValidateOptions(
        tuple(paths),
        template,
        workspace=workspace,
        fail_on=fail_on,
        show_values=show_values,
        as_of=as_of.date() if as_of else None,
        language=FACE.language,
    )
    with FACE.progress() as told:
        summary = oneshot.validate(options, told)
    return close(summary)
