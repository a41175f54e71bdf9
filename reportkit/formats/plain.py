"""``table``: findings for people to read: how many of what, then where, gravest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from os.path import commonpath
from pathlib import PurePosixPath

from reportkit.effects import DENIED
from reportkit.formats.shape import Format
from reportkit.messages import Language, brief, say, writable
from reportkit.severity import Severity
from reportkit.summary import FoldedLine, Listing

#: Fewer lines than this need no overview; so many units are named in it.
_FEW, _UNITS = 8, 3
_TITLE = "reportkit: "


@dataclass(frozen=True, slots=True)
class Item:
    """A line for people: how grave ("" for a heading), a number where it counts something, and words."""

    severity: str
    number: str
    text: str


def overview(listing: Listing) -> list[Item]:
    """A line a code, gravest and commonest first, with the units that have most of it; nothing where there are few lines."""
    if listing.frame is None or len(listing.folded) < _FEW:
        return []
    counted = listing.frame.group_by("severity", "code", "unit", maintain_order=True).len().iter_rows()
    units: dict[tuple[str, str], Counter[str]] = {}
    for severity, code, unit, number in counted:
        units.setdefault((severity, code), Counter())[unit] = number
    several = len({unit for one in units.values() for unit in one} - {""}) > 1
    grave = [severity.value for severity in Severity]
    order = sorted(units.items(), key=lambda one: (grave.index(one[0][0]), -one[1].total(), one[0][1]))
    return [
        Item(severity, str(count.total()), _kind(code, listing) + (_among(count, listing.language) if several else ""))
        for (severity, code), count in order
    ]


def _kind(code: str, listing: Listing) -> str:
    entry = listing.entries.get(code)
    words = brief(entry.message[listing.language], listing.language, entry.known) if entry else ""
    return f"{words} [{code}]".strip()


def _among(count: Counter[str], language: Language) -> str:
    """``：亭口镇 169、石良镇 40 等 9 个单位``."""
    known = [(unit, number) for unit, number in count.most_common() if unit]
    named = say("and", language).join(f"{unit} {number}" for unit, number in known[:_UNITS])
    key = "overview-units-more" if len(known) > _UNITS else "overview-units"
    return say(key, language, named=named, units=len(known)) if known else ""


def places(listing: Listing, limit: int = 0) -> list[Item]:
    """A heading for each run of lines about one file, and the folded lines below it; past ``limit`` lines how many more there are."""
    shown = listing.folded[: limit or None]
    root = _root([line.file for line in listing.folded])
    items = [Item("", "", say("places-folder", listing.language, folder=root))] if root else []
    for file, lines in groupby(shown, key=lambda line: line.file):
        items += [Item("", "", PurePosixPath(file).relative_to(root).as_posix() if root else file)] if file else []
        items += [Item(line.severity, "", _told(line, listing.language)) for line in lines]
    hidden = listing.folded[len(shown) :]
    if hidden:
        number = sum(line.count for line in hidden)
        items.append(Item("", "", say("places-more", listing.language, lines=len(hidden), number=number)))
    return items


def unjudged(listing: Listing) -> list[Item]:
    """How many rows no rule could judge, which is not passing; nothing where all were judged."""
    if not listing.unjudged:
        return []
    number = sum(listing.unjudged.values())
    codes = say("and", listing.language).join(listing.unjudged)
    return [Item("", "", say("places-unjudged", listing.language, number=f"{number:,}", codes=codes))]


def _root(files: Sequence[str]) -> str:
    """The folder that all files lie in; "" for one file, and where they share none."""
    folders = {str(PurePosixPath(file).parent) for file in files if file}
    if len(set(files) - {""}) < 2 or len({PurePosixPath(folder).is_absolute() for folder in folders}) > 1:
        return ""
    return commonpath(folders)


def _told(line: FoldedLine, language: Language) -> str:
    facts: Mapping[str, object] = {"message": line.message, "code": line.code, "number": f"{line.count:,}"}
    more = _more(line.examples, language) if line.count > 1 else ""
    words = say("places-alike" if line.count > 1 else "places-single", language, **facts, more=more)
    return f"{_place(line, language)}  {words}{_effect(line, language)}".strip()


def _place(line: FoldedLine, language: Language) -> str:
    """``Sheet1!E14–E198``, ``Sheet1 第 5 行``, ``Sheet1 E 列``; "" for a whole file."""
    span = line.first if line.first == line.last else f"{line.first}–{line.last}"
    if line.column and line.first != line.column:
        return f"{line.sheet}!{span}".lstrip("!")
    key = "place-column" if line.column else "place-row" if span else ""
    return f"{line.sheet} {say(key, language, at=span)}".strip() if key else line.sheet


def _more(examples: Sequence[str], language: Language) -> str:
    """Hidden numbers look alike and show nothing."""
    shown = say("and", language).join(say("quoted", language, text=text) for text in examples if "**" not in text)
    return say("places-examples", language, shown=shown) if shown else ""


def _effect(line: FoldedLine, language: Language) -> str:
    """What a message does not say itself: where it names both figures, only how much of the total they lie apart."""
    if not line.effect:
        return ""
    amount = f"{line.effect:,.2f}".removesuffix(".00")
    share = f"{line.share:.1%}" if line.share >= 0.001 else "<0.1%"
    key = "places-apart" if line.code in DENIED else "places-effect"
    return say(key, language, total=line.total, amount=amount, share=share)


def aligned(items: Sequence[Item], language: Language) -> list[str]:
    """Lines of plain text, nothing cut: severity, number, words; headings at the margin."""
    width = max((len(item.number) for item in items), default=0)
    return [_line(item, width, language) for item in items]


def _line(item: Item, width: int, language: Language) -> str:
    if not item.severity:
        return item.text
    number = f"{item.number:>{width}}  " if width else ""
    return f"  {say(f'severity-{item.severity}', language)}  {number}{item.text}"


def _render(listing: Listing) -> bytes:
    """Everything, however long it is."""
    parts = [aligned(part, listing.language) for part in (overview(listing), places(listing), unjudged(listing)) if part]
    lines = [_TITLE + say("listing-title", listing.language), *(line for part in parts for line in ("", *part))]
    return writable("\n".join(lines) + "\n").encode()


FORMAT = Format("table", _TITLE.encode(), _render)
