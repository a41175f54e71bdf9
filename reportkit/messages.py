"""The message catalogue: everything that users read, in Chinese and English, from ``messages/*.toml``.

A finding's entry holds code, severity, message, reason and mend in one place; ``explain``, findings and docs come from it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from reportkit.severity import Severity

#: What entries of a file are about where they don't say it themselves; of any other file, what the file is called.
_FAMILIES = {
    "elements": "cell",
    "constraints": "cell",
    "intake": "file",
    "cli": "usage",
    "totals": "total",
    "rules": "rule",
    "answers": "answer",
    "standing": "workspace",
}


#: The line that a table of a file begins with.
_TABLE = re.compile(r"^\[([^\[\]]+)\]$", re.MULTILINE)


#: Control characters but tab and line feed → their pictures; those above ASCII have none.
_PICTURES = (
    {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"}
    | {127: 0x2421}
    | dict.fromkeys(range(128, 160), 0xFFFD)
)


class Language(StrEnum):
    """What users read."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of a finding or an error: its message, why it matters, and how to mend it.

    ``facts``: what its words name beside a finding's own columns, in the order of the finding's ``facts``. ``family``: what kind of thing
    it is about; the catalogue has a phrase ``family-…`` for each. ``known``: what its words name and is the same in all its findings.
    """

    code: str
    severity: Severity
    message: dict[Language, str]
    reason: dict[Language, str]
    mend: dict[Language, str]
    facts: tuple[str, ...] = ()
    family: str = "rule"
    known: Mapping[str, str] = field(default_factory=dict)


class _Fact(str):
    """What a message says of a fact: ``{number:file}`` → ``1 file``, ``2 files``; ``{number:copy|copies}`` where no s will do."""

    __slots__ = ()

    def __format__(self, thing: str) -> str:
        if not thing:
            return str(self)
        one, _, several = thing.partition("|")
        return f"{self} {one if self == '1' else several or one + 's'}"


class _Blank(dict[str, _Fact]):
    """Facts that a message names and nobody gave are shown empty, never as a crash on the way to the user."""

    @classmethod
    def of(cls, facts: Mapping[str, object]) -> _Blank:
        return cls({name: _Fact(value) for name, value in facts.items()})

    def __missing__(self, key: str) -> _Fact:
        return _Fact()


def _both(table: dict[str, object], name: str) -> dict[Language, str]:
    return {language: str(table.get(f"{name}.{language}", table.get(f"{name}_{language}", ""))) for language in Language}


class _Catalogue(Mapping[str, Entry]):
    """Findings and errors by code; an entry is made when it is first asked for."""

    def __getitem__(self, code: str) -> Entry:
        entry = _entry(code)
        if entry is None:
            raise KeyError(code)
        return entry

    def __iter__(self) -> Iterator[str]:
        return (key for key in _places() if _entry(key))

    def __len__(self) -> int:
        return sum(1 for _ in self)


_CATALOGUE = _Catalogue()


def catalogue() -> Mapping[str, Entry]:
    """Findings and errors by code."""
    return _CATALOGUE


@cache
def _entry(code: str) -> Entry | None:
    """None of a phrase."""
    table = _table(code)
    if "severity" not in table:
        return None
    facts, stem = table.get("facts"), _places()[code]
    return Entry(
        code,
        Severity(str(table["severity"])),
        _both(table, "message"),
        _both(table, "reason"),
        _both(table, "mend"),
        tuple(map(str, facts)) if isinstance(facts, list) else (),
        family=str(table.get("family", _FAMILIES.get(stem, stem))),
    )


def _table(key: str) -> dict[str, object]:
    """What the files say of a code or phrase.

    Raises:
        KeyError: they have no such key.
    """
    table: dict[str, object] = _file(_places()[key])[key]
    return table


@cache
def _places() -> dict[str, str]:
    """Key → the file that it stands in.

    Told by the lines that begin tables: of most files nothing is ever said, and parsing all of them takes longer than starting Python.
    """
    found: dict[str, str] = {}
    for stem, text in sorted(_texts().items()):
        for key in _TABLE.findall(text):
            if key in found:
                raise ValueError(f"{stem}.toml: {key} stands twice in the catalogue")
            found[key] = stem
    return found


@cache
def _file(stem: str) -> dict[str, Any]:
    return tomllib.loads(_texts()[stem])


@cache
def _texts() -> dict[str, str]:
    parts = files("reportkit").joinpath("messages").iterdir()
    return {stem: part.read_text(encoding="utf-8") for part in parts if (stem := part.name.removesuffix(".toml")) != part.name}


def say(key: str, language: Language, /, **facts: object) -> str:
    """A phrase or a code's message in a language, with its facts.

    Raises:
        KeyError: the catalogue has no such key.
    """
    table = _table(key)
    words = str(table.get(f"message_{language}", table.get(str(language), "")))
    return words.format_map(_Blank.of(facts))


#: The brackets of a fact that nobody gave, with the words before its colon.
EMPTY = r"\s*[(（](?:[^()（）]*[:：])?\s*[)）]"

#: The same before it has its fact.
_OPTIONAL = r"\s*[(（](?:[^()（）]*[:：])?\s*\{[^{}]+\}\s*[)）]"


def tidy(words: str) -> str:
    """A message without the brackets of a fact that nobody gave: ``对不上（最接近：）`` → ``对不上``."""
    return re.sub(EMPTY, "", words)


def mend(code: str, language: Language, /, **facts: object) -> str:
    """How to mend what a code stands for, with its facts.

    Raises:
        KeyError: the catalogue has no such code.
    """
    return catalogue()[code].mend[language].format_map(_Blank.of(facts))


_NOTHING: Mapping[str, str] = MappingProxyType({})


def readable(words: str, language: Language, known: Mapping[str, str] = _NOTHING) -> str:
    """A message before it has its facts: ``{value} 不是数字`` → ``‹值› 不是数字``; a fact without a name of its own by its key.

    Facts that are ``known`` (``Entry.known``) are told.
    """
    return re.sub(r"\{([^{}]+)\}", lambda fact: known.get(fact[1]) or f"‹{_fact(fact[1], language)}›", words)


def brief(words: str, language: Language, known: Mapping[str, str] = _NOTHING) -> str:
    """``readable`` without what stands in brackets for some findings only: ``对不上（最接近：{suggestion}）`` → ``对不上``.

    What only a query knows by an English name is ``…`` to a Chinese reader.
    """
    named = {} if language is Language.EN else {one: "…" for one in re.findall(r"\{([a-z_0-9]+)\}", words) if not _is_named(one)}
    return readable(re.sub(_OPTIONAL, "", words), language, {**named, **known})


def writable(text: str) -> str:
    """Text that every stream takes and no terminal obeys: a control character as its picture (ESC ``␛``), half of a character as its number."""
    return text.translate(_PICTURES).encode("utf-8", "backslashreplace").decode()


def _is_named(fact: str) -> bool:
    return f"fact-{fact}" in _places()


def _fact(name: str, language: Language) -> str:
    return say(f"fact-{name}", language) if _is_named(name) else name
