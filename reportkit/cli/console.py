"""What people see: language, progress, tables, the closing word. One JSON document where that is asked for."""

from __future__ import annotations

import json
import locale
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reportkit.errors import ExitStatus, UsageError
from reportkit.messages import Language, say, tidy, writable
from reportkit.severity import Severity
from reportkit.summary import Listing, RoundSummary

if TYPE_CHECKING:
    from rich.progress import TaskID

    from reportkit.arrivals import Told
    from reportkit.formats.plain import Item


#: Files set aside and lines of findings that a terminal shows.
_FILES, _LINES = 20, 40
#: Colours beside the word that says the same.
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


@dataclass(slots=True)
class Face:
    """How this run talks: set once by the global options, read by every verb.

    ``piped``: a verb puts something of its own on standard output, so that people read standard error.
    """

    language: Language = Language.ZH
    chosen: bool = False
    as_json: bool = False
    quiet: bool = False
    piped: bool = False

    def speak(self, given: str) -> None:
        """Take the language that ``--lang`` names, else ``REPORTKIT_LANG``, else the locale's.

        Raises:
            UsageError: ``--lang`` names another than zh and en.
        """
        own = _short(given or os.environ.get("REPORTKIT_LANG", ""))
        self.chosen, self.language = own is not None, own or language()
        if given and _short(given) is None:
            raise UsageError("language-unknown", name=given)

    def prefer(self, workspace: Language | None) -> None:
        """A workspace's language counts where nobody asked for one."""
        if workspace is not None and not self.chosen:
            self.language = workspace

    @property
    def people(self) -> Console:
        """Where people's text goes: standard output, or standard error where a program reads the former."""
        aside = self.as_json or self.piped
        return Console(stderr=aside, highlight=False, soft_wrap=not sys.stdout.isatty(), quiet=self.quiet and not aside)

    def say(self, key: str, /, **facts: object) -> str:
        """A phrase of the catalogue."""
        return say(key, self.language, **facts)

    def line(self, key: str, /, **facts: object) -> None:
        """Print a phrase."""
        if not self.quiet:
            self.people.print(escape(writable(self.say(key, **facts))))

    def reason(self, code: str, detail: str = "") -> str:
        """Why a file was set aside: its code's message, without brackets around a detail that nobody gave."""
        try:
            words = self.say(code, detail=detail)
        except KeyError:
            words = code or self.say("template-unknown")
        return tidy(words).strip()

    def cause(self, code: str) -> str:
        """Why a submission goes back, where its finding's figures are not at hand: ``returned-CODE``, else the code's message."""
        try:
            return self.say(f"returned-{code}")
        except KeyError:
            return self.reason(code)

    def document(self, content: Mapping[str, object]) -> None:
        """Print the one JSON document, where it is asked for."""
        if self.as_json:
            self.hand_over((json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace"))

    @staticmethod
    def hand_over(content: bytes) -> None:
        """Put bytes on standard output: UTF-8 whatever the terminal's encoding is, for programs read it."""
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()

    @contextmanager
    def progress(self) -> Iterator[Told]:
        """A bar a stage with the time left; nothing where nobody watches."""
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        from reportkit.arrivals import silent

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


def language() -> Language:
    """The locale's language as the environment names it; Chinese for C, POSIX, none, and all that is not English."""
    named = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    said = next(filter(None, named), (locale.getlocale()[0] or "") if sys.platform == "win32" else "")
    return _short(said) or Language.ZH


def _short(name: str) -> Language | None:
    """``en_US.UTF-8`` → en; None for other languages, and for ``C.UTF-8``."""
    found = re.fullmatch(r"(zh|en|chinese|english)(?:[^a-z].*)?", name.casefold())
    return Language(found[1].replace("chinese", "zh").replace("english", "en")) if found else None


def seconds_of(text: str) -> float:
    """``10m`` → 600.

    Raises:
        UsageError: the text is no duration.
    """
    found = re.fullmatch(r"(\d+)\s*([smh]?)", text)
    if not found:
        raise UsageError("duration-unknown", text=text)
    return int(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[found[2]]


def close(summary: RoundSummary, base: Path | None = None, *, findings: bool = True) -> ExitStatus:
    """Print a round's closing table and verdict; gives the exit status.

    Args:
        summary: what the round did.
        base: where the paths of its outputs begin.
        findings: whether people are shown them; not where they have just been written somewhere else.
    """
    FACE.document(summary.to_json())
    if not FACE.quiet:
        told = _findings(summary.listed) if findings else ()
        for line in (*_tables(summary), *told, _verdict(summary, base)):
            FACE.people.print(line if isinstance(line, Table) else escape(writable(line)))
    return summary.status


def _tables(summary: RoundSummary) -> Iterator[Table | str]:
    if summary.reports:
        yield _reports(summary)
    # ``validate`` lists the finding that set a file aside with all others.
    aside = () if summary.next_step == "validate" else summary.set_aside
    yield from (FACE.say("closing-aside", file=one.file, why=FACE.reason(one.code, one.detail)) for one in aside[:_FILES])
    if (more := len(aside) - _FILES) > 0:
        yield FACE.say("closing-aside-more", number=more)
    yield from (
        FACE.say("closing-returned", unit=one.unit, file=one.file, why=FACE.cause(one.why)) for one in summary.returned[:_FILES]
    )
    if summary.missing:
        named = "; ".join(f"{one.unit} {one.template}" for one in summary.missing[:5])
        key = "closing-missing" if len(summary.missing) <= 5 else "closing-missing-more"
        yield FACE.say(key, number=len(summary.missing), named=named)
    yield from _decisions(summary)
    yield from _answers(summary)


def _decisions(summary: RoundSummary) -> Iterator[str]:
    """What persons decided and what waits for them."""
    if summary.decisions:
        yield FACE.say("closing-decisions", number=summary.decisions)
    if summary.open:
        yield FACE.say("closing-open", number=summary.open)
    if summary.kept_review:
        yield FACE.say("closing-review-kept", path=summary.kept_review)


def _answers(summary: RoundSummary) -> Iterator[str]:
    """What units answered to what they were told, what was mended, what could not be judged, and what goes back to them."""
    received, accepted = (summary.rates.get(name) for name in ("received_rate", "accepted_rate"))
    if received is not None and accepted is not None:
        yield FACE.say("closing-rates", received=f"{received:.1%}", accepted=f"{accepted:.1%}")
    if any(summary.answered.values()):
        told = _clauses("answered", {name: summary.answered.get(name, 0) for name in ("explained", "reused", "waived")})
        yield FACE.say("closing-answered", answered=told)
    for one in summary.moved[:_FILES]:
        told = _clauses("moved", {"fixed": one.fixed, "still": one.still, "new": one.new})
        yield FACE.say("closing-moved", unit=one.unit, file=one.file, what=told or FACE.say("moved-nothing"))
    not_judged = sum(one.not_judged for one in summary.rules)
    if not_judged and not summary.listed.unjudged:
        yield FACE.say("closing-not-judged", number=not_judged, rules=sum(one.not_judged > 0 for one in summary.rules))
    if summary.disputes:
        yield FACE.say("closing-disputes", number=summary.disputes)
    if summary.settled:
        yield FACE.say("closing-settled", number=summary.settled)
    if summary.marked:
        yield FACE.say("closing-marked", number=summary.marked)


def _clauses(family: str, numbers: Mapping[str, int]) -> str:
    """What there is none of is not spoken of."""
    return FACE.say("clauses").join(FACE.say(f"{family}-{name}", number=number) for name, number in numbers.items() if number)


def _reports(summary: RoundSummary) -> Table:
    table = Table(title=FACE.say("closing-title", period=summary.period).strip(), title_justify="left", header_style="bold")
    table.add_column(FACE.say("closing-report"), overflow="fold", ratio=1)
    for key in ("submissions", "rows", "merged", "errors", "warnings"):
        table.add_column(FACE.say(f"closing-{key}"), justify="right", no_wrap=True)
    for line in summary.reports:
        numbers = (line.submissions, line.rows_out, line.merged, line.errors, line.warnings)
        table.add_row(escape(writable(line.title)), *map(str, numbers))
    return table


def _findings(listing: Listing) -> Iterator[Table | str]:
    """How many of what, then where; past a screen's patience it says how many more there are."""
    from reportkit.formats import plain

    for key, items in (("overview-title", plain.overview(listing)), ("places-title", plain.places(listing, _LINES))):
        if items:
            yield FACE.say(key)
            yield from [_grid(part) for part in _runs(items)] if FACE.people.is_terminal else plain.aligned(items, FACE.language)
            yield ""
    yield from (item.text for item in plain.unjudged(listing))


def _runs(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Headings by themselves, the lines below each together."""
    for _, part in groupby(items, key=lambda item: bool(item.severity)):
        yield list(part)


def _grid(items: Sequence[Item]) -> Table:
    """Words beside their severity, wrapped below themselves; a heading at the margin."""
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    if not items[0].severity:
        grid.add_column(overflow="fold")
        for item in items:
            grid.add_row(escape(writable(item.text)), style="bold")
        return grid
    grid.add_column(width=1)
    grid.add_column(no_wrap=True)
    numbered = any(item.number for item in items)
    if numbered:
        grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for item in items:
        word = f"[{_STYLES[Severity(item.severity)]}]{FACE.say(f'severity-{item.severity}')}[/]"
        grid.add_row("", word, *([item.number] if numbered else []), escape(writable(item.text)))
    return grid


def _verdict(summary: RoundSummary, base: Path | None) -> str:
    errors, warnings = (summary.findings.get(severity, 0) for severity in (Severity.ERROR, Severity.WARNING))
    clean = "clean" if not errors + warnings else "findings"
    verdict = f"verdict-{clean}" if summary.reports else f"verdict-nothing-{clean}"
    key = f"checked-{clean}" if summary.next_step == "validate" else verdict
    files, found = sum(summary.submissions.values()), _clauses("found", {"errors": errors, "warnings": warnings})
    words = FACE.say(key, reports=len(summary.reports), files=files, found=found)
    return f"{words} {_follow(summary, base)}".strip()


def _follow(summary: RoundSummary, base: Path | None) -> str:
    """What to do next; nothing where nothing was made."""
    if summary.dry_run:
        return FACE.say("dry-run")
    if summary.next_step == "validate":
        return FACE.say("next-validate") if any(summary.findings.values()) else ""
    if not summary.outputs:
        return FACE.say("next-nothing")
    first = Path(summary.outputs[0])
    where = (base or Path()) / (first if len(summary.outputs) == 1 else first.parent)
    return FACE.say(f"next-{summary.next_step}", where=where)
