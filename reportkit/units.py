"""Who reports: villages, townships, districts, the city; and how a text names one of them.

``units.csv`` has the columns ``code,name,level,parent,aliases``; aliases are joined by ``|``.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from reportkit.elements.writing import simplifier
from reportkit.errors import UsageError

COLUMNS = ("code", "name", "level", "parent", "aliases")

#: A shorter name than this is only found where it is the whole text: 东 stands in half of all file names.
_SHORTEST = 2

#: What follows a place's own name in its office's name, the longest first.
_OFFICES = (
    "街道办事处",
    "人民政府",
    "村民委员会",
    "居民委员会",
    "管理委员会",
    "办事处",
    "居委会",
    "村委会",
    "管委会",
    "政府",
)
#: What a place's name ends in, the longer before what they end in; without it stands its short name: ``登州街道`` → ``登州``.
_KINDS = ("街道", "地区", "社区", "镇", "乡", "区", "县", "市", "村")
#: A short name before one of these is another place's: 登州路, 登州村.
_ELSEWHERE = re.compile(r"村|社区|居委|路|小学|中学|医院|大道")
#: Province, city, county: what addresses begin with, listed or not, before another name.
_ABOVE_ALL = re.compile(r".{2,}?(?:省|自治区|市|自治州|州|盟|地区|县|区|旗)(?=.{2})")
_SPACES = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit; ``parent`` is the code of the unit above, "" at the top."""

    code: str
    name: str
    level: str
    parent: str = ""
    aliases: tuple[str, ...] = ()


@lru_cache(maxsize=65536)
def _fold(text: str) -> str:
    """``登州街道 辦事處`` → ``登州街道办事处``: one form for comparing."""
    return _SPACES.sub("", simplifier()(unicodedata.normalize("NFKC", text))).casefold()


def _forms(name: str) -> set[str]:
    """How a text may write a unit's name: ``登州街道`` → also itself without office: ``登州街道办事处`` → ``登州街道``."""
    folded = _fold(name)
    forms = {folded}
    for office in _OFFICES:
        if folded.endswith(office) and len(folded) > len(office) + 1:
            forms.add(folded.removesuffix(office))
    if folded.endswith("街道办事处"):
        forms.add(folded.removesuffix("办事处"))
    return forms - {""}


def _names(unit: Unit) -> set[str]:
    return {form for name in (unit.name, *unit.aliases) for form in _forms(name)}


@lru_cache(maxsize=65536)
def stem(name: str) -> str:
    """What a place is called without what it is: ``登州街道办事处`` → ``登州``; "" of a name that does not say what it is."""
    folded = _fold(name)
    place = folded.removesuffix(next((office for office in _OFFICES if folded.endswith(office)), ""))
    bare = place.removesuffix(next((kind for kind in _KINDS if place.endswith(kind)), ""))
    return bare if bare != folded else ""


def _short(unit: Unit) -> str:
    """``登州街道`` → ``登州``; "" where nothing of two characters remains."""
    name = _fold(unit.name)
    kind = next((kind for kind in _KINDS if name.endswith(kind)), "")
    short = name.removesuffix(kind)
    return short if kind and len(short) >= _SHORTEST else ""


def _places(form: str, text: str) -> Iterator[int]:
    """Where a name stands in a text and is not the beginning of another place's name or a part of a longer number."""
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if form.isdigit():
            alone = not text[start - 1 : start].isdigit() and not text[end : end + 1].isdigit()
        else:
            alone = form.endswith(_KINDS) or not _ELSEWHERE.match(text, end)
        if alone:
            yield start
        start = text.find(form, end)


class Units:
    """All units, in the order of the file; never changes.

    Names are looked up in folded form: without white space, half-width, simplified characters.
    """

    def __init__(self, units: tuple[Unit, ...] = (), repeated: tuple[tuple[int, str, str], ...] = ()) -> None:
        """From units whose codes differ."""
        self._units = units
        #: (line, code, name) of units under a code that another one bears; they go by the code with a number behind it.
        self.repeated = repeated
        self._by_code = {unit.code: unit for unit in units}
        self._below: dict[str, list[Unit]] = {}
        for unit in units:
            self._below.setdefault(unit.parent, []).append(unit)
        self._by_form = _index(units)
        self._bare = frozenset(_fold(unit.name) for unit in units if not stem(unit.name))
        self._longest_first = sorted(
            (form for form in self._by_form if len(form) >= _SHORTEST), key=lambda form: (-len(form), form)
        )
        self._texts: dict[str, Unit | None] = {}

    @classmethod
    def parse(cls, text: str, path: str = "units.csv") -> Units:
        """From the text of a ``units.csv``.

        Raises:
            UsageError: a column is missing or a parent is unknown; with file and line.
        """
        lines = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        lacking = [column for column in COLUMNS[:3] if column not in (lines.fieldnames or ())]
        if lacking:
            raise UsageError("units-column-missing", path=path, line=1, column=", ".join(lacking))
        units: dict[str, Unit] = {}
        where: dict[str, int] = {}
        repeated: list[tuple[int, str, str]] = []
        for line in lines:
            unit = _unit(line)
            if not unit.code and not unit.name:
                continue
            _refuse(unit, path=path, line=lines.line_num)
            if unit.code in units:
                repeated.append((lines.line_num, unit.code, unit.name))
                unit = replace(unit, code=_free(unit.code, units))
            units[unit.code], where[unit.code] = unit, lines.line_num
        for unit in units.values():
            if unit.parent and (unit.parent not in units or _circular(unit, units)):
                raise UsageError("units-parent-unknown", path=path, line=where[unit.code], unit=unit.code, parent=unit.parent)
        return cls(tuple(units.values()), tuple(repeated))

    def __iter__(self) -> Iterator[Unit]:
        """The units in the file's order."""
        return iter(self._units)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._units)

    def __eq__(self, other: object) -> bool:
        """The same units in the same order."""
        return isinstance(other, Units) and self._units == other._units

    def __hash__(self) -> int:
        """By its units."""
        return hash(self._units)

    def get(self, code: str) -> Unit | None:
        """The unit with that code."""
        return self._by_code.get(code)

    def name(self, code: str) -> str:
        """The name of the unit with that code; the code itself where it is unknown."""
        unit = self._by_code.get(code)
        return unit.name if unit else code

    def find(self, text: str) -> Unit | None:
        """The unit that a text names: its code, name or alias, else the longest name that the text contains.

        A name counts only where no longer one covers it. Of a unit and one above it the lower is meant: ``芝阳区登州街道`` →
        ``登州街道``; of units that share a name the one whose superior the text names. None where it names nobody or several.
        """
        if text not in self._texts:
            self._texts[text] = self._find(text)
        return self._texts[text]

    def _find(self, text: str) -> Unit | None:
        if exact := self._by_code.get(text.strip()):
            return exact
        folded = _fold(text)
        whole = next(
            (self._by_form[form] for form in sorted(_forms(folded), key=len, reverse=True) if form in self._by_form), None
        )
        return self._only(dict.fromkeys(whole, True) if whole else self._contained(folded), folded)

    def _contained(self, text: str) -> dict[str, bool]:
        """Codes of units that a text names → whether by a full name (``登州街道``); longest names first, each stretch used once."""
        taken = [False] * len(text)
        found: dict[str, bool] = {}
        for form in self._longest_first:
            if form not in text:
                continue
            for start in _places(form, text):
                stretch = slice(start, start + len(form))
                if not any(taken[stretch]):
                    taken[stretch] = [True] * len(form)
                    found |= {code: found.get(code, False) or form.endswith(_KINDS) for code in self._by_form[form]}
        return found

    def _only(self, named: dict[str, bool], text: str) -> Unit | None:
        """The one unit that is meant: no unit above another, a full name before a short one, the one whose superior is named."""
        above = {unit.code for code in named for unit in self.ancestors(self._by_code[code])}
        lowest = {code: full for code, full in named.items() if code not in above}
        meant = [code for code, full in lowest.items() if full or not any(lowest.values())]
        if len(meant) > 1:
            meant = [code for code in meant if self._superior_named(self._by_code[code], meant, text)]
        return self._by_code[meant[0]] if len(meant) == 1 else None

    def _superior_named(self, unit: Unit, rivals: list[str], text: str) -> bool:
        """Whether the text names a unit above this one that is not above all its rivals."""
        shared = set.intersection(*({one.code for one in self.ancestors(self._by_code[code])} for code in rivals))
        return any(form in text for one in self.ancestors(unit) if one.code not in shared for form in _names(one))

    def lists(self, text: str) -> bool:
        """Whether a text is names of units and nothing else: ``芝阳区登州街道``; one that several bear counts too."""
        return self._names_off(text) == ("", False)

    def unlisted(self, text: str) -> str:
        """What of a text names no unit: ``芝阳区登洲街道`` → ``登洲街道``; "" where all of it names units.

        A place inside a unit that has none below it is not looked for: nobody lists it.
        """
        rest, inside = self._names_off(text)
        return "" if inside else rest

    def _names_off(self, text: str) -> tuple[str, bool]:
        """What is left of a text after full names of units and of places above them all, and whether it lies inside a lowest unit."""
        if text.strip() in self._by_code:
            return "", False
        rest = _fold(text)
        while rest and not self._bears(rest):
            begun = (rest[:size] for size in range(len(rest) - 1, 1, -1))
            above = next((form for form in begun if form.endswith(_KINDS) and form in self._by_form), "")
            if above and any(not self.children(self._by_code[code]) for code in self._by_form[above]):
                return rest.removeprefix(above), True
            further = above or (found[0] if (found := _ABOVE_ALL.match(rest)) else "")
            if not further:
                return rest, False
            rest = rest.removeprefix(further)
        return "", False

    def _bears(self, folded: str) -> bool:
        """Whether some unit is called so; one whose name does not say what it is may have that behind it: ``张家庄`` → ``张家庄村``."""
        return bool(self._by_form.keys() & _forms(folded)) or stem(folded) in self._bare

    def around(self, unit: Unit) -> tuple[Unit, ...]:
        """The units above one, those beside it with itself, and all below it."""
        beside = tuple(self._below.get(unit.parent, ()))
        return (*self.ancestors(unit), *beside, *self._all_below(unit))

    def _all_below(self, unit: Unit) -> Iterator[Unit]:
        for one in self._below.get(unit.code, ()):
            yield one
            yield from self._all_below(one)

    def children(self, unit: Unit) -> tuple[Unit, ...]:
        """The units right below."""
        return tuple(self._below.get(unit.code, ()))

    def ancestors(self, unit: Unit) -> tuple[Unit, ...]:
        """The units above, the nearest first."""
        above: list[Unit] = []
        while unit.parent in self._by_code:
            unit = self._by_code[unit.parent]
            above.append(unit)
        return tuple(above)

    @property
    def lowest_level(self) -> str:
        """The level furthest from the top; "" without units."""
        return max(self._units, key=lambda unit: len(self.ancestors(unit)), default=Unit("", "", "")).level

    def reporting(self, level: str = "") -> tuple[Unit, ...]:
        """The units that file a report: those of a level, the lowest unless it is named."""
        wanted = level or self.lowest_level
        return tuple(unit for unit in self._units if unit.level == wanted)


def _unit(line: Mapping[str, str | None]) -> Unit:
    code, name, level, parent, aliases = ((line.get(column) or "").strip() for column in COLUMNS)
    return Unit(code, name, level, parent, tuple(filter(None, map(str.strip, aliases.split("|")))))


def _refuse(unit: Unit, *, path: str, line: int) -> None:
    empty = next((column for column in COLUMNS[:3] if not getattr(unit, column)), "")
    if empty:
        raise UsageError("units-value-missing", path=path, line=line, column=empty)


def _free(code: str, units: Mapping[str, Unit]) -> str:
    return next(free for n in range(2, len(units) + 3) if (free := f"{code}-{n}") not in units)


def _circular(unit: Unit, units: Mapping[str, Unit]) -> bool:
    seen = {unit.code}
    while unit.parent in units:
        unit = units[unit.parent]
        if unit.code in seen:
            return True
        seen.add(unit.code)
    return False


def _index(units: tuple[Unit, ...]) -> dict[str, frozenset[str]]:
    """Folded name → codes of the units that bear it: as their name, else as an alias, else as their name made short."""
    index: dict[str, frozenset[str]] = {}
    for bears in (lambda unit: _forms(unit.name), _names, lambda unit: {_short(unit)} - {""}, lambda unit: {_fold(unit.code)}):
        layer: dict[str, set[str]] = {}
        for unit in units:
            for form in bears(unit):
                layer.setdefault(form, set()).add(unit.code)
        index = {form: frozenset(codes) for form, codes in layer.items()} | index
    return index
