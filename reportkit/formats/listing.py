"""A round's findings made ready to be shown: worded, masked, with their effect, gravest first, and folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from reportkit.consolidation import Consolidation
from reportkit.effects import SCHEMA as EFFECT
from reportkit.effects import effects_of, ranked
from reportkit.elements import element
from reportkit.findings import Findings
from reportkit.flatlist import FlatList
from reportkit.folding import ALIKE, fold
from reportkit.masking import masked
from reportkit.messages import Entry, Language, catalogue
from reportkit.rules import Reconcile, Rule
from reportkit.statistics import Statistics
from reportkit.summary import FindingLine, FoldedLine, Listing
from reportkit.templates import Template
from reportkit.wording import worded

#: The columns of a finding that is listed.
LISTED = tuple(FindingLine.__slots__)
_VALUES = ("value", "suggestion")


@dataclass(frozen=True, slots=True)
class Manner:
    """How findings are told. ``units``: a file's unit by name; values are masked unless ``show_values``."""

    language: Language
    units: Mapping[str, str] = field(default_factory=dict)
    show_values: bool = False
    as_of: date | None = None


def listing(results: Sequence[Consolidation | FlatList | Statistics], loose: Findings, manner: Manner) -> Listing:
    """All findings of a round. ``loose``: those that belong to no template."""
    parts = [_part(one.findings, one.template, effects_of(one.findings, one), manner) for one in results]
    parts.append(_part(loose, None, pl.DataFrame(schema=EFFECT), manner))
    listed = pl.concat(parts).unique(maintain_order=True)
    in_order = ranked(listed.with_columns(pl.len().over(ALIKE).alias("count"))).select(LISTED)
    unjudged = _unjudged(results)
    return Listing(
        in_order,
        tuple(_folded(row) for row in fold(listed).iter_rows(named=True)),
        _entries([one.template for one in results], {*listed["code"], *unjudged}),
        {rule.code: expression(rule) for one in results for rule in rules_of(one.template)},
        unjudged,
        language=manner.language,
        as_of=manner.as_of.isoformat() if manner.as_of else "",
    )


def _folded(row: dict[str, object]) -> FoldedLine:
    return FoldedLine(**row | {"examples": tuple(row["examples"])})  # type: ignore[arg-type] # polars' rows have no types


def _entries(templates: Iterable[Template], codes: Collection[str]) -> dict[str, Entry]:
    known = dict(catalogue())
    for template in templates:
        known |= template.entries
    return {code: known[code] for code in sorted(codes) if code in known}


def _unjudged(results: Sequence[Consolidation | FlatList | Statistics]) -> dict[str, int]:
    """Rule → how many rows it could not judge, those that judged all left out."""
    counts = Counter[str]()
    for one in results:
        counts.update(dict(one.outcomes.select("code", "not_judged").iter_rows()))
    return {code: number for code, number in sorted(counts.items()) if number}


def rules_of(template: Template) -> tuple[Rule | Reconcile, ...]:
    """All rules that a template's spec writes."""
    return (*template.rules, *template.reconcile)


def expression(rule: Rule | Reconcile) -> str:
    """What a rule checks, as its spec writes it: ``"年龄" = years_between("出生日期", period_end)``."""
    return rule.sql if isinstance(rule, Reconcile) else rule.text


# -- one template's findings ------------------------------------------------------------------------------


def _part(findings: Findings, template: Template | None, effects: pl.DataFrame, manner: Manner) -> pl.DataFrame:
    frame = findings.frame if manner.show_values else _hidden(findings.frame, template)
    told = worded(Findings(frame), template.entries if template else catalogue(), manner.language)
    moved = effects if effects.height else pl.select(*_nothing(told.height))
    told = told.hstack(moved.get_columns())
    if not manner.show_values:
        told = told.with_columns(_each(told[name], masked) for name in (*_VALUES, "message", "mend"))
    line = pl.when(pl.col("row") > 0).then(pl.col("row").cast(pl.String)).otherwise(pl.lit(""))
    units = pl.col("file").replace_strict(dict(manner.units), default="", return_dtype=pl.String)
    return told.with_columns(units.alias("unit"), pl.concat_str("column", line).alias("cell")).select(LISTED)


def _nothing(height: int) -> list[pl.Expr]:
    return [pl.repeat("" if kind == pl.String else 0, height, dtype=kind).alias(name) for name, kind in EFFECT.items()]


def _hidden(frame: pl.DataFrame, template: Template | None) -> pl.DataFrame:
    """Values and suggestions of fields as their elements show them to strangers; a suggestion that then says nothing is left out."""
    masks = {one.name: element(one.element).mask for one in template.fields} if template else {}
    for name in set(frame["field"]) & masks.keys():
        mine = pl.col("field") == name
        texts = pl.concat([frame.filter(mine)[column].alias("text") for column in _VALUES]).unique()
        shown = {text: masks[name](text) for text in texts}
        frame = frame.with_columns(
            pl.when(mine).then(pl.col(column).replace(shown)).otherwise(column).alias(column) for column in _VALUES
        )
    value, suggestion = (_each(frame[name], masked) for name in _VALUES)
    return frame.with_columns(pl.when(value == suggestion).then(pl.lit("")).otherwise("suggestion").alias("suggestion"))


def _each(texts: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """``change`` done once for each distinct text."""
    distinct = texts.unique(maintain_order=True)
    return texts.replace_strict(distinct, [change(text) for text in distinct], return_dtype=pl.String)
