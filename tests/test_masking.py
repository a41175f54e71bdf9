from __future__ import annotations

import pytest

from reportkit.masking import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("370602195603121234", "370***********1234"),
        ("“37060219560312123X”有误", "“370***********123X”有误"),
        ("３７０６０２１９５６０３１２１２３４", "370***********1234"),
        ("370602 19560312 1234", "370***********1234"),
        ("370602560312123", "370********2123"),
        ("6217001234001234567", "621************4567"),
        ("6217 0012 3400 1234", "621*********1234"),
        ("13900001234", "139****1234"),
        ("139-0000-1234", "139****1234"),
        ("a13900001234;13900001235", "a139****1234;139****1235"),
    ],
)
def test_numbers_of_persons_are_hidden(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text", ["", "2026-11-23", "2026-11-23 09:30", "第 3–12 行", "1,200.50 元", "前岭村12号", "C5", "1234567890", "（３）"]
)
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text
