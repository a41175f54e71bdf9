"""What a finding does to the report's totals, so that the few that matter most are told first.

Selective editing, as statistical offices do it (de Waal, Pannekoek, Scholtus: Handbook of Statistical Data Editing, 2011, ch. 6): a finding
is worth a clerk's time by how far the total would move, not by how often its like occurs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import polars as pl

from reportkit.duplicates import amounts
from reportkit.findings import Findings
from reportkit.records import Records
from reportkit.severity import Severity
from reportkit.statistics import Statistics
from reportkit.templates import Aggregate, Template

#: What is said of each finding: how far it moves a total in the total's own unit, which share of it that is, and which total.
SCHEMA = pl.Schema({"effect": pl.Float64(), "share": pl.Float64(), "total": pl.String()})
_AT, _ADDRESS = " at", ("file", "sheet", "row")
_TWICE, _SHARED, _DIFFERS, _UNLIKE = "row-repeated", "reported-by-several-units", "total-differs", "figure-unlike-sum"
#: Findings that name a figure and what its parts come to.
DENIED = frozenset({_DIFFERS, _UNLIKE})
_ABSENT = ("column-missing", "required-column-missing")
#: The findings about a figure that is there in full: it moves the sum by itself, all others by what such a figure mostly is.
_STATED = "figure-negative"
_GRAVITY = [severity.value for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE)]


class OfRecords(Protocol):
    """What became of a list's records."""

    @property
    def records(self) -> Records:
        """All of them."""


def effects_of(findings: Findings, result: OfRecords | Statistics) -> pl.DataFrame:
    """``SCHEMA``, one line a finding in their order, of a list's or a statistics form's findings."""
    return figure_effects(findings, result) if isinstance(result, Statistics) else effects(findings, result.records)


def effects(findings: Findings, records: Records) -> pl.DataFrame:
    """``SCHEMA``, one line a finding in their order; 0, 0 and "" where no total moves. Of several totals the one that moves most.

    A wrong cell moves a total by the amount it states, or where it states none by the column's median, which is what is missing; a column
    that is not there by the median for each row; a row that counts twice, and one that a rule denies as a whole, by its amounts; a
    total that its rows deny by the difference.
    """
    frame = findings.frame.with_row_index(_AT)
    totals = [field.name for field in amounts(records.template.fields)]
    denied = frame.filter(pl.col("code") == _DIFFERS)
    others = [name for name in denied["field"].unique(maintain_order=True) if name in records.names and name not in totals]
    parts = [_of_total(frame, records, name) for name in totals] + [_of_total(denied, records, name) for name in others]
    return _largest(frame, parts)


def _of_total(frame: pl.DataFrame, records: Records, name: str) -> pl.DataFrame:
    """``_AT``, effect, share of the findings that move one total."""
    good = records.codes[name].is_null()
    number = records.frame[name].cast(pl.Float64, strict=False).abs()
    number = pl.select(pl.when(number.is_finite()).then(number)).to_series()
    sound = number.filter(good).drop_nulls()
    usual = float(sound.alias("n").to_frame().select(pl.col("n").median().fill_null(0)).item())
    rows = records.addresses().with_columns(number.alias("number"), good.alias("good")).unique(_ADDRESS, keep="first")
    found = frame.join(rows, on=_ADDRESS, how="left", maintain_order="left")
    found = found.join(_heights(rows), on=["file", "sheet"], how="left", maintain_order="left")
    moved = _moved(name, usual, _whole(records.template)).fill_null(0).alias("effect")
    return _with_share(found.select(_AT, moved), float(sound.sum()), name)


def _moved(name: str, usual: float, whole: Sequence[str]) -> pl.Expr:
    code, row = pl.col("code"), pl.col("row") > 0
    twice = (code == _TWICE) | ((code == _SHARED) & (pl.col("suggestion") != "0"))
    amount = pl.when(pl.col("good")).then("number")
    return (
        pl.when(code == _DIFFERS)
        .then(pl.when(pl.col("field") == name).then(_apart()))
        .when((twice | code.is_in(whole)) & row)
        .then(amount)
        .when(pl.col("field") != name)
        .then(0.0)
        .when(code.is_in(_ABSENT))
        .then(pl.col("height") * usual)
        .when(row & pl.col("good").is_not_null())
        .then(pl.col("number").fill_null(usual))
    )


def _apart() -> pl.Expr:
    """How far what is stated lies from what it should be."""
    stated, right = (pl.col(name).cast(pl.Float64, strict=False) for name in ("value", "detail"))
    return (stated - right).abs()


def _heights(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("file", "sheet").agg(pl.len().alias("height"))


def _whole(template: Template) -> list[str]:
    """Codes of rules that deny a whole row."""
    return [rule.code for rule in template.rules if not rule.cell] + [rule.code for rule in template.reconcile if not rule.cell]


def _with_share(moved: pl.DataFrame, total: float, name: str) -> pl.DataFrame:
    """With the share of the total; where all of it is wrong, each is all of it."""
    share = pl.col("effect") / total if total else pl.lit(1.0)
    return moved.filter(pl.col("effect") > 0).with_columns(share.alias("share"), pl.lit(name).alias("total"))


def _largest(frame: pl.DataFrame, parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    nothing = pl.DataFrame(schema={_AT: frame.schema[_AT], **SCHEMA})
    most = pl.concat([nothing, *parts]).sort(_AT, "share", descending=[False, True]).unique(_AT, keep="first")
    whole = frame.select(_AT).join(most, on=_AT, how="left", maintain_order="left")
    return whole.select(pl.col("effect", "share").fill_null(0.0), pl.col("total").fill_null(""))


def effects_across(findings: Findings, rows: pl.DataFrame, template: Template) -> pl.DataFrame:
    """``SCHEMA``, one line a finding in their order, of what other forms say about a form's rows: a row moves a total by its amount.

    Args:
        findings: on whole rows.
        rows: the form's accepted rows as its chronicle has them.
        template: its spec.
    """
    frame = findings.frame.with_row_index(_AT)
    address = [pl.col(f"_{name}").alias(name) for name in _ADDRESS]
    parts = []
    for name in [field.name for field in amounts(template.fields) if field.name in rows.columns]:
        numbers = rows.select(*address, pl.col(name).cast(pl.Float64, strict=False).abs().fill_null(0).alias("effect"))
        found = frame.select(_AT, *_ADDRESS).join(numbers.unique(_ADDRESS, keep="first"), on=_ADDRESS, how="inner")
        parts.append(_with_share(found.select(_AT, "effect"), float(numbers["effect"].sum()), name))
    return _largest(frame, parts)


def figure_effects(findings: Findings, statistics: Statistics) -> pl.DataFrame:
    """``SCHEMA``, one line a finding in their order, of a statistics form; only cells that are summed move anything.

    A figure that its parts deny moves the city's by the difference; a negative one by itself; one that is blank, no number or not
    found by the median of the other units'.
    """
    frame = findings.frame.with_row_index(_AT)
    known = _sums(statistics)
    found = frame.join(known, on="field", how="inner", maintain_order="left")
    code = pl.col("code")
    effect = (
        pl.when(code == _UNLIKE)
        .then((_number("value") - _number("detail")).abs())
        .when(code == _STATED)
        .then(_number("value").abs())
        .when(code.is_in(["figure-blank", "figure-not-a-number", "cell-not-found"]))
        .then("usual")
        .when((pl.col("row") > 0) & code.is_in(_whole_or_cell(statistics.template)))
        .then(_number("value").abs())
    )
    moved = found.select(_AT, effect.fill_null(0).alias("effect"), "city", pl.col("field").alias("total"))
    share = pl.when(pl.col("city") > 0).then(pl.col("effect") / pl.col("city")).otherwise(1.0).alias("share")
    return _largest(frame, [moved.filter(pl.col("effect") > 0).select(_AT, "effect", share, "total")])


def _whole_or_cell(template: Template) -> list[str]:
    return [rule.code for rule in (*template.rules, *template.reconcile)]


def _number(name: str) -> pl.Expr:
    """The number in a cell as a unit wrote it: ``1,200人`` → 1200."""
    return pl.col(name).str.replace_all(r"[,，\s]", "").str.extract(r"(-?\d+(?:\.\d+)?)").cast(pl.Float64, strict=False)


def _sums(statistics: Statistics) -> pl.DataFrame:
    """``field``, ``usual`` (the units' median), ``city`` (its figure, without a sign) of every cell that is summed."""
    schema = {"field": pl.String, "number": pl.Float64}
    numbers = pl.DataFrame([(one.cell, one.counted) for one in statistics.figures], schema=schema, orient="row")
    usual = numbers.drop_nulls().group_by("field").agg(pl.col("number").abs().median().alias("usual"))
    city = [
        (cell.name, abs(statistics.values.get(cell.name) or 0.0))
        for cell in statistics.template.cells
        if cell.aggregate is Aggregate.SUM
    ]
    sums = pl.DataFrame(city, schema={"field": pl.String, "city": pl.Float64}, orient="row").unique("field", keep="first")
    return sums.join(usual, on="field", how="left", maintain_order="left").with_columns(pl.col("usual").fill_null(0.0))


def ranked(listed: pl.DataFrame) -> pl.DataFrame:
    """Errors before warnings before notes; then by share of a total, by ``count`` where there is one, by address.

    Args:
        listed: has ``severity``, ``share``, ``file``, ``sheet``, ``row``, ``column`` and ``code``.
    """
    gravity = pl.col("severity").replace_strict(_GRAVITY, range(len(_GRAVITY)), default=len(_GRAVITY), return_dtype=pl.Int8)
    count = [-pl.col("count").cast(pl.Int64)] if "count" in listed.columns else []
    place = (*_ADDRESS, pl.col("column").str.len_chars(), "column", "code")
    last = [name for name in ("field", "message") if name in listed.columns]
    return listed.sort(gravity, -pl.col("share"), *count, *place, *last, maintain_order=True)
