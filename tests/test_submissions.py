"""Who sent what, for which period, and which of several revisions counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from forms import HEADER, PEOPLE, delivery, field, submission, table, template
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.dating import Source
from reportkit.findings import Finding
from reportkit.submissions import (
    Delivery,
    Round,
    State,
    Submission,
    identify,
    place,
)
from reportkit.units import Unit, Units

few = settings(max_examples=60, deadline=None)
UNITS = Units(
    (
        Unit("37", "芝阳区", "district"),
        Unit("3701", "登州街道", "township", "37"),
        Unit("3702", "石良镇", "township", "37"),
        Unit("3703", "徐家镇", "township", "37"),
    )
)
FIRMS = template(field("企业名称"), field("统一社会信用代码"), field("法定代表人"), name="firms", title="企业基本情况登记表")
ROUND = Round(UNITS, (PEOPLE, FIRMS))


def sheet(*above: str, name: str = "王芳") -> object:
    return table(HEADER, [[name]], above=["困难群众花名册", *above])


def only(one: Delivery, given: Round = ROUND) -> Submission:
    (found,), _ = identify([one], given)
    return found


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


# -- whose -------------------------------------------------------------------------------------------------

STAMP, LINE, FOLDER, NAME = "3701", "填报单位：石良镇", "徐家镇", "芝阳区.xlsx"
ANYWHERE = ("", "", "", "a.xlsx")


@pytest.mark.parametrize(
    ("sources", "unit"),
    [
        ((STAMP, LINE, FOLDER, "石良镇.xlsx"), "3701"),
        (("", LINE, FOLDER, "登州街道.xlsx"), "3702"),
        (("", "", FOLDER, "石良镇.xlsx"), "3703"),
        (("", "", "", "石良镇.xlsx"), "3702"),
        (ANYWHERE, ""),
    ],
)
def test_a_unit_is_known_by_stamp_then_line_then_folder_then_name(sources: tuple[str, ...], unit: str) -> None:
    stamp, line, folder, name = sources
    one = delivery(f"{folder}/{name}", sheet(line) if line else sheet(), stamp=[("reportkit.unit", stamp)] if stamp else [])
    assert only(one).unit == unit


def test_a_folder_of_a_period_may_hold_folders_of_units() -> None:
    assert only(delivery("2026-11/石良镇/a.xlsx", sheet())).unit == "3702"


def test_sources_that_disagree_are_a_finding_and_the_more_trusted_one_counts() -> None:
    (found,), findings = identify([delivery("徐家镇/a.xlsx", sheet("填报单位：石良镇"))], ROUND)
    assert found.unit == "3702"
    assert [(one.code, one.value, one.detail) for one in findings] == [("unit-disagrees", "3702", "徐家镇")]


def test_a_district_named_beside_its_township_is_no_disagreement() -> None:
    (found,), findings = identify([delivery("石良镇/芝阳区石良镇.xlsx", sheet("填报单位：芝阳区"))], ROUND)
    assert (found.unit, codes(findings)) == ("37", [])
    (found,), findings = identify([delivery("芝阳区/a.xlsx", sheet("填报单位：石良镇"))], ROUND)
    assert (found.unit, codes(findings)) == ("3702", [])


def test_a_file_that_names_nobody_is_a_finding_where_there_are_units() -> None:
    assert codes(identify([delivery("a.xlsx", sheet())], ROUND)[1]) == ["unit-unknown"]
    assert codes(identify([delivery("a.xlsx", sheet())], Round(Units(), (PEOPLE,)))[1]) == []


# -- for which period --------------------------------------------------------------------------------------


def test_a_period_is_known_by_stamp_then_folder_then_title_never_by_the_files_name() -> None:
    titled = table(HEADER, above=["2026年9月困难群众花名册"])
    stamp = [("reportkit.period", "2026-11")]
    assert only(delivery("2026-10/石良镇/a.xlsx", titled, stamp=stamp)).period == "2026-11"
    assert only(delivery("2026-10/石良镇/a.xlsx", titled)).period == "2026-10"
    assert only(delivery("石良镇/a.xlsx", titled)).period == "2026-09"
    assert only(delivery("石良镇/石良镇202608报2026-07.xlsx", sheet())).period == ""


def test_a_filing_date_is_kept_as_such() -> None:
    found = only(delivery("石良镇/a.xlsx", sheet("填报日期：2026年11月23日")))
    assert (found.period, found.filed) == ("", date(2026, 11, 23))
    assert only(delivery("石良镇/a.xlsx", sheet("填报日期：2026年11月31日"))).filed is None


def sent(*periods: str, by: Source = Source.FOLDER) -> list[Submission]:
    return [replace(submission(f"{n}.xlsx"), period=period, period_by=by) for n, period in enumerate(periods)]


def test_a_file_that_names_no_period_is_of_the_one_asked_for_else_of_the_one_that_most_name() -> None:
    assert [one.file for one in place(sent("2026-10", "", "2026-09"), "2026-09")[1]] == ["1.xlsx", "2.xlsx"]
    period, mine, _ = place(sent("2026-10", "", "2026-11", "2026-10"), "")
    assert (period, [one.file for one in mine]) == ("2026-11", ["2.xlsx"])
    assert [one.file for one in place(sent("2026-11", "", "2026-11"), "")[1]] == ["0.xlsx", "1.xlsx", "2.xlsx"]


def test_a_title_of_another_period_is_set_aside_by_name_a_folder_of_another_is_another_rounds() -> None:
    period, mine, findings = place([*sent("2026-11", "2026-11"), *sent("2025-11", by=Source.TEXT)], "")
    assert (period, [one.state for one in mine]) == ("2026-11", [State.ACCEPTED, State.ACCEPTED, State.SET_ASIDE])
    assert [(found.code, found.value, found.detail) for found in findings] == [("period-other", "2025-11", "2026-11")]
    assert len(place(sent("2026-11", "2026-11", "2026-10"), "")[1]) == 2


def test_folder_and_title_that_disagree_are_told() -> None:
    _, findings = identify([delivery("2026-11/石良镇/a.xlsx", sheet("2026年10月"))], ROUND)
    assert [(one.code, one.value, one.detail) for one in findings] == [("period-disagrees", "2026-11", "2026-10")]


# -- of which template -------------------------------------------------------------------------------------


def test_a_workbook_of_two_forms_makes_a_submission_for_each() -> None:
    firms = table([one.name for one in FIRMS.fields], [["甲公司"]], sheet="企业", above=["企业基本情况登记表"])
    found, findings = identify([delivery("石良镇/a.xlsx", sheet(), firms)], ROUND)
    assert {one.template: [part.sheet for part in one.tables] for one in found} == {"people": ["Sheet1"], "firms": ["企业"]}
    assert len(found) == 2
    assert codes(findings) == ["sheet-of-other-template"]


def test_several_sheets_of_one_form_are_one_submission() -> None:
    more = table(HEADER, [["李强"]], sheet="Sheet2")
    found = only(delivery("石良镇/a.xlsx", sheet(), more))
    assert [one.sheet for one in found.tables] == ["Sheet1", "Sheet2"]


def test_a_hidden_list_of_codes_is_set_aside_with_a_note() -> None:
    hidden = table(["代码", "含义"], [["1", "是"]], sheet="字典", visible=False)
    (found,), findings = identify([delivery("石良镇/a.xlsx", sheet(), hidden)], ROUND)
    assert [one.sheet for one in found.tables] == ["Sheet1"]
    assert [(one.code, one.sheet) for one in findings] == [("hidden-list", "字典")]


def test_what_is_of_no_template_is_set_aside_with_a_finding() -> None:
    menu = table(["菜名", "口味"], [["鱼", "辣"]])
    (found,), findings = identify([delivery("石良镇/a.xlsx", menu)], ROUND)
    assert (found.state, found.template, codes(findings)) == (State.SET_ASIDE, "", ["template-unknown"])
    (found,), findings = identify([delivery("石良镇/a.xlsx", lines=["通知"])], ROUND)
    assert (found.state, codes(findings)) == (State.SET_ASIDE, ["no-table"])


def test_an_unreadable_file_takes_its_unit_from_the_folder_and_its_template_from_the_name() -> None:
    found = only(delivery("石良镇/企业登记表.xls", trouble="file-broken"))
    assert (found.unit, found.template, found.state, found.note) == ("3702", "firms", State.UNREADABLE, "file-broken")


def test_an_unreadable_file_without_a_name_is_the_form_that_its_unit_still_owes() -> None:
    read = delivery("石良镇/a.xlsx", sheet())
    found, _ = identify([read, delivery("石良镇/x.xls", trouble="file-broken")], ROUND)
    assert [(one.file, one.template) for one in found] == [("石良镇/a.xlsx", "people"), ("石良镇/x.xls", "firms")]
    assert only(delivery("石良镇/x.xls", trouble="file-broken")).template == ""


# -- copies ------------------------------------------------------------------------------------------------


def test_of_identical_bytes_the_earliest_counts_and_the_rest_are_its_copies() -> None:
    late, early = delivery("石良镇/a.xlsx", sheet(), day=3), delivery("石良镇/b.xlsx", sheet(), day=2)
    found, _ = identify([late, early, delivery("石良镇/c.xlsx", sheet(name="李强"))], ROUND)
    assert {one.file: (one.state, one.note) for one in found} == {
        "石良镇/a.xlsx": (State.COPY, "石良镇/b.xlsx"),
        "石良镇/b.xlsx": (State.ACCEPTED, ""),
        "石良镇/c.xlsx": (State.ACCEPTED, ""),
    }


def test_a_copy_belongs_to_the_original_and_brings_no_rows() -> None:
    found, _ = identify([delivery("石良镇/a.xlsx", sheet(), day=1), delivery("a (1).xlsx", sheet(), day=2)], ROUND)
    copy = next(one for one in found if one.state is State.COPY)
    assert (copy.file, copy.unit, copy.template, copy.tables) == ("a (1).xlsx", "3702", "people", ())


def test_files_that_could_not_be_read_are_no_copies_of_each_other() -> None:
    found, _ = identify([delivery(f"石良镇/{n}.xlsx", trouble="file-empty") for n in range(2)], ROUND)
    assert {one.state for one in found} == {State.UNREADABLE}


@st.composite
def inboxes(draw: st.DrawFn) -> list[Delivery]:
    folders = draw(st.lists(st.sampled_from(["石良镇", "登州街道", "2026-11", "杂"]), min_size=1, max_size=6))
    contents = [sheet(), sheet(name="李强"), table(["菜名"], [["鱼"]]), sheet("填报单位：徐家镇")]
    return [
        delivery(
            f"{folder}/{n}.xlsx",
            draw(st.sampled_from(contents)),
            day=draw(st.integers(1, 3)),
            trouble=draw(st.sampled_from(["", "", "file-broken"])),
        )
        for n, folder in enumerate(folders)
    ]


@few
@given(inboxes(), st.randoms(use_true_random=False))
def test_every_file_is_a_submission_whatever_the_order_in_which_they_are_found(inbox: list[Delivery], random: object) -> None:
    found, findings = identify(inbox, ROUND)
    assert sorted(one.file for one in found) == sorted(one.file for one in inbox)
    for one in found:
        assert (one.state is State.UNREADABLE) == bool(one.delivery.trouble)
    shuffled = list(inbox)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again, more = identify(shuffled, ROUND)
    assert again == found
    assert sorted(map(repr, more)) == sorted(map(repr, findings))
