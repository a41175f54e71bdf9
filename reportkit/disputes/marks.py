"""By what a thing is known from period to period, whatever rows it stands in: its number, its name, its unit."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from reportkit.namings import namings
from reportkit.templates import Template

_NUMBERS, _NAMES = ("identity_number", "credit_code"), ("name", "address")
_SCHEMA = dict.fromkeys(("_entity", "number", "who", "unit"), pl.String)


def marks(entity: str, records: Mapping[str, pl.DataFrame], templates: Mapping[str, Template]) -> pl.DataFrame:
    """``_entity, number, who, unit`` of every thing of a kind: what most of its rows say; null where none does."""
    parts = [pl.DataFrame(schema=_SCHEMA)]
    for name, rows in sorted(records.items()):
        template = templates[name]
        if template.entity == entity:
            number, called = (_attribute(template, rows, wanted) for wanted in (_NUMBERS, _NAMES))
            parts.append(rows.select("_entity", number.alias("number"), called.alias("who"), pl.col("_unit").alias("unit")))
    said = pl.concat(parts).drop_nulls("_entity")
    found = said.select("_entity").unique()
    for name in ("number", "who", "unit"):
        found = found.join(_commonest(said, name), on="_entity", how="left")
    return found.sort("_entity")


def _attribute(template: Template, rows: pl.DataFrame, wanted: tuple[str, ...]) -> pl.Series:
    """The first attribute of those wanted that the form asks."""
    fields = namings(template)[0].fields
    asked = next((fields[name].name for name in wanted if name in fields and fields[name].name in rows.columns), "")
    return rows[asked] if asked else pl.Series([None] * rows.height, dtype=pl.String)


def _commonest(said: pl.DataFrame, name: str) -> pl.DataFrame:
    """``_entity`` and its most frequent value, of several the first in order."""
    counted = said.drop_nulls(name).group_by("_entity", name).len().sort("len", name, descending=[True, False])
    return counted.unique("_entity", keep="first", maintain_order=True).select("_entity", name)
