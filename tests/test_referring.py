"""Foreign keys to other forms: in a round against what was accepted of them, in a look at one file against the last round."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, person

HOUSES = ("序号", "房屋编号", "户主姓名", "面积(平方米)")
RENTALS = ("序号", "租客姓名", "身份证号", "租住房屋编号")
KEY = "  foreignKeys: [{fields: [租住房屋编号], reference: {resource: 房屋, fields: [房屋编号]}}]\n"


def amended(desk: Desk, name: str, keys: str) -> None:
    spec = desk.folder / f"ws/templates/{name}.yaml"
    text = spec.read_text("utf-8").replace("inferred: true\n", "")
    spec.write_text(text.replace("schema:\n", f"schema:\n{keys}", 1), encoding="utf-8")


@pytest.fixture
def office(desk: Desk) -> Desk:
    """A register of houses, and lists of tenants that name a house by its number; two villages file both."""
    desk.run("init", "ws")
    units = ["code,name,level,parent,aliases", "1,甲镇,township,,", "11,前岭村,village,1,前岭大队", "12,后岭村,village,1,"]
    (desk.folder / "ws/units.csv").write_text("\n".join(units), encoding="utf-8")
    for name, header in (("房屋", HOUSES), ("租房", RENTALS)):
        desk.workbook(f"表样/{name}.xlsx", [], header, title=f"{name}登记表")
        desk.run("template", "new", f"表样/{name}.xlsx", "--into", "ws/templates")
    amended(desk, "租房", KEY)
    houses(desk, "前岭村", "H0001", "H0002", "H0003", "H0004")
    houses(desk, "后岭村", "H0011", "H0012", "H0013")
    return desk


def houses(desk: Desk, unit: str, *numbers: str) -> None:
    rows = [(number, person(n)[0], 90 + n) for n, number in enumerate(numbers)]
    desk.workbook(f"ws/inbox/{unit}/房屋 2026-11.xlsx", rows, HOUSES, title="房屋登记表2026年11月")


def tenants(desk: Desk, unit: str, *numbers: str) -> Path:
    rows = [(*person(n + 20)[:2], number) for n, number in enumerate(numbers)]
    return desk.workbook(f"ws/inbox/{unit}/租房 2026-11.xlsx", rows, RENTALS, title="租房登记表2026年11月")


def consolidated(desk: Desk) -> list[tuple[str, ...]]:
    done = desk.run("consolidate", "ws", "--as-of", "2026-11-30")
    assert done.status in (0, 1, 3), done.err
    return told(desk.table("ws/outbox/2026-11/evidence/租房/findings.csv"))


def validated(desk: Desk, *more: str) -> list[tuple[str, ...]]:
    desk.run("validate", *more, "--as-of", "2026-11-30", "--show-values", "-o", "问题.csv", "--force")
    return told(desk.table("问题.csv"))


def told(lines: list[dict[str, str]]) -> list[tuple[str, ...]]:
    return [
        (one["code"], one["file"].split("/")[0], one["row"], one["column"], one["value"])
        for one in lines
        if one["code"].startswith("reference-")
    ]


def test_a_number_that_no_units_accepted_register_holds_is_an_error_at_its_cell(office: Desk) -> None:
    tenants(office, "前岭村", "H0001", "H0002", "H0011", "H0009", "")
    assert consolidated(office) == [("reference-missing", "前岭村", "6", "D", "H0009")]


def test_where_nobody_filed_the_register_it_is_said_that_nothing_was_judged(office: Desk) -> None:
    for path in (office.folder / "ws/inbox").rglob("房屋*"):
        path.unlink()
    tenants(office, "前岭村", "H0001", "H0002", "H0009")
    assert consolidated(office) == [("reference-not-judged", "", "", "", "")]


def test_of_a_unit_that_owes_the_register_nothing_is_held_for_missing(office: Desk) -> None:
    next((office.folder / "ws/inbox/后岭村").iterdir()).unlink()
    tenants(office, "前岭村", "H0001", "H0009", "H0002")
    tenants(office, "后岭村", "H0011", "H0001", "H0012")
    assert sorted(consolidated(office)) == [
        ("reference-missing", "前岭村", "4", "D", "H0009"),
        ("reference-not-judged", "后岭村", "", "", ""),
    ]


def test_a_look_at_one_file_takes_the_register_of_the_periods_last_round(office: Desk) -> None:
    path = tenants(office, "前岭村", "H0001", "H0002", "H0003")
    assert [one[0] for one in validated(office, str(path), "--workspace", "ws")] == ["reference-not-judged"]
    assert consolidated(office) == []
    tenants(office, "前岭村", "H0001", "H0002", "H0009")
    found = validated(office, str(path), "--workspace", "ws")
    assert [(code, *at) for code, _, *at in found] == [("reference-missing", "5", "D", "H0009")]


def test_without_a_workspace_a_key_to_another_form_is_not_judged(office: Desk) -> None:
    path = tenants(office, "前岭村", "H0001", "H0009", "H0003")
    found = validated(office, str(path), "--template", "ws/templates/租房.yaml")
    assert [one[0] for one in found] == ["reference-not-judged"]


def test_a_key_to_the_units_knows_their_names_and_aliases(office: Desk) -> None:
    header = (*RENTALS, "所在村")
    office.workbook("表样/租房.xlsx", [], header, title="租房登记表")
    office.run("template", "new", "表样/租房.xlsx", "--into", "ws/templates", "--force")
    amended(office, "租房", "  foreignKeys: [{fields: [所在村], reference: {resource: units, fields: [name]}}]\n")
    villages = ("前岭村", "前岭大队", "后岭村", "东岭村")
    rows = [(*person(n)[:2], f"H000{n}", village) for n, village in enumerate(villages)]
    path = office.workbook("ws/inbox/前岭村/租房 2026-11.xlsx", rows, header, title="租房登记表2026年11月")
    assert consolidated(office) == [("reference-missing", "前岭村", "6", "E", "东岭村")]
    assert [one[2:] for one in validated(office, str(path), "--workspace", "ws")] == [("6", "E", "东岭村")]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (KEY.replace("房屋, fields", "房子, fields"), "spec-reference-unknown"),
        (KEY.replace("[房屋编号]", "[编号]"), "spec-reference-no-field"),
    ],
)
def test_a_key_to_what_there_is_not_stops_the_load_with_file_and_line(office: Desk, key: str, code: str) -> None:
    amended(office, "租房", key)
    spec = (office.folder / "ws/templates/租房.yaml").read_text("utf-8").replace(KEY, "", 1)
    (office.folder / "ws/templates/租房.yaml").write_text(spec, encoding="utf-8")
    line = next(n for n, text in enumerate(spec.splitlines(), 1) if "foreignKeys" in text)
    tenants(office, "前岭村", "H0001")
    done = office.run("consolidate", "ws", "--as-of", "2026-11-30")
    assert done.status == 2
    assert f"租房.yaml:{line}" in done.err
    linted = office.run("template", "lint", "ws/templates", "--json")
    assert linted.status == 2
    assert code in linted.out
    alone = office.run("template", "lint", "ws/templates/租房.yaml", "--json")
    assert code not in alone.out
