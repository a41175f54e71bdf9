"""``link``: any list in, who is who out."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import polars as pl
import pytest
from desk import Desk, Done, identity

LATIN = ("given", "family", "born", "phone")
FIELDS = ("given=given-name", "family=surname", "born=date", "phone=phone")
GIVEN = (
    "Margaret",
    "Oliver",
    "Beatrice",
    "Tobias",
    "Eleanor",
    "Rupert",
    "Harriet",
    "Silas",
    "Imogen",
    "Caspar",
    "Winifred",
    "Ambrose",
)
FAMILY = (
    "Ashworth",
    "Pellingham",
    "Thackeray",
    "Okonkwo",
    "Lindqvist",
    "Marchetti",
    "Dunsmore",
    "Vandermeer",
    "Kowalczyk",
    "Haddad",
)

CHINESE = ("编号", "姓名", "身份证号", "电话")
ELEMENTS = ("姓名=person-name", "身份证号=identity-number", "电话=phone")
SURNAMES, NAMES = "赵钱孙李周吴郑王冯陈", ("文轩", "雨泽", "若曦", "浩然", "静怡", "建华", "秀英", "子涵")


def latin(number: int) -> list[str]:
    day = f"{1940 + number * 7 % 60}-{1 + number % 12:02d}-{1 + number * 5 % 28:02d}"
    return [f"{number:03d}", GIVEN[number % 12], FAMILY[number * 3 % 10], day, f"555 01{number:02d} {number * 37 % 1000:03d}"]


def latin_list() -> list[list[str]]:
    """Forty people, two of whom are written again with a slip: 003 as 101, 017 as 102."""
    again = [["101", "Tobyas", *latin(3)[2:]], ["102", latin(17)[1], latin(17)[2], latin(17)[3], ""]]
    return [latin(n) for n in range(40)] + again


def chinese(number: int) -> list[str]:
    name = SURNAMES[number % 10] + NAMES[number * 3 % 8]
    return [f"{number:04d}", name, identity(number, f"19{40 + number}0{1 + number % 9}15"), f"1390000{number:04d}"]


def chinese_list() -> list[list[str]]:
    """Thirty people, one of whom is written again: 0007 as 0900, without the number, the name as it sounds."""
    seventh = chinese(7)
    return [chinese(n) for n in range(30)] + [
        ["0900", seventh[1][0] + "剑华" if "建华" in seventh[1] else seventh[1], seventh[2], ""]
    ]


def text(header: tuple[str, ...], rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    return "".join(",".join(line) + "\n" for line in ([*header], *rows)).encode(encoding)


def words(fields: tuple[str, ...]) -> list[str]:
    return [word for one in fields for word in ("--field", one)]


def link(desk: Desk, file: str, *more: str, record_id: str = "id", fields: tuple[str, ...] = FIELDS) -> Done:
    return desk.run("link", file, "--id", record_id, *words(fields), *(("-o", "o.csv") if "-o" not in more else ()), *more)


def groups(desk: Desk, name: str = "o.csv") -> set[tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in desk.table(name):
        found.setdefault(line["cluster_id"], []).append(line["record_id"])
    return {tuple(ids) for ids in found.values() if len(ids) > 1}


@pytest.fixture
def people(desk: Desk) -> Desk:
    desk.file("people.csv", text(("id", *LATIN), latin_list()))
    return desk


def test_records_of_one_person_get_the_id_of_the_first_of_them(people: Desk) -> None:
    done = link(people, "people.csv")
    assert done.status == 0, done.err
    assert groups(people) == {("003", "101"), ("017", "102")}
    lines = people.table("o.csv")
    assert list(lines[0]) == ["record_id", "cluster_id", "score"]
    assert [line["record_id"] for line in lines] == [row[0] for row in latin_list()]
    assert all(line["score"] == "1.0" for line in lines if line["record_id"] == line["cluster_id"] not in ("003", "017"))


def test_rows_in_any_order_give_the_same_bytes(people: Desk) -> None:
    rows = latin_list()
    rows = rows[::-1][7:] + rows[::-1][:7]
    people.file("shuffled.csv", text(("id", *LATIN), rows))
    for file, out in (("people.csv", "a"), ("shuffled.csv", "b")):
        assert link(people, file, "-o", f"{out}.csv", "--pairs", f"{out}-pairs.csv").status == 0
        assert link(people, file, "-o", f"{out}.parquet").status == 0
    for name in ("{}.csv", "{}-pairs.csv", "{}.parquet"):
        assert (people.folder / name.format("a")).read_bytes() == (people.folder / name.format("b")).read_bytes()


def test_a_chinese_list_in_gb18030_is_read_and_leading_zeros_stay(desk: Desk) -> None:
    desk.file("名单.csv", text(CHINESE, chinese_list(), "gb18030"))
    done = link(desk, "名单.csv", record_id="编号", fields=ELEMENTS)
    assert done.status == 0, done.err
    assert groups(desk) == {("0007", "0900")}
    assert desk.table("o.csv")[0]["record_id"] == "0000"


def test_a_workbook_with_a_title_and_a_total_row_is_a_list_too(desk: Desk) -> None:
    rows = [row[1:] for row in chinese_list()]
    desk.workbook("名单.xlsx", [*rows, ["合计", "31人", ""]], header=CHINESE)
    done = link(desk, "名单.xlsx", "--json", record_id="编号", fields=ELEMENTS)
    assert done.status == 0, done.err
    assert groups(desk) == {("8", "31")}
    assert done.document["records"] == 31
    assert done.document["sheet"] == "Sheet"
    assert sum(done.document["aside"].values()) >= 2  # type: ignore[attr-defined]
    assert "合计行 1" in done.err


def test_parquet_in_and_out_keeps_numbers(desk: Desk) -> None:
    frame = pl.DataFrame(latin_list(), schema=["id", *LATIN], orient="row")
    frame.with_columns(pl.col("id").cast(pl.Int64), pl.col("born").str.to_date()).write_parquet(desk.folder / "p.parquet")
    assert link(desk, "p.parquet", "-o", "o.parquet").status == 0
    out = pl.read_parquet(desk.folder / "o.parquet")
    assert out.schema == {"record_id": pl.Int64, "cluster_id": pl.Int64, "score": pl.Float64}
    assert out.filter(pl.col("record_id") != pl.col("cluster_id")).select("record_id", "cluster_id").rows() == [
        (101, 3),
        (102, 17),
    ]


def test_pairs_tell_why_in_words_and_show_no_value(people: Desk) -> None:
    assert link(people, "people.csv", "--pairs", "pairs.csv", "--lang", "en").status == 0
    lines = people.table("pairs.csv")
    assert list(lines[0]) == ["record_id", "other_id", "joined", "probability", "weight", "evidence"]
    joined = {(line["record_id"], line["other_id"]): line for line in lines if line["joined"] == "1"}
    assert set(joined) == {("003", "101"), ("017", "102")}
    assert "family the same +" in joined["003", "101"]["evidence"]
    written = (people.folder / "pairs.csv").read_text("utf-8-sig")
    assert not any(value in written for value in (*GIVEN, *FAMILY, "555"))


def test_the_document_holds_what_linkage_says_of_itself(people: Desk) -> None:
    document = link(people, "people.csv", "--json").document
    assert (document["records"], document["clusters"], document["groups"], document["joined"]) == (42, 40, 2, 4)
    assert document["pairs"] == sum(rule["pairs"] for rule in document["rules"]) == 42 * 41 // 2  # type: ignore[attr-defined]
    assert document["outputs"] == ["o.csv"]
    assert {"recall", "capped", "unlinkable", "cut", "doubts", "doubtful", "aside", "exit"} <= document.keys()


def test_a_value_that_too_many_share_is_told_with_its_number_of_records(desk: Desk) -> None:
    rows = [
        [f"r{n}", f"{GIVEN[n % 12]}{n * n % 911}", "555 0100 000" if n < 205 else f"555 {n:04d} {n * 37 % 1000:03d}"]
        for n in range(3000)
    ]
    desk.file("a.csv", text(("id", "given", "phone"), rows))
    done = link(desk, "a.csv", "--json", "--lang", "en", fields=("given=given-name", "phone=phone"))
    capped = [(one["blocks"], one["records"]) for one in done.document["capped"]]  # type: ignore[attr-defined]
    assert (1, 205) in capped
    assert "not compared" in done.err
    assert "block-not-compared" in done.err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_told_fits_eighty_columns_and_ends_with_the_verdict_and_what_to_do_next(desk: Desk, language: str) -> None:
    rows = [*(latin(n) for n in range(90)), ["500", *latin(4)[1:]], ["", "", "", "", ""]]
    desk.file("a.csv", text(("id", *LATIN), rows))
    done = link(desk, "a.csv", "--lang", language)
    lines = done.out.splitlines()
    wide = [line for line in lines if sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) > 80]
    assert wide == []
    assert lines[-1].startswith("完成" if language == "zh" else "Done")
    assert "o.csv" in lines[-1]
    assert ("空行 1" if language == "zh" else "blank rows 1") in done.out


def test_quiet_prints_nothing(people: Desk) -> None:
    done = link(people, "people.csv", "--quiet")
    assert (done.status, done.out, done.err) == (0, "", "")


# -- what stops it --------------------------------------------------------------------------------------------


def refused(done: Done, status: int, code: str) -> str:
    assert (done.status, done.document["error"]) == (status, code), done.err
    return done.err


def test_an_id_that_stands_twice_is_named_with_its_lines(desk: Desk) -> None:
    rows = latin_list()
    rows[20][0] = "005"
    rows[2][1] = '"Anna\nMaria"'
    desk.file("a.csv", text(("id", *LATIN), rows))
    said = refused(link(desk, "a.csv", "--json"), 2, "link-id-twice")
    assert said.startswith("a.csv:23: ")
    assert "“005”" in said
    assert "8" in said
    assert not (desk.folder / "o.csv").exists()


def test_an_id_that_names_a_person_is_masked(desk: Desk) -> None:
    rows = [row[1:] for row in (*chinese_list()[:5], chinese_list()[3])]
    desk.file("a.csv", text(CHINESE[1:], rows))
    said = refused(link(desk, "a.csv", "--json", record_id="身份证号", fields=("姓名=person-name",)), 2, "link-id-twice")
    assert chinese(3)[2] not in said


def test_a_blank_id_is_named_with_its_row_in_the_sheet(desk: Desk) -> None:
    rows = [[*chinese(n)] for n in range(9)]
    rows[4][0] = ""
    desk.workbook("a.xlsx", rows, header=("序号", *CHINESE))
    said = refused(link(desk, "a.xlsx", "--json", record_id="编号", fields=ELEMENTS), 2, "link-id-blank")
    assert said.startswith("a.xlsx:7: ")


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_a_column_that_is_not_there_is_told_with_those_that_are(desk: Desk, kind: str) -> None:
    frame = pl.DataFrame(latin_list(), schema=["id", *LATIN], orient="row")
    if kind == "xlsx":
        desk.workbook("a.xlsx", [row[1:] for row in latin_list()], header=("id", *LATIN))
    elif kind == "csv":
        frame.write_csv(desk.folder / "a.csv")
    else:
        frame.write_parquet(desk.folder / "a.parquet")
    said = refused(link(desk, f"a.{kind}", "--json", fields=("surname=surname",)), 2, "link-column")
    assert "id, given, family, born, phone" in said


def test_an_element_that_nobody_knows_is_told_with_those_that_are(people: Desk) -> None:
    said = refused(link(people, "people.csv", "--json", fields=("given=firstname",)), 2, "link-element")
    assert {"given-name", "surname", "organisation", "postcode", "place", "year", "code", "text"} <= set(
        said.replace("。", " ").split()
    )


@pytest.mark.parametrize("word", ["given", "=given-name", "given="])
def test_a_field_that_is_no_column_and_element_is_wrong_usage(people: Desk, word: str) -> None:
    refused(link(people, "people.csv", "--json", fields=(word,)), 2, "link-field-malformed")


def test_nothing_is_overwritten_unless_it_is_asked_for_and_the_input_never(people: Desk) -> None:
    kept = people.file("o.csv", b"mine")
    refused(link(people, "people.csv", "--json"), 2, "exists")
    assert kept.read_bytes() == b"mine"
    refused(link(people, "people.csv", "--json", "--force", "-o", "people.csv"), 2, "out-is-input")
    refused(link(people, "people.csv", "--json", "--force", "--pairs", "o.csv"), 2, "link-out-twice")
    refused(link(people, "people.csv", "--json", "-o", "o.xlsx"), 2, "link-out-kind")
    assert link(people, "people.csv", "--force").status == 0
    assert kept.read_bytes() != b"mine"


def test_a_dry_run_writes_nothing_and_says_so(people: Desk) -> None:
    done = link(people, "people.csv", "--dry-run", "--pairs", "p.csv")
    assert done.status == 0
    assert "没有写出任何文件" in done.out
    assert [path.name for path in people.folder.iterdir()] == ["people.csv"]


def test_no_list_is_no_input(desk: Desk) -> None:
    assert link(desk, "absent.csv").status == 5
    desk.file("empty.csv", b"")
    assert link(desk, "empty.csv").status == 5
    desk.file("broken.parquet", b"PAR1 and no more")
    assert link(desk, "broken.parquet").status == 5
    pl.DataFrame(schema=dict.fromkeys(("id", *LATIN), pl.String)).write_parquet(desk.folder / "none.parquet")
    refused(link(desk, "none.parquet", "--json"), 5, "link-no-row")


def test_a_place_that_cannot_be_written_leaves_nothing_behind(people: Desk) -> None:
    people.file("full", b"")
    refused(link(people, "people.csv", "--json", "--pairs", str(Path("full") / "p.csv")), 74, "cannot-write")
    assert not (people.folder / "o.csv").exists()


def test_a_line_with_more_cells_than_the_header_is_named(desk: Desk) -> None:
    lines = text(("id", *LATIN), latin_list()).decode().splitlines()
    lines[9] += ",one,more"
    desk.file("a.csv", "\n".join(lines).encode())
    assert refused(link(desk, "a.csv", "--json"), 2, "link-text-broken").startswith("a.csv:10: ")
