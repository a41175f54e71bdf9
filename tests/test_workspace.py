from __future__ import annotations

import stat
import sys
from datetime import datetime
from pathlib import Path

import pytest

from reportkit.errors import LockedError, UsageError
from reportkit.summary import Failing
from reportkit.workspace import Workspace, create, packs

UNITS = "code,name,level,parent,aliases\n1,甲市,city,,\n2,乙镇,township,1,\n"


def made(folder: Path) -> Path:
    create(folder)
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    return folder


def test_a_new_workspace_opens(tmp_path: Path) -> None:
    create(tmp_path / "work")
    workspace = Workspace.open(tmp_path / "work")
    assert (workspace.settings.name, workspace.settings.fail_on, len(workspace.units)) == ("work", Failing.ERROR, 0)
    assert workspace.inbox.is_dir()


def test_a_pack_brings_its_templates_and_blanks(tmp_path: Path) -> None:
    create(tmp_path, pack="yantai")
    issued = Workspace.open(tmp_path).issued()
    assert len(issued) == 23
    assert all(one.blank.content[:2] == b"PK" for one in issued)


def test_packs_travel_with_the_package() -> None:
    assert "yantai" in packs()


def test_a_dry_run_leaves_nothing(tmp_path: Path) -> None:
    assert create(tmp_path / "work", pack="yantai", dry_run=True)
    assert not (tmp_path / "work").exists()


def test_a_workspace_is_not_made_over_another(tmp_path: Path) -> None:
    made(tmp_path)
    with pytest.raises(UsageError, match="workspace-exists"):
        create(tmp_path)


def test_making_a_workspace_in_a_folder_keeps_the_files_that_stand_there(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    create(tmp_path)
    assert len(Workspace.open(tmp_path).units) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_the_hidden_folder_is_the_owners_alone(tmp_path: Path) -> None:
    made(tmp_path)
    assert stat.S_IMODE((tmp_path / ".reportkit").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("reportkit.toml", 'name = "x', "settings-not-toml"),
        ("reportkit.toml", 'nmae = "x"', "settings-wrong"),
        ("reportkit.toml", 'fail_on = "sometimes"', "settings-wrong"),
        ("units.csv", "code,name\n", "units-column-missing"),
    ],
)
def test_a_wrong_part_is_refused_with_path_and_line(tmp_path: Path, file: str, text: str, code: str) -> None:
    (made(tmp_path) / file).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        Workspace.open(tmp_path)
    assert refused.value.code == code
    assert refused.value.facts["path"].endswith(file)
    assert refused.value.facts["line"] == "1"


@pytest.mark.parametrize(("part", "code"), [("reportkit.toml", "workspace-missing"), ("units.csv", "units-missing")])
def test_a_missing_part_is_refused(tmp_path: Path, part: str, code: str) -> None:
    (made(tmp_path) / part).unlink()
    with pytest.raises(UsageError, match=code):
        Workspace.open(tmp_path)


def test_units_that_excel_saved_in_its_own_encoding_are_read(tmp_path: Path) -> None:
    (made(tmp_path) / "units.csv").write_bytes(UNITS.encode("gb18030"))
    assert Workspace.open(tmp_path).units.name("2") == "乙镇"


def test_a_workspace_without_templates_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="workspace-without-templates"):
        Workspace.open(made(tmp_path)).issued()


def test_two_templates_of_one_name_are_refused(tmp_path: Path) -> None:
    create(tmp_path, pack="yantai")
    folder = tmp_path / "templates"
    (folder / "again.yaml").write_bytes((folder / "pension.yaml").read_bytes())
    with pytest.raises(UsageError, match="template-name-twice"):
        Workspace.open(tmp_path).issued()


def test_times_of_receipt_are_input(tmp_path: Path) -> None:
    workspace = Workspace.open(made(tmp_path))
    assert workspace.received() == {}
    (tmp_path / "inbox" / "received.csv").write_text("file,received_at\n乙镇\\a.xlsx,2026-12-03 09:30\n", encoding="utf-8")
    assert workspace.received() == {"乙镇/a.xlsx": datetime(2026, 12, 3, 9, 30)}  # noqa: DTZ001 - offices live in local time


def test_a_wrong_time_of_receipt_is_refused_with_its_line(tmp_path: Path) -> None:
    workspace = Workspace.open(made(tmp_path))
    (tmp_path / "inbox" / "received.csv").write_text("file,received_at\na,2026-12-03\nb,gestern\n", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        workspace.received()
    assert refused.value.facts["line"] == "3"


def test_a_form_that_no_unit_files_is_refused(tmp_path: Path) -> None:
    create(tmp_path, pack="yantai")
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    spec = tmp_path / "templates" / "pension.yaml"
    text = spec.read_text("utf-8")
    spec.write_text(text.replace("\nschema:", "\nreporters: township\nschema:"), "utf-8")
    assert len(Workspace.open(tmp_path).issued()) == 23
    spec.write_text(text.replace("\nschema:", "\nreporters: village\nschema:"), "utf-8")
    with pytest.raises(UsageError, match="reporters-unknown"):
        Workspace.open(tmp_path).issued()


def test_only_one_run_holds_the_lock(tmp_path: Path) -> None:
    workspace = Workspace.open(made(tmp_path))
    with workspace.lock(), pytest.raises(LockedError), Workspace.open(tmp_path).lock(wait=0.05):
        pass
    with workspace.lock():
        pass
