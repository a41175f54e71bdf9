"""``status``: what has come of a period and what has not, as the last round left it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from reportkit.cli.console import FACE
from reportkit.errors import UsageError
from reportkit.messages import writable

if TYPE_CHECKING:
    import polars as pl

    from reportkit.locks import Lock, Locks
    from reportkit.workspace import Workspace

_EVIDENCE = "evidence/completeness.csv"
#: Units that a terminal shows line by line; past them those of which all is accepted are counted.
_UNITS = 40
#: A cell of the matrix with the space beside it, and what else a line of it takes.
_CELL, _EDGE = 3, 2
_RATED = ("branch", "level", "all")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("status")(status)


def status(
    directory: Annotated[Path, typer.Argument(help="the workspace · 工作区")] = Path(),
    period: Annotated[str, typer.Option(help="else the latest that was consolidated · 报告期")] = "",
) -> None:
    """Show what came, what is late, missing or returned · 查看报送进度.

    \b
    Units by forms as the last round left them, then counts and rates (received,
    on time, accepted) of each branch and level and of all, locks, what to do.
    按最近一次汇总：各单位各表的状态；各级应报、已报、按时、迟报、缺报、退回、
    接受的份数和上报率、按时率、接受率；锁定情况；下一步。

    \b
    Example · 例:
      reportkit status 区里汇总 --period 2026-11

    \b
    For a program · 给程序读:
      reportkit status 区里汇总 --json | jq .all.accepted_rate
    """
    from reportkit import locks
    from reportkit.workspace import Workspace

    workspace = Workspace.open(directory)
    FACE.prefer(workspace.settings.language)
    folder = _latest(workspace, period)
    lines = _lines(folder / _EVIDENCE)
    known = locks.load(workspace.hidden, workspace.units).within(folder.name)
    step = _next(workspace, folder, lines, known)
    FACE.document(_document(folder.name, lines, known.lines, step))
    if not (FACE.as_json or FACE.quiet):
        _show(workspace, folder.name, lines, known.lines)
        FACE.line("status-next", step=step)


def _latest(workspace: Workspace, period: str) -> Path:
    """The folder of a period's last round.

    Raises:
        UsageError: there was none.
    """
    places = workspace.outbox.glob(f"{period or '*'}/{_EVIDENCE}") if not set(period) & set("*?[/\\") else ()
    found = sorted(path.parent.parent for path in places if not path.parent.parent.name.startswith("."))
    if not found:
        raise UsageError("status-no-round", path=workspace.outbox / (period or "*"), workspace=workspace.root)
    return found[-1]


def _lines(path: Path) -> pl.DataFrame:
    import polars as pl

    from reportkit.completeness import COUNTS, RATES, SCHEMA
    from reportkit.writers.csv_text import read_csv

    try:
        frame = read_csv(path, SCHEMA)
        counts = [pl.col(name).cast(pl.Int64) for name in COUNTS]
        return frame.with_columns(*counts, *(pl.col(name).replace("", None).cast(pl.Float64) for name in RATES))
    except (ValueError, pl.exceptions.PolarsError):
        raise UsageError("status-broken", path=path, line=1) from None


def _of(lines: pl.DataFrame, scope: str) -> list[dict[str, Any]]:
    return lines.filter(lines["scope"] == scope).to_dicts()


def _state(line: dict[str, Any]) -> str:
    """What is to be said of a unit's form in a word."""
    if line["missing"]:
        return "missing"
    if line["returned"]:
        return "returned"
    if not line["accepted"]:
        return "unusable"
    return "late" if line["late"] else "accepted"


def _document(period: str, lines: pl.DataFrame, shut: Sequence[Lock], step: str) -> dict[str, object]:
    told = {
        scope: [{k: v for k, v in line.items() if k != "scope" and v != ""} for line in _of(lines, scope)] for scope in _RATED
    }
    forms = [{**line, "state": _state(line)} for line in _of(lines, "form")]
    keys = ("unit", "template", "state", "late", "explained", "locked")
    return {
        "period": period,
        "forms": [{key: bool(line[key]) if key in keys[3:] else line[key] for key in keys} for line in forms],
        "units": [{k: v for k, v in line.items() if k not in ("scope", "template")} for line in _of(lines, "unit")],
        "templates": [{k: v for k, v in line.items() if k not in ("scope", "unit", "level")} for line in _of(lines, "template")],
        "branches": told["branch"],
        "levels": told["level"],
        "all": told["all"][0] if told["all"] else {},
        "locks": [asdict(one) for one in shut],
        "next": step,
    }


# -- on the terminal ----------------------------------------------------------------------------------------


def _show(workspace: Workspace, period: str, lines: pl.DataFrame, shut: Sequence[Lock]) -> None:
    forms = _of(lines, "form")
    titles = {one.template.name: one.template.title for one in workspace.issued()}
    templates = list(dict.fromkeys(line["template"] for line in forms))
    by_unit: dict[str, dict[str, str]] = {}
    for line in forms:
        by_unit.setdefault(line["unit"], {})[line["template"]] = _state(line)
    names = {unit: workspace.units.name(unit) for unit in by_unit}
    if matrix := _matrix(period, by_unit, templates, names):
        _print([*matrix, *_legend(by_unit, templates, titles)])
    else:
        _print([FACE.say("status-title", period=period), *_open_ones(by_unit, titles, names)])
    _print([_rates(workspace, lines)])
    _print([FACE.say("status-lock", **_lock_words(workspace, one, titles)) for one in shut])


def _print(lines: Sequence[str | Table]) -> None:
    for line in lines:
        FACE.people.print(line if isinstance(line, Table) else escape(writable(line)))


def _wide(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _matrix(
    period: str, by_unit: dict[str, dict[str, str]], templates: Sequence[str], names: dict[str, str]
) -> list[str | Table]:
    """Units × templates, a sign a cell; nothing where there is none or it would not fit the terminal."""
    name = max(map(_wide, names.values()), default=0)
    if not templates or name + _EDGE + _CELL * len(templates) > FACE.people.width:
        return []
    shown = _shown(by_unit)
    table = Table(
        title=FACE.say("status-title", period=period), title_justify="left", header_style="bold", box=None, padding=(0, 1, 0, 0)
    )
    table.add_column("", no_wrap=True)
    for number in range(1, len(templates) + 1):
        table.add_column(str(number), justify="right", no_wrap=True, min_width=2)
    for unit in shown:
        cells = [FACE.say(f"status-sign-{by_unit[unit][one]}") if one in by_unit[unit] else "" for one in templates]
        table.add_row(escape(writable(names[unit])), *cells)
    return [table, *_rest(by_unit, shown)]


def _shown(by_unit: dict[str, dict[str, str]]) -> list[str]:
    """All units where they are few, else those that are not done."""
    return list(by_unit) if len(by_unit) <= _UNITS else [unit for unit, forms in by_unit.items() if _open(forms)]


def _open(forms: dict[str, str]) -> list[str]:
    return [template for template, state in forms.items() if state not in ("accepted", "late")]


def _rest(by_unit: dict[str, dict[str, str]], shown: Sequence[str]) -> list[str]:
    number = len(by_unit) - len(shown)
    return [FACE.say("status-rest", number=number)] if number else []


def _open_ones(by_unit: dict[str, dict[str, str]], titles: dict[str, str], names: dict[str, str]) -> list[str]:
    """A line for each unit and state: what is not accepted."""
    lines = []
    shown = [unit for unit, forms in by_unit.items() if _open(forms)]
    for unit in shown:
        for state in dict.fromkeys(by_unit[unit][one] for one in _open(by_unit[unit])):
            which = "、".join(titles.get(one, one) for one, own in by_unit[unit].items() if own == state)
            lines.append(FACE.say("status-open", unit=names[unit], state=FACE.say(f"status-word-{state}"), which=which))
    return [*lines, *_rest(by_unit, shown)]


def _legend(by_unit: dict[str, dict[str, str]], templates: Sequence[str], titles: dict[str, str]) -> Iterator[str]:
    """What the signs and the numbers stand for."""
    used = {state for forms in by_unit.values() for state in forms.values()}
    signs = [
        f"{FACE.say(f'status-sign-{state}')} {FACE.say(f'status-word-{state}')}"
        for state in ("accepted", "late", "returned", "missing", "unusable")
        if state in used
    ]
    yield "  ".join(signs)
    yield from _columns([f"{at:>2} {titles.get(name, name)}" for at, name in enumerate(templates, 1)])


def _columns(words: Sequence[str]) -> Iterator[str]:
    """Words beside each other in as many columns as fit."""
    width = max(map(_wide, words)) + 2
    number = max(1, FACE.people.width // width)
    for at in range(0, len(words), number):
        yield "".join(word + " " * (width - _wide(word)) for word in words[at : at + number]).rstrip()


def _rates(workspace: Workspace, lines: pl.DataFrame) -> Table:
    """Counts and rates of each branch and level, and of all."""
    table = Table(header_style="bold", box=None, padding=(0, 1, 0, 0))
    table.add_column("", overflow="fold")
    columns = ("expected", "received", "on_time", "late", "missing", "returned", "accepted")
    for name in columns:
        table.add_column(FACE.say(f"status-{name}"), justify="right", no_wrap=True)
    for name in ("received", "on_time", "accepted"):
        table.add_column(FACE.say(f"status-{name}-rate"), justify="right", no_wrap=True)
    for scope in _RATED:
        for line in _of(lines, scope):
            told = workspace.units.name(line["unit"]) or _level(line["level"])
            rates = [_percent(line[f"{name}_rate"]) for name in ("received", "on_time", "accepted")]
            table.add_row(escape(writable(told)), *(str(line[name]) for name in columns), *rates)
    return table


def _level(name: str) -> str:
    """A level in the reader's language, as units.csv has it where it is none of the usual; "" is all of them."""
    try:
        return FACE.say(f"status-level-{name}" if name else "status-all")
    except KeyError:
        return name


def _percent(rate: float | None) -> str:
    return "—" if rate is None else f"{rate * 100:.0f}%"


def _lock_words(workspace: Workspace, one: Lock, titles: dict[str, str]) -> dict[str, str]:
    did = FACE.say("status-lock-open", until=one.open_until) if one.open_until else FACE.say("status-lock-shut")
    return {"what": _what(workspace, one, titles), "did": did, "at": one.locked_at, "by": one.by, "reason": one.reason}


def _what(workspace: Workspace, one: Lock, titles: dict[str, str]) -> str:
    unit = workspace.units.name(one.unit) or FACE.say("lock-all-units")
    return f"{unit} × {titles.get(one.template, one.template) or FACE.say('lock-all-templates')}"


# -- what to do next ----------------------------------------------------------------------------------------


def _next(workspace: Workspace, folder: Path, lines: pl.DataFrame, known: Locks) -> str:
    """The next thing to type, or whom to ask."""
    from reportkit.periods import today

    whole = (_of(lines, "all") or [{}])[0]
    facts = {"workspace": workspace.root, "period": folder.name, "folder": folder}
    facts |= {"missing": whole.get("missing", 0), "again": whole.get("received", 0) - whole.get("accepted", 0)}
    if facts["missing"] or facts["again"]:
        return FACE.say("status-next-wait", **facts)
    if _undecided(folder / "summary.json"):
        return FACE.say("status-next-review", **facts)
    if opened := known.opened(today()):
        return FACE.say("status-next-open", **facts, **_opened(workspace, opened))
    shut = known.shut([one.template for one in workspace.issued()], today())
    return FACE.say("status-next-locked" if shut else "status-next-lock", **facts)


def _opened(workspace: Workspace, opened: Sequence[Lock]) -> dict[str, str]:
    """Who is open until when, and the options that lock them again."""
    titles = {one.template.name: one.template.title for one in workspace.issued()}
    who = [FACE.say("status-open-until", what=_what(workspace, one, titles), until=one.open_until) for one in opened]
    units, forms = (sorted({getattr(one, name) for one in opened}) for name in ("unit", "template"))
    named = [("--unit", one) for one in units if "" not in units] + [("--template", one) for one in forms if "" not in forms]
    return {"who": "; ".join(dict.fromkeys(who)), "which": "".join(f" {option} {value}" for option, value in named)}


def _undecided(path: Path) -> int:
    """How many pairs wait for a decision, as the round said; 0 where it cannot be read."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0
    return int(told.get("open", 0)) if isinstance(told, dict) else 0
