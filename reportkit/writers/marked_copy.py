"""A township's own workbook with its wrong cells coloured and commented, and a first sheet that lists what is wrong.

What nobody marks stays as it came, part by part; a file that is no .xlsx workbook is marked in a copy of its cells. Marks that a file
brings along are taken off first, so that marking twice is marking once.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath

from lxml import etree

from reportkit.marking import STAMP, Line, Marking, Problem, graver, listed, marks_in
from reportkit.messages import Language, say
from reportkit.readers import read
from reportkit.severity import Severity
from reportkit.sheets import letter, number
from reportkit.writers.comments import SIGN, Comment, merge
from reportkit.writers.marked_cells import SheetXml, deselected
from reportkit.writers.marked_list import Listing, listing, severity_words
from reportkit.writers.package import Node, Package, is_workbook, q
from reportkit.writers.plain_copy import plain_copy
from reportkit.writers.stamp import merge_stamp, stamp_in
from reportkit.writers.tints import Tints

#: The most comments of a file; beyond, cells are only coloured.
MOST = 2_000
#: What a package raises that is not as packages should be; its cells can still be read.
_ODD = (etree.XMLSyntaxError, ValueError, LookupError, zipfile.BadZipFile)


@dataclass(slots=True)
class _Cells:
    """A sheet's problems by row and column (0 for the whole row), with the numbers of their lines."""

    at: dict[int, dict[int, list[tuple[int, Problem]]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def colours(self) -> dict[int, dict[int, Severity]]:
        return {row: {column: _gravest(found) for column, found in cells.items()} for row, cells in self.at.items()}


def marked_name(file: str) -> str:
    """What a file's marked copy is called: ``收件/a.csv`` → ``a.csv.xlsx``, ``a.xlsx`` → ``a.xlsx``."""
    name = PurePosixPath(file).name
    return name if name.lower().endswith(".xlsx") else f"{name}.xlsx"


def write_marked(path: Path, content: bytes, marking: Marking) -> None:
    """Write a file's marked copy; the same file and problems give the same bytes.

    Args:
        path: of the copy, an .xlsx workbook.
        content: the file's bytes, in any format that can be read.
        marking: its problems; their sheets are named as the readers name them.

    Raises:
        Unreadable: it cannot be read.
    """
    package = _own(content, marking) or _copied(content, marking)
    package.parts = dict(sorted(package.parts.items()))
    package.write(path)


def _own(content: bytes, marking: Marking) -> Package | None:
    """The file's own package with marks; None where it has none that can be written into."""
    try:
        return _marked(content, marking, ()) if is_workbook(content) else None
    except _ODD:
        return None


def _copied(content: bytes, marking: Marking) -> Package:
    sheets = read(content, marking.file).sheets
    marks = marks_in(sheets, {})
    fresh, names = plain_copy([sheet for sheet in sheets if marks is None or sheet.name != marks.sheet])
    renamed = tuple(replace(one, sheet=names.get(one.sheet, one.sheet)) for one in marking.problems)
    return _marked(fresh, replace(marking, problems=renamed), ("marked-copy",))


def _marked(content: bytes, marking: Marking, notes: Sequence[str]) -> Package:
    package = Package(content)
    _take_off_list(package, content, marking.file)
    styles = Tints(package)
    lines = listed(marking.problems)
    cells = _by_sheet(lines)
    desk = _Desk(package, styles, marking.language)
    for name, part in package.sheets().items():
        desk.sheet(name, part, cells.get(name))
    told = [say(key, marking.language, file=marking.file) for key in [*notes, *_macros(content)]]
    made = listing(marking, lines, desk.firsts, [*desk.notes(), *told], styles)
    styles.save()
    merge_stamp(package, {STAMP: marking.about})
    _put_first(package, made, marking.language)
    return package


def _take_off_list(package: Package, content: bytes, file: str) -> None:
    """The list of an earlier marking goes, wherever an office program put it."""
    if not any(STAMP.encode() in data for data in package.parts.values()):
        return
    marks = marks_in(read(content, file).sheets, stamp_in(content))
    if marks is not None and marks.sheet in package.sheets():
        package.remove_sheet(marks.sheet)


def _by_sheet(lines: Sequence[Line]) -> Mapping[str, _Cells]:
    found: dict[str, _Cells] = defaultdict(_Cells)
    for line in lines:
        for one in line.members:
            if one.sheet and one.row:
                found[one.sheet].at[one.row][number(one.column)].append((line.number, one))
    return found


def _uncovered(cells: _Cells, page: SheetXml) -> _Cells:
    """What stands in a merged cell is marked where the merged cell begins."""
    found = _Cells()
    for row, columns in cells.at.items():
        for column, problems in columns.items():
            top, left = page.anchor(row, column)
            found.at[top][left] += problems
    return found


def _gravest(found: Sequence[tuple[int, Problem]]) -> Severity:
    """What is settled is only a note."""
    worst = Severity.NOTE
    for _, one in found:
        worst = worst if one.settled else graver(worst, one.severity)
    return worst


def _macros(content: bytes) -> list[str]:
    return ["marked-macros"] if b"xl/vbaProject.bin" in content else []


def _put_first(package: Package, made: Listing, language: Language) -> None:
    part = package.insert_sheet(say("marked-sheet", language), made.xml)
    name = next(name for name, one in package.sheets().items() if one == part).replace("'", "''")
    area = f"'{name}'!$A${made.header}:${letter(made.last_column)}${made.last_row}"
    package.name_range("_xlnm._FilterDatabase", 0, area, hidden=True)
    package.name_range("_xlnm.Print_Titles", 0, f"'{name}'!${made.header}:${made.header}")


class _Desk:
    """A workbook's sheets under way, and what the list has to say of them."""

    def __init__(self, package: Package, styles: Tints, language: Language) -> None:
        self.package, self.styles, self.language = package, styles, language
        #: The column that stands for a whole row, by sheet and row.
        self.firsts: dict[tuple[str, int], int] = {}
        self.protected: list[str] = []
        self.unseen: list[str] = []
        self.wrong: list[str] = []
        self.commented = 0
        self.left_out = False

    def sheet(self, name: str, part: str, cells: _Cells | None) -> None:
        """Mark one sheet; one without marks, old or new, only loses its place as the sheet that opens."""
        data = deselected(self.package.parts[part])
        if cells is None and not (self.styles.tints and b"sheetData" in data) and not self._signed(part):
            self.package.parts[part] = data
            return
        page = SheetXml(data)
        cells = cells and _uncovered(cells, page)
        page.repaint({one: partial(self.styles.plain, one) for one in self.styles.tints})
        found = page.paint(cells.colours(), self.styles.tint) if cells else {}
        boxes = self.package.linked(part, page.drawing)
        page.draw(merge(self.package, part, self._comments(cells, found), boxes))
        self.firsts.update({(name, row): column for row, column in found.items()})
        self.package.parts[part] = page.data()
        if cells:
            self.wrong.append(name)
            self.protected += [name] * page.protected
            self.unseen += [name] * page.unseen(cells.colours())

    def notes(self) -> list[str]:
        """Lines above the list: what colours mean, and what stands in the way of mending."""
        hidden = [name for name in self.wrong if name in _hidden(self.package)]
        told = [say("marked-colours", self.language)] if self.wrong else []
        for key, sheets in (("protected", self.protected), ("hidden", hidden), ("unseen", self.unseen)):
            if sheets:
                told.append(say(f"marked-{key}", self.language, sheets="、".join(sheets)))
        if self.left_out:
            told.append(say("marked-many", self.language, number=MOST))
        return told

    def _signed(self, part: str) -> bool:
        return any(_text_of(self.package, one) for one in self.package.related(part, "/comments"))

    def _comments(self, cells: _Cells | None, firsts: Mapping[int, int]) -> list[Comment]:
        """One comment a cell, row by row, up to the most that a file gets."""
        if cells is None:
            return []
        said: dict[tuple[int, int], list[tuple[int, Problem]]] = defaultdict(list)
        for row, found in cells.at.items():
            for column, problems in found.items():
                said[row, column or firsts[row]] += problems
        chosen = sorted(said)[: MOST - self.commented]
        self.commented += len(chosen)
        self.left_out = self.left_out or len(chosen) < len(said)
        return [Comment(f"{letter(column)}{row}", self._words(said[row, column])) for row, column in chosen]

    def _words(self, found: Sequence[tuple[int, Problem]]) -> str:
        return SIGN + "\n\n".join(self._told(at, one) for at, one in sorted(found, key=lambda pair: pair[0]))

    def _told(self, at: int, one: Problem) -> str:
        more = (("mend", one.mend), ("suggestion", one.suggestion), ("explanation", one.explanation))
        told = [say(f"marked-{key}", self.language, words=words) for key, words in more if words]
        item = severity_words(one, self.language) + say("marked-item", self.language, number=at)
        return "\n".join([item, one.message, *told])


def _hidden(package: Package) -> set[str]:
    sheets: Node = package.tree("xl/workbook.xml").find(q("sheets"))
    return {str(node.get("name")) for node in sheets if node.get("state", "visible") != "visible"}


def _text_of(package: Package, part: str) -> bool:
    """Whether a comment of ours stands in a part, in one run or cut into several."""
    words = "".join(str(text) for text in package.tree(part).itertext())
    return SIGN in words
