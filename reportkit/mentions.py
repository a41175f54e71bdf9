"""Whom and what the rows of a consolidated list name, by the fields that name them (``namings``)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reportkit.consolidation import Consolidation
from reportkit.namings import ROW, Naming, namings, saying
from reportkit.records import FILE, ID, Records
from reportkit.templates import Field


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the rows of one form name in one role.

    Attributes:
        entity: the kind of thing.
        rows: ``file, sheet, row, thing``; one line a row that names somebody.
        things: ``thing`` (UInt32, 0 …) and one String column an attribute, null where unknown. What the form holds to be one thing
            is one here.
    """

    template: str
    entity: str
    role: str
    rows: pl.DataFrame
    things: pl.DataFrame


def mentions(one: Consolidation) -> tuple[Mentions, ...]:
    """All that a consolidated list's rows name; every row has a thing of its own kind."""
    filled = one.records.filled()
    found = []
    for naming in namings(one.template):
        values = filled.select(pl.col(field.name).alias(name) for name, field in naming.fields.items())
        if naming.role == ROW:
            numbers, things = _by_cluster(one, naming, values)
        else:
            numbers, things = _by_value(naming, values, filled[FILE])
        rows = one.records.addresses().with_columns(numbers.alias("thing")).drop_nulls("thing")
        found.append(Mentions(one.template.name, naming.entity, naming.role, rows, things))
    return tuple(found)


def _by_cluster(one: Consolidation, naming: Naming, values: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """Rows that the form holds to be one thing, with what most of them say and is not wrong."""
    clusters = one.records.frame.select(ID).join(
        one.clusters.frame.select(ID, "cluster"), on=ID, how="left", maintain_order="left"
    )
    numbers = (clusters["cluster"].rank("dense") - 1).cast(pl.UInt32)
    wrong = pl.DataFrame([_wrong(one.records, field).alias(name) for name, field in naming.fields.items()])
    return numbers, commonest(values, wrong, numbers)


def _wrong(records: Records, field: Field) -> pl.Series:
    return records.codes[field.name].is_not_null()


def commonest(values: pl.DataFrame, wrong: pl.DataFrame | None, groups: pl.Series) -> pl.DataFrame:
    """One line a group, called ``thing``: of each column the value that is not wrong, is most frequent, is first in order."""
    found = pl.DataFrame({"thing": groups.unique().sort()})
    for name in values.columns:
        bad = wrong[name] if wrong is not None else pl.repeat(value=False, n=values.height, eager=True)
        cells = pl.DataFrame({"thing": groups, name: values[name], " wrong": bad}).drop_nulls(name)
        counted = cells.group_by("thing", name).agg(pl.col(" wrong").min(), pl.len().alias(" n"))
        best = counted.sort(" wrong", " n", name, descending=[False, True, False]).unique(
            "thing", keep="first", maintain_order=True
        )
        found = found.join(best.select("thing", name), on="thing", how="left", maintain_order="left")
    return found


def _by_value(naming: Naming, values: pl.DataFrame, files: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    """The distinct persons or things that a group names. One of whom only the name is known is nobody outside that file."""
    named = pl.any_horizontal(pl.col(saying(naming)).is_not_null())
    others = pl.exclude("name").is_null()
    lines = values.with_columns(pl.when(pl.all_horizontal(pl.lit(value=True), others)).then(files).alias(" file"))
    distinct = lines.filter(named).unique(maintain_order=True).with_row_index("thing")
    found = lines.join(distinct, on=lines.columns, how="left", nulls_equal=True, maintain_order="left")["thing"]
    return found, distinct.drop(" file")
