"""Whose attribute a field asks for: the row's own thing, or somebody beside it."""

from __future__ import annotations

from reportkit.fields.headers import role, word
from reportkit.templates import Field

_OWN_NAMES = ("死者", "老人", "残疾人", "学生", "党员", "职工", "儿童", "对象", "居民", "本人", "成员")


def whose(field: Field) -> str:
    """Whose attribute a field is: a role of the lexicon, ``self`` where it says so, "" where it says nothing."""
    levels = tuple(field.name.split(">"))
    if any(own in word(level).name for level in levels for own in _OWN_NAMES):
        return "self"
    return role(levels)


def is_own_number(field: Field) -> bool:
    """Whether a field is a number by which an office calls a thing: 设备代码, 工单编号."""
    leaf = word(field.name.split(">")[-1]).name
    return field.element in ("text", "account") and leaf.endswith(("编号", "代码", "编码", "证号", "单号", "号"))
