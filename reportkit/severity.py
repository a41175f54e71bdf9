"""How grave a finding is."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """error 强制: has to be mended; warning 核实: passes with an explanation; note 提示."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
