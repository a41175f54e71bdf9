"""Units of money in the words of a form: 元, 千元, 万元; what one is in the other, and where a text names it."""

from __future__ import annotations

import re

#: 元 in each unit of money.
UNITS = {"元": 1, "百元": 100, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "千万元": 10_000_000, "亿元": 100_000_000}
_WORDS = "|".join(sorted(UNITS, key=len, reverse=True))
#: Not 单元, 元旦 or 美元; per month and year a sum stays a sum, per head it is a rate.
_UNIT = re.compile(rf"(?<![一-鿿])(人民币)?({_WORDS})((?:[/每](?:月|年|季度?))?)(?![一-鿿/])")
_RATE = re.compile(r"均|单价|标准|比例|[率%％‰]")


def unit_of(text: str) -> str:
    """The unit of money that a label names, "" for none: ``发放金额(元)`` → ``元``, ``人均(元/人)`` → ""."""
    found = _UNIT.search(text)
    return found[2] if found else ""


def is_rate(label: str) -> bool:
    """Whether a label speaks of so much a head or a share: it stays in the unit it was stated in."""
    return bool(_RATE.search(label))


def restated(text: str, unit: str) -> str:
    """A text whose unit of money is another: ``单位：元、人`` and 万元 → ``单位：万元、人``."""
    return _UNIT.sub(lambda found: f"{found[1] or ''}{unit}{found[3]}", text)
