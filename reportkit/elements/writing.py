"""How offices write the same text differently: forms of characters, white space, traditional characters, words for "none".

``settle`` makes every normaliser idempotent by construction: a step is repeated until it changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

#: For patterns: zero-width and direction marks, soft hyphens, fillers and control characters: seen by nobody, pasted by many.
INVISIBLE = (
    r"\x00-\x08\x0e-\x1f\x7f\u00ad\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffc"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SPACE = re.compile(r"\s+")
_DASHES = re.compile("[\u2010-\u2015\u2212\u2500\u2501\u30fc\ufe58\ufe63\uff0d]")
_QUOTES = "'‘’`´′\"“”"
_HAN = "\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uff20\U00020000-\U0003ffff"
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])|(?<=[\uff0c\u3002\uff1b\u3001]) | (?=[\uff0c\u3002\uff1b\u3001])")
_HALF_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LOST = re.compile(r"[+-]?\d(?:\.\d*)?E\+?\d+", re.IGNORECASE)
_MANTISSA = re.compile(r"([1-9])(?:\.(\d*))?E\+?(\d{2})", re.IGNORECASE | re.ASCII)
_DIGITS = re.compile(r"[1-9]\d+", re.ASCII)
#: Digits that Excel keeps of a number, and of how many a number has that is no figure.
_EXACT, _LONGEST = 15, 32


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


#: What offices write where there is nothing to state.
NONE = words(r"""
    无 暂无 没有 空 空白 无数据 无内容 无此项 未填 (空) (无) / // \ - -- --- — —— ― － . 。 、
    N/A n/a NA #N/A null NULL Null None none nan NaN
""")


def settle(step: Callable[[str], str], text: str) -> str:
    """The text after as many steps as change it."""
    for _ in range(6):
        again = step(text)
        if again == text:
            break
        text = again
    return text


def clean(text: str) -> str:
    """NFKC, no invisible characters, every run of white space one space, trimmed; the apostrophe of a text cell dropped."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return _SPACE.sub(" ", text).strip().lstrip("'‘’`").strip()


def compact(text: str) -> str:
    """``clean`` without any white space or outer quotation marks, dashes as ``-``: for numbers and ids."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return _DASHES.sub("-", _SPACE.sub("", text)).strip(_QUOTES)


def capitals(text: str) -> str:
    """``compact`` in capitals: for numbers that hold letters."""
    return compact(text).translate(_UPPER)


def trim(text: str) -> str:
    """White space as in ``clean`` and none between Chinese characters; full-width letters and digits become half-width ones."""
    text = _SPACE.sub(" ", _INVISIBLE.sub("", text).translate(_HALF_WIDTH)).strip().lstrip("'‘’`").strip()
    return _BETWEEN_HAN.sub("", text) if " " in text else text


def none(text: str) -> bool:
    """Whether a cleaned text says that there is nothing."""
    return not text or text in NONE


def lost_digits(text: str) -> bool:
    """Whether a text is a number in scientific notation: ``3.70602194503071E+17``."""
    return _LOST.fullmatch(text) is not None


def kept_digits(text: str) -> tuple[str, int]:
    """The digits that Excel kept of a long number, the last one rounded, and how many it had; ("", 0) of a text that shows no loss.

    ``6217001234567890000`` → ("621700123456789", 19), ``3.70602195603121E+17`` → ("370602195603121", 18).
    """
    if shown := _MANTISSA.fullmatch(text):
        size = int(shown[3]) + 1
        return ((shown[1] + (shown[2] or ""))[:_EXACT], size) if _EXACT < size <= _LONGEST else ("", 0)
    lost = _DIGITS.fullmatch(text) and len(text) > _EXACT and not text[_EXACT:].strip("0")
    return (text[:_EXACT], len(text)) if lost else ("", 0)


def simplify(text: str) -> str:
    """Traditional characters as simplified ones: 劉海芳 → 刘海芳; characters that simplified names use (乾, 昇) stay."""
    return text if text.isascii() else text.translate(_SIMPLE)


class _Simple(dict[int, str]):
    """Character by character and only when met; a character of GB 2312 is simplified already and never converted."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = simple = character if _is_simplified(character) else simplifier()(character)
        return simple


_SIMPLE = _Simple()

#: Variants that the table of general standard characters (2013) allows again, chiefly for names.
_RESTORED = frozenset("昇陞甯甦邨氾迺龢堃喆祕珮仝犇淼")


def _is_simplified(character: str) -> bool:
    if character in _RESTORED or not "\u3400" <= character <= "\U0003ffff":
        return True
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


#: For patterns: the characters of GB 2312 (rows 16 to 87), which are simplified and stay as they are.
SIMPLIFIED = bytes(byte for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF) for byte in (high, low)).decode(
    "gb2312", "ignore"
)


@cache
def simplifier() -> Callable[[str], str]:
    """What makes traditional characters simplified ones, all of them."""
    from opencc import OpenCC  # noqa: PLC0415 - 40 ms that most cities never need

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert
