"""What the parser refuses of a spec, told by what should have stood there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reportkit.messages import catalogue
from reportkit.rulebook.broken import nearest
from reportkit.rules import Reconcile, Rule
from reportkit.templates import Accept, Constraints, Field, ForeignKey, GridCell, Reference, Schema, Template

Place = tuple[str | int, ...]
#: What a value should have been, by what the parser calls it; so much of a wrong value is shown.
_WANTED = {
    "bool": "spec-value-no-yes-or-no",
    "int": "spec-value-no-number",
    "float": "spec-value-no-number",
    "string": "spec-value-no-text",
    "tuple": "spec-value-no-list",
    "dict": "spec-value-no-mapping",
    "model": "spec-value-no-mapping",
    "date": "spec-value-no-day",
}
_SHOWN = 40
_MODELS: Mapping[str | int, type[BaseModel]] = {
    "constraints": Constraints,
    "schema": Schema,
    "fields": Field,
    "cells": GridCell,
    "accept": Accept,
    "rules": Rule,
    "reconcile": Reconcile,
    "foreignKeys": ForeignKey,
    "reference": Reference,
}


def refused(error: ValidationError) -> list[tuple[Place, str, dict[str, object]]]:
    """Each value that was refused: its place in the spec, a code of the catalogue, and what its message names."""
    told = {_place(one["loc"]): one for one in error.errors()}
    return [_told(one["type"], place, one) for place, one in told.items()]


def _place(found: Place) -> Place:
    """Where a value stands, without the one of several kinds that it might have been."""
    return found[:-1] if found and found[-1] in ("float", "str") else found


def _told(kind: str, place: Place, error: ErrorDetails) -> tuple[Place, str, dict[str, object]]:
    key = str(place[-1]) if place else ""
    if kind == "extra_forbidden":
        near = get_close_matches(key, _keys(place), n=1)
        return place, "spec-key-unknown", {"key": key, "suggestion": near[0] if near else ", ".join(_keys(place))}
    if kind == "missing":
        return place[:-1], "spec-key-missing", {"key": key}
    named = ".".join(step for step in place if isinstance(step, str))
    facts: dict[str, object] = {"key": named, "value": str(error["input"])[:_SHOWN]}
    if kind == "enum":
        known = re.findall("'([^']*)'", error["ctx"]["expected"])
        meant = nearest(str(error["input"]), known) or ", ".join(known)
        return place, "spec-value-unknown", facts | {"known": ", ".join(known), "suggestion": meant}
    if kind in catalogue():
        return place, kind, facts
    return place, _WANTED.get(kind.partition("_")[0], "spec-value-wrong"), facts | {"why": error["msg"]}


def _keys(place: Place) -> list[str]:
    """What may stand where an unknown key stood."""
    inside: type[BaseModel] = next((_MODELS[step] for step in reversed(place[:-1]) if step in _MODELS), Template)
    return [field.alias or name for name, field in inside.model_fields.items()]
