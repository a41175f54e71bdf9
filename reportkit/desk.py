"""What lies on the desk: files without a round, grouped by the template given or by their own headers, and what is told of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from os.path import commonprefix
from pathlib import Path

from reportkit import evidence
from reportkit.arrivals import Inbox, Outcome, Told, issue, receive, settle
from reportkit.compilation import Issued
from reportkit.dating import period_in
from reportkit.errors import ExitStatus, NoInputError, UsageError
from reportkit.fields.inference import infer_template
from reportkit.fields.recognition import recognise
from reportkit.formats import is_listing
from reportkit.grids import looks_like_grid
from reportkit.history import PERIODS
from reportkit.intake import discover
from reportkit.outbox import is_evidence_file
from reportkit.periods import today
from reportkit.reckoning import set_aside
from reportkit.sources import left_out, returned, severities
from reportkit.specs import load_spec
from reportkit.submissions import Delivery, Round
from reportkit.summary import HARMLESS, LIMITS, ReportLine, RoundSummary, SetAside
from reportkit.templates import Kind, Template
from reportkit.units import Unit, Units
from reportkit.workspace import Issued as OnDisk
from reportkit.workspace import Workspace, issued_in, packs, read_blank
from reportkit.writers.stamp import stamp_in

_REPORTER = re.compile(
    r"^\s*(?:(?:填报|填表|报送|上报|编制|汇总|报告)(?:单位|部门|机构|机关)|单位名称|单位(?=[(（]盖章)|乡镇|镇街|街道|社区|村)(?:名称)?"
    r"\s*(?:[(（][^)）]*[)）])?\s*[:：]\s*[_＿]*([^\s_＿:：]{2,30})(?![^\s]*[:：])"
)


#: What names of places end in; the rest of one that a shared ending begins with; what stands between place, month and title.
_PLACES = ("村", "镇", "乡", "街道", "社区", "区", "县", "市", "组")
_CUT = re.compile(r"^.{0,3}?(?:村|镇|乡|街道|社区|区|县|市|组)(?=.{4})")
_BETWEEN = "年月日、-—_ "


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the desk: files as they came, templates with blanks where there are any."""

    inbox: Inbox
    given: Round
    issued: tuple[Issued, ...]
    files: Mapping[str, Path]
    workspace: Workspace | None = None

    @property
    def names(self) -> Units:
        """Who sent each file, by the line in it that says so."""
        said = [(one.file, _reporter(one)) for one in self.inbox.deliveries]
        return self.given.units if len(self.given.units) else Units(tuple(Unit(file, name, "") for file, name in said if name))


def on_desk(paths: Sequence[Path], template: str, told: Told, workspace: Path | None = None, period: str = "") -> Desk:
    """Files read, and the templates that they are held against: the one asked for, else the workspace's, else their own headers'.

    ``period``: of files that name none; "" takes what the others name.

    Raises:
        UsageError: template or workspace is wrong.
        NoInputError: no file matched.
    """
    absent = next((path for path in paths if not path.exists()), None)
    if absent is not None:
        raise NoInputError("no-input", path=absent)
    issued = tuple(asked(template)) if template else ()
    units = Units()
    limits = LIMITS
    opened = Workspace.open(workspace) if workspace is not None else None
    if opened is not None:
        limits = opened.settings.bounds
        units, issued = opened.units, issued or tuple(issue(opened.issued()))
    files = {source.file: source.path for source in discover(list(paths)).sources}
    inbox = _without_own(receive(list(paths), None, {}, told, limits), files)
    if not inbox.deliveries:
        raise NoInputError("no-input", path=", ".join(map(str, paths)))
    templates = tuple(one.template for one in issued) or tuple(_groups(inbox.deliveries))
    named = period or ("" if len(units) else _named_period(inbox.deliveries))
    return Desk(inbox, Round(units, templates, named), issued, files, opened)


def refuse_foreign(target: Path, desk: Desk, mark: str, *, force: bool) -> None:
    """What is written overwrites only what bears the program's own mark, and never an input.

    Raises:
        UsageError: it would.
    """
    inputs = {desk.files[one.file].resolve() for one in desk.inbox.deliveries if one.file in desk.files}
    if target.resolve() in inputs:
        raise UsageError("out-is-input", path=target)
    if target.exists() and not force and (target.is_dir() or not stamp_in(target.read_bytes()).get(mark)):
        raise UsageError("not-ours", path=target)


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


def asked(template: str) -> list[Issued]:
    """A spec, a blank, a folder of specs, or the name of a template in a pack.

    Raises:
        UsageError: it is none of these, or the spec or the blank is wrong.
    """
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


def settled(desk: Desk, as_of: date | None, told: Told) -> Outcome:
    """Without units every file stands for itself."""
    past = desk.workspace.hidden / PERIODS if desk.workspace else None
    return settle(desk.inbox, desk.given, as_of or today(), told, past)


def summary_of(outcome: Outcome, desk: Desk, reports: tuple[ReportLine, ...], more: tuple[SetAside, ...]) -> RoundSummary:
    """What is told of them. ``more``: files that are in no report."""
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


def with_status(summary: RoundSummary, *, fails: bool) -> RoundSummary:
    """With the exit statuses that apply; ``fails``: there are findings at or above the severity asked for."""
    statuses = {ExitStatus.DONE}
    if fails:
        statuses.add(ExitStatus.FINDINGS)
    if any(one.code not in HARMLESS for one in summary.set_aside):
        statuses.add(ExitStatus.PARTIAL)
    return replace(summary, statuses=frozenset(statuses))
