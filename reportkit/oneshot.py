"""``merge`` and ``validate``: files without a workspace, grouped by the template given or by their own headers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from os.path import commonprefix
from pathlib import Path

import polars as pl

from reportkit import evidence
from reportkit.compilation import Heading, Issued, problems_sheet, write_merged
from reportkit.consolidation import Consolidation
from reportkit.elements import element
from reportkit.errors import ExitStatus, NoInputError, UsageError
from reportkit.fields.inference import infer_template
from reportkit.fields.recognition import recognise
from reportkit.findings import Findings
from reportkit.grids import looks_like_grid
from reportkit.messages import Language
from reportkit.outbox import file_name, staged_file, write_evidence
from reportkit.rounds import HARMLESS, Inbox, Outcome, Told, issue, receive, settle, silent
from reportkit.sources import report_line, severities
from reportkit.specs import load_spec
from reportkit.statistics import Statistics
from reportkit.submissions import Delivery, Round, State
from reportkit.summary import FindingLine, MergeOptions, ReportLine, RoundSummary, SetAside, ValidateOptions
from reportkit.templates import Kind, Template
from reportkit.units import Units
from reportkit.workspace import Issued as OnDisk
from reportkit.workspace import Workspace, issued_in, packs, read_blank
from reportkit.writers.stamp import stamp_in

_SUFFIX = {Language.ZH: "-汇总", Language.EN: "-汇总"}


@dataclass(frozen=True, slots=True)
class _Desk:
    """What lies on the desk: files as they came, templates with blanks where there are any."""

    inbox: Inbox
    given: Round
    issued: tuple[Issued, ...]


def merge(options: MergeOptions, told: Told = silent) -> RoundSummary:
    """One clean report a group of files.

    Raises:
        UsageError: the template is wrong, or a file that is not ours stands where the report should.
        NoInputError: no file matched.
    """
    desk = _desk(options.paths, options.template, told)
    outcome = _settle(desk, options.as_of, told)
    heading = Heading(outcome.period, options.as_of, desk.given.units, options.language)
    targets = _targets(options, outcome)
    for target in targets.values():
        _refuse_foreign(target, force=options.force)
    if not options.dry_run:
        for result in outcome.results:
            if result.template.name in targets:
                _write(targets[result.template.name], desk, outcome, result, heading)
        if options.evidence is not None:
            _evidence(options.evidence, outcome, options.language)
    unused = [one for result in outcome.results if result.template.name not in targets for one in result.submissions]
    reports = [report_line(r, str(targets[r.template.name])) for r in outcome.results if r.template.name in targets]
    more = tuple(SetAside(one.file, "other-form") for one in unused)
    summary = _summary(outcome, desk.inbox, tuple(reports), more)
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
    summary = replace(_summary(outcome, desk.inbox, (), ()), listed=listed, dry_run=options.dry_run, next_step="validate")
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
    if workspace is not None:
        opened = Workspace.open(workspace)
        units, issued = opened.units, issued or tuple(issue(opened.issued()))
    inbox = receive(list(paths), None, {}, told)
    own = [one for one in inbox.deliveries if dict(one.stamp).get("reportkit.report")]
    inbox = replace(inbox, deliveries=tuple(one for one in inbox.deliveries if one not in own), skipped=inbox.skipped + len(own))
    if not inbox.deliveries:
        raise NoInputError("no-input", path=", ".join(map(str, paths)))
    templates = tuple(one.template for one in issued) or tuple(_groups(inbox.deliveries))
    return _Desk(inbox, Round(units, templates), issued)


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
            template = infer_template(f"form-{len(made) + 1}", one.sheets, {}, workbook="")
            made.append(_named(template, one, made))
    return [_entitled(template, readable, made) for template in made]


def _entitled(template: Template, readable: Sequence[Delivery], made: Sequence[Template]) -> Template:
    """The title that the group's files share: ``石湾村低收入台账``, ``前岭村低收入台账`` → ``低收入台账``."""
    mine = [
        one for one in readable if recognise([t for t in one.tables if t.visible], one.lines, "", made).template == template.name
    ]
    titles = [title for one in mine if (title := infer_template("x", one.sheets, {}, workbook="").title) != "x"]
    shared = commonprefix([title[::-1] for title in titles])[::-1].lstrip("村镇乡区市县社街道年月日、-—_ ") if titles else ""  # noqa: RUF071 - titles, not paths
    return template.model_copy(update={"title": shared}) if len(shared) >= 4 and len(titles) > 1 else template


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


def _targets(options: MergeOptions, outcome: Outcome) -> dict[str, Path]:
    """Template → path. A single file takes the largest group; a folder takes all."""
    results = sorted(outcome.results, key=lambda r: (-sum(len(s.tables) and 1 for s in r.submissions), r.template.name))
    if options.into_folder and options.out is not None:
        return {r.template.name: options.out / f"{file_name(r.template.title)}.xlsx" for r in results}
    first = options.paths[0].resolve()
    out = options.out or first.with_name(f"{first.name if first.is_dir() else first.stem}{_SUFFIX[options.language]}.xlsx")
    return {results[0].template.name: out} if results else {}


def _refuse_foreign(target: Path, *, force: bool) -> None:
    """A report overwrites only what carries its own stamp."""
    if target.exists() and not force and (target.is_dir() or not stamp_in(target.read_bytes()).get("reportkit.report")):
        raise UsageError("not-ours", path=target)


def _write(target: Path, desk: _Desk, outcome: Outcome, result: Consolidation | Statistics, heading: Heading) -> None:
    issued = next((one for one in desk.issued if one.template.name == result.template.name), None)
    findings = evidence.told(_of(outcome, result), heading.language)
    with staged_file(target) as fresh:
        write_merged(fresh, issued, result, heading, problems_sheet(findings, heading.language))


def _of(outcome: Outcome, result: Consolidation | Statistics) -> Findings:
    """A group's findings, and those about files that are in no group."""
    others = [one.file for r in outcome.results if r is not result for one in r.submissions]
    return result.findings + Findings(outcome.loose.frame.filter(~pl.col("file").is_in(others)))


def _evidence(folder: Path, outcome: Outcome, language: Language) -> None:
    """One group's files stand in the folder itself, several groups' in a folder each."""
    for result in outcome.results:
        frames = evidence.of(result, language).frames
        frames["findings.csv"] = evidence.told(_of(outcome, result), language)
        write_evidence(folder if len(outcome.results) == 1 else folder / file_name(result.template.title), frames)


def _summary(outcome: Outcome, inbox: Inbox, reports: tuple[ReportLine, ...], more: tuple[SetAside, ...]) -> RoundSummary:
    aside = [SetAside(one.file, one.note) for one in outcome.submissions if one.state in (State.UNREADABLE, State.SET_ASIDE)]
    return RoundSummary(
        period=outcome.period.name,
        reports=reports,
        submissions=evidence.counts(outcome.submissions),
        set_aside=(*aside, *more),
        findings=severities([outcome.loose, *(result.findings for result in outcome.results)]),
        skipped=inbox.skipped,
    )


def _listed(outcome: Outcome, options: ValidateOptions) -> tuple[FindingLine, ...]:
    """Findings in the order of their addresses; values of identifiers, phones and accounts masked."""
    lines: list[FindingLine] = []
    for result in outcome.results:
        masks = {one.name: element(one.element).mask for one in result.template.fields}
        lines += _lines(result.findings, masks, options)
    return tuple(lines + _lines(outcome.loose, {}, options))


def _lines(findings: Findings, masks: dict[str, Callable[[str], str]], options: ValidateOptions) -> list[FindingLine]:
    frame = findings.frame
    if not options.show_values:
        for name, mask in masks.items():
            hidden = pl.col("value").map_elements(mask, return_dtype=pl.String)
            frame = frame.with_columns(pl.when(pl.col("field") == name).then(hidden).otherwise(pl.col("value")).alias("value"))
    told = evidence.told(Findings(frame), options.language)
    return [
        FindingLine(one["file"], one["sheet"], f"{one['column']}{one['row'] or ''}", one["code"], one["severity"], one["message"])
        for one in told.iter_rows(named=True)
    ]
