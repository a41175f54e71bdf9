"""The end of a round, once every form is consolidated: what holds across forms, what was answered, what goes back to the units.

Forms are consolidated apart from each other, in processes of their own; here their chronicles lie side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import polars as pl

from reportkit import answers, evidence, history
from reportkit.chronicle import TOLD, Chronicle, chronicle, problems
from reportkit.consolidation import Consolidation
from reportkit.disputes import KEPT, Disputes, Stated, find_disputes, follow, told
from reportkit.effects import effects_across
from reportkit.findings import SCHEMA, Findings
from reportkit.mentions import mentions
from reportkit.messages import Language
from reportkit.outbox import write_evidence
from reportkit.periods import Period
from reportkit.reconciling import Tables, reconcile
from reportkit.referring import refer
from reportkit.register import register
from reportkit.severity import Severity
from reportkit.statistics import Statistics
from reportkit.submissions import State
from reportkit.templates import Kind, Template
from reportkit.units import Units

#: Evidence of what was answered to findings.
EXPLANATIONS = ("file", "sheet", "row", "column", "code", "severity", "field", "kind", "text", "by", "until", "period", "passes")


@dataclass(frozen=True, slots=True)
class Background:
    """What a round is held against: its period and day, the units, all answers and disputes so far, and where earlier rounds are kept."""

    period: Period
    as_of: date
    units: Units = field(default_factory=Units)
    answers: pl.DataFrame = field(default_factory=answers.none)
    past: Path | None = None
    disputed: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=KEPT))

    def earlier(self, period: Period, template: str) -> Chronicle | None:
        """A form's round of another period; of this very period as it was before this round."""
        return history.read(self.past / period.name / template) if self.past else None


@dataclass(frozen=True, slots=True)
class Closed:
    """A form at the round's end.

    Attributes:
        chronicle: with all findings, those across forms included.
        said: what was answered to them, by their number (``answers.answered``).
        moved: of each file that a unit sent anew, what became of the problems it was told.
    """

    template: Template
    chronicle: Chronicle
    said: pl.DataFrame
    moved: tuple[answers.Movement, ...] = ()

    @property
    def findings(self) -> pl.DataFrame:
        """All of them (``answers.keyed``)."""
        return self.chronicle.findings

    @property
    def open(self) -> pl.DataFrame:
        """Findings that no answer lets pass."""
        return answers.still_open(self.findings, self.said)

    @property
    def severities(self) -> dict[Severity, int]:
        """Numbers of open findings by severity."""
        counts = dict(self.open.group_by("severity").len().iter_rows())
        return {severity: counts.get(severity.value, 0) for severity in Severity}

    @property
    def excused(self) -> dict[str, int]:
        """Number of findings that passed by kind of answer."""
        counts = dict(self.said.filter("passes").group_by("kind").len().iter_rows())
        return {kind.value: counts.get(kind.value, 0) for kind in answers.Kind}

    @property
    def explained(self) -> dict[str, int]:
        """File → number of its findings that an explanation lets pass."""
        numbers = self.said.filter(pl.col("passes") & (pl.col("kind") == answers.Kind.EXPLAINED.value))["number"]
        return dict(self.findings[numbers].group_by("file").len().iter_rows())

    def reused(self, period: str) -> int:
        """Number of findings that passed by an explanation of an earlier period."""
        earlier = (pl.col("period") != "") & (pl.col("period") != period)
        return self.said.filter(pl.col("passes") & earlier).height


@dataclass(frozen=True, slots=True)
class Closing:
    """A round's end: its forms, what departments state differently, and the file of all disputes after it."""

    forms: tuple[Closed, ...]
    disputes: Disputes
    disputed: pl.DataFrame


def close(templates: Sequence[Template], kept: Path, background: Background, things: pl.DataFrame) -> Closing:
    """Every form with what holds across forms, and what was answered.

    Args:
        templates: all, those of forms that somebody filed as refined.
        kept: where the chronicles of the latter lie; all findings go into them.
        background: what the round is held against.
        things: which rows are about one thing (``register.Register.lines``).
    """
    chronicles = {one.name: found for one in templates if (found := history.read(kept / one.name))}
    tables = Tables(
        {one.name: one for one in templates}, chronicles, things, background.period, background.earlier, background.units
    )
    disputes = find_disputes(_stated(tables), background.units, background.disputed)
    across = (reconcile(tables), refer(tables), told(disputes, background.units))
    forms = []
    for name, template in tables.templates.items():
        if name not in chronicles:
            continue
        extra = [found[name] for found in across if name in found]
        forms.append(_close(template, chronicles[name], extra, background))
        history.amend(kept / name, forms[-1].chronicle)
    return Closing(tuple(forms), disputes, follow(background.disputed, disputes, background.period.name))


@dataclass(frozen=True, slots=True)
class Beside:
    """What a workspace has beside files that are looked at: all its forms, and where its rounds are kept."""

    templates: Sequence[Template]
    past: Path


def close_apart(
    results: Sequence[Consolidation | Statistics], loose: Findings, background: Background, beside: Beside | None = None
) -> list[Closed]:
    """Forms at the end of a look at them that keeps nothing.

    With a workspace ``beside`` them they are held against its other forms as the last round of the period left these.
    """
    chronicles = {one.template.name: chronicle(one, loose.about(sent.file for sent in one.submissions)) for one in results}
    across = _across(results, chronicles, background, beside) if beside else {}
    return [
        _close(one.template, chronicles[name], [across[name]] if name in across else (), background)
        for one in results
        if (name := one.template.name)
    ]


def _across(
    results: Sequence[Consolidation | Statistics], chronicles: Mapping[str, Chronicle], background: Background, beside: Beside
) -> dict[str, Findings]:
    forms = {one.name: one for one in beside.templates} | {one.template.name: one.template for one in results}
    if not any(forms[name].reconcile for name in chronicles):
        return {}
    lists = [one for one in results if isinstance(one, Consolidation)]
    lines = register([named for one in lists for named in mentions(one)]).lines
    kept = replace(background, past=beside.past)
    return reconcile(Tables(forms, chronicles, lines, background.period, kept.earlier, background.units, looked=True))


def _stated(tables: Tables) -> Stated:
    """What the lists say about whom."""
    lists = {name: tables.templates[name] for name in tables.chronicles if tables.templates[name].kind is Kind.LIST}
    places = [
        one.places.select(pl.lit(name).alias("template"), "file", "sheet", "field", "column")
        for name, one in tables.chronicles.items()
        if name in lists
    ]
    empty = pl.DataFrame(schema=dict.fromkeys(("template", "file", "sheet", "field", "column"), pl.String))
    return Stated({name: tables.rows(name) for name in lists}, lists, pl.concat([empty, *places]))


def _close(template: Template, one: Chronicle, extra: Sequence[Findings], background: Background) -> Closed:
    findings = pl.concat([one.findings, *(_placed(found, one, template) for found in extra)])
    said = answers.answered(findings, answers.in_force(background.answers, template.name), background.as_of)
    findings = pl.concat([findings, _to_be_waived(findings, said)])
    whole = replace(one, findings=findings, told=_told(one, background.earlier(background.period, template.name)))
    return Closed(template, whole, said, tuple(_moved(whole, said)))


def _to_be_waived(findings: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """A note on each error that a unit explained and nobody has waived: the district decides."""
    asked = said.filter(~pl.col("passes"))
    lines = findings[asked["number"]].with_columns(
        pl.lit("explanation-needs-waiver").alias("code"),
        pl.lit(Severity.NOTE.value).alias("severity"),
        pl.col("code").alias("detail"),
        asked["text"].alias("value"),
        pl.lit("").alias("suggestion"),
        pl.lit([], dtype=pl.List(pl.String)).alias("facts"),
    )
    return lines.select(findings.columns)


def _placed(found: Findings, one: Chronicle, template: Template) -> pl.DataFrame:
    """Findings across forms with keys, units and effects in the form that they stand in."""
    keys = one.records.select(pl.col(f"_{name}").alias(name) for name in ("file", "sheet", "row", "key"))
    return answers.keyed(found, keys, dict(one.files.select("file", "unit").iter_rows())).with_columns(
        effects_across(found, one.records, template)
    )


def _told(one: Chronicle, before: Chronicle | None) -> pl.DataFrame:
    """What units were told before: as the marked copies that they sent back say; else what the last round said of other bytes.

    Units that sent nothing new since that round keep what they were told before it.
    """
    if before is None:
        return one.told
    themselves = set(one.told["unit"])
    units = sorted({*one.files["unit"]} - {"", *themselves})
    changed = [unit for unit in units if _sent(one, unit) != _sent(before, unit)]
    then = problems(before.findings).select(list(TOLD)).filter(pl.col("unit").is_in(changed))
    earlier = before.told.filter(pl.col("unit").is_in(sorted(set(units) - set(changed))))
    return pl.concat([one.told, then, earlier])


def _sent(one: Chronicle, unit: str) -> set[str]:
    mine = one.files.filter((pl.col("unit") == unit) & (pl.col("state") != State.SUPERSEDED.value))
    return set(mine["sha256"])


def _moved(one: Chronicle, said: pl.DataFrame) -> Iterator[answers.Movement]:
    """Of each unit that sent its form anew, what became of its problems."""
    passed = said.filter("passes")["number"].implode()
    now = problems(one.findings.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).is_in(passed).alias("passes")))
    for unit in sorted(set(one.told["unit"])):
        mine = pl.col("unit") == unit
        files = one.files.filter(mine & (pl.col("state") != State.SUPERSEDED.value))["file"]
        if len(files):
            yield answers.movement(one.told.filter(mine), now.filter(mine), files[-1])


def write_findings(folder: Path, closed: Sequence[Closed], language: Language) -> None:
    """findings.csv of every form, and explanations.csv where anything was answered."""
    for one in closed:
        findings = Findings(one.findings.select(list(SCHEMA)))
        frames = {"findings.csv": evidence.told(findings, language, one.template.entries)}
        if one.said.height:
            frames["explanations.csv"] = _explanations(one)
        write_evidence(folder / one.template.name, frames)


def _explanations(one: Closed) -> pl.DataFrame:
    lines = one.said.join(one.findings.with_row_index("number"), on="number", how="left", maintain_order="left")
    row = pl.when(pl.col("row") > 0).then("row").alias("row")
    passes = pl.col("passes").cast(pl.Int8)
    return lines.with_columns(row, passes).select(EXPLANATIONS).sort("file", "sheet", "row", "column", "code", nulls_last=True)
