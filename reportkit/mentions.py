"""Whom and what the rows of a form name: the thing that a row is about, and the others beside it.

A row of a household register is about a person and names a householder and a household; a row about a house names its owner.
Which fields name whom is decided from their concepts and elements alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from reportkit.consolidation import Consolidation
from reportkit.fields.headers import attribute, lexicon, word
from reportkit.fields.owners import whose
from reportkit.fields.refinement import is_own_number
from reportkit.records import FILE, ID, Records
from reportkit.templates import Field, Template

#: The role of the thing that a row is about.
ROW = "row"
#: What identifies things of the known kinds: element → attribute. A name is enough to speak of a thing, a phone is not.
KINDS: dict[str, dict[str, str]] = {
    "person": {
        "identity-number": "identity_number",
        "person-name": "name",
        "phone": "phone",
        "address": "address",
        "account": "account",
        "date": "birth_date",
        "month": "birth_month",
        "code": "sex",
    },
    "household": {
        "identity-number": "identity_number",
        "person-name": "name",
        "phone": "phone",
        "address": "address",
    },
    "house": {
        "identity-number": "identity_number",
        "person-name": "name",
        "phone": "phone",
        "address": "address",
    },
    "enterprise": {
        "credit-code": "credit_code",
        "organisation-name": "name",
        "person-name": "representative",
        "phone": "phone",
        "address": "address",
    },
}
#: A person's second address, at which he is registered.
_REGISTERED_ADDRESS = "registered_address"
#: Elements that ask for many things: only these attributes of theirs identify.
_NARROW = {"date": ("birth_date",), "month": ("birth_month",), "code": ("sex",)}
#: Persons through whom things are known.
_HEADS = {"household": ("householder",), "house": ("owner", "landlord"), "enterprise": ("representative",)}
_NAMING = {"identity-number": "person", "person-name": "person", "credit-code": "enterprise", "organisation-name": "enterprise"}
#: Addresses at which a person is registered, not found.
_REGISTERED = ("registered", "origin", "native")


def elements_of(entity: str) -> dict[str, str]:
    """Attribute → element of a known kind of thing."""
    found = {name: kind for kind, name in KINDS[entity].items()}
    return found | ({_REGISTERED_ADDRESS: "address"} if entity == "person" else {})


@dataclass(frozen=True, slots=True)
class Naming:
    """Which fields of a form name a thing: its kind, the role it has in a row, attribute → field."""

    entity: str
    role: str
    fields: dict[str, Field]


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A field, whose it is, and which attribute."""

    group: str
    attribute: str
    field: Field

    @property
    def role(self) -> str:
        return self.group.split(".")[-1]


def namings(template: Template) -> tuple[Naming, ...]:
    """What the rows of a list name: the row's own thing first, named or not."""
    asked = [_asked(field, template.entity) for field in template.fields]
    asked.sort(key=lambda one: one.field.name not in template.key)
    own = _own(template, asked)
    others = [*_groups(template, asked), *_persons_in_it(template, asked, own), *_household(template, asked, own)]
    return (own, *(one for one in others if _saying(one)))


def _asked(field: Field, entity: str) -> _Asked:
    """An inferred concept may end with the header's words (``person.address.现住址``); without a concept the header itself tells."""
    *group, what = field.concept.split(".")
    if not group:
        return _Asked(whose(field).replace("self", "") or entity, attribute(word(field.name.split(">")[-1]).name)[0], field)
    if len(group) > 1 and group[1] in lexicon().attributes:
        return _Asked(group[0], group[1], field)
    return _Asked(".".join(group), what, field)


def _own(template: Template, asked: Sequence[_Asked]) -> Naming:
    """The row's own thing; of a kind that nobody knows only the number that it bears itself tells."""
    entity = template.entity
    if entity not in KINDS:
        keys = [one for one in asked if one.field.name in template.key]
        number = keys[0] if len(keys) == 1 and keys[0].group == entity and is_own_number(keys[0].field) else None
        return Naming(entity, ROW, {number.field.concept or number.field.name: number.field} if number else {})
    heads = [one for one in asked if one.role in _HEADS.get(entity, ())]
    mine = [one for one in asked if one.group == entity]
    places = [one for one in mine if one.field.element == "address"]
    return Naming(entity, ROW, _attributes(entity, [*places, *heads, *mine]))


def _attributes(entity: str, asked: Iterable[_Asked]) -> dict[str, Field]:
    """Attribute → field, the first of each; names that are called so before others."""
    found: dict[str, Field] = {}
    for one in sorted(
        asked, key=lambda one: one.field.element == "person-name" and one.attribute not in ("name", "representative")
    ):
        name = KINDS[entity].get(one.field.element, "")
        if name == "address" and entity == "person" and one.attribute.startswith(_REGISTERED):
            name = _REGISTERED_ADDRESS
        if name and one.attribute in _NARROW.get(one.field.element, (one.attribute,)):
            found.setdefault(name, one.field)
    return found


def _groups(template: Template, asked: Sequence[_Asked]) -> list[Naming]:
    """Others of whom the form asks something: ``householder``, ``owner``, ``order.caller``."""
    found: dict[str, list[_Asked]] = {}
    for one in asked:
        if one.group != template.entity:
            found.setdefault(one.group, []).append(one)
    named = []
    for group in found.values():
        kinds = [_NAMING[one.field.element] for one in group if one.field.element in _NAMING]
        entity = group[0].role if group[0].role in KINDS else min(kinds, default="", key=lambda kind: kind != "person")
        if entity:
            named.append(Naming(entity, group[0].role, _attributes(entity, group)))
    return named


def _persons_in_it(template: Template, asked: Sequence[_Asked], own: Naming) -> list[Naming]:
    """Persons and enterprises that stand as attributes of the row's thing: its representative, inspector, workplace."""
    mine = [one for one in asked if one.group == template.entity and _NAMING.get(one.field.element, own.entity) != own.entity]
    heads = [one for one in mine if one.field in own.fields.values() and _NAMING[one.field.element] == "person"]
    role = _HEADS.get(template.entity, ("",))[0]
    named = [Naming("person", role, _attributes("person", heads))] if heads else []
    rest = [(one, _NAMING[one.field.element]) for one in mine if one not in heads]
    roles = {"name": "person"}
    return named + [Naming(kind, roles.get(one.attribute, one.attribute), _attributes(kind, [one])) for one, kind in rest]


def _household(template: Template, asked: Sequence[_Asked], own: Naming) -> list[Naming]:
    """A person whose row names a householder lives in that household."""
    if template.entity != "person":
        return []
    heads = [one for one in asked if one.role in _HEADS["household"]]
    fields = _attributes("household", heads)
    if "address" not in fields and "address" in own.fields:
        fields["address"] = own.fields["address"]
    return [Naming("household", "household", fields)] if heads else []


def _saying(one: Naming) -> list[str]:
    """The attributes that say who or what a thing is: a householder's phone alone names nobody; a house is where it stands."""
    saying = ("identity_number", "credit_code", "name", *(("address",) if one.entity == "house" else ()))
    return [name for name in saying if name in one.fields]


# -- the rows ---------------------------------------------------------------------------------------------


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
    named = pl.any_horizontal(pl.col(_saying(naming)).is_not_null())
    others = pl.exclude("name").is_null()
    lines = values.with_columns(pl.when(pl.all_horizontal(pl.lit(value=True), others)).then(files).alias(" file"))
    distinct = lines.filter(named).unique(maintain_order=True).with_row_index("thing")
    found = lines.join(distinct, on=lines.columns, how="left", nulls_equal=True, maintain_order="left")["thing"]
    return found, distinct.drop(" file")
