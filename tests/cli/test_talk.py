"""How the program talks: in whose language, in which form, and what it says when something is wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xlwt
from desk import HEADER, Desk, person

from reportkit.cli.app import run
from reportkit.cli.console import FACE, language
from reportkit.errors import ReportkitError
from reportkit.messages import Language, catalogue, readable, say


@pytest.mark.parametrize("words", [["foo", "--json"], ["--json"], ["merge", "--json", "--no-such-option"], ["merge", "--json"]])
def test_wrong_usage_is_one_document_where_a_program_listens(desk: Desk, words: list[str]) -> None:
    done = desk.run(*words)
    assert done.status == 2
    assert done.document["error"] == "usage"


def test_wrong_usage_is_told_in_the_language_asked_for(desk: Desk) -> None:
    assert "wrong usage" in desk.run("foo", "--lang", "en").err
    assert "用法不对" in desk.run("foo", "--lang=zh", language="en").err


def test_a_language_that_is_not_spoken_is_wrong_usage(desk: Desk) -> None:
    done = desk.run("--lang", "fr", "explain", "row-repeated", "--json")
    assert (done.status, done.document["error"]) == (2, "language-unknown")


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, Language.ZH),
        ({"LANG": "C"}, Language.ZH),
        ({"LANG": "POSIX"}, Language.ZH),
        ({"LANG": "C.UTF-8"}, Language.ZH),
        ({"LANG": "en_US.UTF-8"}, Language.EN),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, Language.ZH),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, Language.EN),
        ({"LANG": "de_DE.UTF-8"}, Language.ZH),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells its language another way")
def test_without_a_word_the_locale_decides(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], spoken: Language
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language() is spoken


def test_a_workspaces_language_counts_where_nobody_asked(desk: Desk) -> None:
    assert desk.run("init", "ws").status == 0
    path = desk.folder / "ws/reportkit.toml"
    path.write_text('language = "en"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if name != "REPORTKIT_LANG"} | {"LANG": "zh_CN.UTF-8", "LC_ALL": ""}
    command = [sys.executable, "-m", "reportkit", "consolidate", "ws"]
    silent = subprocess.run(command, cwd=desk.folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    assert "holds no templates" in silent.stderr
    asked = subprocess.run(
        [*command, "--lang", "zh"], cwd=desk.folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert "里没有模板" in asked.stderr


def test_facts_may_bear_any_name() -> None:
    facts = dict.fromkeys(("key", "code", "language", "status", "self"), "x")
    assert say("settings-wrong", Language.EN, **facts)
    assert FACE.say("settings-wrong", **facts)
    del facts["self"]
    assert ReportkitError("settings-wrong", **facts).facts == facts


def test_a_wrong_setting_is_told_with_its_line_as_people_and_as_programs_read_it(desk: Desk) -> None:
    desk.run("init", "ws")
    path = desk.folder / "ws/reportkit.toml"
    path.write_text('name = "x"\nfail_on = "sometimes"\n', encoding="utf-8")
    done = desk.run("consolidate", "ws", "--json")
    assert (done.status, done.document["error"]) == (2, "settings-wrong")
    assert "reportkit.toml:2: " in done.err


@pytest.mark.parametrize("text", ["[limits]\nseconds = 0\n", "[limits]\nmemmory = 5\n", 'period = "sometimes"\n'])
def test_a_setting_that_means_nothing_stops_the_run(desk: Desk, text: str) -> None:
    desk.run("init", "ws")
    (desk.folder / "ws/reportkit.toml").write_text(text, encoding="utf-8")
    assert desk.run("consolidate", "ws").status == 2


def test_a_fault_of_the_programs_own_leaves_a_log_without_a_cell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def broken(*_: object, **__: object) -> None:
        raise LookupError("3706021956" + "03121234")

    monkeypatch.setattr("reportkit.cli.app.app", broken)
    assert run([]) == 70
    log = tmp_path / "state/reportkit/error.log"
    assert "LookupError" in log.read_text("utf-8")
    assert "370602195603121234" not in log.read_text("utf-8")
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal")
@pytest.mark.parametrize("after", [0.05, 0.3, 0.8, 1.5])
def test_ctrl_c_ends_a_run_with_its_own_status_and_no_traceback(desk: Desk, after: float) -> None:
    for n in range(12):
        desk.workbook(f"in/{n}.xlsx", [person(m) for m in range(200)])
    command = [sys.executable, "-c", "from reportkit.cli import main; main()", "merge", "in"]
    run = subprocess.Popen(
        command, cwd=desk.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    time.sleep(after)
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=20)
    if "Traceback" in err and "reportkit" not in err:
        pytest.skip("the signal came before the first line of the program")
    assert "Traceback" not in err + out
    # At the very end of a run that is over the interpreter itself may die of the signal; nothing is half-written by then.
    assert run.returncode in (0, 130, -signal.SIGINT)
    if run.returncode == 130:
        assert "中断" in err or "interrupted" in err or not err


def test_help_and_explain_load_no_heavy_library() -> None:
    heavy = "import sys, reportkit.cli.app; print([m for m in ('scipy', 'openpyxl', 'rapidfuzz', 'opencc', 'lxml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_name_that_no_encoding_holds_can_be_told(desk: Desk) -> None:
    assert json.loads(desk.run("merge", os.fsdecode(b"\xc7\xb0\xff"), "--json").out)["exit"] == 5


# -- single verbs ---------------------------------------------------------------------------------------------


def test_explain_shows_what_stands_where_the_facts_will() -> None:
    FACE.language = Language.ZH
    for code, entry in catalogue().items():
        for words in (entry.message, entry.mend):
            assert "{" not in readable(words[Language.ZH], Language.ZH), code


def test_explain_names_the_place_of_a_value(desk: Desk) -> None:
    said = desk.run("explain", "column-unmapped").out
    assert "{" not in said
    assert "‹字段›" in said


def test_inspect_speaks_the_readers_language_and_shows_no_none(desk: Desk) -> None:
    desk.workbook("in/a.xlsx", [])
    desk.workbook("in/b.xlsx", [person(n) for n in range(5)])
    desk.file("in/c.xlsx", b"")
    said = desk.run("inspect", "in").out
    assert "None" not in said
    assert "没有数据" in said
    assert "文件是空的（0 字节）" in said
    assert "\n\n" not in said


def test_template_new_writes_all_or_nothing(desk: Desk) -> None:
    first, second = desk.workbook("a/补助.xlsx", []), desk.workbook("b/补助.xlsx", [])
    assert desk.run("template", "new", str(first), str(second), "--into", "t").status == 2
    assert not (desk.folder / "t").exists()
    desk.file("t/补助.xlsx", b"mine")
    assert desk.run("template", "new", str(first), "--into", "t").status == 2
    assert [path.name for path in (desk.folder / "t").iterdir()] == ["补助.xlsx"]
    assert (desk.folder / "t/补助.xlsx").read_bytes() == b"mine"
    assert desk.run("template", "new", str(first), "--into", "t", "--force").status == 0


def test_an_old_workbook_is_no_blank(desk: Desk) -> None:
    book = xlwt.Workbook()
    for column, name in enumerate(HEADER):
        book.add_sheet("a", cell_overwrite_ok=True) if column == 0 else None
        book.get_sheet(0).write(0, column, name)
    book.save(str(desk.folder / "blank.xls"))
    done = desk.run("template", "new", "blank.xls", "--json")
    assert (done.status, done.document["error"]) == (2, "blank-not-xlsx")
    desk.workbook("in/a.xlsx", [person(n) for n in range(5)])
    assert desk.run("merge", "in", "--template", "blank.xls").status == 2


def test_lint_tells_programs_what_it_tells_people(desk: Desk) -> None:
    desk.workbook("t/a.xlsx", [])
    desk.run("template", "new", "t/a.xlsx")
    path = desk.folder / "t/a.yaml"
    path.write_text(path.read_text("utf-8").replace("period: monthly", "period: sometimes"), "utf-8")
    done = desk.run("template", "lint", "t", "--json")
    assert done.status == 2
    assert "sometimes" in done.document["problems"][0]["message"]  # type: ignore[index]


@pytest.mark.parametrize(
    "words", [("init", "new"), ("template", "new", "a.xlsx", "--into", "t"), ("inspect", "a.xlsx", "-o", "t.csv")]
)
def test_a_dry_run_says_that_nothing_was_written(desk: Desk, words: tuple[str, ...]) -> None:
    desk.workbook("a.xlsx", [])
    done = desk.run(*words, "--dry-run")
    assert done.status == 0
    assert "没有写出任何文件" in done.out
    assert [path.name for path in desk.folder.iterdir()] == ["a.xlsx"]


# -- the round ------------------------------------------------------------------------------------------------


def workspace(desk: Desk) -> Path:
    desk.run("init", "ws")
    desk.run("template", "new", str(desk.workbook("补助.xlsx", [])), "--into", "ws/templates")
    desk.file("ws/units.csv", "code,name,level,parent,aliases\n11,前岭镇,township,,\n12,石湾镇,township,,\n".encode())
    desk.workbook("ws/inbox/前岭镇/补助.xlsx", [person(n) for n in range(5)])
    return desk.folder / "ws"


def test_a_rounds_outputs_are_told_from_the_workspace_on(desk: Desk) -> None:
    workspace(desk)
    words = ("consolidate", "ws", "--period", "2026-11", "--as-of", "2026-12-31")
    document = desk.run(*words, "--json").document
    assert document["outputs"] == ["outbox/2026-11/困难群众补助花名册.xlsx"]
    assert (desk.folder / "ws" / document["outputs"][0]).exists()  # type: ignore[index]
    assert document["reports"][0]["path"] == document["outputs"][0]  # type: ignore[index]
    last = desk.run(*words).out.splitlines()
    assert "ws/outbox/2026-11/困难群众补助花名册.xlsx" in "".join(last)
    assert "…" not in next(line for line in last if "缺报" in line)


def test_a_round_that_is_only_tried_leaves_no_trace(desk: Desk) -> None:
    root = workspace(desk)
    before = sorted(root.rglob("*"))
    done = desk.run("consolidate", "ws", "--dry-run")
    assert done.status == 0
    assert "没有写出任何文件" in done.out
    assert sorted(root.rglob("*")) == before


def test_a_workspace_without_an_inbox_says_so(desk: Desk) -> None:
    shutil.rmtree(workspace(desk) / "inbox")
    done = desk.run("consolidate", "ws", "--json")
    assert (done.status, done.document["error"]) == (5, "inbox-missing")


def test_the_limits_of_a_workspace_hold(desk: Desk) -> None:
    path = workspace(desk) / "reportkit.toml"
    path.write_text(path.read_text("utf-8").replace("seconds = 120", "seconds = 0.000001"), "utf-8")
    done = desk.run("consolidate", "ws", "--json")
    assert done.status == 3
    assert done.document["set_aside"][0]["code"] == "file-timeout"  # type: ignore[index]


def test_two_templates_of_one_title_are_refused_by_name(desk: Desk) -> None:
    folder = workspace(desk) / "templates"
    (folder / "again.yaml").write_text((folder / "补助.yaml").read_text("utf-8").replace("name: 补助", "name: again"), "utf-8")
    done = desk.run("consolidate", "ws", "--json")
    assert (done.status, done.document["error"]) == (2, "template-title-twice")
    assert "again.yaml" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no modes")
def test_a_rounds_evidence_is_its_owners_alone(desk: Desk) -> None:
    root = workspace(desk)
    assert desk.run("consolidate", "ws", "--period", "2026-11").status == 0
    made = [root / "outbox/2026-11/evidence", *(root / "outbox/2026-11/evidence").rglob("*")]
    assert len(made) > 4
    assert [path for path in made if path.stat().st_mode & 0o077] == []
