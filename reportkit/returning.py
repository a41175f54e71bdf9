"""What goes back to the units: a marked copy of every submission with problems, and what units explained in the copies they sent back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import polars as pl

from reportkit.answers import Kind, told_before
from reportkit.arrivals import Outcome
from reportkit.chronicle import problems
from reportkit.closing import Closed
from reportkit.disputes import Disputes
from reportkit.effects import ranked
from reportkit.findings import SCHEMA, Findings
from reportkit.marking import Mark, Marking, Problem, Standing
from reportkit.messages import Language, tidy
from reportkit.readers import Unreadable
from reportkit.severity import Severity
from reportkit.submissions import Submission
from reportkit.units import Units
from reportkit.wording import worded
from reportkit.workers import each
from reportkit.writers.dispute_book import Frame, write_dispute_books
from reportkit.writers.marked_copy import marked_name, write_marked

#: From so many copies on processes are worth their start.
_MANY = 150
#: Where in a round's outbox copies and departments' workbooks lie.
MARKED, DISPUTES = "marked", "disputes"


@dataclass(frozen=True, slots=True)
class About:
    """What all marked copies of a round say: its period, the units' names, due days by template, the language."""

    period: str
    units: Units
    dues: Mapping[str, str]
    language: Language


@dataclass(frozen=True, slots=True)
class Copy:
    """A marked copy: of which file, where to, saying what."""

    source: Path
    target: Path
    marking: Marking


def send_back(folder: Path, inbox: Path, outcome: Outcome, closed: Sequence[Closed], language: Language) -> list[Path]:
    """Write the marked copies of a round into ``folder/marked``; gives their paths.

    Raises:
        OSError: one cannot be written.
    """
    units = outcome.given.units
    about = About(outcome.period.name, units, outcome.dues, language)
    wanted = copies(closed, outcome.submissions, about)
    return mark_all([replace(one, source=inbox / one.source, target=folder / MARKED / one.target) for one in wanted])


def write_disputes(folder: Path, disputes: Disputes, frame: Frame) -> None:
    """A workbook for each department whose word counts, in ``folder/disputes``; nothing where nothing is disputed that it owns.

    Raises:
        OSError: one cannot be written.
    """
    if disputes.frame.filter(pl.col("to") != "").height:
        (folder / DISPUTES).mkdir(mode=0o700)
        write_dispute_books(folder / DISPUTES, disputes, frame)


def dispute_evidence(disputes: Disputes) -> dict[str, pl.DataFrame]:
    """disputes.csv, a line a side; nothing where nothing is disputed."""
    return {"disputes.csv": disputes.frame.drop("key")} if disputes.number else {}


def copies(closed: Sequence[Closed], submissions: Sequence[Submission], about: About) -> list[Copy]:
    """The marked copies of all files that hold an error or a warning: of the file, at ``<unit code>/<name>``."""
    told: dict[str, list[Problem]] = {}
    for one in closed:
        for file, found in _problems(one, about.language):
            told.setdefault(file, []).extend(found)
    first = {one.file: one for one in reversed(submissions)}
    fixed = {moved.file: moved.fixed for one in closed for moved in one.moved}
    titles = {one.template.name: one.template.title for one in closed}
    known = {file: found for file, found in sorted(told.items()) if file in first}
    names = _names({file: first[file].unit for file in known})
    made = []
    for file, found in known.items():
        sent = first[file]
        facts = (sent.delivery.sha256, sent.unit, about.units.name(sent.unit), sent.template, titles.get(sent.template, ""))
        marking = Marking(
            file, *facts, about.period, tuple(found), about.language, fixed.get(file, 0), about.dues.get(sent.template, "")
        )
        made.append(Copy(Path(file), Path(sent.unit or "_") / names[file], marking))
    return made


def _names(units: Mapping[str, str]) -> dict[str, str]:
    """File → its copy's name: the file's own; where a unit sent two of one name, with the folders above it."""
    taken = Counter((unit, PurePosixPath(file).name.casefold()) for file, unit in units.items())
    names = {}
    for file, unit in units.items():
        path = PurePosixPath(file)
        names[file] = marked_name(path.name if taken[unit, path.name.casefold()] == 1 else "-".join(path.parts))
    return names


def _problems(one: Closed, language: Language) -> Iterator[tuple[str, list[Problem]]]:
    """File → its errors and warnings, those that move totals most first."""
    said = one.said.select("number", "kind", "text", "passes")
    frame = worded(Findings(one.findings.select(list(SCHEMA))), one.template.entries, language)
    frame = frame.with_columns(one.findings.select("unit", "key", "share")).with_row_index("number")
    frame = frame.join(said, on="number", how="left", maintain_order="left")
    lines = ranked(problems(frame))
    lines = lines.with_columns(_seen_before(one, lines))
    for (file,), part in lines.group_by("file", maintain_order=True):
        yield str(file), [_problem(line) for line in part.iter_rows(named=True)]


def _seen_before(one: Closed, lines: pl.DataFrame) -> pl.Series:
    """Whether a problem was told before, null for units that were told nothing before."""
    told = one.chronicle.told
    known = pl.col("unit").is_in(told["unit"].unique().implode())
    return lines.select(pl.when(known).then(told_before(told, lines)).alias("seen")).to_series()


def _problem(line: Mapping[str, object]) -> Problem:
    facts = {name: str(line[name] or "") for name in ("code", "sheet", "column", "field", "value", "key")}
    # What is said of a whole row is no value for a cell.
    facts["suggestion"] = str(line["suggestion"] or "") if line["column"] else ""
    words = {"message": tidy(str(line["message"])), "mend": tidy(str(line["mend"])), "explanation": str(line["text"] or "")}
    return Problem(
        **facts, **words, row=int(str(line["row"])), severity=Severity(str(line["severity"])), standing=_standing(line)
    )


def _standing(line: Mapping[str, object]) -> Standing:
    if line["passes"]:
        return Standing.WAIVED if line["kind"] == Kind.WAIVED.value else Standing.EXPLAINED
    if line["seen"] is None:
        return Standing.OPEN
    return Standing.STILL if line["seen"] else Standing.NEW


def mark_all(wanted: Sequence[Copy]) -> list[Path]:
    """Write marked copies; gives those that could be written: what no reader can open has no cells to mark.

    Raises:
        OSError: one cannot be written.
    """
    for one in wanted:
        one.target.parent.mkdir(parents=True, exist_ok=True)
    done = dict(each(_mark, wanted, lambda _: 1, _MANY))
    return [path for at in range(len(wanted)) if (path := done[at])]


def _mark(one: Copy) -> Path | None:
    try:
        write_marked(one.target, one.source.read_bytes(), one.marking)
    except Unreadable:
        return None
    return one.target


def explanations(submissions: Iterable[Submission], period: str) -> Iterator[dict[str, str]]:
    """What units typed beside the problems of the copies that they sent back, as lines of ``answers.SCHEMA``."""
    for one in submissions:
        marks = one.delivery.marks
        for mark in marks.explained if marks else ():
            yield _explanation(one, mark, period)


def _explanation(one: Submission, mark: Mark, period: str) -> dict[str, str]:
    what = {
        "template": one.template,
        "unit": one.unit,
        "code": mark.code,
        "field": mark.field,
        "key": mark.key,
        "value": mark.value,
    }
    given = {"kind": Kind.EXPLAINED.value, "text": mark.explanation, "by": "", "at": "", "until": "", "period": period}
    return what | given
