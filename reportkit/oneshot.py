"""``merge``: files without a workspace, one clean report a group."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path

import polars as pl

from reportkit import evidence
from reportkit.arrivals import Outcome, Told, silent
from reportkit.compilation import Appendix, Heading, Issued, write_merged
from reportkit.consolidation import Consolidation
from reportkit.desk import Desk, on_desk, refuse_foreign, settled, summary_of, with_status
from reportkit.errors import UsageError
from reportkit.findings import Findings
from reportkit.looks import own_look
from reportkit.messages import Language, catalogue
from reportkit.outbox import file_name, is_evidence, staged, staged_file, staged_into, write_evidence
from reportkit.periods import Period
from reportkit.sources import SourceLine, report_line
from reportkit.statistics import Statistics
from reportkit.submissions import State, Submission
from reportkit.summary import MergeOptions, RoundSummary, SetAside
from reportkit.units import Units

_SUFFIX = "-汇总"
#: What a report is known by.
_REPORT = "reportkit.report"


def merge(options: MergeOptions, told: Told = silent) -> RoundSummary:
    """One clean report a group of files.

    Raises:
        UsageError: the template is wrong, or a file that is not ours stands where the report should.
        NoInputError: no file matched.
    """
    _refuse_other_formats(options)
    desk = on_desk(options.paths, options.template, told)
    outcome = settled(desk, options.as_of, told)
    targets = _targets(options, outcome)
    for target in targets.values():
        refuse_foreign(target, desk, _REPORT, force=options.force)
    if options.evidence is not None and not options.force:
        _refuse_foreign_evidence(options.evidence)
    if not options.dry_run:
        _publish(options, desk, outcome, targets)
    reports = [report_line(r, str(targets[r.template.name])) for r in outcome.results if r.template.name in targets]
    more = tuple(SetAside(one.file, "other-form") for one in _unused(outcome, targets))
    summary = summary_of(outcome, desk, tuple(reports), more)
    summary = replace(summary, outputs=tuple(map(str, targets.values())), dry_run=options.dry_run, next_step="merge")
    return with_status(summary, fails=options.fail_on.met(summary.findings))


# -- what comes of it -------------------------------------------------------------------------------------


def _refuse_other_formats(options: MergeOptions) -> None:
    if options.out is not None and not options.into_folder and options.out.suffix.lower() != ".xlsx":
        raise UsageError("out-not-xlsx", path=options.out)


def _targets(options: MergeOptions, outcome: Outcome) -> dict[str, Path]:
    """Template → path. A single file takes the largest group; a folder takes all."""
    results = sorted(outcome.results, key=lambda r: (-sum(len(s.tables) and 1 for s in r.submissions), r.template.name))
    if options.into_folder and options.out is not None:
        return {name: options.out / f"{title}.xlsx" for name, title in _file_names(outcome).items()}
    first = options.paths[0].resolve()
    out = options.out or first.with_name(f"{first.name if first.is_dir() else first.stem}{_SUFFIX}.xlsx")
    return {results[0].template.name: out} if results else {}


def _file_names(outcome: Outcome) -> dict[str, str]:
    """Template → its title as a file's name; a title that is taken gets a number."""
    names: dict[str, str] = {}
    for result in outcome.results:
        title, taken = file_name(result.template.title), {name.casefold() for name in names.values()}
        free = (title, *(f"{title}({n})" for n in range(2, len(outcome.results) + 2)))
        names[result.template.name] = next(name for name in free if name.casefold() not in taken)
    return names


def _refuse_foreign_evidence(folder: Path) -> None:
    if folder.exists() and not (folder.is_dir() and is_evidence(folder)):
        raise UsageError("evidence-not-ours", path=folder)


def _publish(options: MergeOptions, desk: Desk, outcome: Outcome, targets: Mapping[str, Path]) -> None:
    """Every report and the evidence are made aside; only when all are whole do they take their places."""
    period = Period.parse(desk.given.period) if desk.given.period else None
    heading = Heading(period, options.as_of, desk.names, options.language)
    places: dict[str, pl.DataFrame] = {}
    with ExitStack() as stack:
        for result in outcome.results:
            if result.template.name in targets:
                fresh = stack.enter_context(staged_file(targets[result.template.name]))
                findings = evidence.told(_of(outcome, result), options.language, result.template.entries)
                others = _others(outcome, result, desk.names)
                made = write_merged(fresh, *_look(desk, result), heading, Appendix(findings, others))
                places[result.template.name] = made
        if options.evidence is not None:
            _evidence(stack.enter_context(_evidence_folder(options.evidence.resolve())), outcome, options.language, places)


def _look(desk: Desk, result: Consolidation | Statistics) -> tuple[Issued | None, Consolidation | Statistics]:
    """The blank that a report is written into: the one issued, else for a statistics form the one of its largest file."""
    issued = next((one for one in desk.issued if one.template.name == result.template.name), None)
    if issued is not None or isinstance(result, Consolidation):
        return issued, result
    largest = next(one for one in desk.inbox.deliveries if one.file == result.template.workbook)
    made, template = own_look(desk.files[largest.file].read_bytes(), largest, result.template)
    return made, replace(result, template=template)


def _unused(outcome: Outcome, targets: Mapping[str, Path]) -> list[Submission]:
    return [one for result in outcome.results if result.template.name not in targets for one in result.submissions]


def _others(outcome: Outcome, result: Consolidation | Statistics, units: Units) -> tuple[SourceLine, ...]:
    """Files of which nothing is in a report: copies, what could not be read or recognised, and other forms."""
    mine = {one.file for one in result.submissions}
    rest = sorted((one for one in outcome.submissions if one.file not in mine), key=lambda one: one.file)
    return tuple(_other(one, units) for one in rest)


def _other(one: Submission, units: Units) -> SourceLine:
    state = State.SET_ASIDE if one.state is State.ACCEPTED else one.state
    received = one.delivery.received.isoformat(" ", "minutes")
    return SourceLine(units.name(one.unit or one.file), one.file, state.value, received, *[0] * 6)


def _of(outcome: Outcome, result: Consolidation | Statistics) -> Findings:
    """A group's findings, and those about files that are in no group."""
    others = [one.file for r in outcome.results if r is not result for one in r.submissions]
    return result.findings + outcome.loose.beside(others)


def _evidence_folder(folder: Path) -> AbstractContextManager[Path]:
    """Evidence of ours is replaced as a whole; what else stands there (``--force``) is left beside the new files."""
    return staged(folder, private=True) if not folder.exists() or is_evidence(folder) else staged_into(folder)


def _evidence(folder: Path, outcome: Outcome, language: Language, places: Mapping[str, pl.DataFrame]) -> None:
    """One group's files stand in the folder itself, several groups' in a folder each. ``places``: of groups that have a report."""
    names = _file_names(outcome)
    for result in outcome.results:
        frames = evidence.of(result, language).frames
        frames["findings.csv"] = evidence.told(_of(outcome, result), language, result.template.entries)
        if result.template.name in places:
            frames["places.csv"] = places[result.template.name]
        write_evidence(folder if len(outcome.results) == 1 else folder / names[result.template.name], frames)
    if not outcome.results:
        write_evidence(folder, {"findings.csv": evidence.told(outcome.loose, language, catalogue())})
