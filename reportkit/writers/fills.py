"""The lines of a blank that say who reports, for when: 填报单位, 填报日期, the period."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from reportkit.sheets import Line, letter

_UNIT = re.compile(
    r"^(\s*(?:(?:填报|填表|报送|上报|编制|汇总|报告)(?:单位|部门|机构)|单位名称|单位(?=\s*[(（]盖章)|乡镇|镇街|街道|镇|乡|乡\s*[(（]\s*镇\s*[)）])"
    r"(?:名称)?\s*(?:[(（][^)）]*[)）])?\s*[:：])\s*[_＿\s]*$"
)
_BARE_DAY = re.compile(r"^[\s_＿]*年[\s_＿]*月[\s_＿]*日\s*$")
_PERIOD = re.compile(r"^\s*(?:\d{4}|\s{2,}|_+)\s*年\s*(?:\d{1,2}|\s+|_+)\s*月(?:份)?\s*$")
_FILED = re.compile(r"^(\s*(?:填报|填表|报送|上报|制表)(?:日期|时间)\s*[:：])\s*[_＿\s]*年[_＿\s]*月[_＿\s]*日\s*$")


def fill_lines(lines: Sequence[Line], unit: str, month: str, filed: date | None) -> Mapping[str, str]:
    """Address → text of the lines that can be filled: ``填报单位(盖章):`` → ``填报单位(盖章):东莱市``.

    ``month`` is the period in words (``2026年11月``); "" leaves period lines alone, as None leaves the filing date.
    """
    found: dict[str, str] = {}
    for line in lines:
        at = f"{letter(line.column)}{line.row}"
        if unit and (match := _UNIT.match(line.text)):
            found[at] = f"{match[1]}{unit}"
        elif filed and (match := _FILED.match(line.text)):
            found[at] = f"{match[1]}{filed.year}年{filed.month}月{filed.day}日"
        elif filed and _BARE_DAY.match(line.text):
            found[at] = f"{filed.year}年{filed.month}月{filed.day}日"
        elif month and _PERIOD.match(line.text):
            found[at] = month
    return found
