"""What foreign keys refer to: tables by the name of the resource, and which of their values a list's rows do not find there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from reportkit.records import UNIT
from reportkit.templates import ForeignKey

#: Where a row that is looked up stands in its list.
PLACE = " place"


@dataclass(frozen=True, slots=True)
class Referred:
    """A table that is referred to.

    Attributes:
        values: canonical values, a column a field of the reference.
        absent: codes of units whose rows belong there and have not come: what their rows refer to cannot be judged yet.
    """

    values: pl.DataFrame
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class References:
    """Resource (a template's name, ``units``) → its table; what is neither there nor looked up ``later`` is not judged, and that is said.

    ``later``: resources that are complete at the round's end only, and are judged there.
    """

    tables: Mapping[str, Referred] = field(default_factory=dict)
    later: frozenset[str] = frozenset()


def lost(mine: pl.DataFrame, known: Referred, key: ForeignKey) -> tuple[pl.Series, pl.Series]:
    """Places of rows whose values, none blank, the table does not hold: those that are wrong, and those that cannot be judged yet.

    Args:
        mine: ``PLACE``, ``UNIT`` and the key's fields.
        known: what is referred to; it has the reference's fields.
        key: the foreign key.
    """
    names = list(key.fields)
    theirs = known.values.select(key.reference.fields).cast(pl.String).unique()
    theirs.columns = names
    stray = mine.drop_nulls(names).join(theirs, on=names, how="anti", maintain_order="left")
    absent = stray[UNIT].is_in(sorted(known.absent))
    return stray.filter(~absent)[PLACE], stray.filter(absent)[PLACE]


def named(key: ForeignKey) -> str:
    """``units: 名称``."""
    return f"{key.reference.resource}: {'、'.join(key.reference.fields)}".removeprefix(": ")


def unjudged(key: ForeignKey, files: Sequence[str] = ("",)) -> pl.DataFrame:
    """A note that a key is held against nothing: in all files, or in those named."""
    told = {"code": "reference-not-judged", "field": "、".join(key.fields), "detail": named(key)}
    return pl.DataFrame({"file": files}, schema={"file": pl.String}).with_columns(
        pl.lit(value).alias(name) for name, value in told.items()
    )
