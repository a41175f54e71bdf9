"""Promises that all verbs make."""

from __future__ import annotations

import re

import pytest
from desk import Desk, person
from rich.cells import cell_len

from reportkit.messages import Language, mend

VERBS = [
    "merge",
    "validate",
    "inspect",
    "init",
    "template",
    "consolidate",
    "status",
    "review",
    "lock",
    "trace",
    "link",
    "explain",
]


@pytest.mark.parametrize("verb", VERBS)
def test_help_shows_an_example(desk: Desk, verb: str) -> None:
    words = [verb, "new", "--help"] if verb == "template" else [verb, "--help"]
    done = desk.run(*words)
    assert done.status == 0
    assert f"reportkit {verb}" in done.out


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_option_is_wrong_usage(desk: Desk, verb: str) -> None:
    done = desk.run(verb, "--no-such-option")
    assert done.status == 2
    assert "Traceback" not in done.err


@pytest.mark.parametrize("verb", ["merge", "validate", "inspect"])
def test_no_input_is_its_own_status(desk: Desk, verb: str) -> None:
    (desk.folder / "empty").mkdir()
    assert desk.run(verb, "empty").status == 5
    assert desk.run(verb, "absent").status == 5


@pytest.mark.parametrize("verb", ["merge", "validate", "inspect"])
@pytest.mark.parametrize("place", ["before", "after"])
def test_json_is_one_document_wherever_it_is_asked_for(desk: Desk, verb: str, place: str) -> None:
    desk.workbook("in/a.xlsx", [person(n) for n in range(5)])
    words = ["--json", verb, "in"] if place == "before" else [verb, "in", "--json"]
    assert desk.run(*words).document


@pytest.mark.parametrize("words", [["consolidate", "."], ["status", "."], ["lock", ".", "--period", "2026-11", "--by", "张三"]])
def test_a_folder_that_is_no_workspace_is_wrong_usage(desk: Desk, words: list[str]) -> None:
    done = desk.run(*words, "--json")
    assert done.status == 2
    assert done.document["exit"] == 2


def test_both_languages_explain_a_code(desk: Desk) -> None:
    assert "重复" in desk.run("explain", "row-repeated").out
    assert "twice" in desk.run("--lang", "en", "explain", "row-repeated").out


def test_identity_numbers_are_masked_unless_asked_for(desk: Desk) -> None:
    rows = [list(person(n)) for n in range(6)]
    whole = str(rows[2][1])
    rows[2][1] = wrong = whole[:-1] + ("1" if whole[-1] != "1" else "2")
    desk.workbook("in/a.xlsx", rows)
    assert wrong not in desk.run("validate", "in").out
    assert wrong in desk.run("validate", "in", "--show-values").out


def test_inspect_writes_the_contracts_columns(desk: Desk) -> None:
    desk.workbook("in/a.xlsx", [person(n) for n in range(5)])
    assert desk.run("inspect", "in", "-o", "t.csv").status == 0
    line = desk.table("t.csv")[0]
    assert (line["kind"], line["header_first"], line["header_last"], line["data_first"], line["data_last"]) == (
        "list",
        "2",
        "2",
        "3",
        "7",
    )
    assert line["fields"].split("|")[:3] == ["序号", "姓名", "身份证号"]


def test_an_error_says_where_what_and_how_to_mend_it(desk: Desk) -> None:
    desk.run("init", "ws")
    (desk.folder / "ws" / "units.csv").write_text("code,level\n1,city\n", encoding="utf-8")
    ended = desk.run("consolidate", "ws", "--lang", "en")
    assert ended.status == 2
    said = ended.err.splitlines()
    assert "units.csv:1: the list of units lacks: name" in said[0]
    assert said[1] == mend("units-column-missing", Language.EN)


WORDS = [[], *([verb] for verb in VERBS), *(["template", one] for one in ("new", "lint", "list"))]


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_help_speaks_both_languages_on_a_terminal_of_80_columns(desk: Desk, words: list[str]) -> None:
    lines = desk.run(*words, "--help").out.splitlines()
    assert [line for line in lines if cell_len(line) > 80] == []
    assert [line for line in lines[1:] if line.endswith("...")] == []
    assert re.search("[一-鿿]", "".join(lines))


def test_commands_that_help_shows_are_not_broken_where_the_terminal_ends(desk: Desk) -> None:
    for words in (["validate"], ["lock"], ["status"], ["consolidate"], ["explain"], ["template", "lint"]):
        lines = desk.run(*words, "--help").out.splitlines()
        at = lines.index("  Example · 例:") + 1
        assert lines[at].startswith(f"    reportkit {' '.join(words)} ")
