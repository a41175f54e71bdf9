"""One register of things over all forms of a round: which rows of which lists are about, or name, the same person, house, enterprise.

What a form holds to be one thing stays one. Between forms, what bears the same valid identifier and the same name is one at once;
the rest is linked. Things of kinds that nobody knows, and events, are one only where they bear the same number of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from reportkit.elements import element
from reportkit.elements.shape import Scope
from reportkit.linkage import LinkField, link
from reportkit.mentions import Mentions, commonest
from reportkit.namings import KINDS, elements_of

COLUMNS = ("file", "sheet", "row", "template", "role", "entity_type", "cluster_id")
#: The valid number by which things are one at once, and what has to agree beside it.
_CERTAIN = {
    "person": ("identity_number", "name"),
    "household": ("identity_number", "name"),
    "enterprise": ("credit_code", "name"),
    "house": ("identity_number", "address"),
}
#: Characters of a whole identity number or credit code.
_FULL = 18
#: What names a thing of a kind: a house is where it stands, whoever owns it.
_KEYS = {
    "person": ("identity_number",),
    "household": ("identity_number",),
    "enterprise": ("credit_code",),
    "house": ("address",),
}
#: Attributes that are so seldom shared by chance that two of them speak for one thing.
_TELLING = ("identity_number", "credit_code", "name", "phone", "address", "registered_address", "birth_date", "account")


@dataclass(frozen=True, slots=True)
class Register:
    """Every mention of a round with the thing that it is.

    Attributes:
        lines: the contract's columns; one line for each thing that a row is about or names, in the order of the rows.
    """

    lines: pl.DataFrame


def register(found: Sequence[Mentions]) -> Register:
    """The register of all forms' mentions; the order of forms and files is irrelevant."""
    parts = []
    for entity in sorted({one.entity for one in found}):
        mine = sorted((one for one in found if one.entity == entity), key=lambda one: (one.template, one.role))
        things = _numbered(mine)
        groups = pl.Series(range(things.height), dtype=pl.UInt32)
        if entity in KINDS:
            groups = _linked(entity, things)
        elif things.width > 1:
            groups = _same_number(things)
        parts.append(_named(mine, groups))
    empty = pl.DataFrame(schema={name: pl.Int64 if name == "row" else pl.String for name in COLUMNS})
    return Register(pl.concat([empty, *parts]).sort("file", "sheet", "row", "template", "role", "entity_type"))


def _numbered(found: Sequence[Mentions]) -> pl.DataFrame:
    """All forms' things below each other; ``thing`` counts on."""
    things = pl.concat([one.things for one in found], how="diagonal")
    return things.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("thing"))


def _named(found: Sequence[Mentions], groups: pl.Series) -> pl.DataFrame:
    """The lines of a kind of thing, each cluster named by a digest of its members' addresses."""
    parts, before = [], 0
    for one in found:
        about = {"template": one.template, "role": one.role, "entity_type": one.entity}
        lines = one.rows.with_columns(pl.lit(value).alias(name) for name, value in about.items())
        parts.append(lines.with_columns(groups.gather(lines["thing"] + before).alias("group")))
        before += one.things.height
    lines = pl.concat(parts)
    member = pl.concat_str("file", "sheet", "row", "template", "role", separator="|")
    members = lines.select("group", "entity_type", member.alias("at")).sort("at").group_by("group", maintain_order=True)
    told = members.agg(pl.concat_str(pl.col("entity_type").first(), pl.col("at").str.join("\n"), separator="\n").alias("at"))
    digests = [hashlib.sha256(text.encode()).hexdigest()[:12] for text in told["at"]]
    names = told.select("group", pl.Series("cluster_id", digests, dtype=pl.String))
    return lines.join(names, on="group", how="left", maintain_order="left").select(COLUMNS)


# -- what is one thing ------------------------------------------------------------------------------------


def _same_number(things: pl.DataFrame) -> pl.Series:
    """Things that bear one number under one concept; without a number each is itself."""
    numbers = [name for name in things.columns if name != "thing"]
    own = pl.when(pl.all_horizontal(pl.col(numbers).is_null())).then(pl.col("thing"))
    return _dense(things.select(own.alias(" own"), *numbers))


def _dense(keys: pl.DataFrame) -> pl.Series:
    """A number (0 …) for each distinct line, in the order of their first."""
    distinct = keys.unique(maintain_order=True).with_row_index("number")
    return keys.join(distinct, on=keys.columns, how="left", nulls_equal=True, maintain_order="left")["number"]


def _linked(entity: str, things: pl.DataFrame) -> pl.Series:
    """The cluster of every thing."""
    elements = {name: kind for name, kind in elements_of(entity).items() if name in things.columns}
    certain = _certain(entity, things, elements)
    merged = commonest(things.select(list(elements)), None, certain)
    alike = _alike(merged.drop("thing"))
    records = commonest(merged.select(list(elements)), None, alike).rename({"thing": "_id"})
    fields = [LinkField(name, elements[name], f"{entity}.{name}", name in _KEYS[entity]) for name in elements]
    found = link(records, fields, entity).frame.sort("_id")["cluster"]
    return found.gather(alike).gather(certain)


def _certain(entity: str, things: pl.DataFrame, elements: dict[str, str]) -> pl.Series:
    """A number for each thing, one for those with the same valid identifier and the same name."""
    identifier, name = _CERTAIN[entity]
    if identifier not in elements or name not in elements:
        return things["thing"]
    words = things[identifier].drop_nulls().unique()
    check, scope = element(elements[identifier]).check, Scope()
    valid = [word for word in words if len(word) == _FULL and not check(word, scope)]
    sure = pl.col(identifier).is_in(valid) & pl.col(name).is_not_null()
    return _dense(
        things.select(
            pl.when(~sure | sure.is_null()).then("thing"),
            pl.when(sure).then(identifier).alias(identifier),
            pl.when(sure).then(name).alias(name),
        )
    )


def _alike(things: pl.DataFrame) -> pl.Series:
    """A number for each thing, one for those of which all that is known agrees and tells enough."""
    telling = [name for name in things.columns if name in _TELLING]
    enough = pl.sum_horizontal(pl.col(telling).is_not_null().cast(pl.UInt8)) > 1
    number = pl.int_range(pl.len(), dtype=pl.UInt32)
    return _dense(things.with_columns(pl.when(~enough).then(number).alias(" own")))
