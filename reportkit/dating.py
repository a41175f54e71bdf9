"""For which period a file is, by its stamp, its folder, and what it says above its table; and which round that period belongs to."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath

from reportkit.periods import Period

_MONTH = re.compile(r"(20\d\d)\s*年\s*(1[0-2]|0?[1-9])\s*月(?:份)?(?!\s*\d{1,2}\s*日)")
_QUARTER = re.compile(r"(20\d\d)\s*年\s*(?:第)?\s*([一二三四1-4])\s*季度")
_YEAR = re.compile(r"(20\d\d)\s*年(?:度)?(?!\s*(?:第?\s*[一二三四1-4]\s*季|\d))")
_DAY = re.compile(r"(20\d\d)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})")
_FOLDER = re.compile(r"20\d\d(?:-Q[1-4]|-\d\d(?:-\d\d)?)?")
_FILING = re.compile(r"日期|时间|填表|报送|填报日")
#: A text of one of these speaks of a rule, not of the report.
_RULE = re.compile(r"文件|根据|依据|按照|通知|办法|标准|规定|要求|说明|以来|以前|以后|之前|之后|出生|[〔\[]20\d\d[〕\]]")
#: A title or a period line is no longer than that.
_LONGEST = 60


class Source(StrEnum):
    """What names a file's period."""

    STAMP = "stamp"
    FOLDER = "folder"
    TEXT = "text"
    NOBODY = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A file's period, "" where nothing names one; ``others``: periods that less trusted sources name and that don't go with it."""

    name: str
    by: Source
    others: tuple[str, ...] = ()


def said(stamp: str, file: str, texts: Iterable[str]) -> Said:
    """The period by stamp, folder, and the texts above the table, in that order of trust."""
    found = [(name, by) for name, by in _sources(stamp, file, texts) if name]
    if not found:
        return Said("", Source.NOBODY)
    name, by = found[0]
    return Said(name, by, tuple(dict.fromkeys(other for other, _ in found[1:] if not together(other, name))))


def _sources(stamp: str, file: str, texts: Iterable[str]) -> Iterator[tuple[str, Source]]:
    yield (stamp if _is_period(stamp) else ""), Source.STAMP
    for part in PurePosixPath(file).parts[:-1]:
        yield (part if _FOLDER.fullmatch(part) and _is_period(part) else ""), Source.FOLDER
    for text in texts:
        yield period_in(text), Source.TEXT


def _is_period(name: str) -> bool:
    try:
        Period.parse(name)
    except ValueError:
        return False
    return True


def period_in(text: str) -> str:
    """The period that a title or period line names: ``2026年11月报表`` → ``2026-11``; "" for a filing date, a rule, or none."""
    text = unicodedata.normalize("NFKC", text)
    if len(text) > _LONGEST or _FILING.search(text) or _RULE.search(text) or _DAY.search(text):
        return ""
    if month := _MONTH.search(text):
        return f"{month[1]}-{int(month[2]):02d}"
    if quarter := _QUARTER.search(text):
        return f"{quarter[1]}-Q{'一二三四1234'.index(quarter[2]) % 4 + 1}"
    return year[1] if (year := _YEAR.search(text)) else ""


def filing_day(text: str) -> date | None:
    """The day that a text such as 填报日期：2026年11月23日 names."""
    found = _DAY.search(unicodedata.normalize("NFKC", text))
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def together(one: str, other: str) -> bool:
    """Whether two periods belong to one round: one lies in the other, as a month does in its year; "" goes with every period."""
    if not one or not other:
        return True
    a, b = Period.parse(one), Period.parse(other)
    return (a.first >= b.first and a.last <= b.last) or (b.first >= a.first and b.last <= a.last)


def round_period(named: Sequence[str], wanted: str) -> str:
    """A round's period: the one asked for, else the latest of the kind (month, quarter …) that is named most; "" where none is."""
    if wanted or not any(named):
        return wanted
    kinds = Counter(_kind(name) for name in named if name)
    usual = max(kinds, key=lambda kind: (kinds[kind], kind))
    return max(Period.parse(name) for name in named if name and _kind(name) == usual).name


def _kind(name: str) -> tuple[int, bool]:
    return len(name), "Q" in name


def usual(named: Sequence[str]) -> str:
    """The period that most files name, the latest of equals; "" where none does."""
    counts = Counter(name for name in named if name)
    return max(counts, key=lambda name: (counts[name], Period.parse(name)), default="")
