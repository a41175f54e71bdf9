"""Which units' forms of a period take nothing more, on disk in a workspace's hidden folder, and what is kept out for it.

Locks and exceptions stand in ``locks.csv`` one below the other as they were made; of two that speak of one form the later counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field, fields, replace
from datetime import date, datetime, time
from pathlib import Path

import polars as pl

from reportkit.errors import UsageError
from reportkit.findings import Finding
from reportkit.outbox import staged_file
from reportkit.periods import Period
from reportkit.submissions import State, Submission
from reportkit.templates import Template
from reportkit.units import Units
from reportkit.writers.csv_text import read_csv, write_csv

FILE = "locks.csv"
HELD = "period-locked"
#: What became of a file that a round took.
_COUNTED = (State.ACCEPTED, State.RETURNED, State.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Lock:
    """A line of the file, all of it texts.

    Attributes:
        unit: a unit with all below it; "" for all units. ``template`` "" for all templates.
        locked_at: ISO day, which counts to its end, or ISO time; of an exception when it was made.
        open_until: "" for a lock; of an exception the last day on which files are taken.
    """

    period: str
    unit: str = ""
    template: str = ""
    locked_at: str = ""
    by: str = ""
    reason: str = ""
    open_until: str = ""

    @property
    def closed_at(self) -> datetime:
        """From when on a lock takes nothing."""
        return _end(self.locked_at)


COLUMNS = tuple(one.name for one in fields(Lock))


def _end(moment: str) -> datetime:
    """The time that a text says, of a day its end."""
    at = datetime.fromisoformat(moment)
    return at if len(moment) > len("2026-11-30") else datetime.combine(at, time.max)


@dataclass(frozen=True, slots=True)
class Locks:
    """Locks and exceptions in the order in which they were made."""

    lines: tuple[Lock, ...] = ()
    units: Units = field(default_factory=Units)

    def within(self, period: str) -> Locks:
        """Those of one period."""
        return replace(self, lines=tuple(one for one in self.lines if one.period == period))

    def standing(self, unit: str = "", template: str = "") -> Lock | None:
        """The lock of a form ("" of all) after which no exception was made for it or a part of it; None where there is none."""
        last = next((at for at in reversed(range(len(self.lines))) if self._covers(self.lines[at], unit, template)), -1)
        if last < 0 or any(one.open_until and self.touches(one, unit, template) for one in self.lines[last:]):
            return None
        return self.lines[last]

    def against(self, unit: str, template: str, received: datetime) -> Lock | None:
        """The lock by which a form's file that was received then is not taken; None where it is taken."""
        day = received.date().isoformat()
        shut = (one for one, until in self._held(unit, template) if received > one.closed_at and day > until)
        return next(shut, None)

    def forms(self, templates: Iterable[Template], today: date) -> frozenset[tuple[str, str]]:
        """(unit, template) of every form that is locked and on that day not open by exception."""
        owed = self._owed(templates) if self.lines else []
        day = today.isoformat()
        return frozenset(form for form in owed if any(day > until for _, until in self._held(*form)))

    def shut(self, templates: Sequence[Template], today: date) -> bool:
        """Whether on that day every form is locked."""
        return bool(self.lines) and self.forms(templates, today) == frozenset(self._owed(templates))

    def opened(self, today: date) -> tuple[Lock, ...]:
        """The exceptions by which something is open on that day: no lock was made after them."""
        open_ones = ((at, one) for at, one in enumerate(self.lines) if one.open_until >= today.isoformat())
        return tuple(one for at, one in open_ones if not any(self._shuts(later, one) for later in self.lines[at:]))

    def touches(self, one: Lock, unit: str, template: str) -> bool:
        """Whether a line speaks of any form of a unit and a template ("" of all)."""
        wider = Lock(one.period, unit, template)
        same = template in ("", one.template) or not one.template
        return same and (self._covers(one, unit, one.template) or self._covers(wider, one.unit, template))

    def _held(self, unit: str, template: str) -> Iterator[tuple[Lock, str]]:
        """Each lock of a form with the last day that exceptions made after it leave open."""
        mine = [one for one in self.lines if self._covers(one, unit, template)]
        for at, one in enumerate(mine):
            if not one.open_until:
                yield one, max(later.open_until for later in mine[at:])

    def _owed(self, templates: Iterable[Template]) -> list[tuple[str, str]]:
        return [(unit.code, one.name) for one in templates for unit in self.units.reporting(one.reporters)]

    def _shuts(self, later: Lock, one: Lock) -> bool:
        return not later.open_until and self._covers(later, one.unit, one.template)

    def _covers(self, one: Lock, unit: str, template: str) -> bool:
        own = self.units.get(unit)
        above = {"", unit, *(other.code for other in self.units.ancestors(own))} if own else {"", unit}
        return one.unit in above and one.template in ("", template)


def load(folder: Path, units: Units) -> Locks:
    """What was locked so far; nothing where nobody has locked anything.

    Raises:
        UsageError: the file was edited into something else, or names a unit that is none; with path and line.
    """
    path = folder / FILE
    try:
        frame = read_csv(path, COLUMNS)
    except ValueError:
        raise UsageError("locks-broken", path=path, line=1, columns=",".join(COLUMNS)) from None
    lines = tuple(Lock(*line) for line in frame.iter_rows())
    for number, one in enumerate(lines, 2):
        if wrong := _wrong(one, units):
            raise UsageError("locks-wrong", path=path, line=number, column=wrong, value=getattr(one, wrong))
    return Locks(lines, units)


def _wrong(one: Lock, units: Units) -> str:
    """The column of a line that cannot be what it says; "" where all can."""
    if one.unit and units.get(one.unit) is None:
        return "unit"
    return next((name for name, read in _READ.items() if not _reads(read, getattr(one, name))), "")


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


_READ: dict[str, Callable[[str], object]] = {
    "period": Period.parse,
    "locked_at": _end,
    "open_until": lambda text: date.fromisoformat(text or "2026-01-01"),
}


def store(folder: Path, locks: Locks) -> None:
    """Put locks in the place of those that stand there.

    Raises:
        DiskError: they cannot be written; the old ones stand as they were.
    """
    frame = pl.DataFrame([astuple(one) for one in locks.lines], schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    with staged_file(folder / FILE) as fresh:
        write_csv(fresh, frame)


def taken(evidence: Path) -> frozenset[str]:
    """What the last round of a period counted, by content (sha256): a lock keeps it, even where a copy gave the file a later time."""
    try:
        sent = read_csv(evidence / "submissions.csv", ("sha256", "state"))
    except ValueError:
        return frozenset()
    return frozenset(sent.filter(pl.col("state").is_in([one.value for one in _COUNTED]))["sha256"])


def held_back(
    submissions: Sequence[Submission], locks: Locks, taken: Collection[str] = ()
) -> tuple[list[Submission], list[Finding]]:
    """The submissions, those set aside that came after their form was locked, and a finding for each of these.

    Args:
        submissions: before their forms are consolidated.
        locks: those of the round's period.
        taken: contents (sha256) that stand whenever they came.
    """
    kept, told = [], []
    for one in submissions:
        new = one.state is State.ACCEPTED and one.delivery.sha256 not in taken
        lock = locks.against(one.unit, one.template, one.delivery.received) if new else None
        if lock is None:
            kept.append(one)
        else:
            kept.append(replace(one, state=State.SET_ASIDE, note=HELD))
            told.append(Finding(HELD, one.file, detail=_told(lock), suggestion=_opening(lock, one)))
    return kept, told


def _told(lock: Lock) -> str:
    """``2026-12-05 张三: 已上报``."""
    return ": ".join(filter(None, (f"{lock.locked_at} {lock.by}".strip(), lock.reason)))


def _opening(lock: Lock, one: Submission) -> str:
    """What to type for an exception."""
    return (
        f"reportkit lock --open --period {lock.period} --unit {one.unit} --template {one.template} --until YYYY-MM-DD --by NAME"
    )
