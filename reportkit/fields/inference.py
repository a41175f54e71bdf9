"""A blank workbook → its spec: what a district with its own forms starts from, and may use as it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

import polars as pl

from reportkit.fields.headers import attribute, is_running_number, lexicon, role, word
from reportkit.fields.mapping import Match
from reportkit.fields.profiles import resembling
from reportkit.grids import grid_cells, looks_like_grid
from reportkit.sheets import HeaderCell, Line, SheetTables, Table, letter
from reportkit.templates import Aggregate, Constraints, Field, GridCell, Kind, Schema, Template

_ATTACHMENT = re.compile(r"^附\s*[件表]?\s*\d*\s*[:：]?$|^表\s*[一二三四五六七八九十\d]+$")
_CAPTION = re.compile(r"单位|日期|盖章|表号|制表|审批|填报|时间[:：]|编号[:：]")
_DEPARTMENT = re.compile(r"(?:报送?(?:至|到|给)?|上报|交)\s*([^,，。;；:：\d]{0,8}?(?:局|委|办|部|厅|大队|联合会|残联|中心))")
_DUE = re.compile(r"每月\s*(\d{1,2})\s*[日号]|次月\s*(\d{1,2})\s*[日号]|(\d{1,2})\s*[日号]\s*前\s*(?:报|上报)")
_MARKED = re.compile(r"[*＊★]|必填")
_ROUND_UNIT = re.compile(r"(?:单位|金额单位)[:：]\s*(万元|元|人|户|亩)")
_PERCENT = re.compile(r"%|％|率|比例|占比")
_HOUSEHOLD_NOTE = re.compile(r"以户为单位|按户填|每户")
_ROW_A_HOUSEHOLD = re.compile(r"每户一行|一户一行")
_SUMMED = re.compile(r"金额|保障金|补贴|津贴|补助|救助金|工资|费")
_TYPES = {"date": "date", "month": "yearmonth", "year": "year", "amount": "number", "integer": "integer"}
_UNITS = {"元": "amount", "元/月": "amount", "万元": "amount", "亩": "amount", "㎡": "amount", "平方米": "amount", "m2": "amount"}
_COUNTED = re.compile(r"(?:人|户|间|层|件|个|次|天|家|台|口)数?$|几")
_ENTITIES = (
    ("shift", re.compile(r"值班|排班|值守")),
    ("order", re.compile(r"工单|诉求|热线|投诉|信访件|案件")),
    ("hazard", re.compile(r"隐患|问题整改|风险点")),
    ("house", re.compile(r"房|住宅|宅基地")),
    ("enterprise", re.compile(r"企业|市场主体|场所|商户|公司|单位名录|个体|门店|经营户")),
    ("household", re.compile(r"户(?!籍|外|口)|家庭")),
)
_OWN_NAMES = ("死者", "老人", "残疾人", "学生", "党员", "职工", "儿童", "对象", "居民", "本人", "成员")


def infer_template(
    name: str, sheets: Sequence[SheetTables], dropdowns: Mapping[str, Mapping[str, tuple[str, ...]]], *, workbook: str
) -> Template:
    """The spec of a blank.

    Args:
        name: the template's id.
        sheets: what was found in the blank; its first visible table is the form.
        dropdowns: sheet → column letter → the values offered there.
        workbook: the blank's file name.

    Raises:
        ValueError: the blank holds no table.
    """
    table = next((t for sheet in sheets for t in sheet.tables if t.visible), None)
    if table is None:
        raise ValueError(workbook)
    lines = [*table.above, *table.below, *table.beside]
    notes = "\n".join(unicodedata.normalize("NFKC", line.text) for line in lines)
    title = _title(table.above) or name
    found: dict[str, object] = {
        "name": name,
        "title": title,
        "workbook": workbook,
        "department": _department(notes),
        "due": _due(notes),
    }
    if looks_like_grid(table):
        return Template.model_validate({**found, "kind": Kind.GRID, "cells": _cells(table)})
    fields = _fields(table, dropdowns.get(table.sheet, {}), notes)
    entity = _entity(title, notes, fields)
    fields = tuple(_concept(field, entity, fields) for field in fields)
    fields = _per_household(fields, notes) if entity == "person" else fields
    schema = Schema(primaryKey=_key(entity, fields), fields=fields)
    return Template.model_validate({**found, "kind": Kind.LIST, "entity": entity, "schema": schema})


def _title(above: Sequence[Line]) -> str:
    """The longest text above the header that is neither an attachment mark nor a caption."""
    texts = [line.text.strip() for line in above]
    titles = [t for t in texts if not _ATTACHMENT.match(t) and not _CAPTION.search(t) and 3 < len(t) < 60]
    return re.sub(r"\s+", "", max(titles, key=len, default=""))


def _department(notes: str) -> str:
    found = _DEPARTMENT.search(notes)
    return re.sub(r"^[^区县市]{0,4}[区县市](?=.{2,})", "", found[1].strip()) if found else ""


def _due(notes: str) -> int | None:
    found = _DUE.search(notes)
    return int(next(part for part in found.groups() if part)) if found else None


# -- fields -----------------------------------------------------------------------------------------------


def _fields(table: Table, dropdowns: Mapping[str, tuple[str, ...]], notes: str) -> tuple[Field, ...]:
    unit = _ROUND_UNIT.search(notes)
    made: dict[str, Field] = {}
    for cell in table.header:
        if cell.levels and not is_running_number(cell.name) and cell.name not in made:
            made[cell.name] = _field(cell, dropdowns.get(letter(cell.column), ()), unit[1] if unit else "")
    return tuple(made.values())


def _field(cell: HeaderCell, values: tuple[str, ...], round_unit: str) -> Field:
    leaf = word(cell.levels[-1])
    element = "code" if values else _element(cell)
    unit = leaf.unit or (round_unit if element == "amount" and _SUMMED.search(leaf.name) else "")
    required = bool(_MARKED.search(cell.name))
    return Field(
        name=cell.name,
        type=_TYPES.get(element, "string"),
        element=element,
        unit=unit,
        constraints=Constraints(required=required, enum=values),
        total=element == "amount" and bool(_SUMMED.search(leaf.name)) and "标准" not in leaf.name,
    )


def _element(cell: HeaderCell) -> str:
    """What a header without values asks for: its unit, the lexicon, its last words; text where in doubt."""
    leaf = word(cell.levels[-1])
    if leaf.unit in _UNITS:
        return "amount"
    what, sure = attribute(leaf.name)
    if what and sure >= 0.8:
        element = lexicon().attributes[what][0]
        return "text" if element == "code" else element
    if leaf.unit in ("人", "户", "间", "层", "件", "个", "次", "天", "家", "口", "岁", "周岁") or _COUNTED.search(leaf.name):
        return "integer"
    if role(cell.levels) and leaf.name.endswith(("人", "员", "者", "主")):
        return "person-name"
    return "text"


def _entity(title: str, notes: str, fields: Sequence[Field]) -> str:
    """What a row is about: the title's word, and the identifying columns."""
    elements = [field.element for field in fields]
    own = [field for field in fields if field.element == "identity-number" and _whose(field) in ("", "self")]
    householder = any(field.element == "identity-number" and _whose(field) == "householder" for field in fields)
    if _ENTITIES[3][1].search(title) and "address" in elements[:6] and "credit-code" not in elements:
        return "house"
    for entity, pattern in _ENTITIES[:3]:
        if pattern.search(title):
            return entity
    if _ROW_A_HOUSEHOLD.search(notes) or (householder and not own):
        return "household"
    if "credit-code" in elements or _ENTITIES[4][1].search(title):
        return "enterprise"
    if own:
        return "person"
    leading = fields[0] if fields else None
    if leading is not None and _whose(leading) == "householder":
        return "household"
    return "person" if "person-name" in elements[:2] else "record"


def _whose(field: Field) -> str:
    levels = tuple(field.name.split(">"))
    if any(own in word(level).name for level in levels for own in _OWN_NAMES):
        return "self"
    return role(levels)


def _concept(field: Field, entity: str, fields: Sequence[Field]) -> Field:
    """``household.head`` … : whose attribute, and which; "" where the words don't tell."""
    what, sure = attribute(word(field.name.split(">")[-1]).name)
    if not what or sure < 0.8 or what in ("remark", "kind", "yes_no", "content"):
        return field
    whose = _whose(field)
    who = entity if whose in ("", "self") else whose
    concept = f"{who}.{what}"
    twin = any(other.concept == concept for other in fields if other is not field)
    return field if twin else field.model_copy(update={"concept": concept})


def _per_household(fields: tuple[Field, ...], notes: str) -> tuple[Field, ...]:
    """Of a person's list by households: what is said of the household or its head is one value a group."""
    if not _HOUSEHOLD_NOTE.search(notes):
        return fields
    grouped = {f.name for f in fields if _whose(f) == "householder" and f.element in ("person-name", "identity-number")}
    if len(grouped) < 2 or not any(">" in f.name for f in fields):
        return fields
    return fields


def _key(entity: str, fields: Sequence[Field]) -> tuple[str, ...]:
    """The fields that identify a row's thing."""

    def first(*elements: str, whose: tuple[str, ...] = ("", "self")) -> list[str]:
        return [f.name for f in fields if f.element in elements and _whose(f) in whose][:1]

    heads = ("householder", "owner", "", "self")
    match entity:
        case "person":
            return tuple(first("identity-number") or first("person-name"))
        case "household":
            return tuple(
                first("identity-number", whose=heads) or first("person-name", whose=heads) + first("address", whose=heads)
            )
        case "enterprise":
            return tuple(first("credit-code") or first("organisation-name", whose=("", "self", "representative")))
        case "house":
            return tuple(first("address", whose=heads) + first("identity-number", whose=heads))
        case "order":
            return tuple(first("account") or [f.name for f in fields[:1]])
        case "hazard":
            return tuple(first("organisation-name", "credit-code") + first("date") + _contents(fields))
        case "shift":
            return tuple(first("date") + [f.name for f in fields if f.element == "person-name"][:1])
        case _:
            return tuple(first("identity-number", "credit-code") or [f.name for f in fields[:1]])


def _contents(fields: Sequence[Field]) -> list[str]:
    return [f.name for f in fields if attribute(word(f.name.split(">")[-1]).name)[0] == "content"][:1]


# -- statistics forms -------------------------------------------------------------------------------------


def _cells(table: Table) -> tuple[GridCell, ...]:
    cells = []
    names: set[str] = set()
    for row, column, address in grid_cells(table):
        name = f"{row}·{column}"
        name = name if name not in names else f"{name}·{address}"
        names.add(name)
        ratio = bool(_PERCENT.search(column.split(">")[-1]))
        how = Aggregate.RATIO if ratio else Aggregate.SUM
        cells.append(GridCell(name=name, row=row, column=column, at=address, aggregate=how, scale=100 if ratio else 1))
    return tuple(cells)


# -- what the values tell ---------------------------------------------------------------------------------

_UPGRADES = ("identity-number", "credit-code", "phone", "date", "month", "person-name", "organisation-name", "address")


def refine(template: Template, tables: Sequence[Table], matches: Sequence[Sequence[Match]]) -> Template:
    """The template with elements that its columns' values show, where words alone left ``text`` without a code list.

    A key that the words could not give comes from the values as well; fields that units merge down are one value a group.
    """
    grouped = _grouped(tables, matches)
    fields = tuple(_refined(field, _values(field.name, tables, matches), field.name in grouped) for field in template.fields)
    if fields == template.fields:
        return template
    told = {new.element for old, new in zip(template.fields, fields, strict=True) if new.element != old.element}
    entity, key = template.entity, template.key
    if told & {"identity-number", "credit-code", "date"}:
        entity = _entity(template.title, "", fields)
        key = _key(entity, fields) or key
    schema = template.table_schema.model_copy(update={"fields": fields, "primaryKey": key})
    return template.model_copy(update={"table_schema": schema, "entity": entity})


def _values(name: str, tables: Sequence[Table], matches: Sequence[Sequence[Match]]) -> pl.Series:
    parts = [table.body[m.column] for table, one in zip(tables, matches, strict=True) for m in one if m.field == name]
    return pl.concat([part.alias("v") for part in parts[:20]]) if parts else pl.Series("v", [], dtype=pl.String)


def _refined(field: Field, values: pl.Series, grouped: bool) -> Field:  # noqa: FBT001 - a fact of the field
    update: dict[str, object] = {}
    if grouped and not field.per:
        update["per"] = "household"
    filled = values.drop_nulls()
    if field.element == "text" and not field.values and filled.len() >= 5:
        shares = {element: resembling(filled, element) for element in _UPGRADES}
        element = max(shares, key=lambda one: shares[one])
        if shares[element] >= 0.8 and not (element == "person-name" and filled.n_unique() < 0.3 * filled.len()):
            update |= {"element": element, "type": _TYPES.get(element, "string")}
    return field.model_copy(update=update) if update else field


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
