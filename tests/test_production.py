"""Forms beside each other: the same bytes as one after the other."""

from __future__ import annotations

import csv
import io
import pickle
import shutil
from datetime import date
from pathlib import Path

import pytest

from reportkit import production, rounds, workers
from reportkit.errors import DiskError, ExitStatus
from reportkit.summary import ConsolidateOptions

EXAMPLE = Path(__file__).parents[1] / "examples" / "yantai"


def round_in(folder: Path) -> dict[str, bytes]:
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("outbox", ".reportkit"))
    rounds.consolidate(ConsolidateOptions(folder, "2026-11", date(2026, 12, 31)))
    return {str(path.relative_to(folder)): path.read_bytes() for path in (folder / "outbox").rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one process writes of the example."""
    return round_in(tmp_path_factory.mktemp("round") / "one")


def test_many_processes_write_what_one_writes(alone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(production, "_MANY", 0)
    monkeypatch.setattr(workers.os, "cpu_count", lambda: 3)
    together = round_in(tmp_path / "many")
    assert together.keys() == alone.keys()
    assert [name for name in alone if together[name] != alone[name]] == []


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_every_row_of_a_round_has_one_line_in_the_register_that_says_what_it_is_about(alone: dict[str, bytes]) -> None:
    found = alone["outbox/2026-11/evidence/register.csv"]
    assert found.decode("utf-8-sig").splitlines()[0] == "file,sheet,row,template,role,entity_type,cluster_id"
    about = [(one["template"], one["file"], one["sheet"], one["row"]) for one in lines(found) if one["role"] == "row"]
    rows = [
        (path.split("/")[-2], one["file"], one["sheet"], one["row"])
        for path, content in alone.items()
        if path.endswith("/records.csv")
        for one in lines(content)
    ]
    assert len(rows) > 1000
    assert sorted(about) == sorted(rows)


def test_an_error_crosses_from_a_worker_with_its_facts_and_status() -> None:
    error = pickle.loads(pickle.dumps(DiskError("cannot-write", path="a.xlsx", why="full")))  # noqa: S301 - our own bytes
    assert (error.code, error.facts, error.status) == ("cannot-write", {"path": "a.xlsx", "why": "full"}, ExitStatus.IO)
