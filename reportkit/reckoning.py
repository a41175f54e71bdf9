"""What a round tells about itself, and the exit statuses that follow from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from reportkit import evidence
from reportkit.answers import Movement
from reportkit.arrivals import Inbox, Outcome
from reportkit.closing import Closed, Closing
from reportkit.disputes import corrected
from reportkit.errors import ExitStatus
from reportkit.findings import Findings
from reportkit.masking import masked
from reportkit.production import Product
from reportkit.severity import Severity
from reportkit.sources import returned, severities
from reportkit.submissions import State
from reportkit.summary import HARMLESS, ConsolidateOptions, Failing, Missing, Moved, ReportLine, RoundSummary, RuleLine, SetAside
from reportkit.workspace import OUTBOX

#: What keeps a readable file out of every report.
ASIDE = frozenset({"no-table", "template-unknown"})


def summarise(
    outcome: Outcome, products: Sequence[Product], inbox: Inbox, options: ConsolidateOptions, closing: Closing | None = None
) -> RoundSummary:
    """What the round tells about itself; paths are below the workspace. ``closing``: its end, where it came there."""
    closed = closing.forms if closing else ()
    units = outcome.given.units
    titles = {one.name: one.title for one in outcome.given.templates}
    absent = evidence.missing(outcome.submissions, outcome.given.templates, units)
    ends = {one.template.name: one for one in closed}
    counts = Counter(severities([elsewhere(outcome.loose, closed)]))
    for product in products:
        counts.update(_severities(product, ends))
    place = f"{OUTBOX}/{outcome.period.name}/"
    lines = [_line(one, place, ends) for one in products]
    summary = RoundSummary(
        period=outcome.period.name,
        as_of=outcome.as_of.isoformat() if options.as_of else "",
        reports=tuple(lines),
        submissions=evidence.counts(outcome.submissions),
        missing=tuple(Missing(units.name(unit), titles[template]) for unit, template in absent),
        set_aside=set_aside(outcome),
        returned=returned(outcome.submissions, units),
        left_out=tuple(one for product in products for one in product.left_out),
        findings=dict(counts),
        outputs=tuple(line.path for line in lines if line.path),
        skipped=inbox.skipped,
        decisions=sum(one.decided for one in products),
        open=sum(one.doubts.open for one in products if one.doubts),
        answered=answered(closed, outcome.period.name),
        moved=tuple(moved_of(one, outcome) for end in closed for one in end.moved),
        rules=tuple(line for one in products for line in rule_lines(one.template.name, one.outcomes)),
        disputes=closing.disputes.number if closing else 0,
        settled=corrected(closing.disputed, outcome.period.name) if closing else 0,
    )
    return replace(summary, statuses=_statuses(summary, options.fail_on or Failing.ERROR, complete=options.require_complete))


def rates(standings: pl.DataFrame) -> dict[str, float | None]:
    """The shares of all that is expected: received, on time, accepted; None where nothing is."""
    whole = standings.filter(pl.col("scope") == "all")
    names = [name for name in whole.columns if name.endswith("_rate")]
    return {
        name: round(value, 4) if value is not None else None for name, value in whole.select(names).row(0, named=True).items()
    }


def answered(closed: Sequence[Closed], period: str) -> dict[str, int]:
    """Numbers of findings that passed: ``explained``, ``waived``, and of the former ``reused``, explained in an earlier period."""
    counts = Counter[str]()
    for one in closed:
        counts.update(one.excused)
        counts["reused"] += one.reused(period)
    return dict(counts)


def moved_of(one: Movement, outcome: Outcome) -> Moved:
    """What became of a unit's problems, with the unit's name."""
    unit = next((sent.unit for sent in outcome.submissions if sent.file == one.file), "")
    return Moved(outcome.given.units.name(unit), one.file, one.fixed, one.still, one.new)


def rule_lines(template: str, outcomes: Iterable[tuple[str, int, int, int]]) -> Iterator[RuleLine]:
    """What each rule of a template said (``rulebook.OUTCOMES``)."""
    for code, passed, failed, not_judged in outcomes:
        yield RuleLine(template, code, passed, failed, not_judged)


def elsewhere(loose: Findings, closed: Sequence[Closed]) -> Findings:
    """Findings about files that are in no form's round."""
    return loose.beside(file for one in closed for file in one.chronicle.files["file"])


def _severities(product: Product, ends: Mapping[str, Closed]) -> dict[Severity, int]:
    """Findings of a form by severity; at the round's end those that nothing lets pass."""
    end = ends.get(product.template.name)
    return end.severities if end else product.severities


def _line(product: Product, place: str, ends: Mapping[str, Closed]) -> ReportLine:
    counts = _severities(product, ends)
    path = place + product.line.path if product.line.path else ""
    return replace(product.line, path=path, errors=counts[Severity.ERROR], warnings=counts[Severity.WARNING])


def set_aside(outcome: Outcome) -> tuple[SetAside, ...]:
    """Files that are in no report, with the code and the detail of the finding that says why."""
    why = {line["file"]: line for line in outcome.loose.frame.reverse().iter_rows(named=True) if line["code"] in ASIDE}
    trouble = {(line["file"], line["code"]): line["detail"] for line in outcome.loose.frame.iter_rows(named=True)}
    aside = [one for one in outcome.submissions if one.state in (State.UNREADABLE, State.SET_ASIDE)]
    codes = [(one.file, one.note or str(why.get(one.file, {}).get("code", ""))) for one in aside]
    return tuple(SetAside(file, code, masked(trouble.get((file, code), ""))) for file, code in codes)


def _statuses(summary: RoundSummary, fail_on: Failing, *, complete: bool) -> frozenset[ExitStatus]:
    found = {ExitStatus.DONE}
    if fail_on.met(summary.findings):
        found.add(ExitStatus.FINDINGS)
    if any(one.code not in HARMLESS for one in summary.set_aside):
        found.add(ExitStatus.PARTIAL)
    if complete and summary.missing:
        found.add(ExitStatus.INCOMPLETE)
    return frozenset(found)
