"""Answers to findings on disk: explanations in a workspace's hidden folder, waivers in ``waivers.csv`` beside its units.

``waivers.csv`` is the district's own file, edited with a spreadsheet: ``template,unit,code,field,key,value,reason,approved_by,
approved_at,until``. A waiver names who approved it and its last day; template, unit, field, key and value may be blank for all.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from reportkit import answers
from reportkit.answers import Kind
from reportkit.errors import UsageError
from reportkit.outbox import staged_file
from reportkit.units import Units
from reportkit.writers.csv_text import decoded, write_csv

WAIVERS, EXPLANATIONS = "waivers.csv", "explanations.csv"
COLUMNS = ("template", "unit", "code", "field", "key", "value", "reason", "approved_by", "approved_at", "until")


def load(root: Path, hidden: Path, units: Units) -> pl.DataFrame:
    """All answers (``answers.SCHEMA``): explanations that were given, then waivers.

    Raises:
        UsageError: a waiver lacks its code, who approved it or its last day, or a file was edited into something else; with path and line.
    """
    return pl.concat([_explanations(hidden / EXPLANATIONS), _waivers(root / WAIVERS, units)])


def store(hidden: Path, kept: pl.DataFrame) -> None:
    """Put explanations in the place of those that stand there; waivers are left to the district's own file.

    Raises:
        DiskError: they cannot be written; the old ones stand as they were.
    """
    mine = kept.filter(pl.col("kind") == Kind.EXPLAINED.value)
    if mine.height or (hidden / EXPLANATIONS).is_file():
        with staged_file(hidden / EXPLANATIONS) as fresh:
            write_csv(fresh, mine)
            fresh.chmod(0o600)


def _explanations(path: Path) -> pl.DataFrame:
    if not path.is_file():
        return answers.none()
    lines = _lines(path, tuple(answers.SCHEMA))
    return pl.DataFrame([tuple(line[name] for name in answers.SCHEMA) for _, line in lines], schema=answers.SCHEMA, orient="row")


def _waivers(path: Path, units: Units) -> pl.DataFrame:
    if not path.is_file():
        return answers.none()
    found = [_waiver(line, units, path, number) for number, line in _lines(path, COLUMNS)]
    return pl.DataFrame(found, schema=answers.SCHEMA, orient="row")


def _waiver(line: dict[str, str], units: Units, path: Path, number: int) -> tuple[str, ...]:
    lacking = next((name for name in ("code", "reason", "approved_by", "until") if not line[name]), "")
    if lacking:
        raise UsageError("waiver-incomplete", path=path, line=number, column=lacking)
    for name in ("until", "approved_at"):
        day = _day(line[name])
        if line[name] and not day:
            raise UsageError("waiver-day-wrong", path=path, line=number, column=name, value=line[name])
        line[name] = day
    if _ROUNDED.fullmatch(line["key"]):
        raise UsageError("waiver-key-rounded", path=path, line=number, value=line["key"])
    unit = units.find(line["unit"]) if line["unit"] else None
    if line["unit"] and unit is None:
        raise UsageError("waiver-unit-unknown", path=path, line=number, value=line["unit"])
    what = (line["template"], unit.code if unit else "", *(line[name] for name in ("code", "field", "key", "value")))
    return (*what, Kind.WAIVED.value, line["reason"], line["approved_by"], line["approved_at"], line["until"], "")


#: Days as people and their spreadsheet programs write them: the file's own 2026-12-31 comes back as 2026/12/31.
_WRITTEN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
#: What a spreadsheet program makes of a long number.
_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+\d+")


def _day(text: str) -> str:
    """``2026/12/31`` → ``2026-12-31``; "" where it is no day."""
    found = _WRITTEN.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())).isoformat() if found else ""
    except ValueError:
        return ""


def _lines(path: Path, columns: Iterable[str]) -> list[tuple[int, dict[str, str]]]:
    """Line number and cells of every line that says anything; what a spreadsheet's writer defused is as it was."""
    reader = csv.DictReader(io.StringIO(decoded(path.read_bytes()), newline=""))
    absent = [name for name in columns if name not in (reader.fieldnames or ())]
    if absent:
        raise UsageError("answers-columns-missing", path=path, line=1, columns=", ".join(absent))
    found = [(reader.line_num, {name: _cell(line.get(name)) for name in columns}) for line in reader]
    return [(number, line) for number, line in found if any(line.values())]


def _cell(text: str | None) -> str:
    bare = (text or "").strip()
    return bare[1:] if len(bare) > 1 and bare[0] == "'" and bare[1] in "=+@\t\r-" else bare
