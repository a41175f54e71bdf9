"""One form's round from its submissions to its report and evidence on disk; many forms beside each other where there is much to do.

Forms know nothing of each other, so that each can have a process of its own. What comes back is small: the rows stay where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportkit import evidence, history
from reportkit.chronicle import chronicle
from reportkit.compilation import Heading, Issued, write_report
from reportkit.consolidation import Consolidation
from reportkit.consolidation import consolidate as consolidate_list
from reportkit.doubts import Doubts, doubts_of
from reportkit.findings import Findings
from reportkit.mentions import Mentions, mentions
from reportkit.outbox import file_name, write_evidence
from reportkit.records import UNIT
from reportkit.scaled import rounded_title, write_rounded
from reportkit.setting import Setting
from reportkit.severity import Severity
from reportkit.sources import left_out, report_line, severities
from reportkit.statistics import Statistics, consolidate_grid
from reportkit.submissions import State, Submission
from reportkit.summary import LeftOut, ReportLine
from reportkit.templates import Kind, Template
from reportkit.workers import each

#: From so many rows on processes are worth their start.
_MANY = 20_000


@dataclass(frozen=True, slots=True)
class Order:
    """What one form's round is made of. ``loose``: findings about its files as wholes; ``folder`` None: nothing is written.

    ``kept``: where its chronicle goes; None: nowhere. ``show_values``: what a person has to decide names numbers in full.
    """

    issued: Issued
    submissions: tuple[Submission, ...]
    setting: Setting
    heading: Heading
    loose: Findings
    folder: Path | None
    kept: Path | None = None
    show_values: bool = False

    @property
    def rows(self) -> int:
        """Number of rows in its tables."""
        return sum(table.body.height for one in self.submissions for table in one.tables)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a file in its form's round."""

    state: State
    revision: int
    note: str


@dataclass(frozen=True, slots=True)
class Product:
    """What is told of a form's round: the template as refined, each file's fate, counts, whom its rows name, and what a person has to decide.

    ``decided``: number of pairs of rows and of headers for which a person's word was taken; ``outcomes``: of each rule its code and the
    numbers of rows that passed, failed and were not judged.
    """

    template: Template
    fates: dict[str, Fate]
    line: ReportLine
    left_out: tuple[LeftOut, ...]
    severities: dict[Severity, int]
    mentions: tuple[Mentions, ...] = ()
    doubts: Doubts | None = None
    decided: int = 0
    outcomes: tuple[tuple[str, int, int, int], ...] = ()


def result_of(template: Template, submissions: Sequence[Submission], setting: Setting) -> Consolidation | Statistics:
    """The consolidation of a list's or a statistics form's submissions."""
    if template.kind is Kind.LIST:
        return consolidate_list(template, submissions, setting)
    return consolidate_grid(template, submissions, setting)


def produce(order: Order) -> Product:
    """Consolidate one form and write its report and evidence.

    Raises:
        OSError: it cannot be written.
    """
    result = result_of(order.issued.template, order.submissions, order.setting)
    name = f"{file_name(result.template.title)}.xlsx"
    if order.folder is not None:
        language = order.heading.language
        places = write_report(order.folder / name, order.issued, result, order.heading)
        if title := rounded_title(result.template):
            write_rounded(order.folder / f"{file_name(title)}.xlsx", order.issued, result, order.heading)
        frames = evidence.of(result, language).frames | {"places.csv": places}
        write_evidence(order.folder / "evidence" / result.template.name, frames)
    if order.kept is not None:
        history.write(order.kept / result.template.name, chronicle(result, order.loose))
    fates = {one.file: Fate(one.state, one.revision, one.note) for one in result.submissions}
    line = report_line(result, name if order.folder is not None else "")
    told = (result.template, fates, line, left_out([result]), severities([result.findings]))
    outcomes = tuple(result.outcomes.iter_rows())
    if not isinstance(result, Consolidation):
        return Product(*told, outcomes=outcomes)
    named = mentions(result) if order.kept is not None else ()
    return Product(*told, named, _doubts(order, result), result.decided + _headers_decided(result), outcomes)


def _doubts(order: Order, result: Consolidation) -> Doubts:
    units = order.heading.units
    names = {unit: units.name(unit) for unit in result.records.frame[UNIT].unique()}
    return doubts_of(result, names, order.heading.language, show_values=order.show_values)


def _headers_decided(result: Consolidation) -> int:
    return len({match.header for part in result.records.parts for match in part.matches if match.how == "decided"})


def produce_all(orders: Sequence[Order], told: Callable[[int, int], None]) -> list[Product]:
    """The products of all orders, in their order."""
    found: dict[int, Product] = {}
    for at, product in each(produce, orders, lambda order: order.rows, _MANY):
        found[at] = product
        told(len(found), len(orders))
    return [found[at] for at in range(len(orders))]
