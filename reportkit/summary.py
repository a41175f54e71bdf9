"""What a verb is asked to do and what a round tells about itself: options in, summary out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from reportkit.errors import ExitStatus, gravest
from reportkit.messages import Entry, Language
from reportkit.severity import Severity

if TYPE_CHECKING:  # what says itself at once on --help does not wait for it
    import polars as pl


class Failing(StrEnum):
    """From which severity on findings make the exit status 1; never: findings never do."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"

    def met(self, findings: dict[Severity, int]) -> bool:
        """Whether there is a finding at or above this severity."""
        order = [Severity.ERROR, Severity.WARNING, Severity.NOTE]
        judged = [] if self is Failing.NEVER else order[: order.index(Severity(self.value)) + 1]
        return any(findings.get(severity, 0) for severity in judged)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one input file may cost before it is given up: seconds of work and MiB of memory (not limited on Windows)."""

    seconds: float = 120
    memory: int = 2048


#: Archives and documents among the files are findings that make no round partial.
HARMLESS = frozenset({"file-archive", "file-document"})

#: What holds where nobody says otherwise.
LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class MergeOptions:
    """``merge``: one shot, no workspace.

    Attributes:
        out: the report's path, or a folder for one report a group where ``into_folder``; None: ``<folder>-汇总.xlsx`` beside
            the first path.
        template: path of a spec, or the name of a template in a pack; "" groups files by their headers.
        as_of: the day that the outputs carry; None is today, and then the outputs name no day that input does not name.
    """

    paths: tuple[Path, ...]
    out: Path | None = None
    into_folder: bool = False
    template: str = ""
    evidence: Path | None = None
    fail_on: Failing = Failing.ERROR
    force: bool = False
    dry_run: bool = False
    show_values: bool = False
    as_of: date | None = None
    language: Language = Language.ZH
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class ConsolidateOptions:
    """``consolidate``: a whole round of a workspace.

    Attributes:
        period: "" takes the latest that a submission names.
        wait: seconds to queue for another run's lock.
        fail_on: None takes what the workspace's settings say.
    """

    workspace: Path
    period: str = ""
    as_of: date | None = None
    engine: str = "local"
    fail_on: Failing | None = None
    require_complete: bool = False
    wait: float = 0
    dry_run: bool = False
    show_values: bool = False
    language: Language = Language.ZH


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """``review import``: decisions come back.

    Attributes:
        file: None takes ``review.xlsx`` of ``period``, and without that of the latest period that has one.
        by: who decided, where the workbook does not say it.
    """

    workspace: Path
    decided_at: date
    file: Path | None = None
    period: str = ""
    by: str = ""
    wait: float = 0
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ValidateOptions:
    """``validate``: findings only. ``workspace`` None works without units, by ``template`` or by the files' own headers.

    ``period``: of files that name none; "" takes the one that the others name, else the month of ``as_of``.
    """

    paths: tuple[Path, ...]
    template: str = ""
    marked: Path | None = None
    workspace: Path | None = None
    period: str = ""
    fail_on: Failing = Failing.ERROR
    force: bool = False
    dry_run: bool = False
    show_values: bool = False
    as_of: date | None = None
    language: Language = Language.ZH
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report of a round. ``rows_in`` = ``rows_out`` + ``merged`` + ``set_aside``; ``path`` "" where none was written."""

    template: str
    title: str
    path: str
    submissions: int
    rows_in: int
    rows_out: int
    merged: int
    set_aside: int
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A submission that is expected and has not come: a unit's name, a template's title."""

    unit: str
    template: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """A file that is in no report, the finding's code that says why, and the finding's detail."""

    file: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A submission that goes back to its unit, and the finding's code that says why."""

    unit: str
    file: str
    why: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A total of a report that leaves wrong cells out: the template's title, the field, how many cells."""

    report: str
    field: str
    cells: int


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as a terminal or a program reads it: what, where, its words with values masked, and what it does to a total.

    Attributes:
        unit: the unit's name, "" where nobody knows whose file it is.
        row: 0 where it is about a whole sheet or file; ``cell`` is then "" or the column's letter.
        effect: how far ``total``, the field or cell that the report adds up, would move, in its own unit.
        share: the same as a share of that total.
    """

    code: str
    severity: str
    unit: str
    file: str
    sheet: str
    row: int
    column: str
    cell: str
    field: str
    value: str
    message: str
    mend: str
    suggestion: str
    effect: float
    share: float
    total: str


@dataclass(frozen=True, slots=True)
class FoldedLine:
    """Findings that are alike as one: how many, from which cell to which, the first one's words, and the next few values."""

    code: str
    severity: str
    unit: str
    file: str
    sheet: str
    column: str
    field: str
    count: int
    first: str
    last: str
    message: str
    mend: str
    examples: tuple[str, ...]
    effect: float
    share: float
    total: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Findings to be shown one by one, gravest first, and folded.

    Attributes:
        frame: one line a finding with the columns of ``FindingLine``; None where there is none.
        entries: what their codes mean.
        expressions: what a rule of a template checks, by its code.
        unjudged: how many rows a rule could not judge, by its code.
        language: of their words; ``as_of``: the day that the run was given, "" where it was given none.
    """

    frame: pl.DataFrame | None = None
    folded: tuple[FoldedLine, ...] = ()
    entries: Mapping[str, Entry] = field(default_factory=dict)
    expressions: Mapping[str, str] = field(default_factory=dict)
    unjudged: Mapping[str, int] = field(default_factory=dict)
    language: Language = Language.ZH
    as_of: str = ""

    @property
    def lines(self) -> Iterator[FindingLine]:
        """The findings one by one; of many no more than one is held at a time."""
        return iter(()) if self.frame is None else (FindingLine(*row) for row in self.frame.iter_rows())

    def to_json(self) -> dict[str, object]:
        """``folded`` and ``listed``, as the document has them."""
        return {"folded": [_document(line) for line in self.folded], "listed": [_document(line) for line in self.lines]}

    def counts(self) -> dict[str, int]:
        """Number of findings by severity."""
        counts = Counter() if self.frame is None else Counter(dict(self.frame["severity"].value_counts().iter_rows()))
        return {severity.value: counts[severity.value] for severity in Severity}


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a unit's problems since its last revision: numbers of problems fixed, still open, new."""

    unit: str
    file: str
    fixed: int
    still: int
    new: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """How many rows of a form (of a statistics form: units) a rule passed, failed and could not judge."""

    template: str
    code: str
    passed: int
    failed: int
    not_judged: int


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """What a round did.

    Attributes:
        submissions: number of submissions by state.
        findings: number of findings by severity.
        listed: findings to be shown one by one (``validate``); a consolidation leaves them to the evidence.
        outputs: paths that were written, or would be in a dry run.
        statuses: every exit status that applies; the gravest is the command's.
        decisions: number of decisions of persons that were used; ``open``: of pairs of rows that wait for one.
        kept_review: where a review.xlsx lies that somebody filled in and nobody read back, before it was written anew.
        answered: number of findings that pass: ``explained``, ``waived``, and of the former ``reused``, explained in an earlier period.
        moved: of each file that came anew, what became of the problems that its unit was told.
        rules: what each rule said.
        marked: number of marked copies; ``disputes``: of facts that two departments state differently, ``settled``: of those that were corrected.
        rates: shares of the forms that are expected (``received_rate`` …); None where none is.
        next_step: key of the catalogue's phrase for the next thing to type; "" lets the verb choose.
    """

    period: str = ""
    as_of: str = ""
    reports: tuple[ReportLine, ...] = ()
    submissions: dict[str, int] = field(default_factory=dict)
    missing: tuple[Missing, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    returned: tuple[Returned, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    findings: dict[Severity, int] = field(default_factory=dict)
    listed: Listing = field(default_factory=Listing)
    outputs: tuple[str, ...] = ()
    skipped: int = 0
    decisions: int = 0
    open: int = 0
    kept_review: str = ""
    answered: dict[str, int] = field(default_factory=dict)
    moved: tuple[Moved, ...] = ()
    rules: tuple[RuleLine, ...] = ()
    marked: int = 0
    disputes: int = 0
    settled: int = 0
    rates: dict[str, float | None] = field(default_factory=dict)
    statuses: frozenset[ExitStatus] = frozenset()
    next_step: str = ""
    dry_run: bool = False

    @property
    def status(self) -> ExitStatus:
        """The exit status that wins."""
        return gravest(set(self.statuses))

    def to_json(self) -> dict[str, object]:
        """The document that ``--json`` prints and ``summary.json`` keeps; it names no clock and no machine."""
        return {
            "period": self.period,
            "as_of": self.as_of,
            "exit": int(self.status),
            "statuses": sorted(int(status) for status in self.statuses),
            "reports": [_document(line) for line in self.reports],
            "submissions": dict(sorted(self.submissions.items())),
            "missing": [_document(line) for line in self.missing],
            "set_aside": [_document(line) for line in self.set_aside],
            "returned": [_document(line) for line in self.returned],
            "left_out": [_document(line) for line in self.left_out],
            "findings": {severity.value: self.findings.get(severity, 0) for severity in Severity},
            **self.listed.to_json(),
            "outputs": list(self.outputs),
            "skipped": self.skipped,
            "decisions": self.decisions,
            "open": self.open,
            "answered": {name: self.answered.get(name, 0) for name in ("explained", "waived", "reused")},
            "moved": [_document(line) for line in self.moved],
            "rules": [_document(line) for line in self.rules],
            "marked": self.marked,
            "disputes": self.disputes,
            "settled": self.settled,
            "rates": self.rates,
            "dry_run": self.dry_run,
        }


def _document(
    line: ReportLine | Missing | SetAside | Returned | LeftOut | FindingLine | FoldedLine | Moved | RuleLine,
) -> dict[str, object]:
    return {name: getattr(line, name) for name in line.__slots__}
