"""Numbers as offices write them: ``1,200.00``, ``¥300``, ``1.2万``, ``三百元``, ``(300)``, ``87.5%``, ``３人``."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from reportkit.elements.numerals import NUMERAL, whole
from reportkit.elements.writing import compact, words

PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,13})(?:\.\d{0,7}[1-9])?", re.ASCII)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_FIGURE = re.compile(rf"([-+负]?)[¥￥$]?([-+]?)({_DIGITS})(E[-+]?\d{{1,3}})?([万亿千百]?)(.*)", re.ASCII | re.IGNORECASE)
_HAN = re.compile(f"(负?)([{NUMERAL}]+)(.*)")
_BRACKETED = re.compile(rf"\([¥￥]?({_DIGITS})\)", re.ASCII)
_LEAD = re.compile(r"^(?:人民币|RMB|CNY|计|共计?|合计|(?=[¥￥$]))(?=[-¥￥$\d])", re.IGNORECASE)
#: ``每月300元`` is an amount a month; ``每月2次`` is how often, and no count.
_EACH = re.compile(r"^每?[年月人户天](?=[-¥￥$\d].*(?:元|块|圆))")
_RATED = re.compile(r"^每?[年月人户天](?=[-¥￥$\d])")
#: A stroke before a digit is a date's or a fraction's, and no rate.
_RATE = re.compile(r"/\D.*$|每[年月人户天]$")
_SCALE = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

_MONEY = words("元 圆 块 块钱 元整 圆整 元人民币 人民币 RMB CNY 元钱")
_AREA = {"m2": "㎡", "m²": "㎡", "平方米": "㎡", "平米": "㎡", "平方": "㎡", "平": "㎡", "㎡": "㎡"}
_OTHER = words("""
    亩 公顷 km2 平方公里 平方千米 吨 t 公斤 千克 kg 斤 克 g 米 m 公里 千米 km 厘米 cm 毫米 mm 升 L 立方米 m3 立方 方 千瓦 kW 度 % ‰ 折 分
    人 口 名 位 个 户 家 间 层 楼 栋 幢 套 岁 周岁 次 件 条 项 台 辆 头 只 株 棵 张 份 处 所 座 村 期 批 起 宗 人次 户次 户数 人数 人口
    天 日 月 个月 年 小时 h 时 分钟
""")
_KNOWN = _MONEY | _AREA.keys() | _OTHER


def read(raw: str, unit: str) -> Decimal | None:
    """The number that a text states in the field's unit; None where it states none.

    A text's own 万 counts against the unit's: ``16万元`` is 16 in 万元 and 160000 in 元. A bare 元 in a column of 万元 is
    habit, unless the number is so large that it can only be meant in 元.
    """
    text = compact(raw)
    if match := _BRACKETED.fullmatch(text):
        return -_plain(match[1])
    text = _LEAD.sub("", _EACH.sub("", text) if "/" not in unit else _RATED.sub("", text))
    if match := _FIGURE.fullmatch(text):
        minus = (match[1] in ("-", "负")) != (match[2] == "-")
        number = _exact(match[3], match[4] or "")
        return None if number is None else _scaled(-number if minus else number, match[5], match[6], unit)
    if (match := _HAN.fullmatch(text)) and (figure := whole(match[2])) is not None:
        return _scaled(Decimal(-figure if match[1] else figure), "", match[3], unit, wide=match[2])
    return None


def _exact(digits: str, exponent: str) -> Decimal | None:
    try:
        number = _plain(digits + exponent)
    except InvalidOperation:
        return None
    return _shortest(number)


def _plain(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def _shortest(number: Decimal) -> Decimal:
    """Floats carry noise behind the 15th digit, which Excel does not show: 41.400000000000006 is 41.4."""
    digits = len(number.as_tuple().digits)
    if digits <= 15 or number == number.to_integral_value():
        return number
    return number.quantize(Decimal(1).scaleb(number.adjusted() - 14)) if digits <= 25 else number


def _scaled(number: Decimal, scale: str, tail: str, unit: str, *, wide: str = "") -> Decimal | None:
    tail = _RATE.sub("", tail)
    own = _unit_scale(unit)
    if tail and not _fits(tail, unit):
        return None
    stated = bool(scale or any(character in wide for character in "万亿")) and own > 1
    if stated:
        return number * _SCALE[scale] / own
    if own > 1 and tail in _MONEY and abs(number) >= own:
        return number / own
    return number * _SCALE[scale]


def _unit_scale(unit: str) -> int:
    return _SCALE.get(unit[:1], 1) if unit[:1] in "万亿千百" and len(unit) > 1 else 1


def _fits(tail: str, unit: str) -> bool:
    """Whether a unit written behind a number can be the field's; without a unit in the header any known one can."""
    bare = compact(unit).split("/")[0].lstrip("万亿千百")
    if tail == bare or _AREA.get(tail, tail) == _AREA.get(bare, bare):
        return True
    if tail not in _KNOWN:
        return False
    return not bare or bare not in _KNOWN or (tail in _MONEY and bare in _MONEY)


def canonical(number: Decimal) -> str:
    """Plain decimals without trailing zeros: ``1200``, ``0.5``."""
    if not number:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
