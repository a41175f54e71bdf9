"""The first sheet of a marked copy: what it is of, what to do, and a line a problem with a link to its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from reportkit.marking import COLUMNS, Line, Marking, Problem, Standing, about, head
from reportkit.messages import Language, say
from reportkit.severity import Severity
from reportkit.sheets import letter
from reportkit.writers.cell_text import clean
from reportkit.writers.package import LINKS, MAIN
from reportkit.writers.tints import COLOURS, Look, Tints

_WIDTHS = (6.0, 13.0, 17.0, 14.0, 21.0, 34.0, 30.0, 20.0, 28.0)
#: What a line keeps for reading back is cut so that each cell holds its part.
_PIECE = 30_000
#: Points that a line of text takes, and around it; the most that a row may have.
_LINE, _AROUND, _HIGHEST = 13.5, 5.0, 409.0
#: The most of a value that is shown; the cell itself has all of it.
_SHOWN = 200
_INPUT = "FFE2EFDA"
_TITLE, _PLAIN, _HEAD = Look(size=14, bold=True), Look(), Look(bold=True, fill="FFD9D9D9", border=True, centred=True)
_BOLD = Look(size=11, bold=True)
_CELL, _NUMBER = Look(border=True), Look(border=True, centred=True)
_LINK = Look(border=True, underline=True, colour="FF0563C1")


@dataclass(frozen=True, slots=True)
class Listing:
    """The sheet's XML, the row of its header, and its last row and column."""

    xml: bytes
    header: int
    last_row: int
    last_column: int


def listing(
    marking: Marking, lines: Sequence[Line], firsts: Mapping[tuple[str, int], int], notes: Sequence[str], styles: Tints
) -> Listing:
    """Make the sheet. ``firsts``: the column that stands for a whole row, by sheet and row; ``notes``: lines above the table."""
    page = _Page(marking.language, styles)
    page.across(_title(marking), _TITLE, marking.about)
    for words, look in ((_verdict(marking), _BOLD), (_counts(marking), _PLAIN), *((note, _PLAIN) for note in notes)):
        page.across(words, look)
    header = page.row(head(marking.language), [_HEAD] * len(COLUMNS))
    for line in lines:
        kept = about(line)
        pieces = [kept[at : at + _PIECE] for at in range(0, len(kept), _PIECE)]
        at = page.row(_cells(line, marking.language), _looks(line), pieces)
        if line.first.sheet:
            page.link(at, _target(line, firsts))
    return Listing(page.xml(header), header, page.last, page.columns)


def where(line: Line, language: Language) -> str:
    """``花名册 B7``, ``花名册 B7–B506（500 处）``: the place as people read it."""
    first, last = line.members[0], line.members[-1]
    place = _place(first, language)
    if len(line.members) > 1 and last.row:
        key = "marked-range" if line.together else "marked-among"
        place = say(key, language, first=place, last=_place(last, language), number=len(line.members))
    return f"{first.sheet} {place}".strip() or say("marked-file", language)


def severity_words(one: Problem, language: Language) -> str:
    """``▲ 核实（新）``: never colour alone."""
    return say(f"marked-{one.severity}", language) + standing_words(one, language)


def standing_words(one: Problem, language: Language) -> str:
    """``（新）``; "" where nothing is known of it."""
    return "" if one.standing == Standing.OPEN else say(f"marked-{one.standing}", language)


def _place(one: Problem, language: Language) -> str:
    if one.row and one.column:
        return one.cell
    if one.row:
        return say("marked-row", language, row=one.row)
    return say("marked-column", language, column=one.column) if one.column else ""


def _target(line: Line, firsts: Mapping[tuple[str, int], int]) -> str:
    first, last = line.members[0], line.members[-1]
    column = first.column or letter(firsts.get((first.sheet, first.row), 1))
    area = f"{column}{max(first.row, 1)}"
    if len(line.members) > 1 and first.column and line.together:
        area += f":{column}{max(last.row, 1)}"
    name = first.sheet.replace("'", "''")
    return f"'{name}'!{area}"


def _title(marking: Marking) -> str:
    named = " ".join(part for part in (marking.unit_name, marking.title, marking.period) if part)
    return say("marked-lead", marking.language) + (named or marking.file)


def _verdict(marking: Marking) -> str:
    graves = (severity for severity in Severity if marking.number(severity))
    kind = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.NOTE: "notes"}.get(next(graves, Severity.NOTE), "")
    return say(f"marked-do-{kind}" if marking.problems else "marked-do-nothing", marking.language)


def _counts(marking: Marking) -> str:
    counted = [(f"marked-{severity}s", marking.number(severity)) for severity in Severity]
    more = [("marked-settled", marking.settled), ("marked-fixed", marking.fixed)]
    told = [say(key, marking.language, number=number) for key, number in [*counted, *((key, n) for key, n in more if n)]]
    due = [say("marked-deadline", marking.language, day=marking.deadline)] if marking.deadline else []
    return "　　".join([*told, *due])


def _cells(line: Line, language: Language) -> list[str]:
    one = line.first
    values = [value for value in dict.fromkeys(member.value for member in line.members[:4]) if value]
    more = "…" if len(line.members) > 4 else ""
    value = "\n".join(values[:3]) + more if len(line.members) > 1 else one.value
    suggestion = one.suggestion if len(line.members) == 1 else ""
    severity = "\n".join((say(f"marked-{one.severity}", language), standing_words(one, language).strip())).strip()
    told = (str(line.number), severity, where(line, language), one.field, _short(value), one.message, one.mend)
    return [*told, suggestion, one.explanation]


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _looks(line: Line) -> list[Look]:
    one = line.first
    colour = COLOURS[Severity.NOTE if one.settled else one.severity]
    asks = one.severity == Severity.WARNING and not one.settled
    severity = Look(border=True, bold=one.severity == Severity.ERROR and not one.settled, fill=colour)
    link = _LINK if one.sheet else _CELL
    return [_NUMBER, severity, link, *[_CELL] * 5, Look(border=True, fill=_INPUT) if asks else _CELL]


class _Page:
    """A sheet under way."""

    def __init__(self, language: Language, styles: Tints) -> None:
        self.language, self.styles = language, styles
        self.rows: list[str] = []
        self.links: list[str] = []
        self.merged: list[str] = []
        self.columns = len(COLUMNS) + 1

    @property
    def last(self) -> int:
        return len(self.rows)

    def row(self, texts: Sequence[str], looks: Sequence[Look], hidden: Sequence[str] = ()) -> int:
        """A row of texts, and hidden behind the table what is kept; as high as the texts need."""
        at = self.last + 1
        styles = [self.styles.look(look) for look in looks]
        high = max(_lines(text, width) for text, width in zip(texts, _WIDTHS, strict=True))
        made = [_cell(f"{letter(n)}{at}", text, style) for n, (text, style) in enumerate(zip(texts, styles, strict=True), 1)]
        made += [_cell(f"{letter(n)}{at}", text, 0) for n, text in enumerate(hidden, len(COLUMNS) + 1)]
        self.columns = max(self.columns, len(COLUMNS) + len(hidden))
        self._append(made, high * _LINE + _AROUND)
        return at

    def across(self, text: str, look: Look, hidden: str = "") -> None:
        """A text as wide as the table, and hidden behind it what is kept."""
        at, style = self.last + 1, self.styles.look(look)
        made = [_cell(f"{letter(n)}{at}", text if n == 1 else "", style) for n in range(1, len(COLUMNS) + 1)]
        made += [_cell(f"{letter(len(COLUMNS) + 1)}{at}", hidden, 0)] if hidden else []
        self.merged.append(f"A{at}:{letter(len(COLUMNS))}{at}")
        self._append(made, _lines(text, sum(_WIDTHS) * 10 / look.size) * _LINE * look.size / 10 + _AROUND)

    def link(self, row: int, target: str) -> None:
        """The row's place leads to its cell."""
        at = letter(1 + COLUMNS.index("place"))
        self.links.append(f'<hyperlink ref="{at}{row}" location="{escape(clean(target))}"/>')

    def _append(self, cells: Sequence[str], high: float) -> None:
        at = self.last + 1
        self.rows.append(f'<row r="{at}" ht="{min(_HIGHEST, high):g}" customHeight="1">{"".join(cells)}</row>')

    def xml(self, header: int) -> bytes:
        return "".join(self._parts(header)).encode("utf-8", "replace")

    def _parts(self, header: int) -> Iterator[str]:
        last = letter(len(COLUMNS))
        below = f"A{header + 1}"
        columns = "".join(f'<col min="{n}" max="{n}" width="{wide:g}" customWidth="1"/>' for n, wide in enumerate(_WIDTHS, 1))
        yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{MAIN}" xmlns:r="{LINKS}">'
        yield '<sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        yield '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        yield f'<pane ySplit="{header}" topLeftCell="{below}" activePane="bottomLeft" state="frozen"/>'
        yield f'<selection pane="bottomLeft" activeCell="{below}" sqref="{below}"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        yield f'<cols>{columns}<col min="{len(_WIDTHS) + 1}" max="{self.columns}" width="2" hidden="1" customWidth="1"/></cols>'
        yield f"<sheetData>{''.join(self.rows)}</sheetData>"
        yield f'<autoFilter ref="A{header}:{letter(self.columns)}{self.last}"/>'
        yield f'<mergeCells count="{len(self.merged)}">{"".join(f"<mergeCell ref={chr(34)}{one}{chr(34)}/>" for one in self.merged)}</mergeCells>'
        if self.links:
            yield f"<hyperlinks>{''.join(self.links)}</hyperlinks>"
        yield '<printOptions horizontalCentered="1"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        yield '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter>'
        yield f'<ignoredErrors><ignoredError sqref="A1:{last}{self.last}" numberStoredAsText="1"/></ignoredErrors></worksheet>'


def _cell(at: str, text: str, style: int) -> str:
    if not text:
        return f'<c r="{at}" s="{style}"/>'
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(clean(text), quote=False)}</t></is></c>'


def _lines(text: str, width: float) -> int:
    """Lines that a wrapped text takes; not every program makes a row higher by itself."""
    return sum(max(1, ceil(_wide(line) / (width - 1.5))) for line in text.splitlines() or [""])


def _wide(text: str) -> float:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
