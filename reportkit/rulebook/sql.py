"""Rules across templates, periods and units: one SELECT, guarded and tried like a rule about a row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from reportkit.periods import Period
from reportkit.rulebook.broken import Broken, nearest
from reportkit.rulebook.compiling import NAMED
from reportkit.rulebook.figures import plain
from reportkit.rulebook.functions import expand, tell, told_columns
from reportkit.rulebook.guard import guard_sql, with_days
from reportkit.rulebook.tokens import Names, scan, spell
from reportkit.rulebook.trial import probes, safely
from reportkit.rules import Reconcile

Place = tuple[str | int, ...]
#: What every query's result holds: a row's address.
ADDRESS = ("_file", "_sheet", "_row")
_NO_COLUMN = re.compile(
    r"""(?:unable to find column|column not found:?|no column named) ["'](?P<name>[^"']+)["']""", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NotJudged:
    """A query that the engine could not run, and why."""

    reason: str


def check_sql(rule: Reconcile, tables: Mapping[str, pl.Schema], period: Period) -> list[tuple[Place, str, dict[str, object]]]:
    """What keeps a query from being used, tried on empty tables and on tables of one blank row: place in the rule, code, facts."""
    try:
        sql = _sql(rule, tables, period)
        read = {name: probes(schema) for name, schema in tables.items() if name in rule.sql}
        for number in range(2):
            found = _execute(sql, {name: tried[number] for name, tried in read.items()})
        _check_result(rule, found.schema)
    except Broken as broken:
        placed = broken if broken.place else broken.at("sql")
        return [(placed.place, placed.code, {"rule": rule.code, "key": str(placed.place[0])} | placed.facts)]
    return []


def run_sql(rule: Reconcile, tables: Mapping[str, pl.DataFrame], period: Period) -> pl.DataFrame | NotJudged:
    """The rows that a query finds: ``_file``, ``_sheet``, ``_row`` and whatever else it selects."""
    try:
        found = _execute(_sql(rule, {name: table.schema for name, table in tables.items()}, period), tables)
        _check_result(rule, found.schema)
    except Broken as broken:
        return NotJudged(", ".join(str(fact) for fact in broken.facts.values()))
    return found.filter(pl.col(ADDRESS[0]).is_not_null()).sort(ADDRESS)


def sql_findings(rule: Reconcile, found: pl.DataFrame) -> pl.DataFrame:
    """What a query found in columns of ``findings.SCHEMA``; ``field`` is the rule's ``cell``, whose letter the query does not know."""
    names = [
        pl.col(name).cast(kind).alias(name[1:]) for name, kind in zip(ADDRESS, (pl.String, pl.String, pl.Int64), strict=True)
    ]
    facts = [_fact(rule, name, found).alias(str(number)) for number, name in enumerate(rule.placeholders)]
    listed = pl.DataFrame(facts).select(pl.concat_list(pl.all())).to_series() if facts else _nothing(found.height)
    own = (pl.lit(rule.code).alias("code"), pl.lit(rule.severity.value).alias("severity"), pl.lit(rule.cell).alias("field"))
    return found.select(*names).with_columns(*own, listed.alias("facts"))


def _nothing(times: int) -> pl.Series:
    return pl.Series([[]] * times, dtype=pl.List(pl.String))


def _fact(rule: Reconcile, name: str, found: pl.DataFrame) -> pl.Series:
    if name in found.columns:
        return plain(found[name])
    own = {"rule": rule.text, "code": rule.code}.get(name, "")
    address = found[f"_{name}"].cast(pl.String) if f"_{name}" in found.columns else None
    return pl.repeat(own, found.height, dtype=pl.String, eager=True) if address is None else address.fill_null("")


def _sql(rule: Reconcile, tables: Mapping[str, pl.Schema], period: Period) -> str:
    kinds = _kinds(tables)
    tokens = scan(rule.sql, Names(tuple({*tables, *kinds})))
    guard_sql(tokens, tables, kinds)
    return spell(expand(with_days(tokens, kinds), period))


def _kinds(tables: Mapping[str, pl.Schema]) -> dict[str, pl.DataType]:
    """All columns; one that is of several kinds counts as text, which nothing is made of."""
    kinds: dict[str, pl.DataType] = {}
    for schema in tables.values():
        for name, kind in schema.items():
            kinds[name] = kind if kinds.get(name, kind) == kind else pl.String()
    return kinds


def _execute(sql: str, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    told = told_columns(sql)
    frames = {name: _with_told(table.lazy(), table.schema, told) for name, table in tables.items()}
    try:
        return safely(lambda: pl.SQLContext(frames).execute(sql, eager=True))
    except Broken as broken:
        why = str(broken.facts.get("why", ""))
        missing = _NO_COLUMN.search(why)
        if missing:
            near = nearest(missing["name"], {name for table in tables.values() for name in table.columns})
            raise Broken("rule-column", field=missing["name"], suggestion=near) from None
        raise


def _with_told(frame: pl.LazyFrame, schema: pl.Schema, told: Mapping[str, str]) -> pl.LazyFrame:
    return frame.with_columns(tell(column, holder) for column, holder in told.items() if schema.get(holder) == pl.String())


def _check_result(rule: Reconcile, columns: Mapping[str, pl.DataType]) -> None:
    for name in ADDRESS:
        if name not in columns:
            raise Broken("rule-address-missing", "sql", field=name)
        kind = columns[name]
        if not (kind == pl.Null() or (kind.is_integer() if name == "_row" else kind == pl.String())):
            raise Broken("rule-address-kind", "sql", field=name)
    known = {*columns, *NAMED}
    for name in rule.placeholders:
        if name not in known:
            raise Broken("rule-placeholder", "message", field=name, suggestion=nearest(name, known))
