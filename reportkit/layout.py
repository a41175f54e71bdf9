"""How golden records stand in a report: order, groups, shown values, marked cells, totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from reportkit.consolidation import Consolidation
from reportkit.findings import Findings
from reportkit.messages import Language, catalogue
from reportkit.records import ID, Records
from reportkit.severity import Severity
from reportkit.templates import Field
from reportkit.wording import worded

#: Stand in the report as written, less outer spaces and spaces between Han characters.
_AS_WRITTEN = {"person-name", "organisation-name", "address", "text"}
#: A wrong one may still be a number, as which it stands and counts where an answer lets it pass.
_NUMBERS = ("amount", "integer")
_SPACES = r"[\s\u00a0\u3000\u200b\ufeff]+"


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell that stands as its unit wrote it because it is wrong: row counted from 0, the comment's words."""

    row: int
    field: str
    comment: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows (from 0, both included) that share one value of a field."""

    field: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Total:
    """A column's sum and how many wrong cells it leaves out."""

    field: str
    value: float
    left_out: int


@dataclass(frozen=True, slots=True)
class Body:
    """A report's rows: one String column a field, null where blank; and what stands on them."""

    rows: pl.DataFrame
    marks: tuple[Mark, ...]
    groups: tuple[Group, ...]
    totals: tuple[Total, ...]


def lay_out(round_of: Consolidation, language: Language) -> Body:
    """The body of a list template's report."""
    records, golden = _let_pass(round_of.records, round_of.passing), round_of.golden
    order, key = _order(records, golden.kept)
    origin = golden.origin[order]
    shown = pl.DataFrame([_shown(records, field) for field in round_of.template.fields])
    rows = pl.DataFrame([_laid(shown[name].gather(origin[name]), golden.sums.get(name), order) for name in origin.columns])
    rows, groups = _group(records, golden.kept.gather(order), rows, key)
    marks = _marks(round_of, origin, language)
    return Body(rows, marks, groups, tuple(_totals(round_of.template.fields, records, origin, rows)))


def _let_pass(records: Records, passing: pl.DataFrame) -> Records:
    """The records without the codes of numbers that an answer lets pass."""
    names = [field.name for field in records.template.fields if field.element in _NUMBERS]
    if not passing.filter(pl.col("field").is_in(names)).height:
        return records
    at, told = records.addresses(), passing.with_columns(pl.lit(value=True).alias("passes"))
    free = {name: at.with_columns(pl.lit(name).alias("field"), records.codes[name].alias("code")) for name in names}
    met = {name: rows.join(told, on=rows.columns, how="left", maintain_order="left")["passes"] for name, rows in free.items()}
    return replace(records, codes=records.codes.with_columns(records.codes[n].set(passes, None) for n, passes in met.items()))


def reported(round_of: Consolidation) -> pl.Series:
    """``ID`` of the row whose place each row of the report takes, from top to bottom."""
    kept = round_of.golden.kept
    return kept.gather(_order(round_of.records, kept)[0])


def _laid(cells: pl.Series, sums: pl.Series | None, order: pl.Series) -> pl.Series:
    """A column's cells; where units' numbers were added, the sum."""
    return cells if sums is None else pl.select(pl.coalesce(sums.gather(order).alias(cells.name), cells)).to_series()


def _shown(records: Records, field: Field) -> pl.Series:
    """Every record's cell as a report shows it."""
    raw = records.raw[field.name].str.strip_chars()
    if field.element in _AS_WRITTEN:
        for _ in range(2):
            raw = raw.str.replace_all(rf"(\p{{Han}}){_SPACES}(\p{{Han}})", "${1}${2}")
        return raw
    wrong = records.codes[field.name].is_in(_harmless()).not_().fill_null(value=False)
    return pl.select(pl.when(wrong).then(raw).otherwise(records.frame[field.name]).alias(field.name)).to_series()


def _harmless() -> list[str]:
    return [code for code, entry in catalogue().items() if entry.severity is not Severity.ERROR]


def _order(records: Records, kept: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    """Positions of ``kept`` in the report's order, and the key of each one's group in that order."""
    positions = pl.int_range(len(kept), dtype=pl.UInt32, eager=True)
    names = _grouping(records)
    if not names:
        return positions, None
    key = records.filled().select(pl.concat_str(pl.col(name).fill_null("") for name in names)).to_series().gather(kept)
    rows = pl.DataFrame({"at": positions, "key": key}).with_columns(pl.col("at").min().over("key").alias("first"))
    rows = rows.sort("first", "at")
    return rows["at"], rows["key"]


def _grouping(records: Records) -> list[str]:
    """The fields that tell one group from the next: those that identify, else all that are one value a group."""
    grouped = [field for field in records.template.fields if field.name in records.inherited.columns and field.per]
    telling = [field.name for field in grouped if field.element in ("identity-number", "person-name", "credit-code")]
    return telling or [field.name for field in grouped]


def _group(
    records: Records, kept: pl.Series, rows: pl.DataFrame, key: pl.Series | None
) -> tuple[pl.DataFrame, tuple[Group, ...]]:
    """One value a group: it stands in the group's first row, and the rows below are merged with it."""
    if key is None:
        return rows, ()
    run = (key != key.shift(1)).fill_null(value=True).cum_sum()
    spans = (
        pl.DataFrame({"run": run})
        .with_row_index("at")
        .group_by("run", maintain_order=True)
        .agg(pl.col("at").min().alias("first"), pl.col("at").max().alias("last"))
    )
    head = pl.int_range(len(key), eager=True).is_in(spans["first"].implode())
    filled = records.filled()
    per = [field.name for field in records.template.fields if field.per and field.name in records.inherited.columns]
    columns = []
    for name in per:
        value = pl.select(pl.coalesce(rows[name], filled[name].gather(kept))).to_series()
        first = value.to_frame("v").with_columns(pl.col("v").drop_nulls().first().over(run))["v"]
        columns.append(pl.select(pl.when(head).then(first).alias(name)).to_series())
    several = spans.filter(pl.col("last") > pl.col("first"))
    groups = tuple(Group(name, first, last) for name in per for _, first, last in several.iter_rows())
    return rows.with_columns(columns), groups


def _marks(round_of: Consolidation, origin: pl.DataFrame, language: Language) -> tuple[Mark, ...]:
    """Cells of the report that an error stands on which no waiver lets pass."""
    records = round_of.records
    wrong = round_of.findings.frame.filter(
        (pl.col("severity") == Severity.ERROR.value) & (pl.col("row") > 0) & (pl.col("field") != "")
    )
    addresses = records.addresses().with_columns(records.frame[ID])
    words = worded(Findings(wrong), round_of.template.entries, language)
    wrong = words.join(addresses, on=["file", "sheet", "row"]).join(round_of.passing, on=round_of.passing.columns, how="anti")
    found: dict[tuple[int, str], str] = {}
    for (name,), part in wrong.group_by("field", maintain_order=True):
        if name not in origin.columns:
            continue
        at = pl.DataFrame({ID: origin[str(name)]}).with_row_index("at").join(part, on=ID)
        for line in at.iter_rows(named=True):
            found.setdefault((line["at"], str(name)), line["message"])
    return tuple(Mark(row, name, words) for (row, name), words in sorted(found.items()))


def _totals(fields: Sequence[Field], records: Records, origin: pl.DataFrame, rows: pl.DataFrame) -> list[Total]:
    totals = []
    for field in fields:
        if field.total:
            good = records.codes[field.name].gather(origin[field.name]).is_null()
            figures = rows[field.name].cast(pl.Float64, strict=False)
            left_out = int((rows[field.name].is_not_null() & (~good | figures.is_null())).sum())
            totals.append(Total(field.name, round(float(figures.filter(good).sum()), 2), left_out))
    return totals
