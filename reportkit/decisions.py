"""What persons have decided of two rows: the same thing, or not. Kept by what the rows say, not by where they stand.

A decision names each row by the canonical values of the fields that say who or what it is about. Amounts, remarks and days of
events are none of them: next month's row about the same person meets the decision of this month.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import polars as pl

from reportkit.linkage import DECIDED
from reportkit.records import ID, Records
from reportkit.templates import Field, Template

#: The decisions as they are kept; ``left`` and ``right`` are JSON objects of identifying values, ``left`` the smaller text.
SCHEMA = pl.Schema(dict.fromkeys(("entity", "left", "right", "decision", "by", "decided_at", "period"), pl.String()))
SAME, DIFFERENT = "same", "different"

_NAMING = frozenset(
    {"identity-number", "credit-code", "person-name", "organisation-name", "given-name", "surname", "phone", "address", "account"}
)
_FIGURES = frozenset({"amount", "integer"})


def none() -> pl.DataFrame:
    """No decision."""
    return pl.DataFrame(schema=SCHEMA)


def identifying(template: Template) -> tuple[Field, ...]:
    """The fields that say who or what a row is about; where a form has none of that kind, all that are no figures."""
    found = tuple(one for one in template.fields if _identifies(one, template.key))
    return found or tuple(one for one in template.fields if one.element not in _FIGURES)


def _identifies(field: Field, key: Sequence[str]) -> bool:
    born = field.element == "date" and field.concept.endswith("birth_date")
    return field.name in key or field.element in _NAMING or born


def keys(records: Records) -> pl.Series:
    """For every row its identifying values: ``{"person.name":"王芳"}``; null where it has none."""
    fields = sorted(identifying(records.template), key=lambda one: (one.concept or one.name, one.name))
    pieces = [
        pl.concat_str(pl.lit(f'"{_name(one, fields)}":"'), _quoted(pl.col(one.name)), pl.lit('"'))
        for one in fields
        if one.name in records.names
    ]
    if not pieces:
        return pl.repeat(None, records.height, dtype=pl.String, eager=True).alias("key")
    inner = pl.concat_str(pieces, separator=",", ignore_nulls=True).alias("inner")
    rows = records.filled().select(inner)
    whole = pl.when(pl.col("inner") != "").then(pl.concat_str(pl.lit("{"), "inner", pl.lit("}")))
    return rows.select(whole.alias("key")).to_series()


def _name(field: Field, fields: Sequence[Field]) -> str:
    """The concept, so that a header may change; the field's own name where two mean the same."""
    shared = sum(one.concept == field.concept for one in fields) > 1
    name = field.concept if field.concept and not shared else field.name
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _quoted(value: pl.Expr) -> pl.Expr:
    """A text as JSON has it between its quotes."""
    bare = value.str.replace_all("[\x00-\x1f]", "")
    return bare.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)


def digest(entity: str, key: str) -> str:
    """Sixteen characters that stand for a row's identifying values."""
    return hashlib.sha256(f"{entity}\n{key}".encode()).hexdigest()[:16]


def decision(entity: str, pair: tuple[str, str], verdict: str, signed: tuple[str, str, str]) -> dict[str, str]:
    """A line of ``SCHEMA``. ``pair``: two keys in any order; ``signed``: by whom, on which day, of which period."""
    left, right = sorted(pair)
    return dict(zip(SCHEMA, (entity, left, right, verdict, *signed), strict=True))


def last(decisions: pl.DataFrame) -> pl.DataFrame:
    """Of several decisions on one pair the last; in an order that does not hang on how they came."""
    return decisions.unique(["entity", "left", "right"], keep="last", maintain_order=True).sort("entity", "left", "right")


def pairs(records: Records, decisions: pl.DataFrame) -> pl.DataFrame:
    """The rows that decisions speak of, as ``linkage.DECIDED``; the latest decisions first."""
    mine = decisions.filter(pl.col("entity") == records.template.entity)
    if not mine.height:
        return pl.DataFrame(schema=DECIDED)
    rows = pl.DataFrame([records.frame[ID], keys(records)]).drop_nulls()
    found = mine.join(rows.rename({"key": "left", ID: "one"}), on="left").join(
        rows.rename({"key": "right", ID: "other"}), on="right"
    )
    found = found.filter(pl.col("one") != pl.col("other")).with_columns(
        pl.min_horizontal("one", "other").cast(pl.UInt32).alias("left"),
        pl.max_horizontal("one", "other").cast(pl.UInt32).alias("right"),
        (pl.col("decision") == SAME).alias("same"),
    )
    found = found.sort(["decided_at", "left", "right"], descending=[True, False, False])
    return found.select(list(DECIDED)).unique(["left", "right"], keep="first", maintain_order=True)
