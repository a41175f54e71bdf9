"""Text as a cell may hold it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from reportkit.writers.cell_text import MOST, clean


def decoded(text: str) -> str:
    """What Excel makes of stored text."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def test_an_escape_that_was_typed_is_read_as_it_was_typed() -> None:
    assert decoded(clean("_x0041_")) == "_x0041_"
    assert decoded(clean("_x0041_x0042_")) == "_x0041_x0042_"


def test_characters_that_xml_forbids_are_left_out() -> None:
    assert clean("甲\x00\x0b\ufffe\ud800乙\t\n") == "甲乙\t\n"


def test_a_cell_holds_no_more_than_excel_keeps() -> None:
    assert len(clean("长" * 40_000)) == MOST


@given(st.text(max_size=40) | st.from_regex(r"(_|x00|x0041|_x0041_){0,6}", fullmatch=True))
def test_any_text_is_xml_and_is_read_back_without_what_xml_forbids(text: str) -> None:
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", text)
    node = etree.Element("t")
    node.text = clean(text)
    assert decoded(node.text) == kept
