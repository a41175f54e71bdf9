"""What the README says is what the program does."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from desk import Desk

from reportkit.errors import ExitStatus
from reportkit.formats import FORMATS
from reportkit.messages import catalogue
from reportkit.waivers import COLUMNS

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
    assert set(re.findall(r"reportkit explain ([a-z-]+)", README)) <= {*catalogue(), "functions"}
    named = set(re.findall(r"`([a-z]+)\.csv`", README)) - {"units"}
    assert {"records", "fields", "changes", "conflicts", "findings", "unmapped", "submissions", "concepts"} <= named


# -- examples/rules -----------------------------------------------------------------------------------------

RULES = ROOT / "examples/rules"
SPEC = (RULES / "templates/allowance.yaml").read_text("utf-8")
SPEC_WITHOUT_RULES = SPEC.split("\nrules:\n")[0]
#: Row and column of each finding in the file of 前岭镇; the deceased are looked up only in a round.
FOUND = [
    ("6", "H", "GL01"),
    ("8", "J", "GL02"),
    ("9", "E", "GL03"),
    ("10", "K", "GL04"),
    ("13", "M", "GL07"),
    ("14", "I", "GL05"),
]
WAIVED = ("11", "G", "GL06")
DECEASED = ("12", "", "GL20")
HOUR = ("--as-of", "2026-12-05")


@pytest.fixture
def department(desk: Desk) -> Desk:
    """The example as somebody copies it."""
    shutil.copytree(RULES, desk.folder / "examples/rules", ignore=shutil.ignore_patterns("outbox", ".reportkit"))
    return desk


def addresses(lines: list[dict[str, str]], unit: str) -> list[tuple[str, str, str]]:
    found = ((line["row"], line["column"], line["code"]) for line in lines if unit in line["file"])
    return sorted(found, key=lambda one: int(one[0]))


def test_the_rules_of_the_example_have_no_problem_and_are_of_every_kind(department: Desk) -> None:
    done = department.run("template", "lint", "examples/rules/templates", "--json")
    assert (done.status, done.document["problems"]) == (0, [])
    words = ("check:", "when:", "tolerance: auto", "missing: zero", "missing: fail", "op: both", "op: one", "valid_from:")
    assert [
        word for word in (*words, "reconcile:", "@prev", "OVER (", "pass:", "fail:", "accept:", "rounding:") if word not in SPEC
    ] == []


def test_commands_at_the_head_of_the_example_work_as_they_stand(department: Desk) -> None:
    shown = re.findall(r"^#   reportkit (.*?)(?:  |$)", SPEC, re.MULTILINE)
    assert len(shown) == 4
    for words in shown:
        assert department.run(*shlex.split(words)).status in {0, 1}, words


def test_validate_finds_in_the_example_what_was_put_there_and_lets_the_waived_pass(department: Desk) -> None:
    words = ("validate", "examples/rules/inbox", "--workspace", "examples/rules", *HOUR)
    assert department.run(*words, "-o", "问题.csv").status == 1
    lines = department.table("问题.csv")
    assert addresses(lines, "前岭镇") == sorted([*FOUND, DECEASED], key=lambda one: int(one[0]))
    assert addresses(lines, "后岭镇") == [("5", "L", "GL08"), ("6", "L", "GL08")]


def test_a_round_of_the_example_also_holds_forms_against_each_other(department: Desk) -> None:
    done = department.run("consolidate", "examples/rules", "--period", "2026-11", *HOUR, "--json")
    assert done.status == 1
    assert done.document["answered"] == {"explained": 0, "waived": 1, "reused": 0}
    outbox = "examples/rules/outbox/2026-11"
    lines = department.table(f"{outbox}/evidence/allowance/findings.csv")
    assert addresses(lines, "前岭镇") == sorted([*FOUND, WAIVED, DECEASED], key=lambda one: int(one[0]))
    made = {path.name for path in (department.folder / outbox).rglob("*.xlsx")}
    assert {"高龄津贴发放表.xlsx", "高龄津贴发放表(万元).xlsx"} <= made


@pytest.mark.parametrize(("text", "fence"), [(README, "console"), (CHINESE, "sh")], ids=["en", "zh"])
def test_the_readmes_round_trip_can_be_typed_as_it_stands(department: Desk, text: str, fence: str) -> None:
    (block,) = (one for one in re.findall(rf"```{fence}\n(.*?)```", text, re.DOTALL) if "reportkit lock" in one)
    ended = {}
    for line in block.strip().splitlines():
        words = shlex.split(line)
        assert words[0] == "reportkit"
        ended[line] = department.run(*words[1:], *([*HOUR] if words[1] in {"validate", "consolidate"} else [])).status
    assert list(ended.values()) == [1, 1, 0, 0, 0], ended
    copies = {path.parent.name for path in department.folder.rglob("*.xlsx") if path.parent.name in {"379801", "379802"}}
    assert copies == {"379801", "379802"}


@pytest.mark.parametrize("text", [README, CHINESE], ids=["en", "zh"])
def test_the_readmes_rules_are_rules_of_the_example(department: Desk, text: str) -> None:
    (snippet,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    spec = department.folder / "examples/rules/templates/allowance.yaml"
    spec.write_text(f"{SPEC_WITHOUT_RULES}\n{snippet}", encoding="utf-8")
    done = department.run("template", "lint", "examples/rules/templates", "--json")
    assert (done.status, done.document["problems"]) == (0, [])


@pytest.mark.parametrize("text", [README, CHINESE], ids=["en", "zh"])
def test_the_readme_names_the_columns_of_waivers_and_all_formats(text: str) -> None:
    assert ",".join(COLUMNS) in text
    assert "|".join(name for name in FORMATS if name != "table") in text


def test_the_rule_that_lints_help_shows_is_a_rule(department: Desk) -> None:
    shown = department.run("template", "lint", "--help").out.splitlines()
    at = shown.index("    rules:")
    snippet = "\n".join(line[4:] for line in shown[at : shown.index("", at)])
    spec = department.folder / "examples/rules/templates/allowance.yaml"
    spec.write_text(f"{SPEC_WITHOUT_RULES}\n{snippet}\n", encoding="utf-8")
    done = department.run("template", "lint", "examples/rules/templates", "--json")
    assert (done.status, done.document["problems"]) == (0, [])
