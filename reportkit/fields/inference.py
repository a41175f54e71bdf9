"""A blank workbook → its spec: what a district with its own forms starts from, and may use as it is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from reportkit.fields.guidance import department_in, due_in, options_for, options_in, period_in, required_in, title_of
from reportkit.fields.headers import attribute, canonical, is_running_number, lexicon, word
from reportkit.fields.owners import whose
from reportkit.grids import grid_cells, looks_like_grid
from reportkit.sheets import HeaderCell, SheetTables, Table, letter
from reportkit.templates import Aggregate, Constraints, Field, GridCell, Kind, Schema, Template

_MARKED = re.compile(r"[*＊★]|必填")
_ROUND_UNIT = re.compile(r"(?:单位|金额单位)[:：]\s*(万元|元|人|户|亩)")
_PERCENT = re.compile(r"%|％|率|比例|占比")
_ROW_A_HOUSEHOLD = re.compile(r"每户一行|一户一行")
_SUMMED = re.compile(r"金额|[资奖]金|[保障助]金|补贴|津贴|补助|工资|费|款$|经费|投资|支出|amount|total", re.IGNORECASE)
_MONEY = re.compile(r"(?:[资奖]金|金额|补贴|补助|津贴|[助障]金|工资|[^免收]费|[贷捐欠赔]款|经费|投资|支出)$")
_NOT_SUMMED = re.compile(r"标准|人均|户均|单价|均价|注册")
#: A note is no longer than this; what a hostile cell holds beyond is not searched.
_NOTE = 600
#: A line that holds the day of filing says nothing about how often a form is filed.
_FILING = re.compile(r"日期|时间|填报|报送(?:单位|时间)|联系|负责人|表号")
TYPES = {"date": "date", "month": "yearmonth", "year": "year", "amount": "number", "integer": "integer"}
_UNITS = {"元": "amount", "元/月": "amount", "万元": "amount", "亩": "amount", "㎡": "amount", "平方米": "amount", "m2": "amount"}
_COUNTED = re.compile(r"(?:间|层|件|[人户]次|天|台|口|年限|(?<![分基指号级奇偶])数)$|几(?:人|口|户|个|间)?$")
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
#: What bears a number or a licence of its own, and how that is called; 编号 alone may be a running number.
_THING = re.compile(
    r"犬|宠物|车|船|牲畜|设备|设施|电梯|牌照|许可|器材|树|井|dog|pet|vehicle|licen[cs]e|permit|asset|equipment|tag", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?:证|牌|许可|登记|注册|设备|器材|资产|车|犬|船|芯片|标签|树木|井)(?:照|件)?(?:号|号码|编号|代码|编码)$"
    r"|(?:licen[cs]e|permit|tag|asset|chip|plate|registration|serial)(?:no|number|id|code)?$"
)
#: Attributes that are asked for many reasons.
_BROAD = frozenset(
    {"date", "amount", "count", "number", "kind", "place", "year", "area", "start_month", "content", "organisation"}
)
#: What only an enterprise has, whatever the form is about.
_OF_AN_ENTERPRISE = frozenset({"credit_code", "business_address", "employees"})


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
    notes, written = _notes(table)
    found = _about(name, table, notes) | {"workbook": workbook}
    if looks_like_grid(table):
        return Template.model_validate({**found, "kind": Kind.GRID, "cells": _cells(table)})
    fields = _required(_fields(table, dropdowns.get(table.sheet, {}), notes, written), written)
    entity = entity_of(str(found["title"]), notes, fields)
    fields = concepts_of(fields, entity)
    schema = Schema(primaryKey=key_of(entity, fields), fields=fields)
    return Template.model_validate({**found, "kind": Kind.LIST, "entity": entity, "schema": schema})


def _notes(table: Table) -> tuple[str, str]:
    """The texts around a table, half-width; and as written, without white space."""
    lines = [line.text for line in (*table.above, *table.below, *table.beside)]
    return "\n".join(unicodedata.normalize("NFKC", text) for text in lines), "\n".join(
        re.sub(r"\s+", "", text[:_NOTE]) for text in lines
    )


def _about(name: str, table: Table, notes: str) -> dict[str, object]:
    """What a spec says of the form as a whole."""
    title = title_of(table.above) or name
    captions = [line for line in notes.splitlines() if not _FILING.search(line)]
    return {
        "name": name,
        "title": title,
        "department": department_in(notes),
        "period": period_in(title, captions),
        "due": due_in(notes),
        "inferred": True,
    }


# -- fields -----------------------------------------------------------------------------------------------


def _fields(table: Table, dropdowns: Mapping[str, tuple[str, ...]], notes: str, written: str) -> tuple[Field, ...]:
    unit = _ROUND_UNIT.search(notes)
    made: dict[str, Field] = {}
    for cell in table.header:
        if cell.levels and not is_running_number(cell.name) and cell.name not in made:
            values = dropdowns.get(letter(cell.column), ()) or _offered(cell, written)
            made[cell.name] = _field(cell, values, unit[1] if unit else "")
    return tuple(made.values())


def _required(fields: tuple[Field, ...], written: str) -> tuple[Field, ...]:
    """Fields that a note says have to be filled in."""
    named = required_in(written, [field.name for field in fields])
    return tuple(_with(field, required=True) if field.name in named else field for field in fields)


def _with(field: Field, **limits: object) -> Field:
    return field.model_copy(update={"constraints": field.constraints.model_copy(update=limits)})


def _offered(cell: HeaderCell, written: str) -> tuple[str, ...]:
    """What the header or a note offers to choose from; a sex is 男 or 女."""
    leaf = cell.levels[-1]
    if found := options_in(leaf):
        return found
    what, _ = attribute(word(leaf).name)
    if what != "remark" and element_of(cell.levels) in ("text", "code") and (found := options_for(cell.name, written)):
        return found
    return ("男", "女") if what == "sex" and "性别" in leaf else ()


def _field(cell: HeaderCell, values: tuple[str, ...], round_unit: str) -> Field:
    leaf = word(cell.levels[-1])
    element = "code" if values else element_of(cell.levels)
    money = bool(_SUMMED.search(leaf.name)) and not _NOT_SUMMED.search(leaf.name)
    unit = leaf.unit or (round_unit if element == "amount" and _SUMMED.search(leaf.name) else "")
    return Field(
        name=cell.name,
        type=TYPES.get(element, "string"),
        element=element,
        unit=unit,
        constraints=Constraints(required=bool(_MARKED.search(cell.name)), enum=values),
        total=element == "amount" and money and unit in ("", "元", "万元", "元/月", "元/年"),
    )


def element_of(levels: Sequence[str]) -> str:
    """What a header without values asks for: its unit, the lexicon, its last words; text where in doubt."""
    leaf = word(levels[-1])
    if leaf.unit in _UNITS:
        return "amount"
    if _two_in_one(leaf.name):
        return "text"
    what, sure = attribute(leaf.name)
    if what and sure >= 0.8:
        element = lexicon().attributes[what][0]
        return "text" if element == "code" else element
    if leaf.unit in ("人", "户", "间", "层", "件", "个", "次", "天", "家", "口", "岁", "周岁") or _COUNTED.search(leaf.name):
        return "integer"
    if _MONEY.search(leaf.name) and not leaf.name.startswith(("是否", "有无")):
        return "amount"
    return "person-name" if _SOMEBODY.search(leaf.name) and not leaf.name.startswith("是否") else "text"


def _two_in_one(name: str) -> bool:
    """Whether a header asks for two things of different kinds in one cell: 开户行及账号."""
    asked = [attribute(part) for part in re.split("[及和与]", name)]
    sure = len(asked) > 1 and all(what and certain >= 0.8 for what, certain in asked)
    return sure and len({lexicon().attributes[what][0] for what, _ in asked}) > 1


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
    if _own_number(fields) and _THING.search(title + fields[0].name):
        return "record"
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


def _own_number(fields: Sequence[Field]) -> list[str]:
    """The column with the number that a thing itself bears, among the first: 犬证号, 设备代码, licence no., tag."""
    return [f.name for f in fields[:4] if f.element in ("text", "account") and _NUMBER.search(_leaf(f)) and not whose(f)][:1]


def concepts_of(fields: Sequence[Field], entity: str) -> tuple[Field, ...]:
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
    who = owner if owner not in ("", "self") else "enterprise" if what in _OF_AN_ENTERPRISE else entity
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
            return tuple(_own_number(fields) or first("identity-number", "credit-code") or [f.name for f in fields[:1]])


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
