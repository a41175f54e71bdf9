"""The evidence of a round as frames: where every row and value of a report came from, and what was decided.

Columns are the design's contract; one frame a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from reportkit.consolidation import Consolidation
from reportkit.explanation import links
from reportkit.fields.headers import attribute, word
from reportkit.fields.inference import element_of
from reportkit.findings import Findings
from reportkit.messages import Entry, Language
from reportkit.records import Part
from reportkit.statistics import Statistics
from reportkit.submissions import State, Submission, Timing
from reportkit.templates import Field, Kind, Template
from reportkit.units import Units
from reportkit.wording import worded

FINDINGS = ("file", "sheet", "row", "column", "code", "severity", "field", "value", "message")
FIELDS = ("template", "file", "sheet", "column", "header", "field", "score", "how")
FIGURES = ("file", "sheet", "row", "column", "cell", "written", "counted")
SUBMISSIONS = ("file", "unit", "template", "revision", "timing", "state", "received_at", "due", "sha256", "note")

#: Words this like a word of the lexicon are another spelling of it; what values show, and words that nobody knows, are less sure.
_SPELLING, _BY_VALUES, _UNKNOWN = 0.9, 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """File name → frame, for one template (or for the round)."""

    frames: dict[str, pl.DataFrame]


def of(one: Consolidation | Statistics, language: Language) -> Evidence:
    """A template's evidence but for its findings, which are told when all that is known of them is."""
    return of_list(one, language) if isinstance(one, Consolidation) else of_grid(one)


def of_list(one: Consolidation, language: Language) -> Evidence:
    """records, links, fields, changes, conflicts and unmapped of a list template."""
    return Evidence(
        {
            "records.csv": one.kept,
            "links.csv": links(one.records, one.clusters, language),
            "fields.csv": fields(one.template, [*one.records.parts, *one.older]),
            "changes.csv": one.changes,
            "conflicts.csv": one.conflicts,
            "unmapped.csv": one.unmapped,
            **_rules(one.outcomes),
        }
    )


def of_grid(one: Statistics) -> Evidence:
    """Fields (where each cell was found) and figures of a statistics template."""
    lines = [(one.template.name, f.file, f.sheet, f.column, f.label or f.cell, f.cell, f.score, f.how) for f in one.figures]
    figures = [(f.file, f.sheet, str(f.row), f.column, f.cell, f.text, str(int(f.counted is not None))) for f in one.figures]
    frames = {"fields.csv": _table(lines, FIELDS), "figures.csv": _table(figures, FIGURES)}
    return Evidence(frames | _rules(one.outcomes))


def _rules(outcomes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """How many rows each rule passed, failed and could not judge; nothing where a form has no rules."""
    return {"rules.csv": outcomes} if outcomes.height else {}


def _table(lines: Sequence[tuple[object, ...]], names: Sequence[str]) -> pl.DataFrame:
    kinds = {"score": pl.Float64, "revision": pl.Int64}
    return pl.DataFrame(lines, schema={name: kinds.get(name, pl.String) for name in names}, orient="row")


def fields(template: Template, parts: Iterable[Part]) -> pl.DataFrame:
    """One line a submitted column: the field it was taken for, how sure, and how."""
    lines = [
        (template.name, part.file, part.table.sheet, m.column, m.header, m.field, round(m.score, 4), m.how)
        for part in parts
        for m in part.matches
        if m.how != "number"
    ]
    return _table(lines, FIELDS)


def told(findings: Findings, language: Language, entries: Mapping[str, Entry]) -> pl.DataFrame:
    """Findings with severity and words, in the order of their addresses. ``entries``: what their codes mean."""
    frame = worded(findings, entries, language).sort("file", "sheet", "row", "column", "code", "field", "detail")
    shown = pl.when(pl.col("row") > 0).then("row").alias("row")
    return frame.select(shown if name == "row" else pl.col(name) for name in FINDINGS).unique(maintain_order=True)


def submissions(found: Sequence[Submission], templates: Sequence[Template], units: Units, dues: dict[str, str]) -> pl.DataFrame:
    """One line a file, and one for each form that is missing. ``dues``: template → ISO date."""
    lines = [_line(one, dues.get(one.template, "")) for one in found]
    lines += [
        ("", unit, template, 0, Timing.MISSING.value, "", "", dues.get(template, ""), "", "")
        for unit, template in missing(found, templates, units)
    ]
    return _table(lines, SUBMISSIONS).sort("file", "unit", "template")


def _line(one: Submission, due: str) -> tuple[object, ...]:
    received = one.delivery.received
    late = bool(due) and received.date().isoformat() > due
    timing = Timing.LATE if late else Timing.ON_TIME
    at = received.isoformat(" ", "seconds")
    return (one.file, one.unit, one.template, one.revision, timing.value, one.state.value, at, due, one.delivery.sha256, one.note)


def missing(found: Sequence[Submission], templates: Sequence[Template], units: Units) -> list[tuple[str, str]]:
    """(unit, template) of every form that is expected and of which nothing came, readable or not."""
    came = {(one.unit, one.template) for one in found}
    return [
        (unit.code, template.name)
        for template in templates
        for unit in units.reporting(template.reporters)
        if (unit.code, template.name) not in came
    ]


def concepts(templates: Sequence[Template]) -> pl.DataFrame:
    """What every template's fields mean: fields of one concept ask the same."""
    lines = [
        (one.name, field.name, field.concept or f"{one.name}.{field.name}", field.name, field.element, *_meant(one, field))
        for one in templates
        if one.kind is Kind.LIST
        for field in one.fields
    ]
    return _table(lines, ("template", "header", "concept", "field", "element", "score", "how"))


def _meant(template: Template, field: Field) -> tuple[float, str]:
    """How sure a field's meaning is, and by what: a person's word, the units' values, or the words of its header."""
    if not template.inferred:
        return 1.0, "decided"
    levels = field.name.split(">")
    what, sure = attribute(word(levels[-1]).name)
    if not field.values and field.element != element_of(levels):
        return _BY_VALUES, "values"
    how = "exact" if sure == 1 else "alias" if sure >= _SPELLING else "fuzzy"
    return (round(sure, 4), how) if what else (_UNKNOWN, "fuzzy")


def counts(found: Sequence[Submission]) -> dict[str, int]:
    """Files by state, in the order of the states."""
    return {state.value: sum(one.state is state for one in found) for state in State}
