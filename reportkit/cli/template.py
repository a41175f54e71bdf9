"""``template``: new specs from blanks, specs checked, specs listed."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.console import FACE
from reportkit.errors import ExitStatus, UsageError
from reportkit.messages import mend, tidy
from reportkit.severity import Severity

if TYPE_CHECKING:
    from reportkit.specs import Problem
    from reportkit.templates import Template

template = typer.Typer(no_args_is_help=True, help="Templates: new, lint, list · 报表模板")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.add_typer(template, name="template")


@template.command("new")
def new(
    blanks: Annotated[list[Path], typer.Argument(help="blank workbooks as issued · 空白表样")],
    into: Annotated[Path | None, typer.Option(help="folder for spec and blank; else beside the blank · 输出文件夹")] = None,
    force: Annotated[bool, typer.Option("--force", help="overwrite specs · 覆盖已有模板")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="write nothing · 只说明，不写")] = False,
) -> None:
    """Infer a spec from each blank workbook · 由空白表样生成模板.

    \b
    Example · 例:
      reportkit template new 表样/*.xlsx --into 区里汇总/templates
    """
    plan = _plan([_infer(path) for path in blanks], into, force=force)
    if not dry_run:
        _write(plan)
    FACE.document({"written": [str(one.spec) for one in plan], "dry_run": dry_run})
    for one in plan:
        FACE.line(
            "template-made", path=one.spec, title=one.template.title, fields=len(one.template.fields) or len(one.template.cells)
        )
    if dry_run:
        FACE.line("dry-run")


@dataclass(frozen=True, slots=True)
class _Made:
    """A blank, its spec, and where both go; ``copy`` is the blank itself where it need not be copied."""

    blank: Path
    content: bytes
    template: Template
    spec: Path

    @property
    def copy(self) -> Path:
        return self.spec.with_name(self.blank.name)

    @property
    def targets(self) -> list[Path]:
        """What is written: the spec, and a copy of the blank where it goes elsewhere."""
        return [self.spec, *([self.copy] if self.copy.resolve() != self.blank.resolve() else [])]


def _infer(path: Path) -> tuple[Path, bytes, Template]:
    from reportkit.blanks import open_blank
    from reportkit.fields.inference import infer_template
    from reportkit.readers import Unreadable
    from reportkit.workspace import read_blank

    content = read_blank(path).content
    try:
        blank = open_blank(content, path.name)
        return path, content, infer_template(path.stem, blank.sheets, blank.dropdowns, workbook=path.name)
    except Unreadable as reason:
        raise UsageError("blank-unreadable", path=path, why=FACE.say(reason.code, detail=reason.detail)) from None
    except ValueError:
        raise UsageError("blank-without-table", path=path) from None


def _plan(made: list[tuple[Path, bytes, Template]], into: Path | None, *, force: bool) -> list[_Made]:
    """Where everything goes; nothing goes over a file that stands there, nor over another of this very call."""
    plan = [_Made(path, content, one, (into or path.parent) / f"{path.stem}.yaml") for path, content, one in made]
    seen: dict[Path, Path] = {}
    for one in plan:
        if (other := seen.setdefault(one.spec.resolve(), one.blank)) is not one.blank:
            raise UsageError("spec-twice", path=one.blank, other=other, spec=one.spec)
    taken = next((target for one in plan for target in one.targets if target.exists()), None)
    if taken is not None and not force:
        raise UsageError("spec-exists", path=taken)
    return plan


def _write(plan: list[_Made]) -> None:
    """All, or nothing."""
    from reportkit.drafting import dump_spec
    from reportkit.outbox import staged_file

    with ExitStack() as stack:
        for one in plan:
            if one.copy in one.targets:
                stack.enter_context(staged_file(one.copy)).write_bytes(one.content)
            stack.enter_context(staged_file(one.spec)).write_text(dump_spec(one.template), encoding="utf-8")


@template.command("lint")
def lint_specs(paths: Annotated[list[Path], typer.Argument(help="specs, or folders of specs · 模板或文件夹")]) -> int:
    """Check specs and try their rules · 检查模板、试跑规则.

    \b
    Wrong are unknown fields and functions, kinds that don't fit, examples under
    pass or fail that come out otherwise; odd are rules that never fire, repeat
    or deny each other.
    错误：不认识的栏目和函数、类型不合、pass 或 fail 的例子与规则不符；
    可疑：从不报错、重复、互相矛盾的规则。

    \b
    Example · 例:
      reportkit template lint 区里汇总/templates

    \b
    A rule in a spec · 模板里的规则:
      rules:
        - code: EA01               # stable, never used again · 不变、不重用
          severity: warning        # error 强制 | warning 核实 | note 提示
          left: 年龄
          op: "="                  # = <> < <= > >= both 同有同无 one 不得同有
          right: years_between(出生日期, period_end)
          tolerance: 1             # 0 | 5% | auto
          missing: skip            # skip 不判断 | zero 作 0 | fail 算错
          when: 状态 = '在领'
          cell: 年龄               # the cell to mark · 标在哪一格
          pass: [{年龄: 81, 出生日期: 1945-01-01, 状态: 在领}]
          fail: [{年龄: 18, 出生日期: 1945-01-01, 状态: 在领}]

    \b
    What rules may call · 规则可以用的函数:
      reportkit explain functions

    \b
    Exit: 0 all can be used, 2 something is wrong.
    退出码：0 都能用，2 有错误。
    """
    from reportkit.specs import lint, lint_together, load_spec
    from reportkit.workspace import spec_paths

    specs = [spec for path in paths for spec in (spec_paths(path) if path.is_dir() else [path])]
    if not specs:
        raise UsageError("workspace-without-templates", path=paths[0])
    found = [problem for spec in specs for problem in lint(spec)]
    wrong = {problem.file for problem in found if problem.severity is Severity.ERROR}
    right = {spec: load_spec(spec) for spec in specs if str(spec) not in wrong}
    known = {spec.resolve() for spec in right}
    others = {one.stem for spec in specs for one in spec_paths(spec.parent) if one.resolve() not in known}
    found += lint_together(right, others)
    told = [_told(problem) for problem in found]
    FACE.document({"specs": len(specs), "problems": told})
    if not FACE.quiet:
        for one in told:
            place = f"{one['file']}:{one['line'] or ''}"
            FACE.people.print(f"{place} {one['message']} [{one['code']}]\n    {one['mend']}".rstrip(), markup=False)
    FACE.line("lint-done", specs=len(specs), problems=len(found))
    return ExitStatus.USAGE if any(problem.severity is Severity.ERROR for problem in found) else ExitStatus.DONE


def _told(problem: Problem) -> dict[str, object]:
    facts = dict(problem.facts)
    return {
        "file": problem.file,
        "line": problem.line,
        "code": problem.code,
        "severity": problem.severity.value,
        "message": tidy(FACE.say(problem.code, **facts)),
        "mend": mend(problem.code, FACE.language, **facts),
    }


@template.command("list")
def list_templates(
    directory: Annotated[Path, typer.Argument(help="a workspace, or specs · 工作区或模板文件夹")] = Path(),
) -> None:
    """List templates · 列出模板.

    \b
    Example · 例:
      reportkit template list 区里汇总
    """
    from rich.table import Table

    from reportkit.workspace import issued_in

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
