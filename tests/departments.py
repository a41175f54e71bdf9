"""Forms of several departments about the same persons, already told apart: what tests of disputes are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from desk import identity
from forms import field, template

from reportkit.disputes import Stated
from reportkit.templates import Template

NUMBER = identity(1)
OTHER = identity(2)
UNIT = "11"


def form(name: str, department: str, *fields: str, entity: str = "person", **more: Any) -> Template:  # noqa: ANN401 - a template's other parts
    """A form that asks for some of the facts of ``FACTS``."""
    return template(*(FACTS[one] for one in fields), name=name, title=f"{name}名册", department=department, entity=entity, **more)


FACTS = {
    "姓名": field("姓名", "person-name", concept="person.name"),
    "身份证号": field("身份证号", "identity-number", concept="person.identity_number"),
    "性别": field("性别", "code", "男", "女", concept="person.sex"),
    "出生日期": field("出生日期", "date", concept="person.birth_date"),
    "住址": field("住址", "address", concept="person.address"),
    "电话": field("电话", "phone", concept="person.phone"),
    "帮扶人": field("帮扶人", "person-name", concept="helper.name"),
    "备注": field("备注", concept="remark"),
}
POLICE = form("residents", "公安局", *FACTS)
CIVIL = form("allowance", "民政局", *FACTS)
HEALTH = form("health", "卫健局", *FACTS)


def rows(of: Template, *said: Mapping[str, str], unit: str = UNIT, file: str = "") -> pl.DataFrame:
    """Rows of a form from row 3 on; a row is about person ``e1`` unless it says ``_entity``."""
    lines = [
        {
            "_file": one.get("_file", file or f"{unit}/{of.name}.xlsx"),
            "_sheet": "Sheet1",
            "_row": at,
            "_unit": one.get("_unit", unit),
            "_entity": one.get("_entity", "e1"),
        }
        | {asked.name: one.get(asked.name) for asked in of.fields}
        for at, one in enumerate(said, 3)
    ]
    names = ["_file", "_sheet", "_unit", "_entity", *(one.name for one in of.fields)]
    return pl.DataFrame(lines, schema=dict.fromkeys(names, pl.String) | {"_row": pl.Int64})


def stated(forms: Sequence[tuple[Template, pl.DataFrame]]) -> Stated:
    """What forms state; their columns stand as their fields do."""
    letters = [
        (of.name, file, "Sheet1", asked.name, "ABCDEFGH"[at])
        for of, frame in forms
        for file in frame["_file"].unique()
        for at, asked in enumerate(of.fields)
    ]
    schema = dict.fromkeys(("template", "file", "sheet", "field", "column"), pl.String)
    places = pl.DataFrame(letters, schema=schema, orient="row")
    return Stated({of.name: frame for of, frame in forms}, {of.name: of for of, _ in forms}, places)


def owned(of: Template, **owner: str) -> Template:
    """A form that names whose word counts."""
    return of.model_copy(update={"owner": owner})
