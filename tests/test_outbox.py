"""What a round leaves behind is whole, or is what was there before."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import DiskError, ExitStatus
from reportkit.outbox import file_name, staged, staged_file, write_evidence, write_json


def tree(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def full_disk() -> None:
    raise OSError(28, "No space left on device")


def interrupt() -> None:
    raise KeyboardInterrupt


def break_a_promise() -> None:
    raise ValueError


FAILURES = [full_disk, interrupt, break_a_promise]


def publish(target: Path, words: str, fail: Callable[[], None] | None = None) -> None:
    with staged(target) as fresh:
        (fresh / "报表.txt").write_text(words)
        if fail:
            fail()


def test_a_new_folder_takes_the_place_of_the_old_one_wholly(tmp_path: Path) -> None:
    target = tmp_path / "outbox" / "2026-11"
    publish(target, "old")
    (target / "left.txt").write_text("from before")
    publish(target, "new")
    assert tree(tmp_path) == {"outbox/2026-11/报表.txt": "new"}


def test_nobody_sees_the_new_folder_before_it_is_whole(tmp_path: Path) -> None:
    publish(tmp_path / "out", "old")
    with staged(tmp_path / "out") as fresh:
        (fresh / "报表.txt").write_text("half")
        assert tree(tmp_path / "out") == {"报表.txt": "old"}


@pytest.mark.parametrize("fail", FAILURES)
def test_a_folder_that_fails_leaves_the_old_one_and_nothing_else(tmp_path: Path, fail: Callable[[], None]) -> None:
    publish(tmp_path / "out", "old")
    with suppress(DiskError, KeyboardInterrupt, ValueError):
        publish(tmp_path / "out", "half", fail)
    assert tree(tmp_path) == {"out/报表.txt": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("fail", FAILURES)
def test_a_first_folder_that_fails_leaves_nothing(tmp_path: Path, fail: Callable[[], None]) -> None:
    with suppress(DiskError, KeyboardInterrupt, ValueError):
        publish(tmp_path / "out", "half", fail)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fail", [None, full_disk])
def test_a_run_killed_between_the_two_renames_loses_nothing(tmp_path: Path, fail: Callable[[], None] | None) -> None:
    publish(tmp_path / "out", "old")
    (tmp_path / "out").rename(tmp_path / ".out.old")
    (tmp_path / ".out.new").mkdir()
    (tmp_path / ".out.new/half.txt").write_text("half")
    with suppress(DiskError):
        publish(tmp_path / "out", "new", fail)
    assert tree(tmp_path) == {"out/报表.txt": "old" if fail else "new"}


def test_a_full_disk_is_told_with_its_reason_and_its_own_exit_status(tmp_path: Path) -> None:
    with pytest.raises(DiskError) as caught:
        publish(tmp_path / "out", "half", full_disk)
    assert caught.value.status == ExitStatus.IO
    assert caught.value.facts["why"] == "No space left on device"


def test_a_folder_that_may_not_be_written_is_told_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DiskError) as caught:
        publish(tmp_path / "file" / "out", "new")
    assert "file" in caught.value.facts["path"]


# -- single files -------------------------------------------------------------------------------------------


def write(target: Path, words: str, fail: Callable[[], None] | None = None) -> None:
    with staged_file(target) as fresh:
        fresh.write_text(words)
        if fail:
            fail()


def test_a_file_is_made_in_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    write(tmp_path / "new" / "a.txt", "words")
    assert tree(tmp_path) == {"new/a.txt": "words"}


@pytest.mark.parametrize("fail", FAILURES)
def test_a_file_that_fails_leaves_the_old_one_and_nothing_else(tmp_path: Path, fail: Callable[[], None]) -> None:
    write(tmp_path / "a.txt", "old")
    with suppress(DiskError, KeyboardInterrupt, ValueError):
        write(tmp_path / "a.txt", "half", fail)
    assert tree(tmp_path) == {"a.txt": "old"}


def test_a_file_in_a_folders_place_is_a_disk_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    (tmp_path / "a.txt" / "x").write_text("kept")
    with pytest.raises(DiskError):
        write(tmp_path / "a.txt", "new")
    assert tree(tmp_path) == {"a.txt/x": "kept"}


# -- evidence, documents, names -----------------------------------------------------------------------------


def test_evidence_is_written_by_name(tmp_path: Path) -> None:
    frames = {"records.csv": pl.DataFrame({"file": ["a.xlsx"]}), "findings.csv": pl.DataFrame({"code": ["x"]})}
    write_evidence(tmp_path / "evidence" / "补助", frames)
    assert tree(tmp_path / "evidence" / "补助") == {"records.csv": "\ufefffile\na.xlsx\n", "findings.csv": "\ufeffcode\nx\n"}


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no modes")
def test_evidence_is_its_owners_alone(tmp_path: Path) -> None:
    write_evidence(tmp_path / "evidence", {"records.csv": pl.DataFrame({"file": ["a"]})})
    assert stat.S_IMODE((tmp_path / "evidence").stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE((tmp_path / "evidence/records.csv").stat().st_mode) & 0o077 == 0


def test_a_document_is_readable_json_with_chinese_as_it_is(tmp_path: Path) -> None:
    write_json(tmp_path / "summary.json", {"标题": "困难群众", "rows": 3})
    text = (tmp_path / "summary.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"标题": "困难群众", "rows": 3}
    assert "困难群众" in text
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("困难群众补助花名册", "困难群众补助花名册"),
        ("2026/11 情况表:终稿?", "2026_11 情况表_终稿_"),
        ("..", "report"),
        ("", "report"),
        (" 表. ", "表"),
        ("上\n下", "上_下"),
    ],
)
def test_a_title_becomes_a_name_that_file_systems_take(title: str, name: str) -> None:
    assert file_name(title) == name


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_title_names_a_file_in_its_own_folder(title: str) -> None:
    name = file_name(title)
    assert name not in ("", ".", "..")
    assert not set(name) & set('\\/:*?"<>|\x00\n')
    assert len(f".{name}.xlsx.new".encode()) <= 255
