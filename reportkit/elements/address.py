"""Addresses: simplified, half-width, without inner white space between Chinese characters; two with other numbers are two places."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from reportkit import arrays as np
from reportkit.elements.numbered import NONE, SPECIAL, figures, read
from reportkit.elements.pairing import Flags, Pairing
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.sounds import HAN, is_han
from reportkit.elements.standing import matching
from reportkit.elements.streets import split
from reportkit.elements.tokens import within
from reportkit.elements.writing import SIMPLIFIED, clean, compact, none, settle, simplify, words

_PLAIN = re.compile(r"[\u4e00-\u9fff0-9]+")
_DIGITS = re.compile(r"\d+|[A-Z](?=[座栋幢区单]|$)", re.ASCII)
_WORDS = re.compile(r"[-()、,#号楼栋幢座单元室户组队层村社区居委会民第]")
_NUMBERS = re.compile(r"\d+|[A-Z](?=[座栋幢区单])", re.ASCII)
_REGION = re.compile(
    r"^(?:[^\d]{2,3}?(?:省|自治区))?(?:[^\d省]{2,4}?市)?(?:[^\d市]{1,4}?(?:(?:县|旗|(?<![小社园厂校])区)(?![^\d]{0,2}[路街])|市))?"
)
_TOWN = re.compile(r"^[^\d]{1,6}?(?:街道办事处|街道|镇|乡)")
_SIGNS = words("路 街 村 镇 乡 社区 小区 号 室 栋 幢 单元 组 巷 里 弄 楼 区 县 市 省")


def normalise(raw: str, _scope: Scope) -> str:
    """``幸福路 １２ 号`` → ``幸福路12号``."""
    return simplify(raw) if _PLAIN.fullmatch(raw) and not none(raw) else settle(_step, raw)


def _step(text: str) -> str:
    text = simplify(compact(text)) if _chinese(text) else clean(text)
    return "" if none(text) else text


def check(_value: str, _scope: Scope) -> str:
    """An address is never wrong by itself."""
    return ""


def tail(address: str) -> str:
    """House, building, unit and room numbers joined by blanks: ``翠园小区3号楼2单元101室`` → ``3 2 101``; "" without any."""
    return " ".join(number.lstrip("0") or "0" for number in _NUMBERS.findall(figures(address).upper()))


def _tails(addresses: pl.Series) -> pl.Series:
    """What ``tail`` finds, of many addresses at once; null where it is shorter than three characters."""
    runs = addresses.str.replace_all("[^0-9]+", " ").str.strip_chars(" ").str.replace_all(r"\b0+([0-9])", "$1")
    special = addresses.str.contains(SPECIAL).arg_true()
    tails = runs.scatter(special, [tail(address) for address in addresses.gather(special).to_list()])
    return tails.set(tails.str.len_chars() < 3, None).alias("part")


def _core(address: str) -> str:
    """Without province, city, county and town, which are left out or written as one likes."""
    if not _chinese(address):
        return " ".join(split(address)).strip()
    inner = _REGION.sub("", address)
    inner = figures(_TOWN.sub("", inner) or inner)
    return _WORDS.sub("", inner) or address


def _cores(addresses: pl.Series) -> pl.Series:
    """``_core`` of many addresses at once: what stands before the first digit is looked at once, however many houses are there."""
    plain = addresses.str.contains(HAN) & addresses.str.contains("[0-9]") & ~addresses.str.contains(SPECIAL)
    some, others = addresses.filter(plain), addresses.filter(~plain)
    heads = some.str.extract("^([^0-9]*)")
    distinct = heads.unique()
    cores = heads.replace_strict(distinct, pl.Series([_core(head + "0")[:-1] for head in distinct.to_list()], dtype=pl.String))
    ends = some.str.replace("^[^0-9]*", "").str.replace_all(_WORDS.pattern, "")
    # ``scatter`` writes into the column itself.
    found = addresses.clone().scatter(plain.arg_true(), cores + ends)
    found = found.scatter((~plain).arg_true(), [_core(address) for address in others.to_list()])
    return found.set(found == "", None).alias("part")


def _street(address: str) -> str:
    """The core without its numbers."""
    return _DIGITS.sub("", _core(address))


def _chinese(address: str) -> bool:
    return not address.isascii() and any(map(is_han, address))


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Contained: one place, of which one address says more. Similar: the same numbers in a street written alike.

    Numbers that contradict each other, or stand in one address only, make two places. Part: only the street or the village is known to be the same; in letters also where
    the numbers are others.
    """
    pairs = Pairing.of(left, right)
    levels: Levels = np.where(pairs.equal, 4, 0).astype(np.uint8)
    one, other = pairs.holding(HAN)
    for rows, grade in ((one & other, _han), (~one & ~other, _letters)):
        places = np.flatnonzero(rows & ~pairs.equal)
        if places.size:
            levels[places] = grade(pairs.only(places))
    return levels


def _han(pairs: Pairing) -> Levels:
    numbers = read(pairs.texts)
    common, contradicted = np.zeros(len(pairs), dtype=np.bool_), np.zeros(len(pairs), dtype=np.bool_)
    for kind in numbers.table:
        one, other = kind[pairs.left], kind[pairs.right]
        both = (one != NONE) & (other != NONE)
        common |= both & (one == other)
        contradicted |= both & (one != other)
    agree = numbers.agree(pairs.left, pairs.right)
    numbered = (numbers.counts[pairs.left] > 0) & (numbers.counts[pairs.right] > 0)
    levels = np.zeros(len(pairs), dtype=np.uint8)
    rows = np.flatnonzero(agree | ~contradicted)
    if rows.size:
        within, alike = _on_streets(pairs.only(rows), agree[rows])
        levels[rows] = np.select([within & (common | agree)[rows], alike, within & numbered[rows]], [3, 2, 1], 0)
    return levels


def _on_streets(pairs: Pairing, agree: Flags) -> tuple[Flags, Flags]:
    """Where one street is the other or stands in it; where it does not, and streets of pairs that ``agree`` are written alike."""
    # Which digits stand between the words says nothing of the street: streets are far fewer than addresses.
    street = pairs.through(pairs.texts.str.replace_all("[0-9]+", "0")).by(_street)
    within = _contained(street, np.ones(len(pairs), dtype=np.bool_))
    return within, street.likeness(0.8, agree & ~within) > 0


def _contained(street: Pairing, asked: Flags) -> Flags:
    """Where one street is the other, or stands in it."""
    found = street.equal & asked
    rest = np.flatnonzero(asked & ~found & (street.shorter >= 2)).tolist()
    words = street.words
    found[rest] = [
        _within(words[a], words[b]) for a, b in zip(street.left[rest].tolist(), street.right[rest].tolist(), strict=True)
    ]
    return found


def _within(one: str, other: str) -> bool:
    return one in other or other in one


def _letters(pairs: Pairing) -> Levels:
    parts = [split(address) for address in pairs.words]
    numbers, words = (pairs.through(part[at] for part in parts) for at in (0, 1))
    one, other = (numbers.lengths[side] > 0 for side in (numbers.left, numbers.right))
    agree = numbers.equal | (~one & ~other)
    more = (one & other & within(numbers, 0)[1]) & ~agree
    part = within(words, 0)[1] & (words.shorter >= 4) & ~words.equal
    open_pairs = agree | more
    alike = (words.likeness(0.8, ~words.equal & ~part) > 0) | (words.edits(2, open_pairs & (words.shorter >= 6)) <= 2)
    contained = (words.equal & more) | (part & open_pairs)
    street = words.equal | (alike & more) | (part & ~(one & other))
    return np.select([words.equal & agree, contained, alike & agree, street], [4, 3, 2, 1], 0).astype(np.uint8)


def mask(value: str) -> str:
    """Shown as it is."""
    return value


def resembles(raw: str) -> bool:
    """At least six characters with two words of addresses, or one and a number; from four on both: ``前岭村3号``."""
    text = normalise(raw, Scope())
    if len(text) < 4 or len(text) > 60:
        return False
    signs, numbered = sum(sign in text for sign in _SIGNS), bool(tail(text))
    return (signs >= 2 and numbered) if len(text) < 6 else signs >= 2 or (signs >= 1 and numbered)


_STANDS = f"^[{SIMPLIFIED}0-9]{{4,}}$"

ELEMENT = Element(
    "address",
    normalise,
    check,
    compare,
    ("differ", "part", "similar", "contained", "same"),
    mask,
    resembles,
    Linking(
        usual=2e-3,
        agreement=(0.25, 0.05, 0.1, 0.2, 0.4),
        parts=(Part("tail", _tails), Part("core", _cores)),
        shared="household",
        plain=_STANDS,
    ),
    stands=matching(_STANDS),
)
