"""A whole round from files to report: the stages in their order, with the disk at both ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import polars as pl

from reportkit import evidence
from reportkit.blanks import OpenBlank, open_blank
from reportkit.compilation import Heading, Issued, write_report
from reportkit.consolidation import Consolidation, Setting
from reportkit.consolidation import consolidate as consolidate_list
from reportkit.errors import ExitStatus, NoInputError, UsageError
from reportkit.findings import Finding, Findings
from reportkit.intake import Refused, discover, take_in
from reportkit.masking import masked
from reportkit.outbox import file_name, staged, write_evidence, write_json
from reportkit.periods import Period
from reportkit.readers import Unreadable
from reportkit.sources import left_out, report_line, returned, severities
from reportkit.statistics import Statistics, consolidate_grid
from reportkit.submissions import Delivery, Round, State, Submission, identify, place
from reportkit.summary import HARMLESS, LIMITS, ConsolidateOptions, Failing, Limits, Missing, ReportLine, RoundSummary, SetAside
from reportkit.templates import Kind, Template
from reportkit.workspace import OUTBOX, Blank, Workspace
from reportkit.workspace import Issued as OnDisk

#: What keeps a readable file out of every report.
ASIDE = frozenset({"no-table", "template-unknown"})

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
    """A round before it is written: one result a template that somebody filed, and what belongs to none."""

    period: Period
    as_of: date
    given: Round
    submissions: tuple[Submission, ...]
    results: tuple[Consolidation | Statistics, ...]
    loose: Findings


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
            deliveries.append(Delivery(one.file, one.sha256, at, one.sheets, tuple(sorted(one.stamp.items()))))
            findings += one.findings
    return Inbox(tuple(deliveries), tuple(findings), len(found.skipped))


def settle(inbox: Inbox, given: Round, as_of: date, told: Told, *, alone: bool = False) -> Outcome:
    """Who sent what for which period, and what becomes of each template's submissions; ``alone``: every file is its own unit."""
    submissions, findings = identify(inbox.deliveries, given)
    if alone:
        submissions = [replace(one, unit=one.file, period="") for one in submissions]
    name, mine, misplaced = place(submissions, given.period)
    period = Period.parse(name or f"{as_of:%Y-%m}")
    setting = Setting(period.last, as_of, units=given.units)
    results: list[Consolidation | Statistics] = []
    for done, template in enumerate(given.templates):
        told("consolidate", done, len(given.templates))
        filed = [one for one in mine if one.template == template.name]
        current = [one for one in filed if one.state is State.ACCEPTED]
        if current:
            results.append(
                consolidate_list(template, current, setting)
                if template.kind is Kind.LIST
                else consolidate_grid(template, current)
            )
    told("consolidate", len(given.templates), len(given.templates))
    settled = _settled(mine, results)
    return Outcome(period, as_of, given, settled, tuple(results), Findings.of([*inbox.findings, *findings, *misplaced]))


def _settled(submissions: Sequence[Submission], results: Sequence[Consolidation | Statistics]) -> tuple[Submission, ...]:
    """Every submission with the state that its template's round gave it."""
    final = {(one.file, one.template): one for result in results for one in result.submissions}
    return tuple(final.get((one.file, one.template), one) for one in submissions)


def consolidate(options: ConsolidateOptions, told: Told = silent) -> RoundSummary:
    """The whole round of a workspace: intake, consolidation, reports and evidence in ``outbox/<period>``.

    Raises:
        UsageError: workspace, template or period is wrong; nothing was written.
        NoInputError: the inbox holds no file.
        LockedError: another run holds the lock.
        DiskError: nothing half-written is left.
    """
    workspace = Workspace.open(options.workspace)
    options = replace(options, fail_on=options.fail_on or workspace.settings.fail_on)
    if options.period:
        _known_period(options.period)
    with nullcontext() if options.dry_run else workspace.lock(options.wait):
        issued = issue(workspace.issued())
        inbox = receive([workspace.has_inbox()], workspace.inbox, workspace.received(), told, workspace.settings.bounds)
        if not inbox.deliveries:
            raise NoInputError("no-input", path=workspace.inbox)
        given = Round(workspace.units, tuple(one.template for one in issued), options.period)
        twice = [
            Finding("units-code-twice", "units.csv", "", line, value=code, detail=name)
            for line, code, name in given.units.repeated
        ]
        inbox = replace(inbox, findings=(*inbox.findings, *twice))
        outcome = settle(inbox, given, options.as_of or date.today(), told)  # noqa: DTZ011 - offices live in local time
        target = workspace.outbox / outcome.period.name
        if options.dry_run:
            return replace(summarise(outcome, inbox, options, {}), dry_run=True)
        with staged(target) as folder:
            heading = Heading(outcome.period, options.as_of, workspace.units, options.language)
            written = publish(outcome, issued, folder, heading, told)
            written = {name: f"{OUTBOX}/{outcome.period.name}/{file}" for name, file in written.items()}
            summary = summarise(outcome, inbox, options, written)
            write_json(folder / "summary.json", summary.to_json())
    return summary


def _known_period(name: str) -> None:
    try:
        Period.parse(name)
    except ValueError:
        raise UsageError("period-unknown", period=name) from None


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


def publish(outcome: Outcome, issued: Sequence[Issued], folder: Path, heading: Heading, told: Told) -> dict[str, str]:
    """Write every report and the evidence into a folder; gives template → the report's file name."""
    language = heading.language
    written: dict[str, str] = {}
    blanks = {one.template.name: one for one in issued}
    for done, result in enumerate(outcome.results):
        told("write", done, len(outcome.results))
        name = f"{file_name(result.template.title)}.xlsx"
        write_report(folder / name, blanks[result.template.name], result, heading)
        written[result.template.name] = name
        frames = evidence.of(result, language).frames
        frames["findings.csv"] = evidence.told(_with_loose(outcome, result), language)
        write_evidence(folder / "evidence" / result.template.name, frames)
    told("write", len(outcome.results), len(outcome.results))
    write_evidence(folder / "evidence", _round_evidence(outcome))
    rest = _rest(outcome)
    if rest.frame.height:
        write_evidence(folder / "evidence" / "set-aside", {"findings.csv": evidence.told(rest, language)})
    return written


def _round_evidence(outcome: Outcome) -> dict[str, pl.DataFrame]:
    templates = outcome.given.templates
    refined = {result.template.name: result.template for result in outcome.results}
    return {
        "submissions.csv": evidence.submissions(
            outcome.submissions, templates, outcome.given.units, dues(templates, outcome.period)
        ),
        "concepts.csv": evidence.concepts([refined.get(one.name, one) for one in templates]),
    }


def dues(templates: Sequence[Template], period: Period) -> dict[str, str]:
    """Template → the ISO date on which it is due; templates without a due day are left out."""
    return {one.name: period.due(one.due).isoformat() for one in templates if one.due}


def _files(result: Consolidation | Statistics) -> list[str]:
    return [one.file for one in result.submissions]


def _with_loose(outcome: Outcome, result: Consolidation | Statistics) -> Findings:
    """A template's findings with those about its files as a whole."""
    files = [*_files(result), *(one.file for one in outcome.submissions if one.template == result.template.name)]
    loose = outcome.loose.frame.filter(pl.col("file").is_in(files))
    return result.findings + Findings(loose)


def _rest(outcome: Outcome) -> Findings:
    """Findings about files that are in no template's round."""
    reported = {result.template.name for result in outcome.results}
    files = [one.file for one in outcome.submissions if one.template in reported]
    return Findings(outcome.loose.frame.filter(~pl.col("file").is_in(files)))


def summarise(outcome: Outcome, inbox: Inbox, options: ConsolidateOptions, written: dict[str, str]) -> RoundSummary:
    """What the round tells about itself."""
    units = outcome.given.units
    titles = {one.name: one.title for one in outcome.given.templates}
    absent = evidence.missing(outcome.submissions, outcome.given.templates, units)
    findings = severities([outcome.loose, *(result.findings for result in outcome.results)])
    summary = RoundSummary(
        period=outcome.period.name,
        as_of=outcome.as_of.isoformat() if options.as_of else "",
        reports=tuple(_line(result, written) for result in outcome.results),
        submissions=evidence.counts(outcome.submissions),
        missing=tuple(Missing(units.name(unit), titles[template]) for unit, template in absent),
        set_aside=set_aside(outcome),
        returned=returned(outcome.submissions, units),
        left_out=left_out(outcome.results),
        findings=findings,
        outputs=tuple(written.values()),
        skipped=inbox.skipped,
    )
    return replace(summary, statuses=_statuses(summary, options.fail_on or Failing.ERROR, complete=options.require_complete))


def set_aside(outcome: Outcome) -> tuple[SetAside, ...]:
    """Files that are in no report, with the code and the detail of the finding that says why."""
    why = {line["file"]: line for line in outcome.loose.frame.reverse().iter_rows(named=True) if line["code"] in ASIDE}
    trouble = {(line["file"], line["code"]): line["detail"] for line in outcome.loose.frame.iter_rows(named=True)}
    aside = [one for one in outcome.submissions if one.state in (State.UNREADABLE, State.SET_ASIDE)]
    codes = [(one.file, one.note or str(why.get(one.file, {}).get("code", ""))) for one in aside]
    return tuple(SetAside(file, code, masked(trouble.get((file, code), ""))) for file, code in codes)


def _line(result: Consolidation | Statistics, written: dict[str, str]) -> ReportLine:
    return report_line(result, written.get(result.template.name, ""))


def _statuses(summary: RoundSummary, fail_on: Failing, *, complete: bool) -> frozenset[ExitStatus]:
    found = {ExitStatus.DONE}
    if fail_on.met(summary.findings):
        found.add(ExitStatus.FINDINGS)
    if any(one.code not in HARMLESS for one in summary.set_aside):
        found.add(ExitStatus.PARTIAL)
    if complete and summary.missing:
        found.add(ExitStatus.INCOMPLETE)
    return frozenset(found)
