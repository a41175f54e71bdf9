"""What is wrong with the constraints of a spec: patterns and formats that do not compile, bounds that are none, keys that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

import polars as pl

from reportkit.constraints.kinds import FORMATS, MOMENTS, moment, ordered
from reportkit.constraints.limits import BOUNDING, bound, spelt, whole
from reportkit.rulebook.broken import nearest
from reportkit.rulebook.tables import UNIT_COLUMNS, UNITS
from reportkit.templates import Field, Template

Place = tuple[str | int, ...]
#: Where in the spec, a code of the catalogue, and what its message names.
Found = Iterator[tuple[Place, str, dict[str, object]]]

_UNORDERED = frozenset({"string", "boolean", "duration", "any"})


def constraint_problems(template: Template) -> Found:
    """What keeps a template's constraints from being judged, in the order of the spec."""
    for index, field in enumerate(template.fields):
        place = ("schema", "fields", index)
        yield from _format(field, (*place, "format"))
        yield from _pattern(field, (*place, "constraints", "pattern"))
        yield from _bounds(field, (*place, "constraints"))
    yield from _keys(template)


def _format(field: Field, place: Place) -> Found:
    if field.format == "default":
        return
    known = ("default", *FORMATS) if field.type == "string" else ("default", "any", "%Y-%m-%d")
    if field.type in MOMENTS:
        if field.format != "any" and not _reads_what_it_writes(field):
            yield place, "spec-format-wrong", {"field": field.name, "value": field.format, "suggestion": ", ".join(known)}
    elif field.type != "string" or field.format not in FORMATS:
        known = known if field.type == "string" else ("default",)
        yield place, "spec-format-wrong", {"field": field.name, "value": field.format, "suggestion": ", ".join(known)}


def _pattern(field: Field, place: Place) -> Found:
    pattern = field.constraints.pattern
    if pattern and not _runs(pl.col(field.name).str.contains(whole(pattern)), field.name):
        yield place, "spec-pattern-wrong", {"field": field.name, "value": pattern}


def _bounds(field: Field, place: Place) -> Found:
    for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        given = getattr(field.constraints, key)
        if given is None or (field.element in BOUNDING and key in ("minimum", "maximum")):
            continue
        facts: dict[str, object] = {"field": field.name, "key": key, "value": spelt(given)}
        if field.type in _UNORDERED and not ordered(field):
            yield (*place, key), "spec-bound-no-order", facts | {"type": field.type}
        elif ordered(field) and field.type not in ("number", "integer") and _nothing(bound(field, given)):
            yield (*place, key), "spec-bound-wrong", facts | {"type": ordered(field)}


def _keys(template: Template) -> Found:
    names = {field.name for field in template.fields}
    for index, unique in enumerate(template.table_schema.uniqueKeys):
        for name in unique:
            if name not in names:
                yield ("schema", "uniqueKeys", index), "spec-key-no-field", {"field": name, "suggestion": ""}
    for index, key in enumerate(template.table_schema.foreignKeys):
        place = ("schema", "foreignKeys", index)
        there = key.reference.fields
        if not key.fields:
            yield place, "spec-key-missing", {"key": "fields"}
        for name in (*key.fields, *(there if not key.reference.resource else ())):
            if name not in names:
                yield place, "spec-key-no-field", {"field": name, "suggestion": ""}
        if len(there) != len(key.fields):
            yield place, "spec-reference-uneven", {"field": ", ".join(key.fields), "value": ", ".join(there)}


def reference_problems(template: Template, templates: Iterable[Template], *, whole: bool) -> Found:
    """Foreign keys to forms or columns that there are not. ``whole``: a form that is not among the templates is nowhere."""
    columns = {one.name: [field.name for field in one.fields] for one in templates} | {UNITS: list(UNIT_COLUMNS)}
    for index, key in enumerate(template.table_schema.foreignKeys):
        place: Place = ("schema", "foreignKeys", index, "reference")
        resource = key.reference.resource
        if resource in columns:
            for name in key.reference.fields:
                if name not in columns[resource]:
                    near = nearest(name, columns[resource])
                    yield (*place, "fields"), "spec-reference-no-field", {"field": name, "value": resource, "suggestion": near}
        elif resource and whole:
            yield (*place, "resource"), "spec-reference-unknown", {"value": resource, "suggestion": nearest(resource, columns)}


def _reads_what_it_writes(field: Field) -> bool:
    """Polars reads nothing by a pattern that it does not know, and does not say so."""
    sample = {"date": date(2026, 3, 5), "datetime": datetime(2026, 3, 5, 9, 30), "time": time(9, 30)}[field.type]  # noqa: DTZ001 - any will do
    try:
        written = pl.select(pl.lit(sample).dt.strftime(field.format.removeprefix("fmt:")))
        return written.select(moment(pl.first(), field.type, field.format)).item() is not None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return False


def _runs(expression: pl.Expr, name: str) -> bool:
    """Whether polars takes a pattern."""
    try:
        pl.DataFrame({name: ["2024"]}).select(expression)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return False
    return True


def _nothing(bound: pl.Expr) -> bool:
    try:
        return pl.select(bound).item() is None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        # Its format is told of already.
        return False
