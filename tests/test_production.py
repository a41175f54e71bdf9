"""Forms beside each other: the same bytes as one after the other."""

from __future__ import annotations

import pickle
import shutil
from datetime import date
from pathlib import Path

import pytest

from reportkit import production, rounds
from reportkit.errors import DiskError, ExitStatus
from reportkit.summary import ConsolidateOptions

EXAMPLE = Path(__file__).parents[1] / "examples" / "yantai"


def round_in(folder: Path) -> dict[str, bytes]:
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("outbox", ".reportkit"))
    rounds.consolidate(ConsolidateOptions(folder, "2026-11", date(2026, 12, 31)))
    return {str(path.relative_to(folder)): path.read_bytes() for path in (folder / "outbox").rglob("*") if path.is_file()}


def test_many_processes_write_what_one_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = round_in(tmp_path / "one")
    monkeypatch.setattr(production, "_MANY", 0)
    monkeypatch.setattr(production.os, "cpu_count", lambda: 3)
    together = round_in(tmp_path / "many")
    assert together.keys() == alone.keys()
    assert [name for name in alone if together[name] != alone[name]] == []


def test_an_error_crosses_from_a_worker_with_its_facts_and_status() -> None:
    error = pickle.loads(pickle.dumps(DiskError("cannot-write", path="a.xlsx", why="full")))  # noqa: S301 - our own bytes
    assert (error.code, error.facts, error.status) == ("cannot-write", {"path": "a.xlsx", "why": "full"}, ExitStatus.IO)
