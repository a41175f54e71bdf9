"""The file of disputes from period to period: open, corrected by whose revision, withdrawn, open again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import polars as pl

from reportkit.disputes.finding import Disputes


class State(StrEnum):
    """What became of a dispute."""

    OPEN = "open"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


#: The file's columns, all texts. ``sides`` is what each stated when it was last a dispute, as JSON.
KEPT = (
    "dispute_id", "entity", "key", "who", "concept", "to", "first_period", "last_period", "state", "sides", "corrected_by",
    "corrected_period",
)  # fmt: skip
_SIDE = ("department", "template", "unit", "file", "value")
_ABOUT = ("dispute_id", "entity", "key", "who", "concept", "to")

Side = Mapping[str, str]


def follow(kept: pl.DataFrame, found: Disputes, period: str) -> pl.DataFrame:
    """The file after a round.

    A dispute that is none any more was corrected where a form states another value than before, by the files that do; withdrawn
    where a side states nothing any more. As long as a side's form has not come it stays open.
    """
    now = _by_dispute(found.frame)
    about = found.frame.select(_ABOUT).unique("dispute_id", keep="first")
    said = _by_dispute(found.watched)
    lines = {line["dispute_id"]: line for line in kept.to_dicts()}
    for name, line in lines.items():
        if line["state"] == State.OPEN and name not in now:
            lines[name] = _ended(line, said.get(name, []), found.filed, period)
    for line in about.to_dicts():
        name = line["dispute_id"]
        first = lines[name]["first_period"] if name in lines else period
        told = {"first_period": first, "last_period": period, "state": State.OPEN.value, "sides": _written(now[name])}
        lines[name] = {**line, **told, "corrected_by": "", "corrected_period": ""}
    frame = pl.DataFrame(list(lines.values()), schema=dict.fromkeys(KEPT, pl.String))
    return frame.sort("first_period", "dispute_id")


def corrected(kept: pl.DataFrame, period: str) -> int:
    """How many disputes of the file a revision of this period has corrected."""
    return kept.filter((pl.col("state") == State.CORRECTED.value) & (pl.col("corrected_period") == period)).height


def _by_dispute(frame: pl.DataFrame) -> dict[str, list[Side]]:
    """Dispute → its sides, each once."""
    found: dict[str, list[Side]] = {}
    for line in frame.select("dispute_id", *_SIDE).unique().sort("dispute_id", *_SIDE).iter_rows(named=True):
        found.setdefault(line["dispute_id"], []).append({name: line[name] for name in _SIDE})
    return found


def _written(sides: Sequence[Side]) -> str:
    return json.dumps(sides, ensure_ascii=False)


def _read(text: str) -> list[Side]:
    """What was kept; nothing where somebody wrote something else into the cell."""
    try:
        sides = json.loads(text)
        return [{name: str(side[name]) for name in _SIDE} for side in sides]
    except (ValueError, TypeError, KeyError):
        return []


def _ended(line: dict[str, Any], said: Sequence[Side], filed: Collection[tuple[str, str]], period: str) -> dict[str, Any]:
    before, now = _words(was := _read(line["sides"])), _words(said)
    gone = [form for form in before if form not in now]
    if any((side["template"], side["unit"]) not in filed for side in was if _form(side) in gone):
        return line
    changed = [form for form in before if form in now and now[form] != before[form]]
    if not changed or len({department for department, _ in now}) < 2:
        return {**line, "state": State.WITHDRAWN.value}
    by = sorted({side["file"] for side in said if _form(side) in changed})
    return {**line, "state": State.CORRECTED.value, "corrected_by": "; ".join(by), "corrected_period": period}


def _form(side: Side) -> tuple[str, str]:
    return side["department"], side["template"]


def _words(sides: Iterable[Side]) -> dict[tuple[str, str], set[str]]:
    """(department, template) → what its rows state."""
    words: dict[tuple[str, str], set[str]] = {}
    for side in sides:
        words.setdefault(_form(side), set()).add(side["value"])
    return words
