"""What came in and who sent it: files read, units and templates told, blanks opened; what every kind of round begins with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import polars as pl

from reportkit import answers, history
from reportkit.blanks import OpenBlank, open_blank
from reportkit.compilation import Issued
from reportkit.consolidation import Consolidation
from reportkit.constraints import References
from reportkit.errors import UsageError
from reportkit.findings import Finding, Findings
from reportkit.intake import Refused, discover, take_in
from reportkit.locks import Locks
from reportkit.periods import Period
from reportkit.production import result_of
from reportkit.readers import Unreadable
from reportkit.referring import referred, unit_tables
from reportkit.rulebook.tables import UNITS
from reportkit.setting import Setting
from reportkit.statistics import Statistics
from reportkit.submissions import Delivery, Round, State, Submission, identify, place
from reportkit.summary import LIMITS, Limits
from reportkit.templates import Template
from reportkit.verdicts import Verdicts
from reportkit.workspace import Blank
from reportkit.workspace import Issued as OnDisk

#: What stage, how many done, how many in all.
Told = Callable[[str, int, int], None]


def silent(_stage: str, _done: int, _total: int) -> None:
    """For who wants no progress."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """What arrived, before anything is known of it."""

    deliveries: tuple[Delivery, ...]
    findings: tuple[Finding, ...]
    skipped: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """A round before it is written: one result a template that somebody filed, and what belongs to none.

    ``locks``: those of its period; ``references``: what foreign keys refer to, beside its units.
    """

    period: Period
    as_of: date
    given: Round
    submissions: tuple[Submission, ...]
    results: tuple[Consolidation | Statistics, ...]
    loose: Findings
    verdicts: Verdicts = field(default_factory=Verdicts)
    answers: pl.DataFrame = field(default_factory=answers.none)
    locks: Locks = field(default_factory=Locks)
    references: References = field(default_factory=References)

    @property
    def dues(self) -> dict[str, str]:
        """Template → the ISO date on which it is due; templates without a due day are left out."""
        return {one.name: self.period.due(one.due).isoformat() for one in self.given.templates if one.due}

    def setting(self, template: str) -> Setting:
        """What a form's consolidation needs to know."""
        known = self.verdicts
        answered = answers.in_force(self.answers, template)
        referred = replace(self.references, tables={**self.references.tables, **unit_tables(self.given.units)})
        decided = (known.headers(template), self.given.units, known.rows, answered)
        return Setting(self.period.last, self.as_of, *decided, self.period, referred)


def receive(
    paths: Sequence[Path], root: Path | None, received: dict[str, datetime], told: Told, limits: Limits = LIMITS
) -> Inbox:
    """Read every file in workers. A file's time of receipt is what ``received`` says, else its modification time."""
    found = discover(paths, root)
    deliveries: list[Delivery] = []
    findings: list[Finding] = []
    for one in take_in(found.sources, limits=limits, told=lambda done, total: told("read", done, total)):
        at = received.get(one.file) or datetime.fromtimestamp(int(one.modified))  # noqa: DTZ006 - offices live in local time
        if isinstance(one, Refused):
            deliveries.append(Delivery(one.file, one.sha256, at, trouble=one.code))
            findings.append(Finding(one.code, one.file, detail=one.detail))
        else:
            stamp = tuple(sorted(one.stamp.items()))
            deliveries.append(Delivery(one.file, one.sha256, at, one.sheets, stamp, marks=one.marks))
            findings += one.findings
    return Inbox(tuple(deliveries), tuple(findings), len(found.skipped))


def sort_out(inbox: Inbox, given: Round, as_of: date, *, alone: bool = False) -> Outcome:
    """Who sent what for which period, before any form is consolidated; ``alone``: every file is its own unit."""
    submissions, findings = identify(inbox.deliveries, given)
    if alone:
        submissions = [replace(one, unit=one.file, period="") for one in submissions]
    name, mine, misplaced = place(submissions, given.period)
    period = Period.parse(name) if name else Period.month_of(as_of)
    return Outcome(period, as_of, given, tuple(mine), (), Findings.of([*inbox.findings, *findings, *misplaced]))


def settle(inbox: Inbox, given: Round, as_of: date, told: Told, past: Path | None = None) -> Outcome:
    """A round with the result of every template that somebody filed; without units every file is its own.

    ``past``: where earlier rounds are kept; foreign keys to other forms are held against the last round of the same period.
    """
    outcome = sort_out(inbox, given, as_of, alone=not len(given.units))
    outcome = replace(outcome, references=_kept(outcome, past) if past else References())
    results: list[Consolidation | Statistics] = []
    for done, (template, current) in enumerate(forms := filed(outcome)):
        told("consolidate", done, len(forms))
        results.append(result_of(template, current, outcome.setting(template.name)))
    told("consolidate", len(forms), len(forms))
    final = {(one.file, one.template): one for result in results for one in result.submissions}
    settled = tuple(final.get((one.file, one.template), one) for one in outcome.submissions)
    return replace(outcome, submissions=settled, results=tuple(results))


def _kept(outcome: Outcome, past: Path) -> References:
    """The forms that foreign keys refer to, as the period's last round left them."""
    given = outcome.given
    reporters = {one.name: one.reporters for one in given.templates}
    resources = {key.reference.resource for one in given.templates for key in one.table_schema.foreignKeys} - {"", UNITS}
    kept = {name: history.read(past / outcome.period.name / name) for name in sorted(resources)}
    return References({name: referred(one, given.units, reporters.get(name, "")) for name, one in kept.items() if one})


def filed(outcome: Outcome) -> list[tuple[Template, tuple[Submission, ...]]]:
    """Templates with the submissions that count for them; those that nobody filed are left out."""
    current = [one for one in outcome.submissions if one.state is State.ACCEPTED]
    by_template = [(one, tuple(sent for sent in current if sent.template == one.name)) for one in outcome.given.templates]
    return [(template, sent) for template, sent in by_template if sent]


def issue(templates: Sequence[OnDisk]) -> list[Issued]:
    """Templates with their blanks opened.

    Raises:
        UsageError: a blank cannot be read or holds no table.
    """
    return [Issued(one.template, one.blank.content, _opened(one.blank)) for one in templates]


def _opened(blank: Blank) -> OpenBlank:
    try:
        opened = open_blank(blank.content, blank.name)
    except Unreadable as reason:
        raise UsageError("blank-unreadable", path=blank.path, why=reason.code) from None
    if not any(table.visible for sheet in opened.sheets for table in sheet.tables):
        raise UsageError("blank-without-table", path=blank.path)
    return opened
