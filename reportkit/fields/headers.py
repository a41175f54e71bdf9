"""A header's words: folded, split into name, unit and note, compared part by part."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import Levenshtein

_BRACKETS = re.compile(r"[(\[【〔](.*?)[)\]】〕]")
_NOISE = re.compile(r"[\s*＊★:：.。,，、;；_\-—“”\"'‘’<>《》?？!！/\\]+")
_NUMBERING = re.compile(r"^(?:\d{1,2}[.、)]|[(（]?[一二三四五六七八九十][)）、])")
_TRAILING = re.compile(r"(?<=[^\d])\d{1,2}$")
_UNIT = re.compile(
    r"(?:万|亿|百万)?(?:元|人|户|亩|件|个|家|间|层|平方米|㎡|m2|平米|公斤|吨|次|天|岁|周岁|%|项|名|处|台|米|公里|公顷|年|月|日|小时)(?:/[月年人户天日次])?",
)
_NAMED = re.compile(r"^(?:计量|金额|货币)?单位[:：]\s*")


@dataclass(frozen=True, slots=True)
class Word:
    """One level of a header: ``津贴标准(元/月)*`` → name 津贴标准, unit 元/月."""

    name: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How offices word things, folded."""

    attributes: dict[str, tuple[str, frozenset[str]]]
    roles: dict[str, tuple[str, ...]]
    parts: tuple[tuple[str, str], ...]
    everyday: tuple[str, ...]
    fill: tuple[str, ...]


@cache
def lexicon() -> Lexicon:
    """The lexicon of ``lexicon.toml``."""
    table = tomllib.loads(files("reportkit.fields").joinpath("lexicon.toml").read_text(encoding="utf-8"))
    attributes = {name: (one["element"], frozenset(map(fold, one["words"]))) for name, one in table["attributes"].items()}
    parts = [(fold(word), f"\ue000{at}\ue001") for at, group in enumerate(table["parts"]["same"]) for word in group]
    parts.sort(key=lambda pair: -len(pair[0]))
    everyday = tuple(fold(group[0]) for group in table["parts"]["same"])
    roles = {role: tuple(words) for role, words in table["roles"].items()}
    return Lexicon(attributes, roles, tuple(parts), everyday, tuple(table["parts"]["fill"]))


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """One form for comparing: half-width, small letters, without white space and signs; brackets stay."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=20_000)
def word(level: str) -> Word:
    """A level's name, unit and note; a bracket that holds no unit is a note."""
    text = _NUMBERING.sub("", unicodedata.normalize("NFKC", level).strip())
    inside = [_NAMED.sub("", part.strip()) for part in _BRACKETS.findall(text)]
    unit = next((part for part in inside if _UNIT.fullmatch(part)), "")
    note = "".join(part for part in inside if part != unit)
    name = fold(_BRACKETS.sub("", text)) or fold(text)
    return Word(name, unit, fold(note))


@lru_cache(maxsize=20_000)
def bare(name: str) -> str:
    """A folded name without decoration: ``本人姓名1`` → ``姓名``; itself where nothing would be left."""
    left = _TRAILING.sub("", name)
    for fill in lexicon().fill:
        shorter = left.replace(fill, "")
        left = shorter if len(shorter) >= 2 else left
    return left or name


@lru_cache(maxsize=20_000)
def signs(name: str) -> str:
    """The name with words of one meaning written as one sign: 手机号码 and 联系方式 come out alike."""
    return re.sub("\ue000(\\d+)\ue001", lambda m: chr(0xE100 + int(m[1])), _signed(name))


def _signed(name: str) -> str:
    for part, sign in lexicon().parts:
        if part in name:
            name = name.replace(part, sign)
    return name


@lru_cache(maxsize=20_000)
def canonical(name: str) -> str:
    """The name in everyday words: each word as the first of those that mean the same: 死亡时间 → 死亡日期."""
    groups = lexicon().everyday
    return re.sub("\ue000(\\d+)\ue001", lambda m: groups[int(m[1])], _signed(bare(name)))


def is_running_number(name: str) -> bool:
    """Whether a header is that of the running number."""
    return word(name.rsplit(">", maxsplit=1)[-1]).name in {"序号", "序", "no", "xh"}


@lru_cache(maxsize=100_000)
def alike(left: str, right: str) -> float:
    """How alike two folded names are, 0 to 1: as written, without decoration, and with words of one meaning made one."""
    if left == right:
        return 1.0
    a, b = bare(left), bare(right)
    if a == b:
        return 0.96
    one, two = signs(a), signs(b)
    if one == two:
        return 0.9
    return max(_ratio(a, b), 0.92 * _ratio(one, two))


def _ratio(left: str, right: str) -> float:
    """Edits, with moved neighbours and what both begin or end with counting as agreement."""
    if not left or not right:
        return 0.0
    if sorted(left) == sorted(right):
        return 0.9
    longest = max(len(left), len(right))
    edits = 1 - Levenshtein.distance(left, right) / longest
    short, long = sorted((left, right), key=len)
    inside = 0.75 * len(short) / len(long) + 0.2 if short in long and len(short) > 1 else 0.0
    shared = len(set(left) & set(right)) / len(set(left) | set(right))
    return max(edits, inside, 0.8 * shared)


@lru_cache(maxsize=20_000)
def attribute(name: str) -> tuple[str, float]:
    """The lexicon's attribute that a folded name asks for, and how sure: exact, else by its tail, else alike."""
    found = [key for key, (_, words) in lexicon().attributes.items() if name in words]
    if found:
        return found[0], 1.0
    plain = bare(name)
    found = [key for key, (_, words) in lexicon().attributes.items() if plain in words]
    if found:
        return found[0], 0.95
    tails = [
        (len(one), key)
        for key, (_, words) in lexicon().attributes.items()
        for one in words
        if len(one) > 1 and plain.endswith(one)
    ]
    if tails:
        return max(tails)[1], 0.85
    scored = max(
        ((alike(plain, one), key) for key, (_, words) in lexicon().attributes.items() for one in words),
        default=(0.0, ""),
    )
    return (scored[1], scored[0] * 0.9) if scored[0] >= 0.6 else ("", 0.0)


@lru_cache(maxsize=20_000)
def role(levels: tuple[str, ...]) -> str:
    """Whose attribute a header asks for: by the group above it or the word in front; "" for the row's own thing."""
    for level in levels:
        name = word(level).name
        hits = [(len(one), -name.find(one), key) for key, words in lexicon().roles.items() for one in words if one in name]
        if "与户主" in name or name.startswith("与"):
            continue
        if hits:
            return max(hits)[2]
    return ""
