"""Rules across templates, periods and units: every form's accepted records as tables, and what each rule's SELECT finds in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from reportkit.chronicle import Chronicle
from reportkit.findings import Finding, Findings
from reportkit.namings import ROW
from reportkit.periods import Period
from reportkit.rulebook.kinds import kinds, typed
from reportkit.rulebook.sql import NotJudged, run_sql, sql_findings
from reportkit.rulebook.tables import ADDRESS, LAST_YEAR, PREVIOUS, UNIT_COLUMNS, UNITS, named
from reportkit.rules import Reconcile
from reportkit.templates import Template
from reportkit.units import Units

#: What says in any period who or what a row is about.
_IDENTIFIES = ("identity-number", "credit-code")

#: A form's round of an earlier period, None where there was none.
Earlier = Callable[[Period, str], Chronicle | None]


@dataclass(frozen=True, slots=True)
class Tables:
    """Where rules find their tables: this round's chronicles, and on demand those of earlier periods.

    Attributes:
        templates: filed or not.
        register: which rows are about one thing (``register.Register.lines``).
        looked: only some files are looked at; forms that are not among them are as the last round of the period left them.
    """

    templates: Mapping[str, Template]
    chronicles: Mapping[str, Chronicle]
    register: pl.DataFrame
    period: Period
    earlier: Earlier
    units: Units
    looked: bool = False

    def table(self, name: str) -> pl.DataFrame | None:
        """A table by the name that a rule gives it; None where nobody filed that form in that period."""
        if name == UNITS:
            lines = [(one.code, one.name, one.level, one.parent) for one in self.units]
            return pl.DataFrame(lines, schema=dict.fromkeys(UNIT_COLUMNS, pl.String), orient="row")
        bare = name.removesuffix(PREVIOUS).removesuffix(LAST_YEAR)
        template = self.templates.get(bare)
        if template is None:
            return None
        if name.endswith(PREVIOUS):
            return self._past(template, self.period.before)
        if name.endswith(LAST_YEAR):
            return self._past(template, self.period.year_before)
        if name not in self.chronicles:
            return self._past(template, self.period) if self.looked else None
        return _typed(self.rows(bare), template)

    def rows(self, name: str) -> pl.DataFrame:
        """A form's accepted rows with the thing that each is about; canonical values as they stand."""
        mine = self.register.filter((pl.col("template") == name) & (pl.col("role") == ROW))
        about = mine.select(
            pl.col("file").alias("_file"),
            pl.col("sheet").alias("_sheet"),
            pl.col("row").alias("_row"),
            pl.col("cluster_id").alias("_entity"),
        )
        rows = self.chronicles[name].records.drop("_key")
        return rows.join(about, on=["_file", "_sheet", "_row"], how="left", maintain_order="left")

    def _past(self, template: Template, period: Period) -> pl.DataFrame | None:
        """Rows of an earlier round; they are about the thing that bears their number in this one."""
        found = self.earlier(period, template.name)
        if found is None:
            return None
        field = _identifier(template)
        rows = found.records.drop("_key")
        if field and field in rows.columns:
            known = self._numbers(template.entity)
            rows = rows.join(known, left_on=field, right_on=" number", how="left", maintain_order="left")
        else:
            rows = rows.with_columns(pl.lit(None, dtype=pl.String).alias("_entity"))
        return _typed(rows, template)

    def _numbers(self, entity: str) -> pl.DataFrame:
        """`` number`` → ``_entity`` of all that this round's forms say about a kind of thing."""
        parts = [pl.DataFrame(schema={" number": pl.String, "_entity": pl.String})]
        for name, template in self.templates.items():
            field = _identifier(template)
            if template.entity == entity and field and name in self.chronicles:
                parts.append(self.rows(name).select(pl.col(field).alias(" number"), "_entity").drop_nulls())
        return pl.concat(parts).unique(" number", keep="first", maintain_order=True)


def _identifier(template: Template) -> str:
    """The field that holds the number of the thing that a row is about; "" where there is none."""
    own = (one for one in template.fields if one.element in _IDENTIFIES and one.concept.startswith(f"{template.entity}."))
    keys = (one for one in template.fields if one.element in _IDENTIFIES and one.name in template.key)
    return next((one.name for one in (*own, *keys)), "")


def reconcile(tables: Tables) -> dict[str, Findings]:
    """What every rule across forms finds, by the template in whose spec it stands; a rule that can't be judged says so in a note."""
    found: dict[str, Findings] = {}
    for name, template in tables.templates.items():
        if name in tables.chronicles:
            parts = [
                part for rule in template.reconcile if rule.holds(tables.period.last) for part in _judged(rule, name, tables)
            ]
            found[name] = sum(parts, Findings.empty())
    return found


def _judged(rule: Reconcile, name: str, tables: Tables) -> Iterator[Findings]:
    needed = {one: tables.table(one) for one in named(rule, tables.templates)}
    absent = sorted(one for one, frame in needed.items() if frame is None)
    if absent:
        yield Findings.of([Finding("reconcile-not-judged", "", detail=rule.code, value=", ".join(absent))])
        return
    rows = run_sql(rule, {one: frame for one, frame in needed.items() if frame is not None}, tables.period)
    if isinstance(rows, NotJudged):
        yield Findings.of([Finding("rule-not-run", "", detail=rule.code, suggestion=rows.reason)])
    elif rows.height:
        yield from _findings(rule, rows, tables.chronicles[name])


def _typed(rows: pl.DataFrame, template: Template) -> pl.DataFrame:
    """Canonical values as what they are; a field that an earlier form did not have is blank."""
    wanted = kinds(template)
    address = [name for name in (*ADDRESS, "_entity") if name in rows.columns]
    given = {name: to for name, to in wanted.items() if name in rows.columns}
    own = [typed(name, to) if rows.schema[name] == pl.String else pl.col(name).cast(to) for name, to in given.items()]
    blank = [pl.lit(None, dtype=to).alias(name) for name, to in wanted.items() if name not in given]
    return rows.select(*address, *own, *blank)


def _findings(rule: Reconcile, rows: pl.DataFrame, form: Chronicle) -> Iterator[Findings]:
    """The offending rows of the rule's own form, each once; on the rule's cell where it names one. Rows of other forms are counted."""
    address = ["_file", "_sheet", "_row"]
    every = rows.unique(address, keep="first", maintain_order=True)
    own = every.join(form.records.select(address).unique(), on=address, how="semi", maintain_order="left")
    lines = sql_findings(rule, own)
    yield Findings.gather([_at_cell(lines, rule.cell, form.places) if rule.cell else lines])
    if strange := every.height - own.height:
        yield Findings.of([Finding("reconcile-not-own", "", detail=rule.code, value=str(strange))])


def _at_cell(lines: pl.DataFrame, cell: str, places: pl.DataFrame) -> pl.DataFrame:
    """Lines at the column of a field, of a statistics form at its cell."""
    at = places.filter(pl.col("field") == cell).select("file", "sheet", "column", pl.col("row").alias("at"))
    placed = lines.join(at, on=["file", "sheet"], how="left", maintain_order="left")
    return placed.with_columns(pl.when(pl.col("at").fill_null(0) > 0).then("at").otherwise("row").alias("row")).drop("at")
