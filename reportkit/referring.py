"""Foreign keys to other forms, held against what was accepted of them, and the list of units as a table that keys refer to.

A round's forms are consolidated apart; whether a value stands in another form is known at the round's end alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from reportkit.chronicle import Chronicle
from reportkit.constraints.references import PLACE, Referred, lost, named, unjudged
from reportkit.findings import Findings
from reportkit.reconciling import Tables
from reportkit.records import UNIT
from reportkit.rulebook.tables import UNIT_COLUMNS, UNITS
from reportkit.submissions import State
from reportkit.templates import ForeignKey
from reportkit.units import Units

_ADDRESS = {"_file": "file", "_sheet": "sheet", "_row": "row"}


def unit_tables(units: Units) -> dict[str, Referred]:
    """The units under each of their names and aliases, as the resource ``units``; without units there is no such table."""
    lines = [(one.code, name, one.level, one.parent) for one in units for name in dict.fromkeys((one.name, *one.aliases))]
    return {UNITS: Referred(pl.DataFrame(lines, dict.fromkeys(UNIT_COLUMNS, pl.String), orient="row"))} if lines else {}


def referred(form: Chronicle, units: Units, reporters: str) -> Referred:
    """A form's accepted records. ``reporters``: the level that files it, "" for the lowest; of units that have not, nothing is known."""
    came = form.files.filter(state=State.ACCEPTED.value)["unit"]
    return Referred(form.records, frozenset(one.code for one in units.reporting(reporters)) - set(came))


def refer(tables: Tables) -> dict[str, Findings]:
    """What foreign keys to other forms don't find there, by the template in whose spec they stand."""
    found: dict[str, Findings] = {}
    for name, template in tables.templates.items():
        if name in tables.chronicles:
            keys = [key for key in template.table_schema.foreignKeys if key.reference.resource in tables.templates]
            found[name] = Findings.gather(part for key in keys for part in _judged(key, tables.chronicles[name], tables))
    return found


def _judged(key: ForeignKey, form: Chronicle, tables: Tables) -> Iterator[pl.DataFrame]:
    resource = key.reference.resource
    there, rows = tables.chronicles.get(resource), form.records
    if there is None or not set(key.reference.fields) <= set(there.records.columns) or not set(key.fields) <= set(rows.columns):
        yield unjudged(key)
        return
    mine = rows.select(pl.col("_unit").alias(UNIT), *key.fields).with_row_index(PLACE)
    wrong, waiting = lost(mine, referred(there, tables.units, tables.templates[resource].reporters), key)
    yield _at_cells(rows[wrong], key, form.places)
    if len(waiting):
        yield unjudged(key, rows["_file"].gather(waiting).unique(maintain_order=True).to_list())


def _at_cells(rows: pl.DataFrame, key: ForeignKey, places: pl.DataFrame) -> pl.DataFrame:
    """A finding on the cell of the key's first field in each of the rows."""
    first = key.fields[0]
    at = places.filter(field=first).select("file", "sheet", "column").unique(["file", "sheet"], keep="first", maintain_order=True)
    lines = rows.select(*(pl.col(name).alias(short) for name, short in _ADDRESS.items()), pl.col(first).alias("value"))
    told = lines.join(at, on=["file", "sheet"], how="left", maintain_order="left")
    return told.with_columns(
        pl.lit("reference-missing").alias("code"), pl.lit(first).alias("field"), pl.lit(named(key)).alias("detail")
    )
