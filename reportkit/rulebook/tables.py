"""The tables that rules across forms may name, and their columns.

They are called by the templates' names, ``NAME@prev`` (the period before), ``NAME@lastyear`` (the same period of the year before)
and ``units``.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from reportkit.rulebook.kinds import kinds
from reportkit.rules import Reconcile
from reportkit.templates import Template

UNITS = "units"
PREVIOUS, LAST_YEAR = "@prev", "@lastyear"
_MARKS = ("", PREVIOUS, LAST_YEAR)
#: Where a row of a form stands; with ``_entity``, the register's word for who or what it is about, its columns beside the fields.
ADDRESS = {"_file": pl.String(), "_sheet": pl.String(), "_row": pl.Int64(), "_unit": pl.String()}
UNIT_COLUMNS = ("code", "name", "level", "parent")


def named(rule: Reconcile, templates: Iterable[str]) -> list[str]:
    """The tables whose names stand in a rule's query."""
    known = [UNITS, *(f"{name}{mark}" for name in templates for mark in _MARKS)]
    return [one for one in known if one in rule.sql]


def schemas(templates: Iterable[Template]) -> dict[str, pl.Schema]:
    """The columns of all tables that rules may name."""
    own = {one.name: pl.Schema({**ADDRESS, "_entity": pl.String(), **kinds(one)}) for one in templates}
    units = pl.Schema(dict.fromkeys(UNIT_COLUMNS, pl.String()))
    return {f"{name}{mark}": schema for name, schema in own.items() for mark in _MARKS} | {UNITS: units}
