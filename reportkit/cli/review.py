"""``review``: what a person has to decide goes out as a workbook, and the decisions come back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.console import FACE, seconds_of
from reportkit.errors import ExitStatus, UsageError

if TYPE_CHECKING:
    from reportkit.summary import ConsolidateOptions, ReviewOptions

_ACTIONS = ("export", "import")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("review")(review)


def review(
    words: Annotated[list[str], typer.Argument(metavar="[DIR] export|import [FILE]", help="export 导出待定 · import 读回决定")],
    period: Annotated[str, typer.Option(help="else the latest · 报告期")] = "",
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day of the decisions · 决定日期")] = None,
    by: Annotated[str, typer.Option(help="who decided, where the workbook does not say · 由谁决定")] = "",
    show_values: Annotated[bool, typer.Option("--show-values", help="do not mask values · 不隐藏号码")] = False,
    wait: Annotated[str, typer.Option(help="queue for another run's lock: 30s, 10m, 1h · 排队等待")] = "0",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="write nothing · 只说明，不写")] = False,
) -> int:
    """Settle doubtful rows and fields in a workbook · 人工核定.

    \b
    Example · 例:
      reportkit review 区里汇总 export
      reportkit review 区里汇总 import
    """
    from reportkit.periods import today
    from reportkit.summary import ConsolidateOptions, ReviewOptions
    from reportkit.workspace import settings_in

    folder, action, file = _understood(words)
    FACE.prefer(settings_in(folder).language)
    day: date | None = as_of.date() if as_of else None
    seconds = seconds_of(wait)
    if action == "export":
        return _export(
            ConsolidateOptions(
                folder, period, day, wait=seconds, dry_run=dry_run, show_values=show_values, language=FACE.language
            )
        )
    decided_at = day or today()
    return _import(ReviewOptions(folder, decided_at, file, period, by, seconds, dry_run))


def _understood(words: list[str]) -> tuple[Path, str, Path | None]:
    """``[DIR] export``, ``[DIR] import [FILE]``."""
    at = 1 if len(words) > 1 and words[1] in _ACTIONS else 0
    action, rest = words[at], words[at + 1 :]
    if action not in _ACTIONS or len(rest) > (action == "import"):
        raise UsageError("review-action-unknown", words=" ".join(words))
    return Path(words[0]) if at else Path(), action, Path(rest[0]) if rest else None


def _export(options: ConsolidateOptions) -> int:
    from reportkit import reviewing

    with FACE.progress() as told:
        summary = reviewing.ask(options, told)
    path = options.workspace / summary.outputs[0]
    FACE.document({"path": str(path), "period": summary.period, "open": summary.open, "dry_run": summary.dry_run})
    if summary.kept_review:
        FACE.line("closing-review-kept", path=summary.kept_review)
    FACE.line(
        "review-exported" if summary.open else "review-nothing-open", number=summary.open, path=path, workspace=options.workspace
    )
    if summary.dry_run:
        FACE.line("dry-run")
    return ExitStatus.DONE


def _import(options: ReviewOptions) -> int:
    from reportkit import reviewing

    done = reviewing.take_back(options)
    told = {"same": done.same, "different": done.different, "columns": done.columns}
    FACE.document({"path": str(done.path), "period": done.period, **told, "dry_run": done.dry_run})
    where = f"{options.workspace} --period {done.period}" if done.period else str(options.workspace)
    FACE.line("review-imported" if done.number else "review-imported-none", path=done.path, where=where, **told)
    if done.dry_run:
        FACE.line("dry-run")
    return ExitStatus.DONE
