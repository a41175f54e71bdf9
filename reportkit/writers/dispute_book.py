"""``disputes/<department>.xlsx``: what the department whose word counts has to decide, a line a dispute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reportkit.disputes import Disputes, shown
from reportkit.masking import masked
from reportkit.messages import Language, say
from reportkit.outbox import file_name
from reportkit.units import Units
from reportkit.writers.cell_text import clean

#: The workbook's mark, beside which it is no input of any round.
STAMP = "reportkit.disputes"
FOLDER = "disputes"
_HEADS = {
    "number": 5, "who": 10, "id": 21, "fact": 12, "own": 16, "own-place": 30, "other": 24, "other-place": 34, "verdict": 14,
    "note": 20,
}  # fmt: skip
_FILLED = ("verdict", "note")
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "plain": {"text_wrap": True},
    "head": {"bold": True, "border": 1, "text_wrap": True, "align": "center", "bg_color": "#EDEDED"},
    "cell": {"border": 1, "text_wrap": True},
    "differs": {"border": 1, "text_wrap": True, "bg_color": "#FFE699"},
    "open": {"border": 1, "text_wrap": True, "bg_color": "#E2EFDA"},
}
#: Points that a line of text takes, and the first line of the table (0-based).
_LINE, _HEAD = 13.5, 2


@dataclass(frozen=True, slots=True)
class Frame:
    """What the books say beside the disputes; ``show_values``: numbers in full."""

    period: str
    units: Units
    language: Language
    show_values: bool = False


def write_dispute_books(folder: Path, disputes: Disputes, frame: Frame) -> list[Path]:
    """A workbook for each department or unit whose word counts; what nobody owns is in none. The same disputes give the same bytes.

    Raises:
        OSError: one cannot be written.
    """
    sides = disputes.frame if frame.show_values else disputes.frame.with_columns(shown(disputes.frame).alias("value"))
    written = []
    for (to,), part in sides.filter(sides["to"] != "").group_by("to", maintain_order=True):
        path = folder / f"{file_name(frame.units.name(str(to)))}.xlsx"
        _write(path, part.to_dicts(), frame, frame.units.name(str(to)))
        written.append(path)
    return sorted(written)


def _write(path: Path, sides: Sequence[dict[str, Any]], frame: Frame, to: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - no clock stands in an output
    book.set_custom_property(STAMP, frame.period)
    looks = {name: book.add_format({**_FONT, **look}) for name, look in _LOOKS.items()}
    page = book.add_worksheet(_say(frame, "sheet"))
    _head(page, looks, frame, to)
    lines = list(_lines(sides, frame))
    for row, line in enumerate(lines, _HEAD + 1):
        _line(page, row, line, looks)
    choice = [_say(frame, name) for name in ("own", "theirs", "neither")]
    verdict = list(_HEADS).index("verdict")
    page.data_validation(_HEAD + 1, verdict, _HEAD + len(lines), verdict, {"validate": "list", "source": choice})
    page.autofilter(_HEAD, 0, _HEAD + len(lines), len(_HEADS) - 1)
    book.close()
    path.chmod(0o600)


def _say(frame: Frame, key: str, /, **facts: object) -> str:
    return say(f"dispute-{key}", frame.language, **facts)


def _head(page: Worksheet, looks: dict[str, Format], frame: Frame, to: str) -> None:
    for at, (name, width) in enumerate(_HEADS.items()):
        page.set_column(at, at, width)
        page.write_string(_HEAD, at, _say(frame, f"head-{name}"), looks["head"])
    page.write_string(0, 0, clean(_say(frame, "title", to=to, period=frame.period)), looks["title"])
    page.merge_range(1, 0, 1, len(_HEADS) - 1, _say(frame, "how"), looks["plain"])
    page.set_row(0, 24)
    page.set_row(1, 2 * _LINE + 4)
    page.set_row(_HEAD, 22)
    page.freeze_panes(_HEAD + 1, 2)
    page.repeat_rows(0, _HEAD)
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")


def _lines(sides: Sequence[dict[str, Any]], frame: Frame) -> Iterator[dict[str, str]]:
    """One line a dispute, what several rows state below each other."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for side in sides:
        grouped.setdefault(side["dispute_id"], []).append(side)
    ordered = sorted(grouped.values(), key=lambda mine: (mine[0]["who"], mine[0]["field"], mine[0]["dispute_id"]))
    for number, mine in enumerate(ordered, 1):
        own, others = ([side for side in mine if side["own"] is wanted] for wanted in (True, False))
        yield {
            "number": str(number),
            "who": mine[0]["who"],
            "id": mine[0]["number"] if frame.show_values else masked(mine[0]["number"]),
            "fact": (own or mine)[0]["field"].replace(">", "\n"),
            "own": _below(side["value"] for side in own) or _say(frame, "unsaid"),
            "own-place": _below(_place(side, frame) for side in own),
            "other": _below(f"{side['department']}：{side['value']}" for side in others),
            "other-place": _below(f"{side['department']} {_place(side, frame)}" for side in others),
            "verdict": "",
            "note": "",
        }


def _below(texts: Iterator[str]) -> str:
    return "\n".join(dict.fromkeys(texts))


def _place(side: dict[str, Any], frame: Frame) -> str:
    """``登州街道 登州街道/名单.xlsx Sheet1!C7``."""
    cell = f"{side['sheet']}!{side['column']}{side['row']}".lstrip("!")
    return f"{frame.units.name(side['unit'])} {side['file']} {cell}".strip()


def _line(page: Worksheet, row: int, line: dict[str, str], looks: dict[str, Format]) -> None:
    for at, (name, text) in enumerate(line.items()):
        look = "open" if name in _FILLED else "differs" if name in ("own", "other") else "cell"
        if text:
            page.write_string(row, at, clean(text), looks[look])
        else:
            page.write_blank(row, at, None, looks[look])
    page.set_row(row, min(409.0, max(_high(text, _HEADS[name]) for name, text in line.items()) * _LINE + 4))


def _high(text: str, width: int) -> int:
    """Lines that a wrapped text takes; not every program makes a row higher by itself."""
    return sum(max(1, -(-_wide(line) // max(width - 2, 1))) for line in text.split("\n"))


def _wide(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
