"""Names of organisations in letters: without legal forms, abbreviations written out, and by their first letters."""

from __future__ import annotations

from functools import lru_cache

from reportkit import arrays as np
from reportkit.elements.latin import fold
from reportkit.elements.pairing import Flags, Pairing
from reportkit.elements.tokens import within

_FORMS = frozenset(
    [
        "ltd",
        "limited",
        "inc",
        "incorporated",
        "llc",
        "llp",
        "lp",
        "lc",
        "co",
        "company",
        "corp",
        "corporation",
        "plc",
        "gmbh",
        "mbh",
        "ag",
        "kg",
        "kgaa",
        "ohg",
        "ug",
        "sa",
        "sas",
        "sarl",
        "srl",
        "spa",
        "bv",
        "nv",
        "ab",
        "as",
        "asa",
        "oy",
        "oyj",
        "aps",
        "sl",
        "pty",
        "pvt",
        "kk",
        "pte",
        "se",
        "ev",
        "the",
        "of",
        "and",
        "und",
        "et",
        "y",
        "&",
        "de",
        "la",
        "le",
        "los",
        "inh",
        "trading",
        "dba",
    ]
)
_WORDS = {
    "intl": "international", "int": "international", "mfg": "manufacturing", "mfrs": "manufacturers", "assn": "association", "assoc": "associates",
    "univ": "university", "svcs": "services", "svc": "service", "tech": "technology", "technologies": "technology", "natl": "national",
    "bros": "brothers", "dept": "department", "inst": "institute", "ctr": "center", "centre": "center", "mgmt": "management", "st": "saint",
    "grp": "group", "hldgs": "holdings", "sys": "systems", "eng": "engineering", "engr": "engineering", "dist": "distribution", "elec": "electric",
    "labs": "laboratories", "lab": "laboratory", "comm": "communications", "hosp": "hospital", "govt": "government", "dev": "development",
}  # fmt: skip
#: Words that so many names have that they tell nothing alone.
_COMMON = frozenset(
    [
        "group",
        "international",
        "services",
        "service",
        "holdings",
        "systems",
        "system",
        "solutions",
        "technology",
        "national",
        "management",
        "center",
        "global",
        "american",
        "first",
        "new",
        "united",
        "general",
        "enterprises",
        "industries",
        "products",
        "associates",
        "partners",
        "university",
        "institute",
        "department",
        "association",
    ]
)


@lru_cache(maxsize=400_000)
def core(name: str) -> str:
    """``The Acme Mfg. Co., Ltd.`` → ``acme manufacturing``; the whole name where nothing else is left."""
    words = [_WORDS.get(word, word) for word in fold(name.replace("&", " and ")).split()]
    return " ".join(word for word in words if word not in _FORMS) or " ".join(words)


def head(core: str) -> str:
    """What a name is found by: its first word that tells something; the first four Chinese characters."""
    if not core.isascii():
        return core[:4]
    return next((word for word in core.split() if word not in _COMMON and len(word) > 2), core)


def part(cores: Pairing) -> Flags:
    """Where one core has all words of the other that tell something, or is their first letters (IBM)."""
    one, other = cores.told(lambda name: " " in name)
    letters = (one != other) & cores.by(_letters).equal & (cores.shorter >= 3)
    told = cores.by(telling)
    return np.asarray(letters | (told.equal | within(told, 0)[1]) & (told.shorter >= 4), dtype=np.bool_)


def telling(core: str) -> str:
    """A core without the words that many names have."""
    return " ".join(word for word in core.split() if word not in _COMMON)


def _letters(name: str) -> str:
    return "".join(word[0] for word in name.split()) if " " in name else name
