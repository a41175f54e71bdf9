"""The numbers of an address: which is the building's, which the room's; two that contradict each other are two places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reportkit.elements.numerals import whole

NUMERAL = re.compile(r"[〇零一二三四五六七八九十百]+(?=[号组队栋幢座楼单元室层门弄巷])")
_KINDS = ("lane", "group", "door", "building", "unit", "floor", "room")
_LANE, _GROUP, _DOOR, _BUILDING, _UNIT, _FLOOR, _ROOM = range(7)
_NUMBER = re.compile(r"(\d+|[A-Z](?=[座栋幢区单]))(号楼|栋|幢|座|#楼|#|单元|楼|层|室|房|户|组|队|弄|巷|号院|号)?", re.ASCII)
_BEHIND = {
    "号楼": _BUILDING, "栋": _BUILDING, "幢": _BUILDING, "座": _BUILDING, "#楼": _BUILDING, "#": _BUILDING, "单元": _UNIT, "楼": _FLOOR,
    "层": _FLOOR, "室": _ROOM, "房": _ROOM, "户": _ROOM, "组": _GROUP, "队": _GROUP, "弄": _LANE, "巷": _LANE, "号院": _DOOR, "号": _DOOR,
}  # fmt: skip
#: ``3-2-101``: building, unit, room; ``3-101``: building, room.
_CHAIN = re.compile(r"(?<!\d)(\d{1,3})-(?:(\d{1,2})-)?(\d{2,4})(?:室)?$", re.ASCII)


def figures(address: str) -> str:
    """Chinese numerals of houses in digits: ``三号楼`` → ``3号楼``."""
    return NUMERAL.sub(lambda match: str(whole(match[0]) or match[0]), address)


@lru_cache(maxsize=200_000)
def numbers(address: str) -> tuple[str, ...]:
    """The number of each kind, "" where it is not stated."""
    text = _CHAIN.sub(
        lambda match: f"{match[1]}号楼" + (f"{match[2]}单元" if match[2] else "") + f"{match[3]}室", figures(address).upper()
    )
    found = [""] * len(_KINDS)
    for number, kind in _NUMBER.findall(text):
        bare = _ROOM if found[_BUILDING] or found[_UNIT] else _DOOR
        at = _BEHIND[kind] if kind else bare
        found[at] = found[at] or number.lstrip("0") or "0"
    return tuple(found)


def table(addresses: Sequence[str]) -> NDArray[np.int64]:
    """Numbers of addresses as integers, a row an address and a column a kind; -1 where one is not stated."""
    codes: dict[str, int] = {"": -1}
    rows = [[codes.setdefault(number, len(codes)) for number in numbers(address)] for address in addresses]
    return np.array(rows, dtype=np.int64).reshape(len(addresses), len(_KINDS))
