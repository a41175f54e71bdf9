"""A whole round from files to report: the stages in their order, with the disk at both ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from reportkit import evidence, history, locks, verdicts, waivers
from reportkit.answers import given as given_answers
from reportkit.arrivals import Inbox, Outcome, Told, filed, issue, receive, silent, sort_out
from reportkit.closing import Background, Closing, close, write_findings
from reportkit.compilation import Heading, Issued
from reportkit.completeness import completeness
from reportkit.constraints import References
from reportkit.errors import NoInputError
from reportkit.findings import Finding, Findings
from reportkit.messages import Language, catalogue
from reportkit.outbox import staged, write_evidence, write_json
from reportkit.periods import Period, today
from reportkit.production import Fate, Order, Product, produce_all
from reportkit.reckoning import rates, summarise
from reportkit.register import register
from reportkit.returning import dispute_evidence, explanations, send_back, write_disputes
from reportkit.submissions import Round, Submission
from reportkit.summary import ConsolidateOptions, RoundSummary
from reportkit.workspace import REVIEW, Workspace
from reportkit.writers.dispute_book import Frame
from reportkit.writers.review_book import write_review

#: Forms, what came in, and who sent what.
Arrival = tuple[list[Issued], Inbox, Outcome]


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
        arrival = arrived(workspace, options, told)
        if options.dry_run:
            with TemporaryDirectory() as aside:
                return replace(_round(workspace, arrival, (None, Path(aside)), options, told), dry_run=True)
        period = arrival[2].period.name
        unread = verdicts.keep_unread(workspace.hidden, workspace.outbox / period / REVIEW)
        with (
            staged(workspace.hidden / history.PERIODS / period, private=True) as kept,
            staged(workspace.outbox / period) as folder,
        ):
            summary = replace(_round(workspace, arrival, (folder, kept), options, told), kept_review=str(unread or ""))
            write_json(folder / "summary.json", summary.to_json())
    return summary


def _round(
    workspace: Workspace, arrival: Arrival, places: tuple[Path | None, Path], options: ConsolidateOptions, told: Told
) -> RoundSummary:
    """Every form, then what holds across them. ``places``: the round's outbox, None in a dry run, and what is kept for later rounds."""
    issued, inbox, outcome = arrival
    folder, kept = places
    outcome, products = produce_forms(outcome, issued, places, options, told)
    lines = register([named for one in products for named in one.mentions]).lines
    past, disputed = workspace.hidden / history.PERIODS, verdicts.disputes(workspace.hidden)
    background = Background(outcome.period, outcome.as_of, outcome.given.units, outcome.answers, past, disputed)
    refined = {one.template.name: one.template for one in products}
    closing = close([refined.get(one.name, one) for one in outcome.given.templates], kept, background, lines)
    standings = _standings(outcome, closing)
    marked: list[Path] = []
    if folder is not None:
        _write_round(folder, outcome, products, lines, options.language)
        write_evidence(folder / "evidence", {"completeness.csv": standings} | dispute_evidence(closing.disputes))
        write_findings(folder / "evidence", closing.forms, options.language)
        marked = send_back(folder, workspace.inbox, outcome, closing.forms, options.language)
        frame = Frame(outcome.period.name, outcome.given.units, options.language, options.show_values)
        write_disputes(folder, closing.disputes, frame)
        write_questions(folder / REVIEW, workspace, outcome, products, options.language)
        waivers.store(workspace.hidden, outcome.answers)
        verdicts.keep_disputes(workspace.hidden, closing.disputed)
    summary = summarise(outcome, products, inbox, options, closing)
    return replace(summary, marked=len(marked), rates=rates(standings))


def _standings(outcome: Outcome, closing: Closing) -> pl.DataFrame:
    """How much of what is owed has come."""
    explained = Counter[str]()
    for one in closing.forms:
        explained.update(one.explained)
    locked = outcome.locks.forms(outcome.given.templates, outcome.as_of)
    return completeness(outcome.submissions, outcome.given, outcome.dues, explained, locked)


def open_workspace(options: ConsolidateOptions) -> tuple[Workspace, ConsolidateOptions]:
    """The workspace, and the options with what its settings say."""
    workspace = Workspace.open(options.workspace)
    if options.period:
        Period.asked(options.period)
    return workspace, replace(options, fail_on=options.fail_on or workspace.settings.fail_on)


def arrived(workspace: Workspace, options: ConsolidateOptions, told: Told) -> Arrival:
    """Forms, what came in, and who sent what."""
    issued = issue(workspace.issued())
    decided = verdicts.load(workspace.hidden)
    answered = waivers.load(workspace.root, workspace.hidden, workspace.units)
    inbox = receive([workspace.has_inbox()], workspace.inbox, workspace.received(), told, workspace.settings.bounds)
    if not inbox.deliveries:
        raise NoInputError("no-input", path=workspace.inbox)
    given = Round(workspace.units, tuple(one.template for one in issued), options.period)
    twice = [
        Finding("units-code-twice", "units.csv", "", line, value=code, detail=name) for line, code, name in given.units.repeated
    ]
    inbox = replace(inbox, findings=(*inbox.findings, *twice))
    outcome = sort_out(inbox, given, options.as_of or today())
    outcome = _unless_locked(outcome, locks.load(workspace.hidden, workspace.units).within(outcome.period.name))
    answered = given_answers(explanations(outcome.submissions, outcome.period.name), answered)
    later = References(later=frozenset(one.name for one in given.templates))
    return issued, inbox, replace(outcome, verdicts=decided, answers=answered, references=later)


def _unless_locked(outcome: Outcome, locked: locks.Locks) -> Outcome:
    """The round without what came after its form was locked."""
    kept, findings = locks.held_back(outcome.submissions, locked)
    return replace(outcome, submissions=tuple(kept), loose=outcome.loose + Findings.of(findings), locks=locked)


def produce_forms(
    outcome: Outcome, issued: Sequence[Issued], places: tuple[Path | None, Path | None], options: ConsolidateOptions, told: Told
) -> tuple[Outcome, list[Product]]:
    """Every form's report and evidence, and the submissions with what became of them. ``places``: the outbox and what is kept; or None."""
    blanks = {one.template.name: one for one in issued}
    heading = Heading(outcome.period, options.as_of, outcome.given.units, options.language)
    orders = [
        Order(
            blanks[template.name],
            sent,
            outcome.setting(template.name),
            heading,
            _loose(outcome, {template.name}),
            *places,
            options.show_values,
        )
        for template, sent in filed(outcome)
    ]
    products = produce_all(orders, lambda done, total: told("consolidate", done, total))
    fates = {(file, one.template.name): fate for one in products for file, fate in one.fates.items()}
    return replace(outcome, submissions=tuple(_fated(one, fates) for one in outcome.submissions)), products


def _fated(one: Submission, fates: Mapping[tuple[str, str], Fate]) -> Submission:
    fate = fates.get((one.file, one.template))
    return replace(one, state=fate.state, revision=fate.revision, note=fate.note) if fate else one


def _write_round(
    folder: Path, outcome: Outcome, products: Sequence[Product], register_lines: pl.DataFrame, language: Language
) -> None:
    """Evidence of the round as a whole, and findings about files that are in no form's round."""
    templates = outcome.given.templates
    refined = {one.template.name: one.template for one in products}
    frames = {
        "submissions.csv": evidence.submissions(outcome.submissions, templates, outcome.given.units, outcome.dues),
        "concepts.csv": evidence.concepts([refined.get(one.name, one) for one in templates]),
    }
    if any(one.mentions for one in products):
        frames["register.csv"] = register_lines
    write_evidence(folder / "evidence", frames)
    rest = outcome.loose.beside(one.file for one in outcome.submissions if one.template in refined)
    if rest.frame.height:
        write_evidence(folder / "evidence" / "set-aside", {"findings.csv": evidence.told(rest, language, catalogue())})


def write_questions(path: Path, workspace: Workspace, outcome: Outcome, products: Sequence[Product], language: Language) -> None:
    """The workbook of open questions, and beside the workspace what the marks in it stand for."""
    doubts = [one.doubts for one in products if one.doubts]
    write_review(path, doubts, outcome.period.name, language)
    path.chmod(0o600)
    verdicts.remember(workspace.hidden, [(one.template.entity, row) for one in doubts for row in one.rows])
    verdicts.know(workspace.hidden, path.read_bytes())


def _loose(outcome: Outcome, templates: Collection[str]) -> Findings:
    """Findings about files of these templates as wholes."""
    return outcome.loose.about(one.file for one in outcome.submissions if one.template in templates)
