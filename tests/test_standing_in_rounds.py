"""Locks and disputes through whole rounds of a workspace."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from desk import Desk, identity
from openpyxl import load_workbook

from reportkit import locks, rounds
from reportkit.errors import ExitStatus
from reportkit.locks import Lock, Locks
from reportkit.summary import ConsolidateOptions, RoundSummary
from reportkit.workspace import Workspace, create

HEADER = ("序号", "姓名", "身份证号", "联系电话")
SPEC = """\
name: {name}
title: {title}
department: {department}
workbook: {name}.xlsx
kind: list
entity: person
schema:
  primaryKey: [身份证号]
  fields:
    - {{name: 姓名, element: person-name, concept: person.name}}
    - {{name: 身份证号, element: identity-number, concept: person.identity_number}}
    - {{name: 联系电话, element: phone, concept: person.phone}}
owner: {{姓名: 公安局}}
"""
RESIDENTS, ALLOWANCE = "常住人口信息采集台账", "高龄津贴发放花名册"
OPTIONS = ConsolidateOptions(Path(), "2026-11", date(2026, 12, 31))


@pytest.fixture
def office(desk: Desk) -> Desk:
    """A workspace with a form of the police and one of the civil affairs office."""
    create(desk.folder / "ws")
    lines = ["code,name,level,parent,aliases", "1,甲镇,township,,", "11,甲村,village,1,", "12,乙村,village,1,"]
    (desk.folder / "ws/units.csv").write_text("\n".join(lines), encoding="utf-8")
    for name, title, department in (("residents", RESIDENTS, "公安局"), ("allowance", ALLOWANCE, "民政局")):
        desk.workbook(f"ws/templates/{name}.xlsx", [], HEADER, title)
        spec = SPEC.format(name=name, title=title, department=department)
        (desk.folder / f"ws/templates/{name}.yaml").write_text(spec, encoding="utf-8")
    return desk


def sends(desk: Desk, file: str, title: str, names: Sequence[str], day: int = 5) -> None:
    """A village's workbook, received on a day of December."""
    rows = [(name, identity(number), f"1390000{number:04d}") for number, name in enumerate(names, 1)]
    path = desk.workbook(f"ws/inbox/{file}", rows, HEADER, title)
    at = datetime(2026, 12, day, 9).timestamp()  # noqa: DTZ001 - offices live in local time
    os.utime(path, (at, at))


def round_of(desk: Desk) -> RoundSummary:
    return rounds.consolidate(replace(OPTIONS, workspace=desk.folder / "ws"))


def lines(desk: Desk, file: str) -> list[dict[str, str]]:
    with (desk.folder / "ws" / file).open(encoding="utf-8-sig", newline="") as read:
        return list(csv.DictReader(read))


def disputed(desk: Desk, form: str) -> list[dict[str, str]]:
    return [one for one in lines(desk, f"outbox/2026-11/evidence/{form}/findings.csv") if one["code"] == "value-disputed"]


def shut(desk: Desk, *made: Lock) -> None:
    workspace = Workspace.open(desk.folder / "ws")
    locks.store(workspace.hidden, Locks(made, workspace.units))


NAMES = ("王芳", "李强", "曹文东", "刘洋", "陈静")
OTHERS = ("王芳", "李强", "曹稳东", "刘洋", "陈静")


def test_a_dispute_is_told_to_both_sent_to_the_owner_corrected_and_unmarked(office: Desk) -> None:
    sends(office, "甲村/台账.xlsx", RESIDENTS, NAMES)
    sends(office, "甲村/津贴.xlsx", ALLOWANCE, OTHERS)
    assert round_of(office).disputes == 1
    for form in ("residents", "allowance"):
        (told,) = disputed(office, form)
        assert (told["row"], told["column"], told["field"], told["severity"]) == ("5", "", "姓名", "warning")
    page = load_workbook(office.folder / "ws/outbox/2026-11/disputes/公安局.xlsx").active
    assert [cell.value for cell in page[4]][4:8] == [
        "曹文东",
        "甲村 甲村/台账.xlsx Sheet!B5",
        "民政局：曹稳东",
        "民政局 甲村 甲村/津贴.xlsx Sheet!B5",
    ]
    sends(office, "甲村/津贴(修改).xlsx", ALLOWANCE, NAMES, day=6)
    assert round_of(office).disputes == 0
    assert disputed(office, "residents") == disputed(office, "allowance") == []
    assert not (office.folder / "ws/outbox/2026-11/disputes").exists()
    (kept,) = lines(office, ".reportkit/disputes.csv")
    assert (kept["state"], kept["corrected_by"], kept["corrected_period"]) == ("corrected", "甲村/津贴(修改).xlsx", "2026-11")


def test_a_round_without_disputes_leaves_no_evidence_of_any(office: Desk) -> None:
    sends(office, "甲村/台账.xlsx", RESIDENTS, NAMES)
    sends(office, "甲村/津贴.xlsx", ALLOWANCE, NAMES)
    round_of(office)
    assert not (office.folder / "ws/outbox/2026-11/evidence/disputes.csv").exists()


def reported(desk: Desk) -> set[object]:
    page = load_workbook(desk.folder / f"ws/outbox/2026-11/{ALLOWANCE}.xlsx").worksheets[0]
    return {cell.value for row in page.iter_rows() for cell in row}


def test_a_revision_after_the_lock_is_not_taken_but_by_exception(office: Desk) -> None:
    sends(office, "甲村/津贴.xlsx", ALLOWANCE, OTHERS)
    sends(office, "甲村/津贴(修改).xlsx", ALLOWANCE, NAMES, day=20)
    lock = Lock("2026-11", "1", "", "2026-12-10", "张三", "已上报")
    shut(office, lock)
    summary = round_of(office)
    assert "曹稳东" in reported(office)
    assert ExitStatus.PARTIAL in summary.statuses
    assert [(one.file, one.code) for one in summary.set_aside] == [("甲村/津贴(修改).xlsx", "period-locked")]
    shut(office, lock, replace(lock, unit="11", locked_at="2026-12-21", open_until="2026-12-25"))
    assert round_of(office).set_aside == ()
    assert "曹文东" in reported(office)


def test_completeness_counts_what_came_and_what_is_locked(office: Desk) -> None:
    sends(office, "甲村/津贴.xlsx", ALLOWANCE, OTHERS)
    shut(office, Lock("2026-11", "11", "", "2026-12-10", "张三"))
    round_of(office)
    found = lines(office, "outbox/2026-11/evidence/completeness.csv")
    (whole,) = [one for one in found if one["scope"] == "all"]
    told = [whole[name] for name in ("expected", "received", "missing", "accepted", "locked", "received_rate")]
    assert told == ["4", "1", "3", "1", "2", "0.25"]
    states = {(one["unit"], one["template"]): one["missing"] for one in found if one["scope"] == "form"}
    assert states[("12", "allowance")] == "1"
