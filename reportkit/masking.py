"""Numbers of persons in a text that others read: hidden wherever they stand, whatever field or words they stand in."""

from __future__ import annotations

import re
import unicodedata

#: A long run of digits, with at most one space between two of them: identity numbers, cards, accounts; an X may end it.
_LONG = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ \u00a0\u3000]?[0-9]){10,}(?:[ \u00a0\u3000]?[XxＸｘ*])?")
#: A mobile number may be written in three groups.
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])")
_WIDE = {ord("０") + n: str(n) for n in range(10)}


def masked(text: str) -> str:
    """``身份证号 370602195603121234 有误`` → ``身份证号 370***********1234 有误``; full-width digits and inner spaces too."""
    narrow = text.translate(_WIDE)
    for pattern in (_LONG, _MOBILE):
        narrow = pattern.sub(_hide, narrow)
    return narrow if narrow != text.translate(_WIDE) else text


def _hide(found: re.Match[str]) -> str:
    run = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", found[0]))
    return run[:3] + "*" * (len(run) - 7) + run[-4:]
