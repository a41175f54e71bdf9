"""The words that label a row of sums or means."""

from __future__ import annotations

import re
from functools import lru_cache

from reportkit.tables.values import fold

_TOTAL = re.compile(
    r"(?:(?:本|全|以上)?[\w()（）、]{0,10})?(?:合计|总计|総计|共计|累计|总和|汇总合计)(?:[人户数金额件个面积()（）元]*)?(?:[:：(（].*|[0-9].*)?|合|计|总|共|合计.*|[总総]数|全体"
)
_SUBTOTAL = re.compile(r".{0,16}小计(?:[(（:：].*|[0-9]*[人户件个元]*)|.{0,10}本页(?:合计|小计).*")
_MEAN = re.compile(r".{0,8}(?:平均|均值|均分|平均分|平均值|平均数)")
_WHOLE = re.compile(r"全(?:国|省|市|县|区|旗|州|盟|镇|乡|村|街|街道|社区|校|年级|院|厂|局|所|公司)")

_CHINESE = (("mean", _MEAN), ("subtotal", _SUBTOTAL), ("total", _TOTAL))

_IN_TWO = re.compile(r"([一-鿿]+)([A-Za-z]+)")

#: English labels, in small letters with single spaces; what they count may stand before or after.
_BEFORE = r"(?:[a-z][a-z&'./-]* ){0,4}"
_AFTER = r"(?: ?[:,(（：].*| (?:19|20)[0-9]{2}.*| ?[-–—] .*)?"
_ENGLISH = (
    ("subtotal", re.compile(rf"{_BEFORE}(?:sub[- ]?totals?|page total)(?: .{{0,20}})?{_AFTER}")),
    ("mean", re.compile(rf"(?:[a-z]+ ){{0,2}}(?:average|mean|avg\.?){_AFTER}")),
    ("total", re.compile(rf"(?:{_BEFORE}totals?|sum){_AFTER}|total (?:for|of|in) .{{1,20}}")),
    (
        "total",
        re.compile(
            r"all (?:[a-z]+ )?(?:towns|townships|villages|districts|counties|provinces|prefectures|regions|areas|countries|states|"
            r"cities|communities|municipalities|units|items|groups|departments|schools|ages|persons|people|sexes|classes|"
            r"categories|sectors|industries|households)"
        ),
    ),
)


@lru_cache(maxsize=4096)
def sum_word(text: str) -> str:
    """``total``, ``subtotal`` or ``mean`` for the label of such a row, else ""."""
    plain = fold(text).strip("*：:—-")
    if not 0 < len(plain) <= 30:
        return ""
    found = next((word for word, pattern in _CHINESE if pattern.fullmatch(plain)), "")
    if both := _IN_TWO.fullmatch(plain):
        return sum_word(both[1]) or sum_word(both[2])
    if found or not plain[0].isascii():
        return found
    spaced = " ".join(text.split()).strip("*：:—- ").lower()
    return next((word for word, pattern in _ENGLISH if pattern.fullmatch(spaced)), "")


@lru_cache(maxsize=4096)
def is_whole(text: str) -> bool:
    """Whether it names a whole area or house, as the first row of a yearbook's table does: 全县, 全市."""
    return bool(_WHOLE.fullmatch(fold(text)))
