"""What a form's consolidation needs to know of its round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from reportkit import answers, decisions
from reportkit.constraints import References
from reportkit.findings import Findings
from reportkit.periods import Period
from reportkit.units import Units


@dataclass(frozen=True, slots=True)
class Setting:
    """What a consolidation needs to know of its round.

    ``decided``: header → field, ``decisions``: rows that are one thing and rows that are not, as persons settled them; ``answers``:
    explanations and waivers for findings of this template; ``references``: what its foreign keys refer to.
    """

    period_end: date
    as_of: date
    decided: Mapping[str, str] = field(default_factory=dict)
    units: Units = field(default_factory=Units)
    decisions: pl.DataFrame = field(default_factory=decisions.none)
    answers: pl.DataFrame = field(default_factory=answers.none)
    period: Period | None = None
    references: References = field(default_factory=References)

    @property
    def round(self) -> Period:
        """Its period; the day alone where there is none."""
        return self.period or Period.parse(self.period_end.isoformat())

    def unanswered(self, findings: Findings, keys: pl.DataFrame, units: Mapping[str, str]) -> Findings:
        """The findings that no answer lets pass. ``keys``: ``answers.row_keys``; ``units``: file → unit."""
        if not self.answers.height:
            return findings
        said = answers.answered(answers.keyed(findings, keys, units), self.answers, self.as_of)
        return Findings(answers.still_open(findings.frame, said))
