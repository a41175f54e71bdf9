"""Units named that don't exist: told where a field names units, and nowhere else."""

from __future__ import annotations

import pytest
from desk import Desk, person
from forms import TODAY, field, grid, part, submission, table, template

from reportkit.checks import check
from reportkit.records import gather
from reportkit.setting import Setting
from reportkit.statistics import consolidate_grid
from reportkit.templates import Constraints, Field, ForeignKey, GridCell, Reference, Schema, Template
from reportkit.units import Unit, Units

VILLAGES = ("前岭村", "后岭村", "石湾村", "龙门村", "清泉村", "柳林村")
UNITS = Units(
    (
        Unit("1", "白石镇", "township"),
        *(Unit(f"1{n}", name, "village", "1") for n, name in enumerate(VILLAGES)),
        Unit("2", "新安镇", "township"),
        *(Unit(f"2{n}", name, "village", "2", (f"{name[:2]}大队",)) for n, name in enumerate(("东河村", "西河村", "奇山村"))),
    )
)
PLACES = template(field("地方"), field("户数", "integer"))


def told(names: list[str], of: Template = PLACES, units: Units = UNITS, unit: str = "1") -> list[tuple[object, ...]]:
    """Row, value and suggestion of what is told about the first column."""
    filed = part("a.xlsx", table([one.name for one in of.fields], [(name, "3") for name in names]), of, unit=unit)
    found = check(gather(of, [filed], TODAY), TODAY, units=units).frame
    return found.filter(code="unit-not-listed").select("row", "value", "suggestion").rows()


def named(header: str) -> Template:
    return template(field(header), field("户数", "integer"))


def test_a_misspelt_unit_is_told_with_the_one_that_is_meant() -> None:
    assert told([*VILLAGES, "前玲村", "石湾村"]) == [(9, "前玲村", "前岭村")]


def test_a_unit_that_is_nowhere_near_is_told_without_a_suggestion() -> None:
    assert told([*VILLAGES, "金沙滩村"]) == [(9, "金沙滩村", "")]


def test_it_is_a_warning_on_the_cell() -> None:
    filed = part("a.xlsx", table(["地方", "户数"], [(name, "3") for name in (*VILLAGES, "前玲村")]), PLACES)
    found = check(gather(PLACES, [filed], TODAY), TODAY, units=UNITS).frame
    assert found.select("code", "severity", "file", "row", "column", "field").rows() == [
        ("unit-not-listed", "warning", "a.xlsx", 9, "A", "地方")
    ]


@pytest.mark.parametrize(
    "way",
    [
        "前岭村",
        "前岭",
        "前岭村委会",
        "前岭村村民委员会",
        " 前岭 村",
        "白石镇前岭村",
        "東河村",
        "东河大队",
        "10",
        "白石镇",
        "新安镇东河村",
        "海州市白石镇前岭村",
        "山东省海州市前岭村",
    ],
)
def test_every_way_to_write_a_listed_unit_is_fine(way: str) -> None:
    assert told([*VILLAGES, way]) == []


@pytest.mark.parametrize("way", ["其他", "本村", "外地", "不详", "合计数", "前岭村三组", "白石镇前岭村3号"])
def test_what_names_no_unit_or_a_place_inside_one_is_no_strange_unit(way: str) -> None:
    assert told([*VILLAGES, way]) == []


def test_a_unit_whose_name_does_not_say_what_it_is_may_have_that_behind_it() -> None:
    units = Units((*UNITS, Unit("19", "张家庄", "village", "1")))
    assert told([*VILLAGES, "张家庄村", "张家庄", "张家庄村委会"], units=units) == []
    assert told([*VILLAGES, "章家庄村"], units=units) == [(9, "章家庄村", "张家庄")]


def test_behind_places_above_all_units_the_rest_is_looked_for() -> None:
    assert told([*VILLAGES, "海州市前玲村"]) == [(9, "海州市前玲村", "前岭村")]


def test_behind_a_listed_unit_only_the_rest_is_looked_for() -> None:
    assert told([*VILLAGES, "白石镇前玲村"]) == [(9, "白石镇前玲村", "前岭村")]


def test_of_two_that_are_as_near_none_is_suggested() -> None:
    units = Units((*UNITS, Unit("19", "前玲村", "village", "1")))
    assert told([*VILLAGES, "前零村"], units=units) == [(9, "前零村", "")]


def test_a_name_far_from_its_own_unit_is_not_taken_for_another_townships() -> None:
    assert told([*VILLAGES, "奇珊村"]) == [(9, "奇珊村", "")]
    assert told([*VILLAGES, "奇珊村"], unit="") == [(9, "奇珊村", "奇山村")]


def test_a_field_of_other_things_is_left_alone_though_some_are_called_like_units() -> None:
    assert told(["前岭", "后岭", "石湾", "王芳", "李强", "赵敏", "孙洋", "金沙村"]) == []


def test_a_field_whose_units_nobody_lists_is_left_alone() -> None:
    towns = Units(tuple(one for one in UNITS if one.level == "township"))
    assert told([*VILLAGES, "金沙滩村"], of=named("所在村"), units=towns) == []


def test_without_units_no_name_is_wrong() -> None:
    assert told([*VILLAGES, "金沙滩村"], units=Units()) == []


def test_a_header_that_asks_for_a_village_needs_one_listed_name() -> None:
    names = ["前岭村"] * 9 + ["前玲村"]
    assert told(names) == []
    assert told(names, of=named("所在村")) == [(12, "前玲村", "前岭村")]


def test_where_people_come_from_is_mostly_a_place_that_nobody_lists() -> None:
    assert told([*VILLAGES, "金沙滩村"], of=named("籍贯")) == []


def test_a_unit_whose_own_places_are_not_listed_is_told_nothing() -> None:
    sent = {"1": VILLAGES * 5, "2": ("金沙滩村", "海阳村")}
    tables = {unit: table(["地方", "户数"], [(name, "3") for name in names]) for unit, names in sent.items()}
    parts = [part(f"{unit}.xlsx", one, PLACES, unit=unit) for unit, one in tables.items()]
    assert not check(gather(PLACES, parts, TODAY), TODAY, units=UNITS).frame.filter(code="unit-not-listed").height


def test_a_list_of_values_or_a_reference_to_units_says_it_already() -> None:
    listed = Field(name="地方", constraints=Constraints(enum=VILLAGES))
    assert told([*VILLAGES, "前玲村"], of=template(listed, field("户数", "integer"))) == []
    key = ForeignKey(fields=("地方",), reference=Reference(resource="units", fields=("name",)))
    referring = PLACES.model_copy(update={"table_schema": Schema(fields=PLACES.fields, foreignKeys=(key,))})
    assert told([*VILLAGES, "前玲村"], of=referring) == []


# -- statistics forms -------------------------------------------------------------------------------------


def form(rows: tuple[str, ...]) -> Template:
    cells = (GridCell(name=f"{row}·户数", row=row, column="户数", at=f"B{n}") for n, row in enumerate(rows, 3))
    return grid(*cells)


def labels(of: Template, *rows: str, units: Units = UNITS) -> list[tuple[object, ...]]:
    sent = submission("a.xlsx", table(["村", "户数"], [(row, "3") for row in rows]), unit="1", of="figures")
    found = consolidate_grid(of, [sent], Setting(TODAY, TODAY, units=units)).findings.frame
    return found.filter(code="unit-not-listed").select("row", "column", "value", "suggestion").rows()


def test_a_row_of_a_statistics_form_for_a_unit_that_is_not_listed_is_told_at_its_label() -> None:
    assert labels(form(VILLAGES), *VILLAGES, "金沙滩村") == [(9, "A", "金沙滩村", "")]
    assert labels(form(VILLAGES), *VILLAGES[1:], "前玲村") == [(8, "A", "前玲村", "前岭村")]


def test_a_column_for_a_unit_that_is_not_listed_is_told_at_its_header() -> None:
    of = grid(*(GridCell(name=one, row="户数", column=one, at=f"{at}3") for one, at in zip(VILLAGES, "BCDEFG", strict=True)))
    sent = submission("a.xlsx", table(["项目", *VILLAGES, "金沙滩村"], [("户数", *"1234567")]), unit="1", of="figures")
    found = consolidate_grid(of, [sent], Setting(TODAY, TODAY, units=UNITS)).findings.frame.filter(code="unit-not-listed")
    assert found.select("row", "column", "value").rows() == [(2, "H", "金沙滩村")]


def test_labels_as_the_department_issued_them_are_never_strange() -> None:
    rows = (*VILLAGES, "金沙滩村")
    assert labels(form(rows), *rows) == []


def test_labels_of_other_things_are_left_alone() -> None:
    assert labels(form(("低保", "特困", "前岭村")), "低保", "特困", "前岭村", "金沙滩村") == []
    assert labels(form(VILLAGES), *VILLAGES, "金沙滩村", units=Units()) == []


# -- in a workspace ---------------------------------------------------------------------------------------


def test_a_round_and_a_look_at_one_file_know_the_units_of_the_workspace(desk: Desk) -> None:
    header = ("序号", "姓名", "身份证号", "所在村", "补助金额(元)")
    rows = [(*person(n)[:2], village, 100) for n, village in enumerate(["前岭村"] * 5 + ["后岭村", "前玲村"])]
    desk.found()
    units = ["code,name,level,parent,aliases", "1,甲镇,township,,", "11,前岭村,village,1,", "12,后岭村,village,1,"]
    (desk.folder / "ws/units.csv").write_text("\n".join(units), encoding="utf-8")
    desk.workbook("表样/低保.xlsx", [], header, title="低保花名册")
    desk.run("template", "new", "表样/低保.xlsx", "--into", "ws/templates")
    desk.workbook("ws/inbox/前岭村/低保 2026-11.xlsx", rows, header, title="低保花名册2026年11月")
    desk.run("consolidate", "ws", "--as-of", "2026-11-30")
    found = desk.table("ws/outbox/2026-11/evidence/低保/findings.csv")
    wanted = [("9", "D", "warning", "前玲村")]
    assert [(f["row"], f["column"], f["severity"], f["value"]) for f in found if f["code"] == "unit-not-listed"] == wanted
    paths = ("validate", "ws/inbox/前岭村", "--as-of", "2026-11-30", "--format", "csv")
    assert "unit-not-listed" in desk.run(*paths, "--workspace", "ws").out
    assert "unit-not-listed" not in desk.run(*paths).out
