"""What the README says is what the program does."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from desk import Desk

from reportkit.errors import ExitStatus
from reportkit.messages import catalogue

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text("utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def test_the_readme_opens_with_three_lines_a_picture_and_two_commands() -> None:
    opening = README.split("\n\n")[1]
    assert len(opening.splitlines()) == 3
    (picture,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")
    assert [len(block.strip().splitlines()) for block in BLOCKS] == [1, 1]


def test_the_first_command_consolidates_the_example(desk: Desk) -> None:
    shutil.copytree(ROOT / "examples", desk.folder / "examples", ignore=shutil.ignore_patterns("outbox", ".reportkit"))
    words = shlex.split(BLOCKS[0].split("&&")[-1])
    assert words[0] == ".venv/bin/reportkit"
    done = desk.run(*words[1:])
    assert done.status == 0, done.out + done.err
    written = {path.name for path in (desk.folder / "examples/yantai/outbox/2026-11").glob("*.xlsx")} - {"review.xlsx"}
    assert len(written) == 23
    assert done.out.splitlines()[-1].startswith("完成")


def test_the_example_holds_every_format() -> None:
    kinds = {path.suffix for path in (ROOT / "examples/yantai/inbox").rglob("*.*")}
    assert {".xlsx", ".xls", ".et", ".ods", ".csv", ".tsv"} <= kinds


@pytest.mark.parametrize("text", [README, CHINESE], ids=["en", "zh"])
def test_every_command_that_the_readme_shows_exists(desk: Desk, text: str) -> None:
    shown = {tuple(words.split()[:2]) for words in re.findall(r"reportkit ((?:template )?[a-z]+)", text)} - {
        ("explain",),
        ("consolidate",),
    }
    for words in shown:
        assert desk.run(*words, "--help").status == 0, words


def test_exit_codes_in_the_readme_are_those_of_the_program() -> None:
    line = next(line for line in README.split("\n\n") if line.startswith("Exit codes"))
    assert {int(number) for number in re.findall(r"`(\d+)`", line)} == {int(status) for status in ExitStatus}


def test_codes_and_evidence_that_the_readme_names_exist() -> None:
    assert set(re.findall(r"reportkit explain ([a-z-]+)", README)) <= set(catalogue())
    named = set(re.findall(r"`([a-z]+)\.csv`", README)) - {"units"}
    assert {"records", "fields", "changes", "conflicts", "findings", "unmapped", "submissions", "concepts"} <= named
