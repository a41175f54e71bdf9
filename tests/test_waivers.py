"""Waivers and explanations on disk: what the district types into waivers.csv, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit import answers, waivers
from reportkit.answers import Kind
from reportkit.errors import UsageError
from reportkit.units import Unit, Units

UNITS = Units((Unit("11", "甲村", "village"),))
HEADER = "template,unit,code,field,key,value,reason,approved_by,approved_at,until\n"


def written(folder: Path, lines: str, encoding: str = "utf-8-sig") -> Path:
    (folder / waivers.WAIVERS).write_bytes((HEADER + lines).encode(encoding))
    return folder


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_waiver_names_its_unit_as_people_do_and_may_leave_the_rest_open(tmp_path: Path, encoding: str) -> None:
    folder = written(tmp_path, ",甲村,EA01,,,,老底册如此,王主任,2026-11-20,2026-12-31\n,,,,,,,,,\n", encoding)
    (found,) = waivers.load(folder, folder, UNITS).rows(named=True)
    assert {name: found[name] for name in ("unit", "code", "kind", "text", "by", "until")} == {
        "unit": "11",
        "code": "EA01",
        "kind": Kind.WAIVED.value,
        "text": "老底册如此",
        "by": "王主任",
        "until": "2026-12-31",
    }


@pytest.mark.parametrize("until", ["2027/6/3", "2027年6月3日", "2027.06.03", "2027-6-3"])
def test_a_day_that_a_spreadsheet_wrote_another_way_is_that_day(tmp_path: Path, until: str) -> None:
    folder = written(tmp_path, f",甲村,EA01,,,,老底册如此,王主任,2026/11/20,{until}\n")
    assert waivers.load(folder, folder, UNITS).select("at", "until").row(0) == ("2026-11-20", "2027-06-03")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (",甲村,EA01,,,,老底册如此,,2026-11-20,2026-12-31", "waiver-incomplete"),
        (",甲村,EA01,,,,老底册如此,王主任,2026-11-20,", "waiver-incomplete"),
        (",甲村,,,,,老底册如此,王主任,2026-11-20,2026-12-31", "waiver-incomplete"),
        (",甲村,EA01,,,,老底册如此,王主任,2026-11-20,明年", "waiver-day-wrong"),
        (",甲村,EA01,,,,老底册如此,王主任,2026-11-20,2026/2/30", "waiver-day-wrong"),
        (",甲村,EA01,,3.79801E+17,,老底册如此,王主任,2026-11-20,2026-12-31", "waiver-key-rounded"),
        (",丙村,EA01,,,,老底册如此,王主任,2026-11-20,2026-12-31", "waiver-unit-unknown"),
    ],
)
def test_a_waiver_without_approver_or_last_day_stops_the_round_with_its_line(tmp_path: Path, line: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        waivers.load(written(tmp_path, line + "\n"), tmp_path, UNITS)
    assert (refused.value.code, refused.value.facts["line"]) == (code, "2")


def test_a_file_without_the_columns_stops_the_round(tmp_path: Path) -> None:
    (tmp_path / waivers.WAIVERS).write_text("单位,原因\n甲村,忘了\n", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        waivers.load(tmp_path, tmp_path, UNITS)
    assert refused.value.code == "answers-columns-missing"


def test_explanations_come_back_as_they_were_kept_whatever_they_begin_with(tmp_path: Path) -> None:
    line = dict.fromkeys(answers.SCHEMA, "") | {"code": "row-repeated", "unit": "11", "kind": "explained", "text": "=1+1 已核实"}
    kept = answers.given([line], answers.none())
    waivers.store(tmp_path, kept)
    assert (tmp_path / waivers.EXPLANATIONS).stat().st_mode & 0o077 == 0
    assert waivers.load(tmp_path, tmp_path, UNITS).equals(kept)


def test_nothing_is_written_where_nobody_answered(tmp_path: Path) -> None:
    waivers.store(tmp_path, answers.none())
    assert list(tmp_path.iterdir()) == []
    assert waivers.load(tmp_path, tmp_path, UNITS).height == 0
