"""What the texts on a blank say beside its header: title, who asks, how often, by when, what may be filled in, what has to be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from reportkit.fields.headers import fold
from reportkit.sheets import Line

_ATTACHMENT = re.compile(r"^附\s*[件表]?\s*\d*\s*[:：]?$|^表\s*[一二三四五六七八九十\d]+$")
_PREFIX = re.compile(
    r"^附\s*[件表录]\s*[-\d一二三四五六七八九十]*\s*[:：.、]?\s*(?=.{4})|^(?:annex|appendix|attachment)\s*\d*\s*[:.]\s*",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"单位|日期|盖章|表号|制表|审批|填报|时间[:：]|编号[:：]")
_DEPARTMENT = re.compile(r"(?:报送?(?:至|到|给)?|上报|交)\s*([^,，。;；:：\d]{0,8}?(?:局|委|办|部|厅|大队|联合会|残联|中心))")
_DUE = re.compile(
    r"每月\s*(\d{1,2})\s*[日号]|[次下]月\s*(\d{1,2})\s*[日号]|(\d{1,2})\s*[日号]\s*(?:之?前|以前)\s*(?:报|上报)"
    r"|(?:季度?|月|年度?|半年)(?:终了|结束|末|度)?后的?\s*(\d{1,2})\s*[日天个]|[次下](?:季度?|年)\s*(?:首月|1月|一月)?\s*(\d{1,2})\s*[日号]"
)
#: How often a form is filed; the first that fits counts: 月报 is monthly also where it names a year.
_PERIODS = (
    ("monthly", re.compile(r"(?<!\d)月报|每月|按月|当月|月度|monthly|(?:\d{4}|\s)年\s*\d{0,2}\s*月(?!\s*\d{0,2}\s*日)")),
    ("quarterly", re.compile(r"季报|季度|每季|按季|半年|quarter")),
    ("yearly", re.compile(r"年报|年度|每年|按年|全年|annual|yearly")),
)
_CIRCLED = re.compile(r"[①-⑳]\s*([^①-⑳]+)")
_NUMBERED = re.compile(
    r"(?:^|(?<=[^\d.]))(?:[A-Z]|\d{1,2})[.、．:：)）]\s*([^\dA-Z.、．:：][^.．:：\d]*?)(?=[;；,，、\s]*(?:[A-Z]|\d{1,2})[.、．:：)）]|$)"
)
_BRACKET = re.compile(r"[(（\[【](.+?)[)）\]】]")
_STROKES = re.compile(r"[/／|、]")
#: A stroke between two of these, or under a header that asks for a kind, offers a choice; else it joins: (村/社区), (元/月).
_YES = re.compile(r"是|有|男|已.+|.*合格|.*满意|.*一致|同意|符合|达标|正常|在.+")
_NO = re.compile(r"[否无女]|[不未非没异].*")
_KIND = re.compile(r"类别|类型|种类|性质|情况|状况|状态|等级|级别|方式|原因|结果|性别|去向|是否|有无|意见|结论")
_SAYS = r"[”\"」》]?(?:一?[栏列项])?\s*(?:[:：]|请?(?:选?填写?|选择)(?:为|入)?\s*[:：]?|分(?:为|成)?\s*[:：]?|包括\s*[:：]?)\s*[“\"「]?"
_OPEN = re.compile(r"(?:等+|…+|\.{3,}|等等)$")
_REQUIRED = re.compile(r"([^,，。;；\n]*?)(?:均|都|全部|皆)?(?:为|是)?必[填须](?:填写)?项?")
_LISTED = re.compile(r"[、和及与,，“”\"「」\s]+")
_EXCEPT = re.compile(r"除(.+?)(?:以?外|之外)")
_MOST, _LONGEST = 24, 16


def title_of(above: Sequence[Line]) -> str:
    """The longest text above the header that is neither an attachment mark nor a caption, without ``附件2：`` in front."""
    texts = [_PREFIX.sub("", line.text.strip()) for line in above]
    titles = [text for text in texts if not _ATTACHMENT.match(text) and not _CAPTION.search(text) and 3 < len(text) < 60]
    return _spaced(max(titles, key=len, default=""))


def _spaced(text: str) -> str:
    """No white space beside a Chinese character; between other words one space."""
    text = re.sub(r"\s+", " ", text.strip())
    return re.sub(r"(?<=[^\x00-\u2e7f]) | (?=[^\x00-\u2e7f])", "", text)


def department_in(notes: str) -> str:
    """Who a form is filed with: ``报区民政局`` → ``民政局``."""
    found = _DEPARTMENT.search(notes)
    return re.sub(r"^[^区县市]{0,4}[区县市](?=.{2,})", "", found[1].strip()) if found else ""


def due_in(notes: str) -> int | None:
    """The day by which a form is due: ``每季度后15日内`` → 15."""
    found = _DUE.search(notes)
    day = int(next(part for part in found.groups() if part)) if found else 0
    return day if 1 <= day <= 31 else None


def period_in(title: str, captions: Sequence[str]) -> str:
    """How often a form is filed, by its title, else by a caption that says so; ``monthly`` where nothing does."""
    for text in (title, "\n".join(captions)):
        for period, pattern in _PERIODS:
            if pattern.search(text.casefold()):
                return period
    return "monthly"


# -- what may be filled in ----------------------------------------------------------------------------------


def options_in(level: str) -> tuple[str, ...]:
    """The choices that a header offers: ``是否独居（是/否）`` → 是, 否; ``①务工②经商③其他``."""
    for inside in [*_BRACKET.findall(level), level]:
        for pattern in (_CIRCLED, _NUMBERED):
            if found := _choices(pattern.findall(inside)):
                return found
    for inside in _BRACKET.findall(level):
        found = _choices(_STROKES.split(inside))
        if found and (_KIND.search(_BRACKET.sub("", level)) or _opposite(found)):
            return found
    return ()


def _opposite(values: Sequence[str]) -> bool:
    return any(_YES.fullmatch(value) for value in values) and any(_NO.fullmatch(value) for value in values)


def _choices(parts: Sequence[str]) -> tuple[str, ...]:
    """Two values and more, all short and different; none where the list goes on (等)."""
    values = [unicodedata.normalize("NFKC", part).strip(' 、,;。.:"“”') for part in parts]
    closed = not any(_OPEN.search(value) for value in values)
    proper = all(0 < len(value) <= _LONGEST and not value.replace(".", "").isdigit() for value in values)
    return tuple(values) if 2 <= len(values) <= _MOST and len(set(values)) == len(values) and proper and closed else ()


def options_for(name: str, notes: str) -> tuple[str, ...]:
    """The choices that a note gives for a column: ``困境类型填：孤儿、事实无人抚养儿童``; without white space."""
    leaf = _BRACKET.sub("", name.rsplit(">", maxsplit=1)[-1])
    found = re.search(rf"(?<![\u4e00-\u9fff]){re.escape(leaf)}{_SAYS}([^。;；\n”\"」]+)", notes) if len(leaf) > 1 else None
    if not found:
        return ()
    return _choices(_CIRCLED.findall(found[1])) or _choices(_NUMBERED.findall(found[1])) or _choices(_STROKES.split(found[1]))


# -- what has to be filled in -------------------------------------------------------------------------------


def required_in(notes: str, names: Sequence[str]) -> frozenset[str]:
    """The columns that a note says have to be filled in: ``“监护人信息>电话”必填``, ``除备注外均为必填项``."""
    found: set[str] = set()
    for said in _REQUIRED.findall(notes):
        if re.search(r"[非不无]$|[*＊★带标红]", said):
            continue
        spared = _EXCEPT.search(said)
        meant = {fold(part) for part in _LISTED.split(spared[1] if spared else said) if part}
        named = {name for name in names if meant & {fold(name), fold(name.replace(">", "")), fold(name.split(">")[-1])}}
        found |= set(names) - named if spared else named
    return frozenset(found)
