"""The end of a round, once every form is consolidated: what holds across forms, what was answered, what goes back to the units.

Forms are consolidated apart from each other, in processes of their own; here their chronicles lie side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import polars as pl

from reportkit import answers, evidence, history
from reportkit.chronicle import TOLD, Chronicle, problems
from reportkit.findings import SCHEMA, Findings
from reportkit.messages import Language
from reportkit.outbox import write_evidence
from reportkit.periods import Period
from reportkit.reconciling import Tables, reconcile
from reportkit.severity import Severity
from reportkit.submissions import State
from reportkit.templates import Template
from reportkit.units import Units

#: Evidence of what was answered to findings.
EXPLANATIONS = ("file", "sheet", "row", "column", "code", "severity", "field", "kind", "text", "by", "until", "period", "passes")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a round is held against: its period and day, the units, all answers so far, and where earlier rounds are kept."""

    period: Period
    as_of: date
    units: Units = field(default_factory=Units)
    answers: pl.DataFrame = field(default_factory=answers.none)
    past: Path | None = None

    def earlier(self, period: Period, template: str) -> Chronicle | None:
        """A form's round of another period; of this very period as it was before this round."""
        return history.read(self.past / period.name / template) if self.past else None


@dataclass(frozen=True, slots=True)
class Closed:
    """A form at the round's end.

    Attributes:
        findings: ``answers.keyed``, those across forms included.
        said: what was answered to them, by their number (``answers.answered``).
        moved: of each file that a unit sent anew, what became of the problems it was told.
    """

    template: Template
    chronicle: Chronicle
    findings: pl.DataFrame
    said: pl.DataFrame
    moved: tuple[answers.Movement, ...] = ()

    @property
    def open(self) -> pl.DataFrame:
        """Findings that no answer lets pass."""
        passed = self.said.filter("passes")["number"]
        return self.findings.with_row_index("number").filter(~pl.col("number").is_in(passed.implode())).drop("number")

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
    def reused(self) -> int:
        """Number of findings that passed by an answer of an earlier period."""
        return self.said.filter("passes").height


def close(templates: Sequence[Template], kept: Path, standing: Standing, register: pl.DataFrame) -> list[Closed]:
    """Every form with what holds across forms, and what was answered.

    Args:
        templates: of the forms that somebody filed, as refined.
        kept: where their chronicles lie; they are written anew with all findings.
        standing: what the round is held against.
        register: which rows are about one thing (``register.Register.lines``).
    """
    chronicles = {one.name: found for one in templates if (found := history.read(kept / one.name))}
    by_name = {one.name: one for one in templates}
    tables = Tables(by_name, chronicles, register, standing.period, standing.earlier, standing.units)
    across = reconcile(tables)
    closed = []
    for template in templates:
        if template.name in chronicles:
            extra = [across[template.name]]
            closed.append(_close(template, chronicles[template.name], extra, standing))
            history.write(kept / template.name, closed[-1].chronicle)
    return closed


def _close(template: Template, one: Chronicle, extra: Sequence[Findings], standing: Standing) -> Closed:
    findings = pl.concat([one.findings, *(_placed(found, one) for found in extra)])
    said = answers.answered(findings, answers.in_force(standing.answers, template.name), standing.as_of)
    whole = replace(one, findings=findings, told=_told(one, standing.earlier(standing.period, template.name)))
    return Closed(template, whole, findings, said, tuple(_moved(whole)))


def _placed(found: Findings, one: Chronicle) -> pl.DataFrame:
    """Findings across forms with the keys and units of the form that they stand in."""
    address = {"_file": "file", "_sheet": "sheet", "_row": "row"}
    keys = one.records.select(*(pl.col(name).alias(short) for name, short in address.items()), pl.col("_key").alias("key"))
    units = dict(one.records.select("_file", "_unit").unique().iter_rows())
    return answers.keyed(found, keys, units)


def _told(one: Chronicle, before: Chronicle | None) -> pl.DataFrame:
    """What units that sent other bytes than in the last round of this period were told then; others keep what they were told before."""
    if before is None:
        return one.told
    changed = [unit for unit in sorted({*one.files["unit"]} - {""}) if _sent(one, unit) != _sent(before, unit)]
    anew = pl.col("unit").is_in(changed)
    return pl.concat([problems(before.findings).select(list(TOLD)).filter(anew), before.told.filter(~anew)])


def _sent(one: Chronicle, unit: str) -> set[str]:
    mine = one.files.filter((pl.col("unit") == unit) & (pl.col("state") != State.SUPERSEDED.value))
    return set(mine["sha256"])


def _moved(one: Chronicle) -> Iterator[answers.Movement]:
    """Of each unit that sent its form anew, what became of its problems."""
    now = problems(one.findings)
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
