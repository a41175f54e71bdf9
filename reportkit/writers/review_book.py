"""``review.xlsx``: what a person has to decide, a drop-down each, with the evidence beside it drawn as bars.

Every line that takes a decision says in a hidden first column what it is about, so that lines may be sorted and deleted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reportkit.doubts import ClusterDoubt, Doubts, PairDoubt, Row
from reportkit.messages import Language, say
from reportkit.sheets import letter
from reportkit.writers.cell_text import clean

#: The workbook's mark, beside which it is no input of any round.
STAMP = "reportkit.review"
#: Columns from the left: what the line is about, decision, by whom, and what every line begins with; then the form's fields.
MARK, DECISION, BY = 0, 1, 2
_PAIR = ("decision", "by", "number", "sure", "unit", "place")
_CLUSTER = ("group", "by", "number", "sure", "unit", "place")
_COLUMN = ("decision", "by", "form", "header", "taken-for", "score", "how", "files", "candidates")
_CONFLICT = ("form", "field", "chosen", "chosen-from", "other", "other-from", "rule")
_FIELDS = 7
_WIDTHS = {"decision": 10, "group": 8, "by": 9, "number": 6, "sure": 8, "unit": 12, "place": 24}
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_LOOKS: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "form": {"bold": True, "font_size": 11, "bg_color": "#DDEBF7"},
    "head": {"bold": True, "border": 1, "text_wrap": True, "align": "center", "bg_color": "#EDEDED"},
    "cell": {"border": 1, "text_wrap": True},
    "differs": {"border": 1, "text_wrap": True, "bg_color": "#FFE699"},
    "open": {"border": 1, "text_wrap": True, "bg_color": "#E2EFDA", "align": "center"},
    "percent": {"border": 1, "num_format": "0%", "align": "center"},
    "bar": {"border": 1, "num_format": "+0.0;-0.0;0.0", "align": "right", "font_size": 9},
    "faint": {"border": 1, "text_wrap": True, "font_size": 9, "font_color": "#7F7F7F", "align": "right"},
    "plain": {"text_wrap": True},
}


def write_review(path: Path, doubts: Sequence[Doubts], period: str, language: Language) -> None:
    """Write the workbook; the same doubts give the same bytes."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - no clock stands in an output
    book.set_custom_property(STAMP, period)
    desk = _Desk(book, language)
    desk.pairs(doubts)
    desk.clusters(doubts)
    desk.columns(doubts)
    desk.conflicts(doubts)
    desk.help()
    book.close()


class _Desk:
    """A workbook under way."""

    def __init__(self, book: xlsxwriter.Workbook, language: Language) -> None:
        self.book, self.language = book, language
        self.looks: dict[str, Format] = {name: book.add_format({**_FONT, **look}) for name, look in _LOOKS.items()}

    def words(self, key: str, /, **facts: object) -> str:
        return say(f"review-{key}", self.language, **facts)

    def put(self, page: Worksheet, row: int, column: int, value: object, look: str = "cell") -> None:
        if isinstance(value, (int, float)):
            page.write_number(row, column, value, self.looks[look])
        elif value:
            page.write_string(row, column, clean(str(value)), self.looks[look])
        else:
            page.write_blank(row, column, None, self.looks[look])

    def page(self, name: str, number: int, widths: Sequence[float]) -> Worksheet:
        """A sheet with its title and what is to be done on it; where there is nothing, that."""
        page = self.book.add_worksheet(self.words(f"sheet-{name}"))
        for at, width in enumerate(widths):
            page.set_column(at, at, width)
        page.set_column(MARK, MARK, 2, None, {"hidden": True})
        page.write_string(0, 1, self.words(f"title-{name}"), self.looks["title"])
        page.write_string(1, 1, self.words(f"how-{name}" if number else f"none-{name}"))
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.freeze_panes(2, 3)
        return page

    def more(self, page: Worksheet, row: int, number: int) -> int:
        if number:
            page.write_string(row, 1, self.words("more", number=number))
        return row + bool(number)

    # -- pairs ---------------------------------------------------------------------------------------------

    def pairs(self, doubts: Sequence[Doubts]) -> None:
        """Two lines a pair, one below the other, and what each field weighs below them."""
        page = self.page("pairs", sum(len(one.pairs) for one in doubts), self._widths(_PAIR, doubts))
        row, number = 3, 0
        for one in (one for one in doubts if one.pairs):
            first = row = self.head(page, row, one, _PAIR)
            for pair in one.pairs:
                number += 1
                self.pair(page, row, one, pair, number)
                row += 3
            last = _FIELDS + len(one.template.fields) - 1
            page.conditional_format(first, _FIELDS, row - 1, last, _BARS)
            words = [self.words("same"), self.words("different"), self.words("unsure")]
            page.data_validation(first, DECISION, row - 1, DECISION, self.choice(words))
            row = self.more(page, row, one.more["pairs"]) + 1

    def choice(self, source: object) -> dict[str, object]:
        return {
            "validate": "list",
            "source": source,
            "error_title": self.words("wrong-title"),
            "error_message": self.words("wrong-word"),
        }

    def head(self, page: Worksheet, row: int, one: Doubts, names: Sequence[str]) -> int:
        """The form's title and the header of its lines; gives the first line's row."""
        page.write_string(row, 1, one.template.title, self.looks["form"])
        fields = [field.name.replace(">", "\n") for field in one.template.fields]
        for at, name in enumerate([*(self.words(f"head-{name}") for name in names), *fields, self.words("head-why")], 1):
            self.put(page, row + 1, at, name, "head")
        page.set_row(row + 1, 15 * max(2, *(name.count("\n") + 1 for name in ["", *fields])))
        return row + 2

    def pair(self, page: Worksheet, row: int, one: Doubts, pair: PairDoubt, number: int) -> None:
        last = _FIELDS + len(one.template.fields)
        known = bool(pair.left.digest and pair.right.digest)
        mark = _mark(pair=[pair.left.digest, pair.right.digest], at=[pair.left.at, pair.right.at]) if known else ""
        differs = _differing((pair.left, pair.right))
        for at, side in enumerate((pair.left, pair.right)):
            self.put(page, row + at, MARK, mark)
            self.line(page, row + at, side, differs, (number, pair.probability))
            self.put(page, row + at, last, "" if at else pair.words)
            page.set_row(row + at, _height(side, "" if at else pair.words))
        if not known:
            self.put(page, row, DECISION, self.words("no-key"), "faint")
        self.bars(page, row + 2, one, pair)

    def line(self, page: Worksheet, row: int, one: Row, differs: Sequence[bool], told: tuple[int | str, float]) -> None:
        number, sure = told
        self.put(page, row, DECISION, "", "open")
        self.put(page, row, BY, "", "open")
        self.put(page, row, 3, number)
        self.put(page, row, 4, sure, "percent")
        self.put(page, row, 5, one.unit)
        self.put(page, row, 6, one.at)
        for at, (value, unlike) in enumerate(zip(one.shown, differs, strict=True), _FIELDS):
            self.put(page, row, at, value, "differs" if unlike else "cell")

    def bars(self, page: Worksheet, row: int, one: Doubts, pair: PairDoubt) -> None:
        """The waterfall: what holds of any pair, each field's bits below its values as a bar, and what they come to."""
        prior = pair.weights.get("")
        page.write_string(row, 5, self.words("weights") if pair.weights else "", self.looks["faint"])
        self.put(page, row, 6, "" if prior is None else f"{say('evidence-prior', self.language)} {prior:+.1f}", "faint")
        for at, field in enumerate(one.template.fields, _FIELDS):
            bits = pair.weights.get(field.name)
            self.put(page, row, at, "" if bits is None else round(bits, 1), "bar")
        total = "" if pair.weight is None else self.words("sum", weight=f"{pair.weight:+.1f}")
        self.put(page, row, _FIELDS + len(one.template.fields), total, "faint")

    # -- clusters ------------------------------------------------------------------------------------------

    def clusters(self, doubts: Sequence[Doubts]) -> None:
        """A line a row; whose group differs is split off."""
        page = self.page("clusters", sum(len(one.clusters) for one in doubts), self._widths(_CLUSTER, doubts))
        row, number = 3, 0
        for one in (one for one in doubts if one.clusters):
            row = self.head(page, row, one, _CLUSTER)
            for cluster in one.clusters:
                number += 1
                row = self.cluster(page, row, one, cluster, number) + 1
            row = self.more(page, row, one.more["clusters"]) + 1

    def cluster(self, page: Worksheet, row: int, one: Doubts, cluster: ClusterDoubt, number: int) -> int:
        usual = [_commonest([member.values[at] for member in cluster.rows]) for at in range(len(one.template.fields))]
        for at, member in enumerate(cluster.rows):
            mark = _mark(cluster=cluster.cluster_id, row=member.digest, at=[member.at]) if member.digest else ""
            self.put(page, row + at, MARK, mark)
            differs = [bool(value) and value != common for value, common in zip(member.values, usual, strict=True)]
            self.line(page, row + at, member, differs, (number, cluster.probability))
            if at in cluster.ends:
                self.put(page, row + at, 6, member.at, "differs")
            told = self.reason(cluster) if at == 0 else ""
            self.put(page, row + at, _FIELDS + len(one.template.fields), told)
            page.set_row(row + at, _height(member, told))
        return row + len(cluster.rows)

    def reason(self, cluster: ClusterDoubt) -> str:
        left, right = (cluster.rows[end].at for end in cluster.ends)
        facts = {"rows": cluster.size, "links": cluster.links, "left": left, "right": right}
        return f"{self.words(f'kind-{cluster.kind}', **facts)} {cluster.words}".strip()

    def _widths(self, names: Sequence[str], doubts: Sequence[Doubts]) -> list[float]:
        """Columns as wide as any form needs them; the last of each form is the evidence."""
        most = max((len(one.template.fields) for one in doubts if one.pairs or one.clusters), default=0)
        widths = [2.0, *(float(_WIDTHS[name]) for name in names), *[14.0] * most, 44.0]
        for one in doubts:
            shown = [row.shown for row in one.rows]
            for at in range(len(one.template.fields) if shown else 0):
                need = max(_wide(line[at]) for line in shown) + 2
                widths[_FIELDS + at] = max(widths[_FIELDS + at], min(need, 24.0))
            if shown:
                widths[_FIELDS + len(one.template.fields)] = 44.0
        return widths

    # -- columns, conflicts, help --------------------------------------------------------------------------

    def columns(self, doubts: Sequence[Doubts]) -> None:
        """A line a header; the fields to choose from stand on a hidden sheet, as a drop-down's own list must be short."""
        page = self.page("columns", sum(len(one.columns) for one in doubts), [2, 22, 9, 26, 24, 24, 8, 12, 8, 44])
        lists = self.book.add_worksheet("_lists")
        lists.hide()
        for at, name in enumerate(_COLUMN, 1):
            self.put(page, 3, at, self.words(f"head-{name}"), "head")
        row = 4
        for number, one in enumerate(doubts):
            fields = [field.name for field in one.template.fields]
            lists.write_column(0, number, fields)
            first = row
            for column in one.columns:
                self.put(page, row, MARK, _mark(form=one.template.name, header=column.header))
                how = self.words(f"how-by-{column.how}" if column.how else "how-by-none")
                near = "、".join(column.candidates)
                told = (one.template.title, column.header, column.field, column.score, how, column.files, near)
                for at, value in enumerate(told, 3):
                    self.put(page, row, at, value, "percent" if at == 6 else "cell")
                self.put(page, row, DECISION, "", "open")
                self.put(page, row, BY, "", "open")
                row += 1
            if row > first:
                where = letter(number + 1)
                page.data_validation(
                    first, DECISION, row - 1, DECISION, self.choice(f"=_lists!${where}$1:${where}${len(fields)}")
                )
            row = self.more(page, row, one.more["columns"])

    def conflicts(self, doubts: Sequence[Doubts]) -> None:
        """For information: what was stated differently, and the rule that chose."""
        page = self.page("conflicts", sum(len(one.conflicts) for one in doubts), [2, 26, 20, 24, 28, 24, 28, 16])
        for at, name in enumerate(_CONFLICT, 1):
            self.put(page, 3, at, self.words(f"head-{name}"), "head")
        row = 4
        for one in doubts:
            for lost in one.conflicts:
                rule = self.words(f"rule-{lost.rule}")
                told = (one.template.title, lost.field, lost.chosen, lost.chosen_from, lost.other, lost.other_from, rule)
                for at, value in enumerate(told, 1):
                    self.put(page, row, at, value)
                row += 1
            row = self.more(page, row, one.more["conflicts"])

    def help(self) -> None:
        """How to fill the workbook in and bring it back."""
        page = self.book.add_worksheet(self.words("sheet-help"))
        page.set_column(0, 0, 110)
        page.write_string(0, 0, self.words("title-help"), self.looks["title"])
        for row, line in enumerate(self.words("help").splitlines(), 2):
            page.write_string(row, 0, line, self.looks["plain"])
            page.set_row(row, 16 * max(1, -(-int(_wide(line)) // 108)))


_BARS = {
    "type": "data_bar",
    "data_bar_2010": True,
    "bar_solid": True,
    "bar_color": "#8FBC8F",
    "bar_negative_color": "#E58B88",
    "bar_axis_position": "middle",
    "min_type": "num",
    "max_type": "num",
    "min_value": -15,
    "max_value": 15,
}


def _mark(**about: object) -> str:
    return json.dumps(about, ensure_ascii=False, sort_keys=True)


def _differing(rows: Sequence[Row]) -> list[bool]:
    """Per field, whether the rows state different values; a blank states none."""
    return [len({value for value in values if value}) > 1 for values in zip(*(row.values for row in rows), strict=True)]


def _commonest(values: Sequence[str | None]) -> str | None:
    counted = [value for value in values if value]
    return max(sorted(set(counted)), key=counted.count, default=None)


def _wide(text: str) -> float:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _height(row: Row, words: str) -> float:
    """Points that a line's longest text takes."""
    lines = [-(-_wide(text) // 22) for text in (row.at, *row.shown)]
    return 14.5 * max(1, -(-_wide(words) // 42), *lines) + 3
