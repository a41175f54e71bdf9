"""A blank workbook → its spec: what a district with its own forms starts from, and may use as it is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from reportkit.fields.headers import attribute, canonical, is_running_number, lexicon, role, word
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
_ROW_A_HOUSEHOLD = re.compile(r"每户一行|一户一行")
_SUMMED = re.compile(r"金额|保障金|补贴|津贴|补助|救助金|工资|费")
TYPES = {"date": "date", "month": "yearmonth", "year": "year", "amount": "number", "integer": "integer"}
_UNITS = {"元": "amount", "元/月": "amount", "万元": "amount", "亩": "amount", "㎡": "amount", "平方米": "amount", "m2": "amount"}
_COUNTED = re.compile(r"(?:间|层|件|次|天|台|口|年限|(?<![分基指号级奇偶])数)$|几(?:人|口|户|个|间)?$")
#: Who a header asks for: ``监护人``, ``带班领导``, ``包村干部``.
_SOMEBODY = re.compile(r"(?:.人|.员|.者|业主|房主|户主|领导|干部|主任|书记|.长|医生|.师|经理)$")
_ENTITIES = (
    ("shift", re.compile(r"值班|排班|值守")),
    ("order", re.compile(r"工单|诉求|热线|投诉|信访件|案件")),
    ("hazard", re.compile(r"隐患|问题整改|风险点")),
    ("house", re.compile(r"房|住宅|宅基地")),
    ("enterprise", re.compile(r"企业|市场主体|场所|商户|公司|单位名录|个体|门店|经营户")),
    ("household", re.compile(r"户(?!籍|外|口)|家庭")),
)
#: Attributes that are asked for many reasons.
_BROAD = frozenset(
    {"date", "amount", "count", "number", "kind", "place", "year", "area", "start_month", "content", "organisation"}
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
        "inferred": True,
    }
    if looks_like_grid(table):
        return Template.model_validate({**found, "kind": Kind.GRID, "cells": _cells(table)})
    fields = _fields(table, dropdowns.get(table.sheet, {}), notes)
    entity = entity_of(title, notes, fields)
    fields = _concepts(fields, entity)
    schema = Schema(primaryKey=key_of(entity, fields), fields=fields)
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
    element = "code" if values else element_of(cell.levels)
    unit = leaf.unit or (round_unit if element == "amount" and _SUMMED.search(leaf.name) else "")
    required = bool(_MARKED.search(cell.name))
    return Field(
        name=cell.name,
        type=TYPES.get(element, "string"),
        element=element,
        unit=unit,
        constraints=Constraints(required=required, enum=values),
        total=element == "amount" and bool(_SUMMED.search(leaf.name)) and "标准" not in leaf.name,
    )


def element_of(levels: Sequence[str]) -> str:
    """What a header without values asks for: its unit, the lexicon, its last words; text where in doubt."""
    leaf = word(levels[-1])
    if leaf.unit in _UNITS:
        return "amount"
    what, sure = attribute(leaf.name)
    if what and sure >= 0.8:
        element = lexicon().attributes[what][0]
        return "text" if element == "code" else element
    if leaf.unit in ("人", "户", "间", "层", "件", "个", "次", "天", "家", "口", "岁", "周岁") or _COUNTED.search(leaf.name):
        return "integer"
    return "person-name" if _SOMEBODY.search(leaf.name) and not leaf.name.startswith("是否") else "text"


def entity_of(title: str, notes: str, fields: Sequence[Field]) -> str:
    """What a row is about: the title's word, and the identifying columns."""
    elements = [field.element for field in fields]
    own = [field for field in fields if field.element == "identity-number" and whose(field) in ("", "self")]
    householder = any(field.element == "identity-number" and whose(field) == "householder" for field in fields)
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
    if leading is not None and whose(leading) == "householder":
        return "household"
    return "person" if "person-name" in elements[:2] else "record"


def whose(field: Field) -> str:
    """Whose attribute a field is: a role of the lexicon, ``self`` where it says so, "" where it says nothing."""
    levels = tuple(field.name.split(">"))
    if any(own in word(level).name for level in levels for own in _OWN_NAMES):
        return "self"
    return role(levels)


def _concepts(fields: Sequence[Field], entity: str) -> tuple[Field, ...]:
    """What each field means across templates; fields of one template that would mean the same keep their own words."""
    found = [_concept(field, entity) for field in fields]
    twice = {concept for concept, number in Counter(found).items() if concept and number > 1}
    named = [f"{one}.{canonical(_leaf(field))}" if one in twice else one for one, field in zip(found, fields, strict=True)]
    return tuple(field.model_copy(update={"concept": one}) if one else field for field, one in zip(fields, named, strict=True))


def _concept(field: Field, entity: str) -> str:
    """``householder.name`` … : whose attribute, and which; "" for a remark, which means something else in each form.

    A date or an amount is asked for many reasons: what stands before the word belongs to the meaning. Where the lexicon knows no
    attribute the words themselves are the meaning.
    """
    what, sure = attribute(_leaf(field))
    if what == "remark":
        return ""
    owner = whose(field)
    who = entity if owner in ("", "self") else owner
    if not what or sure < 0.8 or what == "yes_no":
        return f"{who}.{canonical(_leaf(field))}"
    what = "name" if what == "representative" else what
    return f"{who}.{what}.{canonical(_leaf(field))}" if what in _BROAD else f"{who}.{what}"


def _leaf(field: Field) -> str:
    return word(field.name.split(">")[-1]).name


def key_of(entity: str, fields: Sequence[Field]) -> tuple[str, ...]:
    """The fields that identify a row's thing."""

    def first(*elements: str, of: tuple[str, ...] = ("", "self")) -> list[str]:
        return [f.name for f in fields if f.element in elements and whose(f) in of][:1]

    heads = ("householder", "owner", "", "self")
    match entity:
        case "person":
            return tuple(first("identity-number") or first("person-name"))
        case "household":
            return tuple(first("identity-number", of=heads) or first("person-name", of=heads) + first("address", of=heads))
        case "enterprise":
            return tuple(first("credit-code") or first("organisation-name", of=("", "self", "representative")))
        case "house":
            return tuple(first("address", of=heads) + first("identity-number", of=heads))
        case "order":
            return tuple(first("account") or [f.name for f in fields[:1]])
        case "hazard":
            return tuple(first("organisation-name", "credit-code") + first("date") + _contents(fields))
        case "shift":
            days = [f.name for f in fields if f.element == "date"][:1]
            return tuple(days + [f.name for f in fields if f.element == "person-name"][:1])
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
