"""New cell formats look like the form's own, but for what was asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, Side
from workbooks import parts_of, saved, styles, with_parts, xlsx

from reportkit.writers.package import Package
from reportkit.writers.styles import TEXT, Change, Styles


def look() -> bytes:
    """A1 is a red, bordered, centred amount."""
    book = Workbook()
    cell = book.active["A1"]
    cell.value = 1
    cell.font, cell.number_format = Font(name="仿宋", size=12, color="FFFF0000"), "0.000"
    cell.border = Border(left=Side("thick"))
    cell.alignment = Alignment(horizontal="center", shrink_to_fit=True)
    return saved(book)


def derived(folder: Path, change: Change) -> Any:  # noqa: ANN401 - the library's types say less
    """A1 in a format made from its own."""
    package = Package(look())
    made = Styles(package)
    part = package.sheets()["Sheet"]
    tree = package.tree(part)
    cell = next(node for node in tree.iter() if node.get("r") == "A1")
    cell.set("s", str(made.derive(int(cell.get("s")), change)))
    package.put(part, tree)
    made.save()
    package.write(folder / "out.xlsx")
    return load_workbook(folder / "out.xlsx").active["A1"]


def with_format(code: str) -> tuple[Styles, int]:
    book = Workbook()
    book.active["A1"].number_format = code
    made = Styles(Package(saved(book)))
    return made, 0 if code == "General" else 1


def test_what_is_not_asked_for_stays(tmp_path: Path) -> None:
    cell = derived(tmp_path, Change(fill="FFFFE699", number_format=TEXT))
    assert (cell.fill.fgColor.rgb, cell.number_format) == ("FFFFE699", "@")
    assert (cell.font.name, cell.font.color.rgb, cell.border.left.style) == ("仿宋", "FFFF0000", "thick")
    assert cell.alignment.horizontal == "center"


def test_bold_wrapping_borders_and_quotes_are_added(tmp_path: Path) -> None:
    cell = derived(tmp_path, Change(bold=True, wrap=True, border=True, quote=True, align="left"))
    assert (cell.font.bold, cell.font.size, cell.quotePrefix) == (True, 12, True)
    assert (cell.alignment.wrap_text, cell.alignment.shrink_to_fit, cell.alignment.horizontal) == (True, None, "left")
    assert (cell.border.left.style, cell.border.top.style) == ("thin", "thin")


def test_a_number_format_of_ones_own_is_made_once(tmp_path: Path) -> None:
    assert derived(tmp_path, Change(number_format="yyyy-mm-dd")).number_format == "yyyy-mm-dd"
    xml = parts_of((tmp_path / "out.xlsx").read_bytes())["xl/styles.xml"].decode()
    assert (xml.count('formatCode="yyyy-mm-dd"'), xml.count('formatCode="0.000"')) == (1, 1)


def test_the_same_change_is_the_same_format() -> None:
    made = Styles(Package(look()))
    assert made.derive(1, Change(bold=True)) == made.derive(1, Change(bold=True)) != made.derive(1, Change(wrap=True))


def test_fills_that_look_alike_are_one() -> None:
    package = Package(look())
    made = Styles(package)
    for base in (0, 1):
        made.derive(base, Change(fill="FFFFE699"))
    made.save()
    assert package.parts["xl/styles.xml"].count(b"FFFFE699") == 1


@pytest.mark.parametrize("code", ["yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "[$-804]yyyy年m月", "m/d/yyyy"])
def test_formats_of_dates_are_known(code: str) -> None:
    made, style = with_format(code)
    assert made.is_date(style)


@pytest.mark.parametrize("code", ["0.00", "General", "@", '0"day"', "[Red]#,##0", r"0\d", "#,##0.00_ "])
def test_formats_of_numbers_are_no_dates_whatever_words_they_hold(code: str) -> None:
    made, style = with_format(code)
    assert not made.is_date(style)


@pytest.mark.parametrize("number", ["14", "31", "57"])
def test_built_in_chinese_formats_are_dates(number: str) -> None:
    assert Styles(Package(xlsx("<sheetData/>", look=styles(number)))).is_date(1)


def test_text_formats_and_wrapping_are_known() -> None:
    made = Styles(Package(look()))
    text = made.derive(1, Change(number_format=TEXT, wrap=True))
    assert (made.is_text(text), made.is_text(1), made.wraps(text), made.wraps(1)) == (True, False, True, False)
    assert made.size(1) == 12


def test_a_workbook_without_styles_gets_plain_ones() -> None:
    data = with_parts(xlsx("<sheetData/>"), {})
    links = parts_of(data)["xl/_rels/workbook.xml.rels"].decode().replace("/styles", "/other")
    package = Package(with_parts(data, {"xl/_rels/workbook.xml.rels": links}))
    made = Styles(package)
    assert made.derive(0, Change(bold=True)) == 1
    assert package.related("xl/workbook.xml", "/styles") == ["xl/styles.xml"]
