"""What becomes of a template's submissions: every row is accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from desk import identity
from forms import HEADER, PEOPLE, TODAY, Row, field, submission, table, template
from hypothesis import given, settings
from hypothesis import strategies as st
from villagers import slipped, villagers

from reportkit.consolidation import Consolidation, Setting, consolidate
from reportkit.evidence import of_list
from reportkit.layout import lay_out
from reportkit.messages import Language, catalogue
from reportkit.records import FILE
from reportkit.submissions import State, Submission
from reportkit.templates import Template

few = settings(max_examples=12, deadline=None)
SETTING = Setting(TODAY, TODAY)
PEOPLE_ROWS: list[Row] = [(*one, "100") for one in villagers(40)]


def sent(file: str, rows: Sequence[Row], *, header: Sequence[str] = HEADER, day: int = 1, unit: str = "") -> Submission:
    return submission(file, table(header, rows), unit=unit or file.split("/", maxsplit=1)[0], day=day)


def round_of(*submissions: Submission, of: Template = PEOPLE) -> Consolidation:
    return consolidate(of, submissions, SETTING)


def states(found: Consolidation) -> dict[str, State]:
    return {one.file: one.state for one in found.submissions}


def told(found: Consolidation, code: str, *names: str) -> list[tuple[object, ...]]:
    return found.findings.frame.filter(code=code).select(names or ("file", "row")).rows()


VILLAGES = [sent("甲村/a.xlsx", PEOPLE_ROWS[:20]), sent("乙村/b.xlsx", PEOPLE_ROWS[15:30]), sent("丙村/c.xlsx", PEOPLE_ROWS[28:])]


# -- the law -----------------------------------------------------------------------------------------------


@st.composite
def rounds(draw: st.DrawFn) -> list[Submission]:
    """Files of some units: good ones, repeated rows, later revisions, columns left out, nothing in them, copies."""
    random = Random(draw(st.integers(0, 10**6)))  # noqa: S311 - made-up rounds
    found = []
    for n in range(draw(st.integers(1, 5))):
        rows = [list(random.choice(PEOPLE_ROWS)) for _ in range(random.randrange(12))]
        for row in rows:
            if random.random() < 0.3:
                row[random.randrange(5)] = random.choice([None, "无", "看不清", slipped(str(PEOPLE_ROWS[0][1]))])
        columns = random.sample(range(5), random.choice([5, 5, 5, 3]))
        header = [HEADER[at] for at in columns] + random.choice([[], ["村里备忘"]])
        lines = [[*(row[at] for at in columns), f"备{at}"][: len(header)] for at, row in enumerate(rows)]
        state = random.choice([State.ACCEPTED] * 5 + [State.COPY])
        one = sent(f"{random.choice('甲乙丙')}村/{n}.xlsx", lines, header=header, day=random.randrange(1, 4))
        found.append(one if state is State.ACCEPTED else submission(one.file, unit=one.unit))
    return found


@few
@given(rounds())
def test_every_row_is_kept_or_merged_or_returned_or_superseded(submissions: list[Submission]) -> None:
    found = round_of(*submissions)
    state = states(found)
    lines = found.kept.rows(named=True)
    given_rows = [(one.file, row) for one in submissions for sheet in one.tables for row in sheet.body["_row"]]
    current = [address for address in given_rows if state[address[0]] is not State.SUPERSEDED]
    # Each row of a file that counts is a record under its own address; the rest are in files whose state says why.
    assert sorted((line["file"], line["row"]) for line in lines) == sorted(current)
    accepted = [line for line in lines if state[line["file"]] is not State.RETURNED]
    assert all(not line["kept"] for line in lines if state[line["file"]] is State.RETURNED)
    clusters = {line["cluster_id"] for line in accepted}
    assert sorted(line["cluster_id"] for line in accepted if line["kept"]) == sorted(clusters)
    assert len(found.golden.kept) == len(clusters)


@few
@given(rounds())
def test_every_cell_is_in_a_field_or_left_over_and_every_change_is_noted(submissions: list[Submission]) -> None:
    found = round_of(*submissions)
    records = found.records
    files = set(records.frame[FILE].unique())
    cells = [
        cell for one in submissions if one.file in files for sheet in one.tables for row in sheet.body.rows() for cell in row[1:]
    ]
    kept = [cell for row in records.raw.rows() for cell in row]
    assert sorted(filter(None, [*kept, *found.unmapped["value"]])) == sorted(filter(None, cells))
    noted = {
        (line["file"], line["row"], line["field"]): (line["written"], line["value"]) for line in found.changes.rows(named=True)
    }
    for at, (file, _, row) in enumerate(records.addresses().rows()):
        for name in HEADER:
            written, value = records.raw[name][at], records.frame[name][at] or ""
            changed = written is not None and records.codes[name][at] is None and written != value
            assert noted.get((file, row, name)) == ((written, value) if changed else None)


@few
@given(rounds())
def test_every_column_is_taken_for_a_field_or_told_with_candidates(submissions: list[Submission]) -> None:
    found = round_of(*submissions)
    unmapped = [(part.file, match.column) for part in found.records.parts for match in part.matches if not match.field]
    assert sorted(told(found, "column-unmapped", "file", "column")) == sorted(unmapped)
    assert set(found.findings.frame["code"]) <= set(catalogue())


@few
@given(rounds(), st.integers(0, 10**6))
def test_the_order_of_files_is_irrelevant(submissions: list[Submission], seed: int) -> None:
    shuffled = list(submissions)
    Random(seed).shuffle(shuffled)  # noqa: S311 - any order
    one, other = round_of(*submissions), round_of(*shuffled)
    assert one.kept.equals(other.kept)
    assert one.conflicts.equals(other.conflicts)
    assert sorted(one.findings.frame.rows()) == sorted(other.findings.frame.rows())
    assert one.changes.equals(other.changes)


def test_a_word_for_nothing_that_stands_as_a_blank_is_a_change() -> None:
    found = round_of(sent("甲村/a.xlsx", [(*PEOPLE_ROWS[0][:2], "无", *PEOPLE_ROWS[0][3:])]))
    (line,) = [one for one in found.changes.rows(named=True) if one["field"] == "联系电话"]
    assert (line["written"], line["value"], line["column"]) == ("无", "", "C")


# -- what is kept ------------------------------------------------------------------------------------------


def test_a_person_in_several_villages_stands_once_and_each_village_is_told() -> None:
    found = round_of(*VILLAGES)
    assert len(found.golden.kept) == 40
    assert found.kept["kept"].sum() == 40
    lines = told(found, "reported-by-several-units", "file", "row", "detail")
    assert sorted((file, row, str(detail).split("（")[0]) for file, row, detail in lines) == sorted(
        [("甲村/a.xlsx", row, "乙村") for row in range(18, 23)]
        + [("乙村/b.xlsx", row, "甲村") for row in range(3, 8)]
        + [("乙村/b.xlsx", row, "丙村") for row in (16, 17)]
        + [("丙村/c.xlsx", row, "乙村") for row in (3, 4)]
    )


def test_where_two_villages_disagree_the_loser_is_kept_as_a_conflict() -> None:
    other = [(*PEOPLE_ROWS[0][:4], "200"), *PEOPLE_ROWS[20:]]
    found = round_of(sent("甲村/a.xlsx", PEOPLE_ROWS[:20]), sent("乙村/b.xlsx", other, day=2))
    (line,) = found.conflicts.rows(named=True)
    assert (line["field"], line["chosen"], line["other"]) == ("补助金额(元)", "200", "100")
    assert (line["chosen_from"], line["other_from"]) == ("乙村/b.xlsx|Sheet1|3", "甲村/a.xlsx|Sheet1|3")
    assert line["cluster_id"] in set(found.kept.filter(file="甲村/a.xlsx", row=3)["cluster_id"])


def test_the_report_stands_in_the_order_of_the_files_names_not_of_their_receipt() -> None:
    late, early = sent("甲村/a.xlsx", PEOPLE_ROWS[:3], day=2), sent("乙村/b.xlsx", PEOPLE_ROWS[3:6], day=1)
    assert round_of(late, early).kept["file"].to_list() == ["乙村/b.xlsx"] * 3 + ["甲村/a.xlsx"] * 3
    early = sent("甲村/z.xlsx", PEOPLE_ROWS[3:6], day=1)
    assert round_of(early, late).kept["file"].to_list() == ["甲村/a.xlsx"] * 3 + ["甲村/z.xlsx"] * 3


def test_a_spec_may_keep_every_row() -> None:
    of = PEOPLE.model_copy(update={"duplicates": "keep"})
    found = round_of(*VILLAGES, of=of)
    assert len(found.golden.kept) == sum(one.tables[0].body.height for one in VILLAGES) == found.kept["kept"].sum()
    assert len(told(found, "reported-by-several-units")) == 14


def test_a_clusters_name_stays_while_its_members_do() -> None:
    def names(*submissions: Submission) -> dict[tuple[str, int], str]:
        return {(line["file"], line["row"]): line["cluster_id"] for line in round_of(*submissions).kept.rows(named=True)}

    before, after = names(*VILLAGES[:2]), names(*VILLAGES)
    joined = {("乙村/b.xlsx", row) for row in (16, 17)}
    assert {at for at in before if before[at] != after[at]} == joined
    assert len(set(after.values())) == 40


# -- which files count -------------------------------------------------------------------------------------


def test_a_revision_replaces_its_rows_and_an_addition_joins_them() -> None:
    first = sent("甲村/a.xlsx", PEOPLE_ROWS[:20])
    revised = sent("甲村/b.xlsx", PEOPLE_ROWS[2:22], day=2)
    found = round_of(first, revised)
    assert states(found) == {"甲村/a.xlsx": State.SUPERSEDED, "甲村/b.xlsx": State.ACCEPTED}
    assert set(found.kept["file"]) == {"甲村/b.xlsx"}
    assert [part.file for part in found.older] == ["甲村/a.xlsx"]
    found = round_of(first, sent("甲村/b.xlsx", PEOPLE_ROWS[20:], day=2))
    assert set(states(found).values()) == {State.ACCEPTED}
    assert len(found.golden.kept) == 40
    assert sorted(told(found, "several-parts", "file")) == [("甲村/a.xlsx",), ("甲村/b.xlsx",)]


def test_a_file_without_the_keys_column_goes_back_and_stays_out_of_the_report() -> None:
    names = [(row[0], row[4]) for row in PEOPLE_ROWS[20:]]
    found = round_of(sent("甲村/a.xlsx", PEOPLE_ROWS[:20]), sent("乙村/b.xlsx", names, header=["姓名", "补助金额(元)"]))
    assert states(found)["乙村/b.xlsx"] is State.RETURNED
    assert len(found.golden.kept) == 20
    assert ("乙村/b.xlsx", "身份证号") in told(found, "required-column-missing", "file", "field")


def test_a_column_of_nobody_is_told_and_its_values_are_kept_whole() -> None:
    rows = [(*row, f"备{n}") for n, row in enumerate(PEOPLE_ROWS[:10])]
    found = round_of(sent("甲村/a.xlsx", rows, header=[*HEADER, "现住址"]))
    assert told(found, "column-unmapped", "file", "column", "field") == [("甲村/a.xlsx", "F", "现住址")]
    assert "家庭住址" in told(found, "column-unmapped", "suggestion")[0][0]  # type: ignore[operator]
    assert found.unmapped["value"].to_list() == [f"备{n}" for n in range(10)]


def test_what_may_be_one_person_is_a_note_at_the_later_row() -> None:
    unsure = (PEOPLE_ROWS[0][0], None, None, None, None)
    found = round_of(sent("甲村/a.xlsx", PEOPLE_ROWS), sent("乙村/b.xlsx", [unsure]))
    notes = told(found, "maybe-repeated", "file", "row", "detail")
    assert notes == [("甲村/a.xlsx", 3, "乙村/b.xlsx Sheet1!3")]


def test_what_was_decided_about_a_header_is_kept() -> None:
    rows = [(row[0], row[1], f"某地{n}") for n, row in enumerate(PEOPLE_ROWS[:10])]
    one = sent("甲村/a.xlsx", rows, header=["姓名", "身份证号", "ZZ"])
    found = consolidate(PEOPLE, [one], Setting(TODAY, TODAY, {"ZZ": "家庭住址"}))
    assert found.records.raw["家庭住址"].to_list() == [f"某地{n}" for n in range(10)]
    assert [match.how for match in found.records.parts[0].matches] == ["exact", "exact", "decided"]


@pytest.mark.parametrize("submissions", [[], [sent("甲村/a.xlsx", [])]])
def test_a_round_without_rows_is_a_round(submissions: list[Submission]) -> None:
    found = round_of(*submissions)
    assert (found.kept.height, found.conflicts.height, found.changes.height, found.unmapped.height) == (0, 0, 0, 0)


def test_a_list_without_a_key_is_consolidated_all_the_same() -> None:
    of = template(field("事项"), field("说明"))
    rows = [(f"事项{n}", f"说明{n}") for n in range(6)]
    found = round_of(sent("甲村/a.xlsx", rows, header=["事项", "说明"]), of=of)
    assert len(found.golden.kept) == 6


# -- names that a field may have ---------------------------------------------------------------------------

OURS = [
    "field",
    "value",
    "row",
    "file",
    "sheet",
    "column",
    "votes",
    "wrong",
    "rule",
    "weight",
    "rank",
    "place",
    "cluster",
    "cluster_id",
    "chosen",
    "other",
    "kept",
    "score",
    "code",
    "written",
    "raw",
    "blank",
    "in",
    "at",
    "key",
    "run",
    "v",
    "first",
    "last",
    "detail",
    "units",
    "head",
    "id",
    "name",
    "_id",
    "_file",
    "_sheet",
    "_row",
    "_part",
    "_unit",
    "_cluster",
    "from",
    "left",
    "right",
    "why",
]


@pytest.mark.parametrize("shift", range(0, len(OURS), 4))
def test_a_field_may_be_called_as_anything_that_the_code_calls_its_own(shift: int) -> None:
    names = OURS[shift:] + OURS[:shift]
    kinds = ["identity-number", "person-name", "phone", "date", "amount"]
    fields = [field(name, kinds[n] if n < len(kinds) else "text", total=n == 4) for n, name in enumerate(names)]
    of = template(*fields, key=[names[0]], entity="person")
    people = [[identity(n), one[0], f"1390000{n:04}", "2020-01-01", "1"] for n, one in enumerate(PEOPLE_ROWS)]
    rows = [[*one, "甲", *names[6:]] for one in people]
    other = [*people[0][:4], "2", "乙", *names[6:]]
    filed = [sent("甲村/a.xlsx", rows, header=names), sent("乙村/a.xlsx", [other], header=names)]
    found = round_of(*filed, of=of)
    assert found.kept["cluster_id"].n_unique() == len(people)
    assert set(found.conflicts["field"]) == set(names[4:6])
    assert set(of_list(found, Language.EN).frames["fields.csv"]["field"]) == set(names)
    assert lay_out(found, Language.EN).rows.columns == names
