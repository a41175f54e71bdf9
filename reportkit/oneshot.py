"""``merge`` and ``validate``: files without a workspace, grouped by the template given or by their own headers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from datetime import date
from os.path import commonprefix
from pathlib import Path

import polars as pl

from reportkit import evidence
from reportkit.arrivals import Inbox, Outcome, Told, issue, receive, settle, silent
from reportkit.compilation import Appendix, Heading, Issued, write_merged
from reportkit.consolidation import Consolidation
from reportkit.dating import period_in
from reportkit.errors import ExitStatus, NoInputError, UsageError
from reportkit.fields.inference import infer_template
from reportkit.fields.recognition import recognise
from reportkit.findings import Findings
from reportkit.formats import is_listing
from reportkit.formats.listing import Manner, listing
from reportkit.grids import looks_like_grid
from reportkit.intake import discover
from reportkit.looks import own_look
from reportkit.messages import Language, catalogue
from reportkit.outbox import file_name, is_evidence, is_evidence_file, staged, staged_file, staged_into, write_evidence
from reportkit.periods import Period
from reportkit.reckoning import set_aside
from reportkit.sources import SourceLine, left_out, report_line, returned, severities
from reportkit.specs import load_spec
from reportkit.statistics import Statistics
from reportkit.submissions import Delivery, Round, State, Submission
from reportkit.summary import HARMLESS, LIMITS, Listing, MergeOptions, ReportLine, RoundSummary, SetAside, ValidateOptions
from reportkit.templates import Kind, Template
from reportkit.units import Unit, Units
from reportkit.workspace import Issued as OnDisk
from reportkit.workspace import Workspace, issued_in, packs, read_blank
from reportkit.writers.stamp import stamp_in

_SUFFIX = "-汇总"
_REPORTER = re.compile(
    r"^\s*(?:(?:填报|填表|报送|上报|编制|汇总|报告)(?:单位|部门|机构|机关)|单位名称|单位(?=[(（]盖章)|乡镇|镇街|街道|社区|村)(?:名称)?"
    r"\s*(?:[(（][^)）]*[)）])?\s*[:：]\s*[_＿]*([^\s_＿:：]{2,30})(?![^\s]*[:：])"
)


#: What names of places end in; the rest of one that a shared ending begins with; what stands between place, month and title.
_PLACES = ("村", "镇", "乡", "街道", "社区", "区", "县", "市", "组")
_CUT = re.compile(r"^.{0,3}?(?:村|镇|乡|街道|社区|区|县|市|组)(?=.{4})")
_BETWEEN = "年月日、-—_ "


@dataclass(frozen=True, slots=True)
class _Desk:
    """What lies on the desk: files as they came, templates with blanks where there are any."""

    inbox: Inbox
    given: Round
    issued: tuple[Issued, ...]
    files: Mapping[str, Path]

    @property
    def names(self) -> Units:
        """Who sent each file, by the line in it that says so."""
        said = [(one.file, _reporter(one)) for one in self.inbox.deliveries]
        return self.given.units if len(self.given.units) else Units(tuple(Unit(file, name, "") for file, name in said if name))


def merge(options: MergeOptions, told: Told = silent) -> RoundSummary:
    """One clean report a group of files.

    Raises:
        UsageError: the template is wrong, or a file that is not ours stands where the report should.
        NoInputError: no file matched.
    """
    _refuse_other_formats(options)
    desk = _desk(options.paths, options.template, told)
    outcome = _settle(desk, options.as_of, told)
    targets = _targets(options, outcome)
    for target in targets.values():
        _refuse_foreign(target, desk, force=options.force)
    if options.evidence is not None and not options.force:
        _refuse_foreign_evidence(options.evidence)
    if not options.dry_run:
        _publish(options, desk, outcome, targets)
    reports = [report_line(r, str(targets[r.template.name])) for r in outcome.results if r.template.name in targets]
    more = tuple(SetAside(one.file, "other-form") for one in _unused(outcome, targets))
    summary = _summary(outcome, desk, tuple(reports), more)
    summary = replace(summary, outputs=tuple(map(str, targets.values())), dry_run=options.dry_run, next_step="merge")
    return _with_status(summary, fails=options.fail_on.met(summary.findings))


def validate(options: ValidateOptions, told: Told = silent) -> RoundSummary:
    """Findings only, one by one, values masked unless they are asked for.

    Raises:
        UsageError: template or workspace is wrong.
        NoInputError: no file matched.
    """
    desk = _desk(options.paths, options.template, told, options.workspace)
    outcome = _settle(desk, options.as_of, told)
    listed = _listed(outcome, options)
    summary = replace(_summary(outcome, desk, (), ()), listed=listed, dry_run=options.dry_run, next_step="validate")
    return _with_status(summary, fails=options.fail_on.met(summary.findings))


def _with_status(summary: RoundSummary, *, fails: bool) -> RoundSummary:
    statuses = {ExitStatus.DONE}
    if fails:
        statuses.add(ExitStatus.FINDINGS)
    if any(one.code not in HARMLESS for one in summary.set_aside):
        statuses.add(ExitStatus.PARTIAL)
    return replace(summary, statuses=frozenset(statuses))


# -- what lies on the desk --------------------------------------------------------------------------------


def _desk(paths: Sequence[Path], template: str, told: Told, workspace: Path | None = None) -> _Desk:
    absent = next((path for path in paths if not path.exists()), None)
    if absent is not None:
        raise NoInputError("no-input", path=absent)
    issued = tuple(_asked(template)) if template else ()
    units = Units()
    limits = LIMITS
    if workspace is not None:
        opened = Workspace.open(workspace)
        limits = opened.settings.bounds
        units, issued = opened.units, issued or tuple(issue(opened.issued()))
    files = {source.file: source.path for source in discover(list(paths)).sources}
    inbox = _without_own(receive(list(paths), None, {}, told, limits), files)
    if not inbox.deliveries:
        raise NoInputError("no-input", path=", ".join(map(str, paths)))
    templates = tuple(one.template for one in issued) or tuple(_groups(inbox.deliveries))
    return _Desk(inbox, Round(units, templates, "" if len(units) else _named_period(inbox.deliveries)), issued, files)


def _without_own(inbox: Inbox, files: Mapping[str, Path]) -> Inbox:
    """What an earlier call made, reports, evidence and findings, is no input: it is passed over with its findings, and counted."""
    own = {one.file for one in inbox.deliveries if dict(one.stamp).get("reportkit.report") or _written(files[one.file])}
    deliveries = tuple(one for one in inbox.deliveries if one.file not in own)
    return Inbox(deliveries, tuple(one for one in inbox.findings if one.file not in own), inbox.skipped + len(own))


def _written(path: Path) -> bool:
    """Whether an earlier call left it beside the files: evidence, or a list of findings."""
    return is_evidence_file(path) or is_listing(path)


def _named_period(deliveries: Sequence[Delivery]) -> str:
    """The one period that the files name; "" where they name none or several."""
    named = {period for one in deliveries for line in one.lines if (period := period_in(line.text))}
    return named.pop() if len(named) == 1 else ""


def _reporter(one: Delivery) -> str:
    """``填报单位(盖章)：前岭村`` → ``前岭村``; "" where no line says it."""
    return next((found[1] for line in one.lines if (found := _REPORTER.match(line.text))), "")


def _asked(template: str) -> list[Issued]:
    """A spec, a blank, a folder of specs, or the name of a template in a pack."""
    path = Path(template)
    if path.is_dir():
        return issue(issued_in(path))
    if path.suffix in (".yaml", ".yml") and path.is_file():
        spec = load_spec(path)
        return issue([OnDisk(spec, read_blank(path.parent / spec.workbook))])
    if path.is_file():
        blank = read_blank(path)
        plain = Template(name=path.stem, title=path.stem, workbook=path.name, kind=Kind.LIST)
        opened = issue([OnDisk(plain, blank)])[0]
        inferred = infer_template(path.stem, opened.blank.sheets, opened.blank.dropdowns, workbook=path.name)
        return [replace(opened, template=inferred)]
    for folder in packs().values():
        found = [one for one in issued_in(folder) if template in (one.template.name, one.template.title)]
        if found:
            return issue(found)
    raise UsageError("template-not-found", name=template)


def _groups(deliveries: Sequence[Delivery]) -> list[Template]:
    """A template for each kind of form, inferred from the largest file of its kind."""
    made: list[Template] = []
    readable = [one for one in deliveries if any(table.visible for table in one.tables)]
    for one in sorted(readable, key=lambda d: (-sum(t.body.height for t in d.tables), d.file)):
        if not recognise([t for t in one.tables if t.visible], one.lines, "", made).template:
            template = infer_template(f"form-{len(made) + 1}", one.sheets, {}, workbook=one.file)
            made.append(_named(template, one, made))
    return [_entitled(template, readable, made) for template in made]


def _entitled(template: Template, readable: Sequence[Delivery], made: Sequence[Template]) -> Template:
    """The title that the group's files share: ``石湾村低收入台账``, ``前岭村低收入台账`` → ``低收入台账``."""
    mine = [
        one for one in readable if recognise([t for t in one.tables if t.visible], one.lines, "", made).template == template.name
    ]
    titles = [title for one in mine if (title := infer_template("x", one.sheets, {}, workbook="").title) != "x"]
    shared = _shared(titles)
    return template.model_copy(update={"title": shared}) if len(shared) >= 4 and len(titles) > 1 else template


def _shared(titles: Sequence[str]) -> str:
    """What all titles end with, less what is left of a place's name where it cuts one: ``前岭村台账``, ``后岭村台账`` → ``台账``."""
    shared = commonprefix([title[::-1] for title in titles])[::-1] if titles else ""  # noqa: RUF071 - titles, not paths
    before = [title.removesuffix(shared) for title in titles]
    if all(one.endswith(_PLACES) or not one for one in before):
        return shared.lstrip(_BETWEEN)
    return _CUT.sub("", shared).lstrip(_BETWEEN)


def _named(template: Template, one: Delivery, made: Sequence[Template]) -> Template:
    title = template.title if template.title != template.name else Path(one.file).stem
    taken = {other.title for other in made}
    table = next(table for table in one.tables if table.visible)
    kind = Kind.GRID if template.kind is Kind.GRID and looks_like_grid(table) else template.kind
    return template.model_copy(update={"title": title if title not in taken else f"{title} {len(made) + 1}", "kind": kind})


def _settle(desk: _Desk, as_of: date | None, told: Told) -> Outcome:
    """Without units every file stands for itself."""
    return settle(desk.inbox, desk.given, as_of or date.today(), told, alone=not len(desk.given.units))  # noqa: DTZ011 - offices live in local time


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


def _refuse_foreign(target: Path, desk: _Desk, *, force: bool) -> None:
    """A report overwrites only what carries its own stamp, and never an input."""
    inputs = {desk.files[one.file].resolve() for one in desk.inbox.deliveries if one.file in desk.files}
    if target.resolve() in inputs:
        raise UsageError("out-is-input", path=target)
    if target.exists() and not force and (target.is_dir() or not stamp_in(target.read_bytes()).get("reportkit.report")):
        raise UsageError("not-ours", path=target)


def _refuse_foreign_evidence(folder: Path) -> None:
    if folder.exists() and not (folder.is_dir() and is_evidence(folder)):
        raise UsageError("evidence-not-ours", path=folder)


def _publish(options: MergeOptions, desk: _Desk, outcome: Outcome, targets: Mapping[str, Path]) -> None:
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


def _look(desk: _Desk, result: Consolidation | Statistics) -> tuple[Issued | None, Consolidation | Statistics]:
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
    return result.findings + Findings(outcome.loose.frame.filter(~pl.col("file").is_in(others)))


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


def _summary(outcome: Outcome, desk: _Desk, reports: tuple[ReportLine, ...], more: tuple[SetAside, ...]) -> RoundSummary:
    return RoundSummary(
        period=desk.given.period if not len(desk.given.units) else outcome.period.name,
        reports=reports,
        submissions=evidence.counts(outcome.submissions),
        set_aside=(*set_aside(outcome), *more),
        returned=returned(outcome.submissions, outcome.given.units),
        left_out=left_out(outcome.results),
        findings=severities([outcome.loose, *(result.findings for result in outcome.results)]),
        skipped=desk.inbox.skipped,
    )


def _listed(outcome: Outcome, options: ValidateOptions) -> Listing:
    """Findings gravest first; a file's unit by name where units are known."""
    units = outcome.given.units
    names = {one.file: units.name(one.unit) for one in outcome.submissions} if len(units) else {}
    manner = Manner(options.language, names, options.show_values, options.as_of)
    return listing(outcome.results, outcome.loose, manner)
