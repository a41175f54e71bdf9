"""What the units' own values tell of an inferred template: elements that words left open or got wrong, its entity, its key.

Only a template that says ``inferred`` is refined: what a person wrote stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

import polars as pl

from reportkit.elements import ELEMENTS, code_list
from reportkit.elements.shape import Scope
from reportkit.fields.headers import role, word
from reportkit.fields.inference import TYPES, concepts_of, entity_of, key_of
from reportkit.fields.matches import Match
from reportkit.fields.owners import is_own_number, whose
from reportkit.fields.profiles import resembling
from reportkit.sheets import Table, letter
from reportkit.templates import Field, Template

#: Elements whose values can be told from other values by their looks, the most telling first.
_TELLING = ("identity-number", "credit-code", "phone", "date", "month", "organisation-name", "address", "person-name")
#: A column shows an element where this share of its values look like it; it denies one where hardly any do.
_SHOWN, _DENIED = 0.8, 0.3
#: Names of persons seldom repeat. Figures stand without a unit in most cells, with one in the others.
_VARIED, _PLAINLY = 0.3, 0.8
#: Elements that figures deny.
_WORDED = ("text", "person-name", "organisation-name", "address")
#: Fewer values than this prove nothing.
_ENOUGH = 5
#: A word for a sex is no longer than this.
SEXES, _SHORT = ("男", "女"), 6
_FIGURE = re.compile(r"-?(?:0|[1-9][0-9]{0,6})(\.[0-9]+)?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}年?")
_PLACE = re.compile(r"[村庄屯镇乡街区县市路组社居里园寨营堡岭沟]$")
_PERSON = re.compile(r"(?:人|员|者|主|长|领导|干部|主任|书记|师|医生|负责|监护|经理|校长)$")
#: A key names a thing where it seldom repeats in one file; of keys that do not, another has to be this much better.
_UNIQUE, _POOR, _BETTER = 0.85, 0.7, 0.15


def refine(template: Template, tables: Sequence[Table], matches: Sequence[Sequence[Match]]) -> Template:
    """The template as its units' values show it to be meant."""
    if not template.inferred:
        return template
    rows = [_rows(table, one, template) for table, one in zip(tables, matches, strict=True)]
    grouped = _grouped(tables, matches)
    fields = tuple(_refined(field, _column(rows, field.name), grouped=field.name in grouped) for field in template.fields)
    changed = _with(template, fields, template.entity, template.key)
    if any(new.element != old.element for old, new in zip(template.fields, fields, strict=True)):
        changed = _read_again(changed, template)
    key = _settle_key(changed, rows)
    entity = _entity(changed, key)
    return _with(changed, changed.fields if entity == template.entity else concepts_of(changed.fields, entity), entity, key)


def _entity(template: Template, key: tuple[str, ...]) -> str:
    """What the key shows a row to be about: where not the householder's number but another's tells rows apart, a member."""
    if key == template.key:
        return template.entity
    owners = {whose(template.field(name)) for name in key if template.field(name).element == "identity-number"}
    if template.entity == "household" and owners and owners <= {"", "self"} and _of_householder(template):
        return "person"
    return template.entity if _names_itself(template, key) else "record"


def _of_householder(template: Template) -> bool:
    """Whether a field beside the row's own asks who the householder is."""
    naming = ("identity-number", "person-name")
    return any(whose(field) == "householder" and field.element in naming for field in template.fields)


def _with(template: Template, fields: tuple[Field, ...], entity: str, key: tuple[str, ...]) -> Template:
    schema = template.table_schema.model_copy(update={"fields": fields, "primaryKey": key})
    return template.model_copy(update={"table_schema": schema, "entity": entity})


def _read_again(template: Template, before: Template) -> Template:
    """Entity and key by words once more, now that the elements are known; a household stays one."""
    entity = before.entity if before.entity == "household" else entity_of(template.title, "", template.fields)
    return _with(template, template.fields, entity, key_of(entity, template.fields) or before.key)


def _rows(table: Table, matches: Sequence[Match], template: Template) -> pl.DataFrame:
    """A table's body in the template's fields."""
    names = {field.name for field in template.fields}
    return table.body.select(pl.col(one.column).alias(one.field) for one in matches if one.field in names)


def _column(rows: Sequence[pl.DataFrame], name: str) -> pl.Series:
    parts = [one[name].drop_nulls().alias("v") for one in rows if name in one.columns]
    return pl.concat(parts[:20]) if parts else pl.Series("v", [], dtype=pl.String)


# -- elements ---------------------------------------------------------------------------------------------


def _refined(field: Field, values: pl.Series, *, grouped: bool) -> Field:
    update: dict[str, object] = {"per": "household"} if grouped and not field.per else {}
    if not field.values and values.len() >= _ENOUGH:
        if field.element in ("text", "code") and _sexed(values):
            update |= {"element": "code", "constraints": field.constraints.model_copy(update={"enum": SEXES})}
        elif (element := _shown(field, values)) != field.element:
            update |= {"element": element, "type": TYPES.get(element, "string")}
    return field.model_copy(update=update) if update else field


def _sexed(values: pl.Series) -> bool:
    """Whether nearly all cells say 男 or 女, and some in these words: 1 and 2 alone can mean anything."""
    counts = dict(values.str.strip_chars().value_counts().iter_rows())
    read = [word for word in counts if len(word) <= _SHORT and code_list.normalise(word, Scope(SEXES)) in SEXES]
    enough = sum(counts[word] for word in read) >= 0.9 * values.len()
    return bool(enough and sum(counts.get(word, 0) for word in SEXES) >= 0.5 * values.len())


def _shown(field: Field, values: pl.Series) -> str:
    """The element that a column's values show: its own unless they deny it."""
    distinct = values.unique(maintain_order=True)
    sample = distinct.gather_every(max(1, distinct.len() // 300)).to_list()
    own = ELEMENTS.get(field.element)
    if field.element in ("integer", "amount") and resembling(sample, "date") >= _SHOWN:
        return "date"
    if own is None or (field.element != "text" and resembling(sample, field.element) >= _DENIED):
        return field.element
    varied = distinct.len() >= _VARIED * values.len()
    shares = {
        name: resembling(sample, name)
        for name in _TELLING
        if name != "person-name" or _may_be_names(field, sample, varied=varied)
    }
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= _SHOWN:
        return best
    if field.element in ("integer", "amount"):
        return "text"
    return _figures(field, sample) if field.element in _WORDED else field.element


def _may_be_names(field: Field, sample: Sequence[str], *, varied: bool) -> bool:
    """Names of villages look like names of persons: few distinct ones are persons' only under a header that asks for one."""
    places = sum(bool(_PLACE.search(value.strip())) for value in sample)
    if places > 0.15 * len(sample):
        return False
    levels = tuple(field.name.split(">"))
    return varied or bool(role(levels)) or bool(_PERSON.search(word(levels[-1]).name))


def _figures(field: Field, sample: Sequence[str]) -> str:
    """Plain figures without a leading zero: years, counts, amounts; numbers that name things stay text."""
    plain = [value.strip() for value in sample]
    if sum(bool(_YEAR.fullmatch(value)) for value in plain) >= 0.95 * len(plain):
        return "year"
    found = [_FIGURE.fullmatch(value) for value in plain]
    enough = sum(one is not None for one in found) >= _PLAINLY * len(plain) and resembling(sample, "amount") >= 0.95
    if not enough or word(field.name.split(">")[-1]).name.endswith(("号", "码")):
        return field.element
    return "amount" if any(one and one[1] for one in found) or resembling(sample, "integer") < 0.9 else "integer"


def _grouped(tables: Sequence[Table], matches: Sequence[Sequence[Match]]) -> set[str]:
    """Fields that several units merge down over rows, again and again."""
    counts: dict[str, int] = {}
    for table, one in zip(tables, matches, strict=True):
        names = {m.column: m.field for m in one if m.field}
        for area in table.merges:
            if area.last_row > area.first_row and (name := names.get(letter(area.first_column))):
                counts[name] = counts.get(name, 0) + 1
    most = max(counts.values(), default=0)
    return {name for name, number in counts.items() if number >= 3 and number * 5 > most}


# -- the key ----------------------------------------------------------------------------------------------


def _settle_key(template: Template, rows: Sequence[pl.DataFrame]) -> tuple[str, ...]:
    """The template's key, unless it repeats inside the units' files: then the first that does not, the shortest first."""
    key, large = template.key, [one for one in rows if one.height >= _ENOUGH]
    if not large:
        return key
    reached = _unique(key, large)
    if key and reached >= _POOR:
        return key
    best, most = key, reached
    for candidate in _candidates(template):
        found = _unique(candidate, large)
        if found >= _UNIQUE:
            return candidate
        if found > most + _BETTER:
            best, most = candidate, found
    return best


def _unique(key: Sequence[str], rows: Sequence[pl.DataFrame]) -> float:
    """Distinct keys inside each table over all its rows; a row that lacks a part has none."""
    total = sum(one.height for one in rows)
    distinct = sum(one.select(key).drop_nulls().n_unique() for one in rows if key and set(key) <= set(one.columns))
    return distinct / total if total else 0.0


def _candidates(template: Template) -> Iterator[tuple[str, ...]]:
    """Keys worth trying: numbers that name a thing; the key and one field more; pairs and triples of what names, dates and places."""
    fields = sorted(template.fields, key=lambda field: whose(field) not in ("", "self"))
    yield from ((field.name,) for field in fields if field.element in ("identity-number", "credit-code"))
    yield from ((field.name,) for field in template.fields[:4] if is_own_number(field))
    order = ("date", "month", "person-name", "organisation-name", "identity-number", "address", "account", "phone")
    telling = [f.name for element in order for f in template.fields if f.element == element]
    worded = [f.name for f in template.fields if f.element == "text" and not f.values and "备注" not in f.name]
    if template.key:
        yield from ((*template.key, name) for name in [*telling, *worded] if name not in template.key)
    for size in (2, 3):
        yield from combinations([*telling[:6], *worded[:3]], size)


def _names_itself(template: Template, key: tuple[str, ...]) -> bool:
    """Whether a key names the kind of thing that the template was taken to be about."""
    naming = {"person": ("identity-number", "person-name"), "enterprise": ("credit-code", "organisation-name")}
    elements = {template.field(name).element for name in key}
    return template.entity not in naming or bool(elements.intersection(naming[template.entity]))
