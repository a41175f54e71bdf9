"""Names in Latin and other alphabets: case, diacritics and punctuation are no differences; how they sound; short forms of given names."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import polars as pl

_MARKS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n", "ſ": "s", "ħ": "h"}
)
_JOINED = re.compile(r"['‘’`´ʼʻ′]|(?<=\b[a-z])\.(?=[a-z]\b)")
_BREAKS = re.compile(r"[\W_]+")
#: Before a surname, written apart or together: van der Berg, Mac Donald, O Brien.
_PREFIX = re.compile(r"\b(?:(?:mac|mc|de|di|da|du|la|le|van|von|der|den|ter|ten|al|el|st|saint|o|d) )+(?=[^\W\d_]{3})")
_MAC = re.compile(r"\bmc(?=[a-z]{3})")
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|dr|prof|sir|jr|sr|esq|phd|md|rev)\b")


@lru_cache(maxsize=400_000)
def fold(text: str) -> str:
    """Lower case, no diacritics, words joined by single spaces: ``O'Brien-Müller`` → ``obrien muller``."""
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_LETTERS))))
    return _BREAKS.sub(" ", _JOINED.sub("", text)).strip()


@lru_cache(maxsize=400_000)
def fold_surname(text: str) -> str:
    """``fold`` with prefixes joined: ``Van der Berg`` → ``vanderberg``, ``McDonald`` → ``macdonald``."""
    words = fold(text)
    joined = _PREFIX.sub(lambda match: match[0].replace(" ", ""), words) if " " in words else words
    return _MAC.sub("mac", joined)


@lru_cache(maxsize=400_000)
def fold_person(text: str) -> str:
    """``fold_surname`` without titles, the words in alphabetical order: ``Smith, Dr. John`` → ``john smith``."""
    words = _TITLE.sub(" ", fold(text).replace("ph d", "phd")).split()
    return " ".join(sorted(fold_surname(" ".join(words)).split())) if words else fold(text)


#: Spellings of one sound, after Lawrence Philips, "Hanging on the Metaphone", Computer Language 7 (12), 1990; t and d are one, as in Odell and
#: Russell's Soundex (US patent 1,261,167, 1918), and so are k, c and q. Written out for sounds that languages of Europe share.
_BEGINNINGS = (
    ("^(?:kn|gn|pn)", "n"),
    ("^wr", "r"),
    ("^ps", "s"),
    ("^x", "s"),
    ("^wh", "w"),
    ("^y([aeiou])", "j$1"),
    ("gh$", ""),
    ("mb$", "m"),
)
_SOUNDS = {
    "tsch": "x", "sch": "s", "tch": "x", "ch": "x", "sh": "x", "cz": "x", "ght": "t", "dge": "j", "dg": "j", "ph": "f", "th": "t", "ck": "k",
    "gh": "g", "ge": "je", "gi": "ji", "gy": "ji", "ce": "se", "ci": "si", "cy": "si", "tz": "s", "ts": "s", "dt": "t", "qu": "k",
    "c": "k", "q": "k", "v": "f", "z": "s", "d": "t", "y": "i", "ou": "u", "x": "ks",
}  # fmt: skip
_DOUBLED = {letter * 2: letter for letter in "bfgjklmnprstx"}
#: chr and chl are said with a k: Christine, Chloe.
_HARD = {"chr": "kr", "chl": "kl", "sch": "s"}


def keys(words: pl.Series) -> pl.Series:
    """What folded words that sound alike share, word by word: ``stephen`` and ``steven`` → ``stfn``.

    Other alphabets come through without their vowels only where these are written with Latin letters.
    """
    column = words.cast(pl.String).alias("word")
    table = column.to_frame().with_row_index("row").with_columns(pl.col("word").str.split(" ")).explode("word")
    key = table.select("row", _key(pl.col("word")).alias("key"))
    return key.group_by("row", maintain_order=True).agg(pl.col("key").str.join(" "))["key"]


def _key(word: pl.Expr) -> pl.Expr:
    for pattern, sound in _BEGINNINGS:
        word = word.str.replace(pattern, sound)
    word = word.str.replace_many(list(_HARD), list(_HARD.values()), leftmost=True)
    word = word.str.replace_many(list(_SOUNDS), list(_SOUNDS.values()), leftmost=True)
    first = word.str.slice(0, 1).str.replace("[aeiou]", "a")
    rest = word.str.slice(1).str.replace_all("[aeiouhw]", "")
    once = (first + rest).str.replace_many(list(_DOUBLED), list(_DOUBLED.values()), leftmost=True)
    return once.str.replace_many(list(_DOUBLED), list(_DOUBLED.values()), leftmost=True)


@cache
def _short_forms() -> dict[str, str]:
    """A short form → the name that it stands for; one that stands for several names (Chris) stands for none."""
    data = tomllib.loads(files("reportkit.elements").joinpath("nicknames.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    twice: set[str] = set()
    for name, forms in data.items():
        for form in forms.split():
            twice |= {form} if form in found else set()
            found[form] = name
    return {form: name for form, name in found.items() if form not in twice}


def full(words: str) -> str:
    """Folded words with given names in full: ``bill smith`` → ``smith william``."""
    return " ".join(sorted(_short_forms().get(word, word) for word in words.split()))
