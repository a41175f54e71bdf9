"""Addresses in letters: numbers apart from words, abbreviations written out: ``Flat 2, 12 High St.`` → ``12 2`` and ``flat high street``."""

from __future__ import annotations

import re

from reportkit.elements.latin import fold

_WORDS = {
    "st": "street", "str": "street", "rd": "road", "ave": "avenue", "av": "avenue", "blvd": "boulevard", "dr": "drive", "drv": "drive",
    "ln": "lane", "ct": "court", "crt": "court", "pl": "place", "sq": "square", "ter": "terrace", "tce": "terrace", "terr": "terrace",
    "cres": "crescent", "cr": "crescent", "cl": "close", "cct": "circuit", "cir": "circle", "hwy": "highway", "pkwy": "parkway", "pde": "parade",
    "apt": "apartment", "fl": "floor", "flr": "floor", "ste": "suite", "bldg": "building", "bld": "building", "rm": "room", "hse": "house",
    "n": "north", "s": "south", "e": "east", "w": "west", "nth": "north", "sth": "south", "mt": "mount", "ft": "fort", "gdns": "gardens",
    "grn": "green", "gr": "grove", "gv": "grove", "pk": "park", "esp": "esplanade", "expy": "expressway", "jct": "junction", "hts": "heights",
    "strasse": "street", "stn": "station", "rte": "route",
}  # fmt: skip
#: Words that only say that a number follows.
_SILENT = frozenset(
    [
        "no",
        "nr",
        "number",
        "unit",
        "apartment",
        "flat",
        "suite",
        "room",
        "floor",
        "lot",
        "house",
        "building",
        "level",
        "the",
        "of",
        "and",
        "po",
        "box",
    ]
)
_NUMBER = re.compile(r"(\d+)([a-z]?)(?![a-z0-9])", re.ASCII)
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b", re.ASCII)
_GLUED = re.compile(r"(?<=[a-z]{3})str(?:asse)?\b", re.ASCII)


def split(address: str) -> tuple[str, str]:
    """The numbers and the words, each in alphabetical order."""
    text = _GLUED.sub(" street", fold(address))
    text = _ORDINAL.sub(lambda match: "th" + "abcdefghij"[int(match[1]) % 10] * len(match[1]), text)
    figures = [(match[1].lstrip("0") or "0") + match[2] for match in _NUMBER.finditer(text)]
    words = [_WORDS.get(word, word) for word in _NUMBER.sub(" ", text).split()]
    return " ".join(sorted(figures)), " ".join(sorted(word for word in words if word not in _SILENT) or sorted(words))
