"""A whole round from files to report: the stages in their order, with the disk at both ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import polars as pl

from reportkit import evidence, verdicts
from reportkit.blanks import OpenBlank, open_blank
from reportkit.compilation import Heading, Issued
from reportkit.consolidation import Consolidation, Setting
from reportkit.errors import ExitStatus, NoInputError, UsageError
from reportkit.findings import Finding, Findings
from reportkit.intake import Refused, discover, take_in
from reportkit.masking import masked
from reportkit.messages import Language, catalogue
from reportkit.outbox import staged, write_evidence, write_json
from reportkit.periods import Period
from reportkit.production import Fate, Order, Product, produce_all, result_of
from reportkit.readers import Unreadable
from reportkit.register import register
from reportkit.sources import returned, severities
from reportkit.statistics import Statistics
from reportkit.submissions import Delivery, Round, State, Submission, identify, place
from reportkit.summary import HARMLESS, LIMITS, ConsolidateOptions, Failing, Limits, Missing, RoundSummary, SetAside
from reportkit.templates import Template
from reportkit.verdicts import Verdicts
from reportkit.workspace import OUTBOX, REVIEW, Blank, Workspace
from reportkit.workspace import Issued as OnDisk
from reportkit.writers.review_book import write_review

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
    verdicts: Verdicts = field(default_factory=Verdicts)

    def setting(self, template: str) -> Setting:
        """What a form's consolidation needs to know."""
        known = self.verdicts
        return Setting(self.period.last, self.as_of, known.headers(template), self.given.units, known.rows)


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


def sort_out(inbox: Inbox, given: Round, as_of: date, *, alone: bool = False) -> Outcome:
    """Who sent what for which period, before any form is consolidated; ``alone``: every file is its own unit."""
    submissions, findings = identify(inbox.deliveries, given)
    if alone:
        submissions = [replace(one, unit=one.file, period="") for one in submissions]
    name, mine, misplaced = place(submissions, given.period)
    period = Period.parse(name or f"{as_of:%Y-%m}")
    return Outcome(period, as_of, given, tuple(mine), (), Findings.of([*inbox.findings, *findings, *misplaced]))


def settle(inbox: Inbox, given: Round, as_of: date, told: Told, *, alone: bool = False) -> Outcome:
    """A round with the result of every template that somebody filed."""
    outcome = sort_out(inbox, given, as_of, alone=alone)
    results: list[Consolidation | Statistics] = []
    for done, (template, current) in enumerate(filed := _filed(outcome)):
        told("consolidate", done, len(filed))
        results.append(result_of(template, current, outcome.setting(template.name)))
    told("consolidate", len(filed), len(filed))
    final = {(one.file, one.template): one for result in results for one in result.submissions}
    settled = tuple(final.get((one.file, one.template), one) for one in outcome.submissions)
    return replace(outcome, submissions=settled, results=tuple(results))


def _filed(outcome: Outcome) -> list[tuple[Template, tuple[Submission, ...]]]:
    """Templates with the submissions that count for them; those that nobody filed are left out."""
    current = [one for one in outcome.submissions if one.state is State.ACCEPTED]
    by_template = [(one, tuple(sent for sent in current if sent.template == one.name)) for one in outcome.given.templates]
    return [(template, sent) for template, sent in by_template if sent]


def consolidate(options: ConsolidateOptions, told: Told = silent) -> RoundSummary:
    """The whole round of a workspace: intake, consolidation, reports and evidence in ``outbox/<period>``.

    Raises:
        UsageError: workspace, template or period is wrong; nothing was written.
        NoInputError: the inbox holds no file.
        LockedError: another run holds the lock.
        DiskError: nothing half-written is left.
    """
    workspace, options = open_workspace(options)
    with nullcontext() if options.dry_run else workspace.lock(options.wait):
        issued, inbox, outcome = arrived(workspace, options, told)
        if options.dry_run:
            outcome, products = produce_forms(outcome, issued, None, options, told)
            return replace(summarise(outcome, products, inbox, options), dry_run=True)
        kept = verdicts.keep_unread(workspace.hidden, workspace.outbox / outcome.period.name / REVIEW)
        with staged(workspace.outbox / outcome.period.name) as folder:
            outcome, products = produce_forms(outcome, issued, folder, options, told)
            _write_round(folder, outcome, products, options.language)
            write_questions(folder / REVIEW, workspace, outcome, products, options.language)
            summary = replace(summarise(outcome, products, inbox, options), kept_review=str(kept or ""))
            write_json(folder / "summary.json", summary.to_json())
    return summary


def open_workspace(options: ConsolidateOptions) -> tuple[Workspace, ConsolidateOptions]:
    """The workspace, and the options with what its settings say."""
    workspace = Workspace.open(options.workspace)
    if options.period:
        _known_period(options.period)
    return workspace, replace(options, fail_on=options.fail_on or workspace.settings.fail_on)


def arrived(workspace: Workspace, options: ConsolidateOptions, told: Told) -> tuple[list[Issued], Inbox, Outcome]:
    """Forms, what came in, and who sent what."""
    issued = issue(workspace.issued())
    decided = verdicts.load(workspace.hidden)
    inbox = receive([workspace.has_inbox()], workspace.inbox, workspace.received(), told, workspace.settings.bounds)
    if not inbox.deliveries:
        raise NoInputError("no-input", path=workspace.inbox)
    given = Round(workspace.units, tuple(one.template for one in issued), options.period)
    twice = [
        Finding("units-code-twice", "units.csv", "", line, value=code, detail=name) for line, code, name in given.units.repeated
    ]
    inbox = replace(inbox, findings=(*inbox.findings, *twice))
    outcome = sort_out(inbox, given, options.as_of or date.today())  # noqa: DTZ011 - offices live in local time
    return issued, inbox, replace(outcome, verdicts=decided)


def produce_forms(
    outcome: Outcome, issued: Sequence[Issued], folder: Path | None, options: ConsolidateOptions, told: Told
) -> tuple[Outcome, list[Product]]:
    """Every form's report and evidence, and the submissions with what became of them."""
    blanks = {one.template.name: one for one in issued}
    heading = Heading(outcome.period, options.as_of, outcome.given.units, options.language)
    orders = [
        Order(
            blanks[template.name],
            sent,
            outcome.setting(template.name),
            heading,
            _loose(outcome, {template.name}),
            folder,
            options.show_values,
        )
        for template, sent in _filed(outcome)
    ]
    products = produce_all(orders, lambda done, total: told("consolidate", done, total))
    fates = {(file, one.template.name): fate for one in products for file, fate in one.fates.items()}
    return replace(outcome, submissions=tuple(_fated(one, fates) for one in outcome.submissions)), products


def _fated(one: Submission, fates: Mapping[tuple[str, str], Fate]) -> Submission:
    fate = fates.get((one.file, one.template))
    return replace(one, state=fate.state, revision=fate.revision, note=fate.note) if fate else one


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


def _write_round(folder: Path, outcome: Outcome, products: Sequence[Product], language: Language) -> None:
    """Evidence of the round as a whole, and findings about files that are in no form's round."""
    templates = outcome.given.templates
    refined = {one.template.name: one.template for one in products}
    due = dues(templates, outcome.period)
    frames = {
        "submissions.csv": evidence.submissions(outcome.submissions, templates, outcome.given.units, due),
        "concepts.csv": evidence.concepts([refined.get(one.name, one) for one in templates]),
    }
    if any(one.mentions for one in products):
        frames["register.csv"] = register([named for one in products for named in one.mentions]).lines
    write_evidence(folder / "evidence", frames)
    reported = _loose(outcome, set(refined)).frame
    rest = outcome.loose.frame.filter(~pl.col("file").is_in(reported["file"].implode()))
    if rest.height:
        write_evidence(folder / "evidence" / "set-aside", {"findings.csv": evidence.told(Findings(rest), language, catalogue())})


def write_questions(path: Path, workspace: Workspace, outcome: Outcome, products: Sequence[Product], language: Language) -> None:
    """The workbook of open questions, and beside the workspace what the marks in it stand for."""
    doubts = [one.doubts for one in products if one.doubts]
    write_review(path, doubts, outcome.period.name, language)
    path.chmod(0o600)
    verdicts.remember(workspace.hidden, [(one.template.entity, row) for one in doubts for row in one.rows])
    verdicts.know(workspace.hidden, path.read_bytes())


def _loose(outcome: Outcome, templates: Collection[str]) -> Findings:
    """Findings about files of these templates as wholes."""
    files = [one.file for one in outcome.submissions if one.template in templates]
    return Findings(outcome.loose.frame.filter(pl.col("file").is_in(files)))


def dues(templates: Sequence[Template], period: Period) -> dict[str, str]:
    """Template → the ISO date on which it is due; templates without a due day are left out."""
    return {one.name: period.due(one.due).isoformat() for one in templates if one.due}


def summarise(outcome: Outcome, products: Sequence[Product], inbox: Inbox, options: ConsolidateOptions) -> RoundSummary:
    """What the round tells about itself; paths are below the workspace."""
    units = outcome.given.units
    titles = {one.name: one.title for one in outcome.given.templates}
    absent = evidence.missing(outcome.submissions, outcome.given.templates, units)
    counts = Counter(severities([outcome.loose]))
    for product in products:
        counts.update(product.severities)
    place = f"{OUTBOX}/{outcome.period.name}/"
    lines = [replace(one.line, path=place + one.line.path if one.line.path else "") for one in products]
    summary = RoundSummary(
        period=outcome.period.name,
        as_of=outcome.as_of.isoformat() if options.as_of else "",
        reports=tuple(lines),
        submissions=evidence.counts(outcome.submissions),
        missing=tuple(Missing(units.name(unit), titles[template]) for unit, template in absent),
        set_aside=set_aside(outcome),
        returned=returned(outcome.submissions, units),
        left_out=tuple(one for product in products for one in product.left_out),
        findings=dict(counts),
        outputs=tuple(line.path for line in lines if line.path),
        skipped=inbox.skipped,
        decisions=sum(one.decided for one in products),
        open=sum(one.doubts.open for one in products if one.doubts),
    )
    return replace(summary, statuses=_statuses(summary, options.fail_on or Failing.ERROR, complete=options.require_complete))


def set_aside(outcome: Outcome) -> tuple[SetAside, ...]:
    """Files that are in no report, with the code and the detail of the finding that says why."""
    why = {line["file"]: line for line in outcome.loose.frame.reverse().iter_rows(named=True) if line["code"] in ASIDE}
    trouble = {(line["file"], line["code"]): line["detail"] for line in outcome.loose.frame.iter_rows(named=True)}
    aside = [one for one in outcome.submissions if one.state in (State.UNREADABLE, State.SET_ASIDE)]
    codes = [(one.file, one.note or str(why.get(one.file, {}).get("code", ""))) for one in aside]
    return tuple(SetAside(file, code, masked(trouble.get((file, code), ""))) for file, code in codes)


def _statuses(summary: RoundSummary, fail_on: Failing, *, complete: bool) -> frozenset[ExitStatus]:
    found = {ExitStatus.DONE}
    if fail_on.met(summary.findings):
        found.add(ExitStatus.FINDINGS)
    if any(one.code not in HARMLESS for one in summary.set_aside):
        found.add(ExitStatus.PARTIAL)
    if complete and summary.missing:
        found.add(ExitStatus.INCOMPLETE)
    return frozenset(found)
