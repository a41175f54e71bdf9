"""``init``: a new workspace, empty or from a template pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportkit.cli.console import FACE


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("init")(init)


def init(
    directory: Annotated[Path, typer.Argument(help="the new workspace · 新工作区")],
    pack: Annotated[str, typer.Option(help="template pack, such as yantai · 模板包")] = "",
    force: Annotated[bool, typer.Option("--force", help="overwrite what stands there · 覆盖已有文件")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would be written · 只说明，不写")] = False,
) -> None:
    """Make a workspace · 新建工作区.

    \b
    Example · 例:
      reportkit init 区里汇总 --pack yantai
    """
    from reportkit.workspace import create

    written = create(directory, pack=pack, force=force, dry_run=dry_run)
    FACE.document({"written": [str(path) for path in written], "dry_run": dry_run})
    FACE.line("init-would" if dry_run else "init-done", path=directory, number=len(written))
    if dry_run:
        FACE.line("dry-run")
