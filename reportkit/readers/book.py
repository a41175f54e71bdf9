"""What every reader gives: a workbook's sheets and what was noticed while reading, or the reason why it cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from reportkit.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding's code about a readable file, with its sheet and detail."""

    code: str
    sheet: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook as read; ``format`` is what the bytes are, whatever the name says."""

    format: str
    sheets: tuple[Sheet, ...]
    remarks: tuple[Remark, ...] = ()


class Unreadable(Exception):  # noqa: N818 - it names the file's state, not an error of ours
    """The file cannot be read; ``code`` is the finding's, ``detail`` its fact."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the code and the fact."""
        super().__init__(code, detail)
        self.code, self.detail = code, detail
