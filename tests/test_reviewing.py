"""Doubt goes out as a workbook, decisions come back, and last."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from desk import HEADER, Desk, Done, person
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

Row = tuple[object, ...]
PEOPLE: list[Row] = [person(n) for n in range(40)]
#: Rows that say little: perhaps persons of the first village, perhaps not.
PERHAPS: list[Row] = [(PEOPLE[n][0], None, None, "前岭村", None) for n in (3, 5, 7)]
MARK, DECISION, BY = 1, 2, 3


def month(desk: Desk, period: str, more: int = 0) -> None:
    """Both villages' lists of a month; ``more`` is added to every amount."""
    for village, rows in (("甲村", PEOPLE[:20]), ("乙村", [*PEOPLE[20:], *PERHAPS])):
        told = [(*row[:4], int(str(row[4] or 0)) + more or None) for row in rows]
        desk.workbook(f"ws/inbox/{period}/{village}/{village}.xlsx", told)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one form and two villages, and November's lists."""
    desk = Desk(tmp_path_factory.mktemp("office"))
    desk.found()
    month(desk, "2026-11")
    return desk.folder


@pytest.fixture
def office(desk: Desk, founded: Path) -> Desk:
    """A copy of it for each test."""
    shutil.copytree(founded, desk.folder, dirs_exist_ok=True)
    return desk


def round_of(desk: Desk, period: str = "2026-11", *more: str) -> Done:
    done = desk.run("consolidate", "ws", "--period", period, "--as-of", "2026-12-31", "--fail-on", "never", "--json", *more)
    assert done.status == 0, done.err
    return done


def links(desk: Desk, joined: str, period: str = "2026-11") -> list[dict[str, str]]:
    return [one for one in desk.table(f"ws/outbox/{period}/evidence/补助/links.csv") if one["joined"] == joined]


def clusters(desk: Desk, period: str = "2026-11") -> dict[tuple[str, str], str]:
    """(village, row) → cluster."""
    lines = desk.table(f"ws/outbox/{period}/evidence/补助/records.csv")
    return {(one["file"].split("/")[-1], one["row"]): one["cluster_id"] for one in lines}


def ends(link: dict[str, str]) -> tuple[tuple[str, str], tuple[str, str]]:
    return (link["file"].split("/")[-1], link["row"]), (link["other_file"].split("/")[-1], link["other_row"])


def review(desk: Desk, period: str = "2026-11") -> Path:
    return desk.folder / f"ws/outbox/{period}/review.xlsx"


def opened(path: Path) -> Workbook:
    """A workbook, without the library's remark that it does not know the bars."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(path)


def edit(path: Path, change: Callable[[Workbook], None]) -> None:
    book = opened(path)
    change(book)
    book.save(path)


def marked(page: Worksheet, *said: str) -> list[int]:
    """Lines that take a decision and whose mark holds all of that."""
    return [
        row
        for row in range(1, page.max_row + 1)
        if (mark := page.cell(row, MARK).value) and all(one in str(mark) for one in said)
    ]


def decide(desk: Desk, word: str, pair: int = 0) -> None:
    """Write a word beside an open pair, by its number."""

    def change(book: Workbook) -> None:
        page = book["待定"]
        page.cell(marked(page, '"pair"')[2 * pair], DECISION, word)
        page.cell(marked(page, '"pair"')[2 * pair], BY, "王科")

    edit(review(desk), change)


def take_back(desk: Desk, *words: str) -> Done:
    return desk.run("review", "ws", "import", *words, "--as-of", "2026-12-31", "--json")


def first_open(desk: Desk) -> tuple[tuple[str, str], tuple[str, str]]:
    """The pair that stands first in the workbook."""
    page = opened(review(desk))["待定"]
    row = marked(page, '"pair"')[0]
    left, right = (str(page.cell(at, 7).value).rpartition(" ") for at in (row, row + 1))
    return tuple((file.split("/")[-1], place.rpartition("!")[2]) for file, _, place in (left, right))  # type: ignore[return-value]


# -- decisions last ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "together"), [("相同", True), ("不同", False), ("same", True)])
def test_a_decision_holds_in_this_round_and_the_next_though_amounts_change(office: Desk, word: str, *, together: bool) -> None:
    before = round_of(office)
    assert before.document["open"] == len(links(office, "0")) > 0
    left, right = first_open(office)
    decide(office, word)
    back = take_back(office)
    assert (back.status, back.document["same"], back.document["different"]) == (0, int(together), int(not together))
    month(office, "2026-12", more=11)
    for period in ("2026-11", "2026-12"):
        done = round_of(office, period)
        homes = clusters(office, period)
        assert (homes[left] == homes[right]) == together
        assert done.document["decisions"] == 1
        assert {left, right} not in [set(ends(one)) for one in links(office, "0", period)]
        said = [one["why"] for one in links(office, "1", period) if set(ends(one)) == {left, right}]
        assert said == (["已由人工确定"] if together else [])
    assert "用了 1 条人工决定" in office.run("consolidate", "ws", "--period", "2026-12", "--fail-on", "never").out


def test_a_decision_says_who_when_and_of_whom_and_is_its_owners_alone(office: Desk) -> None:
    round_of(office)
    decide(office, "不同")
    take_back(office)
    (line,) = office.table("ws/.reportkit/decisions.csv")
    assert [line[name] for name in ("entity", "decision", "by", "decided_at", "period")] == [
        "person",
        "different",
        "王科",
        "2026-12-31",
        "2026-11",
    ]
    assert str(PERHAPS[0][0]) in line["left"] + line["right"] or str(PERHAPS[2][0]) in line["left"] + line["right"]
    for name in ("decisions.csv", "asked.csv"):
        assert (office.folder / "ws/.reportkit" / name).stat().st_mode & 0o077 == 0
    assert review(office).stat().st_mode & 0o077 == 0


def test_what_is_left_blank_or_unsure_stays_open(office: Desk) -> None:
    before = round_of(office).document["open"]
    decide(office, "不确定")
    assert take_back(office).document["same"] == 0
    assert round_of(office).document["open"] == before


def test_the_later_decision_wins(office: Desk) -> None:
    round_of(office)
    old = review(office).read_bytes()
    decide(office, "相同")
    take_back(office)
    office.file("again.xlsx", old)
    shutil.copy(office.folder / "again.xlsx", review(office))
    decide(office, "不同")
    take_back(office)
    assert [one["decision"] for one in office.table("ws/.reportkit/decisions.csv")] == ["different"]


def test_lines_may_be_sorted_and_deleted(office: Desk) -> None:
    round_of(office)

    def turn_round(book: Workbook) -> None:
        page = book["待定"]
        lines = [[cell.value for cell in page[row]] for row in marked(page, '"pair"')]
        lines[-1][DECISION - 1] = "相同"
        page.delete_rows(1, page.max_row)
        for line in reversed(lines[1:]):
            page.append(line)

    edit(review(office), turn_round)
    assert take_back(office).document["same"] == 1


# -- clusters ------------------------------------------------------------------------------------------------


def test_a_cluster_split_by_hand_stays_split(office: Desk) -> None:
    """A blank group among others is a group; who is in one group is one thing, and nobody in another is."""
    round_of(office)
    asked = office.table("ws/.reportkit/asked.csv")[:3]
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "簇"
    for group, one in zip((None, None, 2), asked, strict=True):
        page.append([json.dumps({"cluster": "c", "row": one["digest"], "at": []}), group, "李科"])
    book.save(office.folder / "split.xlsx")
    done = take_back(office, "split.xlsx")
    assert (done.document["same"], done.document["different"]) == (1, 2), done.err
    month(office, "2026-12", more=9)
    for period in ("2026-11", "2026-12"):
        round_of(office, period)
        homes = [cluster_of(office, json.loads(one["key"]), period) for one in asked]
        assert homes[0] == homes[1] != homes[2]


def test_a_cluster_beside_whose_rows_nothing_is_written_is_left_as_it_is(office: Desk) -> None:
    round_of(office)
    assert take_back(office).document == {
        "path": "ws/outbox/2026-11/review.xlsx",
        "period": "2026-11",
        "same": 0,
        "different": 0,
        "columns": 0,
        "dry_run": False,
    }


def cluster_of(desk: Desk, values: dict[str, str], period: str) -> str:
    """The cluster of the row that says this."""
    homes = clusters(desk, period)
    for (file, row), cluster in homes.items():
        page = opened(next((desk.folder / f"ws/inbox/{period}").rglob(file))).worksheets[0]
        said = {str(cell.value) for cell in page[int(row)] if cell.value is not None}
        if set(values.values()) <= said and ("person.identity_number" in values) == (page.cell(int(row), 3).value is not None):
            return cluster
    raise AssertionError(values)


def test_decisions_that_contradict_each_other_are_a_finding_and_asked_again(office: Desk) -> None:
    round_of(office)
    decide(office, "相同")
    take_back(office)
    (line,) = office.table("ws/.reportkit/decisions.csv")
    third = line["left"].replace("王", "汪") if "王" in line["left"] else line["left"].replace('"姓名":"', '"姓名":"汪')
    path = office.folder / "ws/.reportkit/decisions.csv"
    keys = list(office.table("ws/.reportkit/asked.csv"))
    third = next(one["key"] for one in keys if one["key"] not in (line["left"], line["right"]))
    made = [(third, line["left"], "same"), (third, line["right"], "different")]
    more = [",".join(["person", *(_quoted(one) for one in sorted(pair)), word, "", "2027-01-01", ""]) for *pair, word in made]
    path.write_text(path.read_text("utf-8") + "\n".join(more) + "\n", encoding="utf-8")
    done = round_of(office)
    found = [one for one in office.table("ws/outbox/2026-11/evidence/补助/findings.csv") if one["code"] == "decisions-contradict"]
    assert len(found) == 1
    assert done.document["decisions"] == 3
    page = opened(review(office))["待定"]
    assert any("互相矛盾" in str(cell.value) for row in page.iter_rows() for cell in row)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


# -- the workbook --------------------------------------------------------------------------------------------


def test_numbers_are_masked_unless_asked_for(office: Desk) -> None:
    round_of(office)
    whole = {str(value) for row in PEOPLE for value in row[1:3]}
    assert not whole & texts(review(office))
    done = office.run("review", "ws", "export", "--show-values", "--json")
    assert done.status == 0, done.err
    assert whole & texts(review(office))


def texts(path: Path) -> set[str]:
    return {str(cell.value) for page in opened(path) for row in page.iter_rows() for cell in row if cell.value is not None}


def test_the_same_round_gives_the_same_workbook(office: Desk) -> None:
    round_of(office)
    first = review(office).read_bytes()
    office.run("review", "ws", "export", "--as-of", "2026-12-31")
    assert review(office).read_bytes() == first


def test_a_round_without_doubt_has_a_workbook_that_says_so(office: Desk) -> None:
    office.workbook("ws/inbox/2026-11/乙村/乙村.xlsx", PEOPLE[20:])
    assert round_of(office).document["open"] == 0
    assert "没有待定的记录。" in texts(review(office))
    assert take_back(office).status == 0
    round_of(office, "2026-11", "--lang", "en")
    assert "Nothing is open." in texts(review(office))


def test_a_header_that_is_none_too_sure_is_asked_once(office: Desk) -> None:
    header = [*HEADER[:4], "地点在哪", HEADER[5]]
    office.workbook("ws/inbox/2026-11/乙村/乙村.xlsx", PEOPLE[20:], header=header)
    round_of(office)
    page = opened(review(office))["字段"]
    (line,) = marked(page, "地点在哪")
    edit(review(office), lambda book: book["字段"].cell(line, DECISION, "家庭住址"))
    assert take_back(office).document["columns"] == 1
    done = round_of(office)
    how = {one["header"]: one["how"] for one in office.table("ws/outbox/2026-11/evidence/补助/fields.csv")}
    assert how["地点在哪"] == "decided"
    assert done.document["decisions"] == 1
    assert not marked(opened(review(office))["字段"], "地点在哪")


def test_a_workbook_that_a_spreadsheet_program_saved_comes_back(office: Desk, tmp_path: Path) -> None:
    if not shutil.which("soffice"):
        pytest.skip("no office program here")
    round_of(office)
    made = tmp_path / "saved"
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run([*command, str(made), str(review(office))], check=True, capture_output=True, timeout=180)
    shutil.copy(made / "review.xlsx", review(office))
    decide(office, "相同")
    done = take_back(office)
    assert (done.status, done.document["same"]) == (0, 1), done.err


def test_what_somebody_filled_in_is_not_lost_when_the_next_round_writes_anew(office: Desk) -> None:
    round_of(office)
    decide(office, "相同")
    filled = review(office).read_bytes()
    told = office.run("consolidate", "ws", "--period", "2026-11", "--as-of", "2026-12-31", "--fail-on", "never").out
    (kept,) = (office.folder / "ws/.reportkit").glob("review-*.xlsx")
    assert kept.read_bytes() == filled
    assert kept.name in told.replace("\n", "")
    assert take_back(office, str(kept)).document["same"] == 1
    round_of(office)
    assert len(list((office.folder / "ws/.reportkit").glob("review-*.xlsx"))) == 1


# -- what is refused -----------------------------------------------------------------------------------------


def test_a_word_that_is_no_decision_is_named_with_its_cell_and_nothing_is_kept(office: Desk) -> None:
    round_of(office)
    decide(office, "相同", pair=0)
    decide(office, "也许吧", pair=1)
    done = take_back(office)
    assert (done.status, done.document["error"]) == (2, "review-word-wrong")
    assert all(one in str(done.document["message"]) for one in ("review.xlsx", "待定", "也许吧", "相同"))
    page = opened(review(office))["待定"]
    assert page[str(done.document["facts"]["cell"])].value == "也许吧"  # type: ignore[index]
    assert not (office.folder / "ws/.reportkit/decisions.csv").exists()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda path: path.write_bytes(b"PK no workbook"), "review-unreadable"),
        (lambda path: Workbook().save(path), "review-not-ours"),
        (lambda path: path.unlink(), "review-missing"),
        (lambda path: (path.parents[2] / ".reportkit/asked.csv").unlink(), "review-row-unknown"),
    ],
)
def test_what_is_no_workbook_of_ours_is_refused(office: Desk, spoil: Callable[[Path], object], code: str) -> None:
    round_of(office)
    decide(office, "相同")
    spoil(review(office))
    done = take_back(office)
    assert (done.status, done.document["error"]) == (2, code)


def test_two_rows_decided_both_ways_are_refused(office: Desk) -> None:
    round_of(office)

    def both(book: Workbook) -> None:
        page = book["待定"]
        one, other, *_ = marked(page, '"pair"')
        page.cell(one, DECISION, "相同")
        page.cell(other, DECISION, "不同")

    edit(review(office), both)
    assert take_back(office).document["error"] == "review-both-ways"


@pytest.mark.parametrize("words", [("review", "ws"), ("review", "ws", "print"), ("review", "ws", "export", "x.xlsx")])
def test_an_action_that_is_not_known_is_wrong_usage(office: Desk, words: Sequence[str]) -> None:
    assert office.run(*words, "--json").document["error"] == "review-action-unknown"


def test_a_store_that_was_edited_into_nonsense_stops_the_round_with_its_line(office: Desk) -> None:
    path = office.file("ws/.reportkit/decisions.csv", b"entity,left,right,decision,by,decided_at,period\nperson,a,b,maybe,,,\n")
    done = office.run("consolidate", "ws", "--period", "2026-11")
    assert done.status == 2
    assert f"{path.name}:2" in done.err


def test_a_dry_run_keeps_nothing(office: Desk) -> None:
    round_of(office)
    decide(office, "相同")
    assert take_back(office, "--dry-run").document["same"] == 1
    assert not (office.folder / "ws/.reportkit/decisions.csv").exists()
