"""``template``: new specs from blanks, specs checked, specs listed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from reportkit.blanks import open_blank
from reportkit.cli.console import FACE
from reportkit.errors import DiskError, ExitStatus, UsageError
from reportkit.fields.inference import infer_template
from reportkit.readers import Unreadable
from reportkit.specs import dump_spec, lint
from reportkit.templates import Template
from reportkit.workspace import issued_in, read_blank, spec_paths

template = typer.Typer(no_args_is_help=True, help="Templates: new, lint, list · 报表模板")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.add_typer(template, name="template")


@template.command("new")
def new(
    blanks: Annotated[list[Path], typer.Argument(help="blank workbooks as issued · 空白表样")],
    into: Annotated[Path | None, typer.Option(help="folder for spec and blank; else beside the blank · 输出文件夹")] = None,
    force: Annotated[bool, typer.Option(help="overwrite specs · 覆盖已有模板")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="write nothing · 只说明，不写")] = False,
) -> None:
    """Infer a spec from each blank workbook · 由空白表样生成模板.

    Example: reportkit template new 表样/*.xlsx --into templates
    """
    made = [_infer(path) for path in blanks]
    taken = [target for path, _, _ in made if (target := (into or path.parent) / f"{path.stem}.yaml").exists()]
    if taken and not force:
        raise UsageError("spec-exists", path=taken[0])
    if not dry_run:
        for path, content, one in made:
            _write(into or path.parent, path, content, one)
    FACE.document({"written": [str((into or path.parent) / f"{path.stem}.yaml") for path, _, _ in made], "dry_run": dry_run})
    for path, _, one in made:
        FACE.line(
            "template-made",
            path=(into or path.parent) / f"{path.stem}.yaml",
            title=one.title,
            fields=len(one.fields) or len(one.cells),
        )


def _infer(path: Path) -> tuple[Path, bytes, Template]:
    content = read_blank(path).content
    try:
        blank = open_blank(content, path.name)
        return path, content, infer_template(path.stem, blank.sheets, blank.dropdowns, workbook=path.name)
    except Unreadable as reason:
        raise UsageError("blank-unreadable", path=path, why=reason.code) from None
    except ValueError:
        raise UsageError("blank-without-table", path=path) from None


def _write(folder: Path, path: Path, content: bytes, one: Template) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / path.name).resolve() != path.resolve():
            (folder / path.name).write_bytes(content)
        (folder / f"{path.stem}.yaml").write_text(dump_spec(one), encoding="utf-8")
    except OSError as error:
        raise DiskError("cannot-write", path=error.filename or folder, why=error.strerror or error) from error


@template.command("lint")
def lint_specs(paths: Annotated[list[Path], typer.Argument(help="specs, or folders of specs · 模板或文件夹")]) -> int:
    """Check specs · 检查模板.

    Example: reportkit template lint templates
    """
    specs = [spec for path in paths for spec in (spec_paths(path) if path.is_dir() else [path])]
    if not specs:
        raise UsageError("workspace-without-templates", path=paths[0])
    problems = [problem for spec in specs for problem in lint(spec)]
    FACE.document({"specs": len(specs), "problems": [{"file": str(p.file), "line": p.line, "code": p.code} for p in problems]})
    for problem in problems:
        FACE.people.print(f"{problem.file}:{problem.line}: {FACE.say(problem.code, **dict(problem.facts))}", markup=False)
    FACE.line("lint-done", specs=len(specs), problems=len(problems))
    return ExitStatus.USAGE if problems else ExitStatus.DONE


@template.command("list")
def list_templates(
    directory: Annotated[Path, typer.Argument(help="workspace or folder of specs · 工作区或模板文件夹")] = Path(),
) -> None:
    """List templates · 列出模板.

    Example: reportkit template list 区里汇总
    """
    folder = directory / "templates" if (directory / "templates").is_dir() else directory
    found = [one.template for one in issued_in(folder)]
    FACE.document(
        {
            "templates": [
                {
                    "name": t.name,
                    "title": t.title,
                    "kind": t.kind.value,
                    "department": t.department,
                    "due": t.due,
                    "fields": len(t.fields) or len(t.cells),
                }
                for t in found
            ]
        }
    )
    if FACE.quiet or FACE.as_json:
        return
    table = Table(header_style="bold")
    for key in ("name", "title", "department", "kind", "due"):
        table.add_column(FACE.say(f"list-{key}"), overflow="fold")
    for t in found:
        table.add_row(t.name, t.title, t.department, FACE.say(f"kind-{t.kind}"), str(t.due or ""))
    FACE.people.print(table)
