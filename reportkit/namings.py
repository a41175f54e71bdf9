"""Which fields of a form name whom: the thing that a row is about, and the others beside it.

A row of a household register is about a person and names a householder and a household; a row about a house names its owner.
It is decided from the fields' concepts and elements alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reportkit.fields.headers import attribute, lexicon, word
from reportkit.fields.owners import is_own_number, whose
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
    return (own, *(one for one in others if saying(one)))


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


def saying(one: Naming) -> list[str]:
    """The attributes that say who or what a thing is: a householder's phone alone names nobody; a house is where it stands."""
    saying = ("identity_number", "credit_code", "name", *(("address",) if one.entity == "house" else ()))
    return [name for name in saying if name in one.fields]
