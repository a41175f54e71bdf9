"""How the program talks: in whose language, in which form, and what it says when something is wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from desk import Desk, person

from reportkit.cli.app import run
from reportkit.cli.console import FACE, language
from reportkit.errors import ReportkitError
from reportkit.messages import Language, say


@pytest.mark.parametrize("words", [["foo", "--json"], ["--json"], ["merge", "--json", "--no-such-option"], ["merge", "--json"]])
def test_wrong_usage_is_one_document_where_a_program_listens(desk: Desk, words: list[str]) -> None:
    done = desk.run(*words)
    assert done.status == 2
    if words != ["--json"]:
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
    assert run.returncode in (0, 130)


def test_help_and_explain_load_no_heavy_library() -> None:
    heavy = "import sys, reportkit.cli.app; print([m for m in ('scipy', 'openpyxl', 'rapidfuzz', 'opencc', 'lxml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_name_that_no_encoding_holds_can_be_told(desk: Desk) -> None:
    assert json.loads(desk.run("merge", os.fsdecode(b"\xc7\xb0\xff"), "--json").out)["exit"] == 5
