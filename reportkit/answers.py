"""What units and persons answer to findings: explanations (上报说明) let a warning pass, waivers with an approver also an error.

An answer is kept by what the finding says, its row's key and value, not by where it stands: next period's finding about the same
row and value meets the answer of this period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from reportkit.findings import Findings
from reportkit.records import FILE, ROW, SHEET, Records
from reportkit.severity import Severity

#: Answers as they are kept; ``at`` and ``until`` are ISO dates, ``period`` the first in which it was given.
SCHEMA = pl.Schema(
    dict.fromkeys(
        ("template", "unit", "code", "field", "key", "value", "kind", "text", "by", "at", "until", "period"), pl.String()
    )
)
#: What a finding is, wherever it stands.
IDENTITY = ("unit", "code", "field", "key", "value")
#: Findings that an answer speaks of: their number, the answer, and whether it lets them pass.
ANSWERED = pl.Schema({"number": pl.UInt32, "kind": pl.String, "text": pl.String, "by": pl.String, "until": pl.String})
_ANSWERED = ANSWERED | {"period": pl.String(), "passes": pl.Boolean()}
#: A key without identifying fields is the row's first values.
_FEW = 3


class Kind(StrEnum):
    """explained: the unit says that it is true; waived: a named person lets it pass until a day."""

    EXPLAINED = "explained"
    WAIVED = "waived"


def none() -> pl.DataFrame:
    """No answer."""
    return pl.DataFrame(schema=SCHEMA)


def no_keys() -> pl.DataFrame:
    """Where there are no rows that anything could stand on."""
    return pl.DataFrame(schema={"file": pl.String, "sheet": pl.String, "row": pl.Int64, "key": pl.String})


def row_keys(records: Records) -> pl.DataFrame:
    """``file, sheet, row, key`` of every row: the values of its key fields; without any, its first three values."""
    filled = records.filled()
    named = [name for name in records.template.key if name in records.names]
    own = pl.concat_str([pl.col(name) for name in named], separator="|", ignore_nulls=True) if named else pl.lit("")
    first = pl.concat_list([pl.col(name) for name in records.names]).list.drop_nulls().list.head(_FEW).list.join("|")
    key = pl.when(own != "").then(own).otherwise(first).alias("key")
    return filled.select(pl.col(FILE).alias("file"), pl.col(SHEET).alias("sheet"), pl.col(ROW).alias("row"), key)


def keyed(findings: Findings, keys: pl.DataFrame, units: Mapping[str, str]) -> pl.DataFrame:
    """The findings with ``unit`` and ``key`` (String, "" for what stands on no row). ``units``: file → unit."""
    rows = findings.frame.join(keys, on=["file", "sheet", "row"], how="left", maintain_order="left")
    unit = pl.col("file").replace_strict(dict(units), default="", return_dtype=pl.String).alias("unit")
    return rows.with_columns(pl.col("key").fill_null(""), unit)


def answered(found: pl.DataFrame, answers: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The findings (``keyed``, by number) that an answer speaks of, one line each: a waiver before an explanation.

    Waivers may leave unit, field, key and value blank, and then speak of all; past their last day they speak of none.
    """
    lines = found.with_row_index("number")
    known = answers.with_columns(pl.col("period").fill_null(""))
    parts = [_waived(lines, known, as_of), _explained(lines, known)]
    return pl.concat(parts).unique("number", keep="first", maintain_order=True).sort("number")


def _explained(lines: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    mine = answers.filter(pl.col("kind") == Kind.EXPLAINED.value).unique(IDENTITY, keep="last", maintain_order=True)
    met = lines.join(mine.select(*IDENTITY, *ANSWERED.names()[1:], "period"), on=IDENTITY, maintain_order="left")
    met = met.filter(pl.col("severity") != Severity.NOTE.value)
    return met.select(*ANSWERED, "period", (pl.col("severity") == Severity.WARNING.value).alias("passes"))


def _waived(lines: pl.DataFrame, answers: pl.DataFrame, as_of: date) -> pl.DataFrame:
    waivers = answers.filter((pl.col("kind") == Kind.WAIVED.value) & (pl.col("until") >= as_of.isoformat()))
    parts = [pl.DataFrame(schema=_ANSWERED)]
    for one in waivers.iter_rows(named=True):
        fits = [pl.col("code") == one["code"], *(pl.col(name) == one[name] for name in IDENTITY if one[name] and name != "code")]
        told = [pl.lit(one[name]).alias(name) for name in (*ANSWERED.names()[1:], "period")]
        parts.append(lines.filter(*fits).select("number", *told, pl.lit(value=True).alias("passes")))
    return pl.concat(parts)


@dataclass(frozen=True, slots=True)
class Movement:
    """What became of a submission's problems since it was last looked at: numbers of problems fixed, still open, new."""

    file: str
    fixed: int
    still: int
    new: int


def movement(before: pl.DataFrame, now: pl.DataFrame, file: str) -> Movement:
    """How many of a submission's problems are gone, are still there, are new; what an answer lets pass is none of the three.

    Args:
        before: ``unit, code, field, key, row`` of the errors and warnings that the unit was told.
        now: the same of this round, with ``passes`` (Boolean).
        file: what was sent.
    """
    told, pending = told_before(before, now), ~now["passes"]
    return Movement(file, before.height - int(told.sum()), int((told & pending).sum()), int((~told & pending).sum()))


def told_before(before: pl.DataFrame, now: pl.DataFrame) -> pl.Series:
    """Of each problem of ``now`` whether it is one of ``before``; of several alike each is one other.

    Both have ``unit, code, field, key, row``. A problem is the same where unit, code, field and key agree, or unit, code, field and row
    where the key itself was mended.
    """
    left, right = before, now.with_row_index(" place")
    for by in ("key", "row"):
        left, right = _others(left, right, by)
    return ~pl.int_range(now.height, dtype=pl.UInt32, eager=True).is_in(right[" place"].implode())


def _others(before: pl.DataFrame, now: pl.DataFrame, by: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is left of either side without the problems that are the same."""
    on = ["unit", "code", "field", by]
    one, other = (side.with_columns(pl.int_range(pl.len()).over(on).alias(" nth")) for side in (before, now))
    if by == "row":
        one = one.with_columns(pl.when(pl.col("row") > 0).then(" nth").alias(" nth"))
    left = one.join(other, on=[*on, " nth"], how="anti", maintain_order="left")
    right = other.join(one, on=[*on, " nth"], how="anti", maintain_order="left")
    return left.drop(" nth"), right.drop(" nth")


def given(lines: Iterable[Mapping[str, str]], kept: pl.DataFrame) -> pl.DataFrame:
    """Answers that were kept and those that came now; of several to one finding the last, with the period of the first."""
    now = pl.DataFrame(list(lines), schema=SCHEMA)
    every = pl.concat([kept, now])
    first = every.group_by("template", *IDENTITY, "kind", "text", maintain_order=True).agg(
        pl.col("period").first().alias("first")
    )
    last = every.unique(["template", *IDENTITY, "kind"], keep="last", maintain_order=True)
    last = last.join(first, on=["template", *IDENTITY, "kind", "text"], how="left", maintain_order="left")
    return last.with_columns(pl.col("first").alias("period")).select(list(SCHEMA)).sort("template", *IDENTITY, "kind")


def in_force(kept: pl.DataFrame, template: str) -> pl.DataFrame:
    """The answers to findings of one template, and those that name none."""
    return kept.filter(pl.col("template").is_in([template, ""]))


def still_open(found: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """The findings (any frame of them) that no answer lets pass. ``said``: ``answered``, by number."""
    passed = said.filter("passes")["number"]
    return found.with_row_index("number").filter(~pl.col("number").is_in(passed.implode())).drop("number")
