"""Which facts several departments ask of the same kind of thing, and whose word counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reportkit.namings import namings
from reportkit.templates import Field, Kind, Template
from reportkit.units import Units

#: Elements whose values are facts about a thing, the same whoever asks.
HARD = frozenset({"identity-number", "credit-code", "person-name", "date", "code"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A form's field that asks for a fact."""

    template: Template
    field: Field


@dataclass(frozen=True, slots=True)
class Question:
    """A fact about a kind of thing, as forms of several departments ask it.

    Attributes:
        to: the department, or the code of the unit, whose word counts; "" where no spec names one.
        hard: whether any two words against each other are a dispute; else only the owner's against another's.
    """

    entity: str
    concept: str
    element: str
    asked: tuple[Asked, ...]
    to: str
    hard: bool


def questions(templates: Iterable[Template], units: Units) -> tuple[Question, ...]:
    """All facts over which there can be a dispute, by kind of thing and concept."""
    every = sorted(
        (one for one in templates if one.kind is Kind.LIST and one.department and one.entity), key=lambda one: one.name
    )
    asked: dict[tuple[str, str, str], list[Asked]] = {}
    for template in every:
        for field in template.fields:
            if sum(one.concept == field.concept for one in template.fields) == 1 and "." in field.concept:
                asked.setdefault((template.entity, field.concept, field.element), []).append(Asked(template, field))
    departments = {one.department for one in every}
    found = [_question(key, tuple(mine), departments, units) for key, mine in sorted(asked.items())]
    return tuple(one for one in found if (one.hard or one.to) and _parties(one) > 1)


def _question(key: tuple[str, str, str], asked: tuple[Asked, ...], departments: set[str], units: Units) -> Question:
    entity, concept, kind = key
    hard = kind in HARD and all(_own(one) for one in asked)
    return Question(entity, concept, kind, asked, _owner(asked, departments, units), hard)


def _parties(one: Question) -> int:
    departments = {asked.template.department for asked in one.asked}
    return len(departments | {one.to} - {""})


def _own(one: Asked) -> bool:
    """Whether the fact is one about the row's own thing, or about the person through whom that is known; a helper's name is not."""
    groups = {field.concept.rpartition(".")[0] for field in namings(one.template)[0].fields.values()}
    return one.field.concept.rpartition(".")[0] in groups | {one.template.entity}


def _owner(asked: Iterable[Asked], departments: set[str], units: Units) -> str:
    """Whose word counts: a department as the specs write it, else a unit's code; "" where none is named, or several are."""
    named = {name for one in asked if (name := one.template.owner.get(one.field.name, ""))}
    if len(named) != 1:
        return ""
    (name,) = named
    unit = None if name in departments else units.find(name)
    return unit.code if unit else name


def lists(question: Question) -> Mapping[str, tuple[str, ...]]:
    """Template → its code list; empty where it has none."""
    return {one.template.name: one.field.values for one in question.asked}
