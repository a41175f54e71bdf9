"""One register over all lists: which rows are about, or name, the same thing."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest
from forms import TODAY, field, submission, table, template
from villagers import Person, slipped, villagers

from reportkit.consolidation import Setting, consolidate
from reportkit.mentions import Mentions, mentions
from reportkit.namings import namings
from reportkit.register import COLUMNS, Register, register
from reportkit.templates import Field, Template

NAME = field("姓名", "person-name", concept="person.name")
NUMBER = field("身份证号", "identity-number", concept="person.identity_number")
PHONE = field("联系电话", "phone", concept="person.phone")
ADDRESS = field("家庭住址", "address", concept="person.address")
ALLOWANCE = template(NAME, NUMBER, PHONE, ADDRESS, key=["身份证号"], entity="person", name="allowance")
PENSION = template(
    field("领取人", "person-name", concept="person.name"),
    field("证件号码", "identity-number", concept="person.identity_number"),
    field("现住址", "address", concept="person.address"),
    key=["证件号码"],
    entity="person",
    name="pension",
)
MEMBERS = template(
    field("户主姓名", "person-name", concept="householder.name"),
    field("户主身份证号", "identity-number", concept="householder.identity_number"),
    NAME,
    NUMBER,
    ADDRESS,
    key=["身份证号"],
    entity="person",
    name="members",
)
RELIEF = template(
    field("户主", "person-name", concept="householder.name"),
    field("户主电话", "phone", concept="householder.phone"),
    field("住址", "address", concept="household.address"),
    key=["户主", "住址"],
    entity="household",
    name="relief",
)
HOUSES = template(
    field("房主", "person-name", concept="owner.name"),
    field("房主身份证", "identity-number", concept="owner.identity_number"),
    field("房屋地址", "address", concept="house.address"),
    key=["房屋地址", "房主身份证"],
    entity="house",
    name="houses",
)
TENANCIES = template(
    field("出租屋地址", "address", concept="house.address"),
    field("房东", "person-name", concept="owner.name"),
    field("房东身份证号", "identity-number", concept="owner.identity_number"),
    key=["出租屋地址"],
    entity="house",
    name="tenancies",
)
PEOPLE = villagers(30)


def named(of: Template, rows: Sequence[Person], file: str = "", header: Sequence[str] = ()) -> tuple[Mentions, ...]:
    names = header or [one.name for one in of.fields]
    sent = submission(file or f"{of.name}.xlsx", table(names, rows), of=of.name)
    return mentions(consolidate(of, [sent], Setting(TODAY, TODAY)))


def found(*parts: tuple[Mentions, ...]) -> Register:
    return register([one for part in parts for one in part])


def entity(of: Register, template_name: str, row: int, role: str = "row", kind: str = "") -> str:
    """The cluster of a mention; the first record stands in row 3."""
    lines = of.lines.filter((pl.col("template") == template_name) & (pl.col("row") == row) & (pl.col("role") == role))
    lines = lines.filter(pl.col("entity_type") == kind) if kind else lines
    return str(lines["cluster_id"].item())


def pensioners(people: Sequence[Person]) -> list[Person]:
    return [(name, number, address) for name, number, _, address in people]


def test_a_person_in_two_lists_under_other_headers_is_one() -> None:
    it = found(named(ALLOWANCE, PEOPLE[:20]), named(PENSION, pensioners(PEOPLE[10:])))
    assert [entity(it, "allowance", 13 + n) for n in range(10)] == [entity(it, "pension", 3 + n) for n in range(10)]
    assert it.lines["cluster_id"].n_unique() == len(PEOPLE)


def test_a_slip_in_the_number_does_not_part_a_person() -> None:
    wrong = [(name, slipped(str(number)), address) for name, number, _, address in PEOPLE[:1]]
    it = found(named(ALLOWANCE, PEOPLE), named(PENSION, [*wrong, *pensioners(PEOPLE[1:])]))
    assert entity(it, "allowance", 3) == entity(it, "pension", 3)


def test_two_valid_numbers_are_two_persons_whatever_else_agrees() -> None:
    name, _, phone, address = PEOPLE[0]
    double = (name, PEOPLE[17][1], phone, address)
    it = found(named(ALLOWANCE, [PEOPLE[0], *PEOPLE[2:16]]), named(PENSION, pensioners([double, *PEOPLE[18:]])))
    assert entity(it, "allowance", 3) != entity(it, "pension", 3)


def test_what_a_form_joined_stays_joined() -> None:
    it = found(named(ALLOWANCE, [*PEOPLE, PEOPLE[4]]), named(PENSION, pensioners(PEOPLE)))
    assert entity(it, "allowance", 7) == entity(it, "allowance", 33) == entity(it, "pension", 7)


def test_a_householder_whom_a_member_names_is_the_person_of_the_other_list() -> None:
    head, child = PEOPLE[0], PEOPLE[1]
    rows = [(*head[:2], *child[:2], head[3]), (*head[:2], *head[:2], head[3])]
    it = found(named(MEMBERS, rows), named(PENSION, pensioners(PEOPLE[2:]) + pensioners([head])))
    whom = entity(it, "pension", 31)
    assert entity(it, "members", 3, "householder") == entity(it, "members", 4, "householder") == entity(it, "members", 4) == whom
    assert entity(it, "members", 3) != whom


def test_members_live_in_the_household_that_another_list_is_about() -> None:
    rows = [(*one[:2], *one[:2], one[3]) for one in PEOPLE]
    it = found(named(MEMBERS, rows), named(RELIEF, [(one[0], one[2], one[3]) for one in PEOPLE[:5]]))
    assert [entity(it, "members", 3 + n, "household") for n in range(5)] == [entity(it, "relief", 3 + n) for n in range(5)]
    assert entity(it, "relief", 3) != entity(it, "relief", 3, "householder")


def test_an_owner_has_two_houses_and_a_house_stands_in_two_lists() -> None:
    houses = [(name, number, f"后岭村{n + 1}号") for n, (name, number, *_) in enumerate(PEOPLE[:20])]
    second = (*PEOPLE[0][:2], "东山镇北沟村77号")
    let = [(address, name, number) for name, number, address in houses[:4]]
    it = found(named(HOUSES, [*houses, second]), named(TENANCIES, let))
    assert entity(it, "houses", 3) == entity(it, "tenancies", 3)
    assert entity(it, "houses", 3) != entity(it, "houses", 23)
    owners = {entity(it, *at, "owner") for at in (("houses", 3), ("houses", 23), ("tenancies", 3))}
    assert len(owners) == 1


ORDERS = (
    field("工单编号", "account", concept="order.number"),
    field("来电人", "person-name", concept="order.caller.name"),
    field("来电号码", "phone", concept="order.caller.phone"),
    field("诉求内容", concept="order.content"),
)


@pytest.mark.parametrize(("numbers", "clusters"), [(("A1", "A2"), 2), (("A1", "A1"), 1)])
def test_orders_of_two_lists_are_one_only_under_one_number(numbers: tuple[str, str], clusters: int) -> None:
    forms = [template(*ORDERS, key=["工单编号"], entity="order", name=name) for name in ("calls", "letters")]
    parts = [named(of, [(number, *PEOPLE[0][::2][:2], "路灯不亮")]) for of, number in zip(forms, numbers, strict=True)]
    lines = found(*parts).lines
    assert lines.filter(pl.col("role") == "row")["cluster_id"].n_unique() == clusters
    callers = lines.filter(pl.col("role") == "caller")
    assert callers["entity_type"].unique().to_list() == ["person"]
    assert callers["cluster_id"].n_unique() == 1


def test_hazards_are_never_one_across_lists_but_name_the_enterprise_of_the_other_list() -> None:
    firm, code = "东山镇福源食品加工厂", "91370602MA3C0DEX1A"
    name, number = field("企业名称", "organisation-name", concept="enterprise.name"), field("信用代码", "credit-code")
    number = number.model_copy(update={"concept": "enterprise.credit_code"})
    content = field("隐患内容", concept="hazard.content")
    forms = [template(name, number, content, key=["企业名称", "隐患内容"], entity="hazard", name=one) for one in ("fire", "gas")]
    directory = template(name, number, key=["信用代码"], entity="enterprise", name="directory")
    it = found(*[named(of, [(firm, code, "通道堵塞")]) for of in forms], named(directory, [(firm, code)]))
    assert entity(it, "fire", 3) != entity(it, "gas", 3)
    assert entity(it, "fire", 3, "enterprise") == entity(it, "gas", 3, "enterprise") == entity(it, "directory", 3)


def test_somebody_of_whom_only_the_name_is_known_is_nobody_in_another_file() -> None:
    inspected = (field("地点", "address", concept="hazard.place"), field("检查人", "person-name", concept="hazard.inspector"))
    forms = [template(*inspected, key=["地点"], entity="hazard", name=name) for name in ("fire", "gas")]
    it = found(*[named(of, [(f"前岭村{n}号", "王伟") for n in range(3)]) for of in forms])
    assert len({entity(it, "fire", row, "inspector") for row in (3, 4, 5)}) == 1
    assert entity(it, "fire", 3, "inspector") != entity(it, "gas", 3, "inspector")


def test_every_row_has_one_line_of_its_own_even_if_it_says_nothing_that_identifies() -> None:
    rows: list[Person] = [(None, None, None, None, "100"), (None, None, None, None, "100")]
    amount = field("补助金额", "amount")
    form = template(*ALLOWANCE.fields, amount, entity="person", name="allowance")
    lines = found(named(form, rows)).lines.filter(pl.col("role") == "row")
    assert lines["row"].to_list() == [3, 4]
    assert lines["cluster_id"].n_unique() == 2


def test_the_order_of_forms_and_files_is_irrelevant() -> None:
    shuffled = [PEOPLE[n * 7 % 30] for n in range(30)]
    parts = [
        named(ALLOWANCE, PEOPLE),
        named(PENSION, pensioners(shuffled)),
        named(HOUSES, [(*one[:2], one[3]) for one in PEOPLE]),
    ]
    assert found(*parts).lines.equals(found(*reversed(parts)).lines)


def test_ids_stay_while_their_members_do() -> None:
    before = found(named(ALLOWANCE, PEOPLE[:20]))
    after = found(named(ALLOWANCE, PEOPLE[:21]), named(PENSION, pensioners(PEOPLE[22:])))
    assert [entity(before, "allowance", row) for row in range(3, 23)] == [entity(after, "allowance", row) for row in range(3, 23)]


def test_a_register_of_nothing_has_its_columns() -> None:
    assert register([]).lines.columns == list(COLUMNS)


# -- who is named -----------------------------------------------------------------------------------------


def roles(*fields: Field, of: str, key: Sequence[str] = ()) -> dict[str, tuple[str, dict[str, str]]]:
    made = namings(template(*fields, entity=of, key=key))
    return {one.role: (one.entity, {name: field.name for name, field in one.fields.items()}) for one in made}


def test_without_concepts_the_headers_say_whose_a_field_is() -> None:
    fields = (field("户主姓名", "person-name"), field("姓名", "person-name"), field("身份证号", "identity-number"))
    assert roles(*fields, of="person") == {
        "row": ("person", {"name": "姓名", "identity_number": "身份证号"}),
        "householder": ("person", {"name": "户主姓名"}),
        "household": ("household", {"name": "户主姓名"}),
    }


def test_inferred_concepts_that_end_with_the_headers_words_are_understood() -> None:
    name = field("单位名称", "organisation-name", concept="enterprise.organisation.单位名称")
    place = field("地址", "address", concept="enterprise.address")
    assert roles(name, place, of="enterprise")["row"] == ("enterprise", {"name": "单位名称", "address": "地址"})


def test_amounts_and_days_of_other_things_identify_nobody() -> None:
    since, born = field("起始年月", "month", concept="pension.start_month"), field("生日", "date", concept="person.birth_date")
    amount, died = field("金额", "amount", concept="person.amount"), field("日期", "date", concept="person.death_date")
    assert roles(NAME, since, born, amount, died, of="person") == {"row": ("person", {"name": "姓名", "birth_date": "生日"})}


def test_a_phone_alone_names_nobody() -> None:
    assert roles(NAME, field("户主电话", "phone", concept="householder.phone"), of="person").keys() == {"row"}


def test_an_enterprise_names_its_representative() -> None:
    firm = field("名称", "organisation-name", concept="enterprise.name")
    head = field("法定代表人", "person-name", concept="enterprise.representative")
    assert roles(firm, head, of="enterprise") == {
        "row": ("enterprise", {"name": "名称", "representative": "法定代表人"}),
        "representative": ("person", {"name": "法定代表人"}),
    }
