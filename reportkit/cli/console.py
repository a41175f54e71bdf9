"""What people see: language, progress, tables, the closing word. One JSON document where that is asked for."""

from __future__ import annotations

import json
import locale
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from reportkit.errors import ExitStatus
from reportkit.findings import Severity
from reportkit.messages import Language, say
from reportkit.rounds import Told, silent
from reportkit.summary import RoundSummary


@dataclass(slots=True)
class Face:
    """How this run talks: set once by the global options, read by every verb."""

    language: Language = Language.ZH
    as_json: bool = False
    quiet: bool = False

    @property
    def people(self) -> Console:
        """Where people's text goes: standard output, or standard error where a program reads the former."""
        return Console(
            stderr=self.as_json, highlight=False, soft_wrap=not sys.stdout.isatty(), quiet=self.quiet and not self.as_json
        )

    def say(self, key: str, **facts: object) -> str:
        """A phrase of the catalogue."""
        return say(key, self.language, **facts)

    def line(self, key: str, **facts: object) -> None:
        """Print a phrase."""
        if not self.quiet:
            self.people.print(escape(self.say(key, **facts)))

    def document(self, content: Mapping[str, object]) -> None:
        """Print the one JSON document, where it is asked for."""
        if self.as_json:
            sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")

    @contextmanager
    def progress(self) -> Iterator[Told]:
        """A bar a stage with the time left; nothing where nobody watches."""
        console = Console(stderr=True)
        if self.quiet or not console.is_terminal:
            yield silent
            return
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        ) as bar:
            stages: dict[str, TaskID] = {}

            def told(stage: str, done: int, total: int) -> None:
                if stage not in stages:
                    stages[stage] = bar.add_task(self.say(f"stage-{stage}"), total=total)
                bar.update(stages[stage], completed=done, total=total)

            yield told


FACE = Face()


def language(given: str = "") -> Language:
    """The language asked for, else the environment's, else the locale's, else Chinese."""
    for name in (given, os.environ.get("REPORTKIT_LANG", ""), locale.getlocale()[0] or "", os.environ.get("LANG", "")):
        short = name[:2].casefold()
        if short in ("zh", "en"):
            return Language(short)
    return Language.ZH


def close(summary: RoundSummary) -> ExitStatus:
    """Print a round's closing table and verdict; gives the exit status."""
    FACE.document(summary.to_json())
    if not FACE.quiet:
        _tables(summary)
        FACE.people.print(escape(_verdict(summary)))
    return summary.status


def _tables(summary: RoundSummary) -> None:
    people = FACE.people
    if summary.reports:
        table = Table(title=FACE.say("closing-title", period=summary.period), title_justify="left", header_style="bold")
        table.add_column(FACE.say("closing-report"), overflow="fold", ratio=1)
        for key in ("submissions", "rows", "merged", "errors", "warnings"):
            table.add_column(FACE.say(f"closing-{key}"), justify="right", no_wrap=True)
        for line in summary.reports:
            table.add_row(
                escape(line.title), *(str(n) for n in (line.submissions, line.rows_out, line.merged, line.errors, line.warnings))
            )
        people.print(table)
    for one in summary.set_aside[:20]:
        people.print(escape(FACE.say("closing-aside", file=one.file, why=_reason(one.code))))
    if summary.missing:
        named = [f"{one.unit} {one.template}" for one in summary.missing[:5]]
        people.print(escape(FACE.say("closing-missing", number=len(summary.missing), named="; ".join(named))))
    for found in summary.listed[:200]:
        people.print(
            escape(
                FACE.say(
                    "closing-finding",
                    where=" ".join(filter(None, (found.file, found.sheet, found.cell))),
                    severity=FACE.say(f"severity-{found.severity}"),
                    message=found.message,
                )
            )
        )


def _reason(code: str) -> str:
    try:
        return FACE.say(code)
    except KeyError:
        return code or FACE.say("template-unknown")


def _verdict(summary: RoundSummary) -> str:
    errors, warnings = (summary.findings.get(severity, 0) for severity in (Severity.ERROR, Severity.WARNING))
    key = "verdict-clean" if not errors + warnings else "verdict-findings"
    where = summary.outputs[0] if summary.outputs else ""
    follow = FACE.say(f"next-{summary.next_step}", where=where) if summary.next_step else ""
    return f"{FACE.say(key, reports=len(summary.reports), errors=errors, warnings=warnings, where=where)} {follow}".strip()
