"""``lock``: a period of a unit takes nothing more, or by exception something more until a day."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.console import FACE, seconds_of
from reportkit.errors import ExitStatus, UsageError

if TYPE_CHECKING:
    from reportkit.locks import Lock, Locks
    from reportkit.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("lock")(lock)


def lock(
    directory: Annotated[Path, typer.Argument(help="the workspace · 工作区")] = Path(),
    *,
    period: Annotated[str, typer.Option(help="such as 2026-11 · 报告期")],
    by: Annotated[str, typer.Option(help="who locks or opens · 由谁锁定或放开")],
    unit: Annotated[list[str] | None, typer.Option(help="a unit with all below it; else all · 单位（含下级）")] = None,
    template: Annotated[list[str] | None, typer.Option(help="a form; else all · 报表")] = None,
    reason: Annotated[str, typer.Option(help="why · 原因")] = "",
    opened: Annotated[bool, typer.Option("--open", help="an exception to a lock · 开例外")] = False,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="last day of the exception · 例外截止日")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="locked from the end of that day; else now · 锁定日期")
    ] = None,
    wait: Annotated[str, typer.Option(help="queue for another run's lock: 30s, 10m, 1h · 排队等待")] = "0",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="write nothing · 只说明，不写")] = False,
) -> int:
    """Lock a period, or open it by exception · 锁定一期，或开例外.

    \b
    What comes after a lock is set aside by name and counts in no report; what
    was taken before stands. Locks are kept; status shows them.
    锁定后报来的不收，列名说明；先前收下的不变。锁定记录保留，status 可查。

    \b
    Example · 例:
      reportkit lock 区里汇总 --period 2026-11 --by 张三 --reason 已上报

    \b
    One unit (with all below it) may correct one form until a day
    放开一个单位（含下级）的一张报表，到某日为止:
      reportkit lock 区里汇总 --period 2026-11 --unit 登州街道 \\
        --template 高龄津贴 --open --until 2026-12-20 --by 张三
    """
    from reportkit import locks
    from reportkit.workspace import Workspace

    workspace = Workspace.open(directory)
    FACE.prefer(workspace.settings.language)
    if opened != (until is not None):
        raise UsageError("lock-until-missing")
    at = f"{as_of:%Y-%m-%d}" if as_of else datetime.now().isoformat(" ", "seconds")  # noqa: DTZ005 - offices live in local time
    made = locks.Lock(_period(period), "", "", at, by, reason, f"{until:%Y-%m-%d}" if until else "")
    wanted = [
        replace(made, unit=code, template=name)
        for code in _units(workspace, unit or [])
        for name in _templates(workspace, template or [])
    ]
    with nullcontext() if dry_run else workspace.lock(seconds_of(wait)):
        known = locks.load(workspace.hidden, workspace.units)
        new = _new(known.within(made.period), wanted)
        if new and not dry_run:
            locks.store(workspace.hidden, replace(known, lines=(*known.lines, *new)))
    _tell(workspace, new, wanted, dry_run=dry_run)
    return ExitStatus.DONE


def _new(known: Locks, wanted: list[Lock]) -> list[Lock]:
    """Locks that do not hold already; exceptions to what is locked."""
    if not wanted[0].open_until:
        return [one for one in wanted if known.standing(one.unit, one.template) is None]
    shut = [other for other in known.lines if not other.open_until]
    if not all(any(known.touches(other, one.unit, one.template) for other in shut) for one in wanted):
        raise UsageError("lock-nothing-locked", period=wanted[0].period)
    return [one for one in wanted if one not in known.lines]


def _period(name: str) -> str:
    from reportkit.periods import Period

    try:
        return Period.parse(name).name
    except ValueError:
        raise UsageError("period-unknown", period=name) from None


def _units(workspace: Workspace, names: list[str]) -> list[str]:
    found = {name: workspace.units.find(name) for name in names}
    wrong = next((name for name, unit in found.items() if unit is None), None)
    if wrong is not None:
        raise UsageError("lock-unit-unknown", name=wrong)
    return sorted({unit.code for unit in found.values() if unit}) or [""]


def _templates(workspace: Workspace, names: list[str]) -> list[str]:
    """By name or title."""
    if not names:
        return [""]
    issued = [one.template for one in workspace.issued()]
    known = {one.title: one.name for one in issued} | {one.name: one.name for one in issued}
    wrong = next((name for name in names if name not in known), None)
    if wrong is not None:
        raise UsageError("lock-template-unknown", name=wrong)
    return sorted({known[name] for name in names})


def _tell(workspace: Workspace, new: list[Lock], wanted: list[Lock], *, dry_run: bool) -> None:
    first = wanted[0]
    FACE.document({"period": first.period, "locks": [asdict(one) for one in new], "dry_run": dry_run})
    units = "、".join(dict.fromkeys(workspace.units.name(one.unit) or FACE.say("lock-all-units") for one in wanted))
    titles = {one.template.name: one.template.title for one in workspace.issued()} if first.template else {}
    forms = "、".join(dict.fromkeys(titles.get(one.template, FACE.say("lock-all-templates")) for one in wanted))
    key = "lock-already" if not new else "lock-opened" if first.open_until else "lock-done"
    facts = {"number": len(new), "what": f"{units} × {forms}", "until": first.open_until, "workspace": workspace.root}
    FACE.line(key, period=first.period, **facts)
    if dry_run:
        FACE.line("dry-run")
