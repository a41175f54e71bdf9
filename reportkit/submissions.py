"""Who sent what, for which period, and which of several revisions counts.

A submission says its unit by its stamp, its 填报单位 line, its folder and its file name, in that order of trust; its period by
stamp, folder, a period line or the title. 填报日期 and digits in a file name are filing dates, never a period.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import PurePosixPath

from reportkit.dating import Source, filing_day, round_period, said, together, usual
from reportkit.fields.recognition import fits, recognise
from reportkit.findings import Finding
from reportkit.marking import Marks
from reportkit.sheets import Line, SheetTables, Table
from reportkit.templates import Template
from reportkit.units import Unit, Units


class State(StrEnum):
    """What became of a submission."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    SUPERSEDED = "superseded"
    COPY = "copy"
    UNREADABLE = "unreadable"
    SET_ASIDE = "set-aside"


class Timing(StrEnum):
    """When a submission came, measured against the template's due day."""

    ON_TIME = "on-time"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file as it arrived: what intake read, or why it could not (``trouble``, a finding's code).

    ``marks``: what a marked copy that its unit sent back brings with it.
    """

    file: str
    sha256: str
    received: datetime
    sheets: tuple[SheetTables, ...] = ()
    stamp: tuple[tuple[str, str], ...] = ()
    trouble: str = ""
    marks: Marks | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables, in the order of the sheets."""
        return tuple(table for sheet in self.sheets for table in sheet.tables)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The texts above its tables and on sheets without one."""
        above = [line for table in self.tables for line in table.above]
        return tuple(above + [line for sheet in self.sheets for line in sheet.lines])


@dataclass(frozen=True, slots=True)
class Submission:
    """One file from one unit for one template; ``unit`` and ``template`` are "" where nothing names them."""

    delivery: Delivery
    unit: str
    template: str
    period: str
    filed: date | None
    tables: tuple[Table, ...]
    state: State = State.ACCEPTED
    revision: int = 1
    note: str = ""
    period_by: Source = Source.NOBODY

    @property
    def file(self) -> str:
        """Its path below the inbox."""
        return self.delivery.file

    @property
    def order(self) -> tuple[datetime, date, int, str]:
        """Submissions of one unit and template in the order in which they count, the last one most."""
        return (self.delivery.received, self.filed or date.min, revision_mark(self.file), self.file)


@dataclass(frozen=True, slots=True)
class Round:
    """What submissions are held against."""

    units: Units
    templates: tuple[Template, ...]
    period: str = ""


_REVISED = re.compile(r"最终|终版|定稿|修改|修订|更正|更新|补报|重报|新版|[(（]新[)）]|(?:final|rev|v)\s*\d*$", re.IGNORECASE)
_VERSION = re.compile(r"(\d+)\s*[)）]?$")
_REPORTER = re.compile(
    r"(?:填报|填表|报送|上报|编制|汇总|报告)(?:单位|部门|机构|机关)|^单位名称|^单位\s*[(（]盖章|^(?:乡镇|镇街|街道|社区|村)(?:名称)?\s*[:：]"
)


def revision_mark(file: str) -> int:
    """How far a file name says that it is a revision: 0 none, else at least 1; ``(最终版2)`` → 3."""
    stem = PurePosixPath(file).stem
    found = _REVISED.search(stem)
    if not found:
        return 0
    version = _VERSION.search(stem[found.start() :])
    return 1 + (int(version[1]) if version and len(version[1]) < 3 else 1)


def identify(deliveries: Sequence[Delivery], given: Round) -> tuple[list[Submission], list[Finding]]:
    """Unit, template and period of every delivery, and what is doubtful about them.

    A workbook whose tables are of two templates makes a submission for each.
    """
    copies = _copies(deliveries)
    findings: list[Finding] = []
    found: list[Submission] = []
    for delivery in deliveries:
        if not delivery.trouble and delivery.file not in copies:
            found += _one(delivery, given, findings)
    originals = {submission.file: submission for submission in reversed(found)}
    for delivery in deliveries:
        if delivery.file in copies:
            original = originals.get(copies[delivery.file])
            found.append(_copy(delivery, copies[delivery.file], original, given))
    owed = _owed(found, given)
    found += [_unreadable(d, given, owed) for d in deliveries if d.trouble and d.file not in copies]
    return sorted(found, key=lambda one: one.file), findings


def _copies(deliveries: Sequence[Delivery]) -> dict[str, str]:
    """Copy → original: of identical bytes the earliest received counts. Empty files are no copies of each other."""
    first: dict[str, str] = {}
    copies = {}
    for delivery in sorted(deliveries, key=lambda d: (d.received, len(d.file), d.file)):
        if delivery.trouble:
            continue
        original = first.setdefault(delivery.sha256, delivery.file)
        if original != delivery.file:
            copies[delivery.file] = original
    return copies


def _copy(delivery: Delivery, of: str, original: Submission | None, given: Round) -> Submission:
    unit = original.unit if original else _unit(delivery, given.units)[0]
    return Submission(delivery, unit, original.template if original else "", given.period, None, (), State.COPY, note=of)


def _one(delivery: Delivery, given: Round, findings: list[Finding]) -> list[Submission]:
    unit, other = _unit(delivery, given.units)
    if not unit and len(given.units):
        findings.append(Finding("unit-unknown", delivery.file))
    if other:
        findings.append(Finding("unit-disagrees", delivery.file, value=unit, detail=other))
    period = said(
        dict(delivery.stamp).get("reportkit.period", "") or (delivery.marks.period if delivery.marks else ""),
        delivery.file,
        [line.text for line in delivery.lines],
    )
    if period.others:
        findings.append(Finding("period-disagrees", delivery.file, value=period.name, detail=", ".join(period.others)))
    filed = next((day for line in delivery.lines if (day := filing_day(line.text))), None)
    shares = _shares(delivery, given, findings)
    if not shares:
        return [Submission(delivery, unit, "", period.name, filed, (), State.SET_ASIDE, period_by=period.by)]
    return [
        Submission(delivery, unit, template, period.name, filed, tables, period_by=period.by)
        for template, tables in shares.items()
    ]


def _shares(delivery: Delivery, given: Round, findings: list[Finding]) -> dict[str, tuple[Table, ...]]:
    """Template → the tables that are of it. Tables that fit none are named in a finding."""
    if not delivery.tables:
        findings.append(Finding("no-table", delivery.file, delivery.sheets[0].sheet if delivery.sheets else ""))
        return {}
    whole = recognise(delivery.tables, delivery.lines, delivery.file, given.templates)
    if not whole.template:
        findings.append(Finding("template-unknown", delivery.file, detail=whole.why))
        return {}
    template = next(one for one in given.templates if one.name == whole.template)
    shares: dict[str, list[Table]] = {}
    for table in delivery.tables:
        own = whole if len(delivery.tables) == 1 else recognise((table,), table.above, "", given.templates)
        if len(delivery.tables) == 1 or (own.template in (whole.template, "") and fits(table, template)):
            shares.setdefault(whole.template, []).append(table)
        elif own.template and table.visible:
            shares.setdefault(own.template, []).append(table)
            findings.append(
                Finding("sheet-of-other-template", delivery.file, table.sheet, value=own.template, detail=whole.template)
            )
        else:
            findings.append(_aside(delivery.file, table))
    return {template: tuple(tables) for template, tables in shares.items()}


def _aside(file: str, table: Table) -> Finding:
    where = f"{table.header_first}–{max(table.data_last, table.header_last)}"
    return Finding("table-set-aside" if table.visible else "hidden-list", file, table.sheet, detail=where)


def _owed(found: Iterable[Submission], given: Round) -> dict[str, set[str]]:
    """Unit → templates that it has not filed yet."""
    names = {template.name for template in given.templates}
    owed = {unit.code: set(names) for unit in given.units}
    for submission in found:
        owed.get(submission.unit, set()).discard(submission.template)
    return owed


def _unreadable(delivery: Delivery, given: Round, owed: Mapping[str, set[str]]) -> Submission:
    """An unreadable file takes its unit from its folder, its template from its name, else from the one still owed."""
    unit, _ = _unit(delivery, given.units)
    open_ones = [t for t in given.templates if t.name in owed.get(unit, ())]
    template = recognise((), (), delivery.file, open_ones or given.templates).template
    if not template and len(open_ones) == 1:
        template = open_ones[0].name
    return Submission(delivery, unit, template, given.period, None, (), State.UNREADABLE, note=delivery.trouble)


def _unit(delivery: Delivery, units: Units) -> tuple[str, str]:
    """The unit's code by the most trusted source, and another unit's name that a less trusted one gives."""
    path = PurePosixPath(delivery.file)
    reporters = [line.text for line in delivery.lines if _REPORTER.search(line.text)]
    sources: list[Unit | None] = [units.find(dict(delivery.stamp).get("reportkit.unit", ""))]
    sources.append(units.find(delivery.marks.unit) if delivery.marks else None)
    sources += [units.find(_after_label(text)) for text in reporters]
    sources += [units.find(part) for part in reversed(path.parts[:-1])]
    sources.append(units.find(path.stem))
    named = [unit for unit in sources if unit]
    if not named:
        return "", ""
    first = named[0]
    related = {first.code, *(unit.code for unit in units.ancestors(first)), *(unit.code for unit in units.children(first))}
    other = next((unit.name for unit in named[1:] if unit.code not in related), "")
    return first.code, other


def _after_label(text: str) -> str:
    return re.split(r"[:：]", text, maxsplit=1)[-1]


def place(submissions: Sequence[Submission], wanted: str) -> tuple[str, list[Submission], list[Finding]]:
    """The round's period, and the submissions that are of it.

    A file that names no period belongs to the period asked for, else to the one that most files name. A file that only its own title
    places in another period is set aside with a finding: it may be a slip. A folder or stamp of another period is another round's.
    """
    named = [one.period for one in submissions]
    period = round_period(named, wanted)
    most = wanted or usual(named)
    mine, findings = [], []
    for one in submissions:
        if together(one.period or most, period):
            mine.append(one)
        elif one.period_by is not Source.STAMP and one.period_by is not Source.FOLDER:
            mine.append(replace(one, state=State.SET_ASIDE, note="period-other"))
            findings.append(Finding("period-other", one.file, value=one.period or most, detail=period))
    return period, mine, findings


def supersede(submissions: Sequence[Submission], keys: Mapping[str, frozenset[str]]) -> tuple[list[Submission], list[Finding]]:
    """Which revision counts, for the submissions of one template.

    A later file supersedes an earlier one of its unit if it shares half of the earlier one's keys or its name marks a
    revision; otherwise both stand as parts, with a finding. ``keys`` are the key values of each file's rows.
    """
    by_unit: dict[str, list[Submission]] = {}
    for one in submissions:
        by_unit.setdefault(one.unit or one.file, []).append(one)
    settled: list[Submission] = []
    findings: list[Finding] = []
    for group in by_unit.values():
        current: list[Submission] = []
        for revision, one in enumerate(sorted(group, key=lambda s: s.order), 1):
            replaced = [old for old in current if revision_mark(one.file) or _same_content(keys, old.file, one.file)]
            settled += [replace(old, state=State.SUPERSEDED, note=one.file) for old in replaced]
            current = [old for old in current if old not in replaced] + [replace(one, revision=revision)]
        if len(current) > 1:
            findings += [
                Finding("several-parts", one.file, detail="; ".join(o.file for o in current if o is not one)) for one in current
            ]
        settled += current
    return sorted(settled, key=lambda s: s.file), findings


def _same_content(keys: Mapping[str, frozenset[str]], old: str, new: str) -> bool:
    before, after = keys.get(old, frozenset()), keys.get(new, frozenset())
    return not before or len(before & after) * 2 >= len(before)
