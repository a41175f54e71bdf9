"""Comments on cells: the two parts that Excel wants for them, written by hand.

``attach`` gives comments to a sheet that has none; ``merge`` puts ours among those that a sheet has, each of them below a line that
begins with ``SIGN``, in the place of ours that it bears.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from reportkit.sheets import number
from reportkit.writers.cell_text import clean
from reportkit.writers.package import LINKS, MAIN, Node, Package, parse, q

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
#: What a comment of ours begins with, and what stands of ours in a comment of somebody's own.
SIGN = "【reportkit】"
#: A thread's place holder, which only the program that made it may write.
_THREAD = "tc="
#: A box's width and greatest height in points, and how many characters of half width stand in one of its lines.
_WIDE, _HIGHEST, _ACROSS = 240, 400, 46
_ONE_SHAPE = re.compile(rb"<v:shape\s.*?</v:shape>\s*", re.DOTALL)
_SHAPE_AT = re.compile(rb"<x:Row>(\d+)</x:Row>\s*<x:Column>(\d+)</x:Column>")
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")
_SPACES = {
    b"v": b"urn:schemas-microsoft-com:vml",
    b"o": b"urn:schemas-microsoft-com:office:office",
    b"x": b"urn:schemas-microsoft-com:office:excel",
}
_SHAPE = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;visibility:hidden;width:{wide}pt;height:{high:g}pt" fillcolor="#ffffe1">'
    '<v:textbox/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_NO_COMMENTS = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
_BOX_TYPE = '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>'
_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    f"{_BOX_TYPE}{{shapes}}</xml>"
)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment at a cell's address."""

    at: str
    text: str


def attach(package: Package, part: str, comments: Sequence[Comment]) -> bytes:
    """Add comments to a sheet; gives the element that the sheet's XML needs near its end, empty where there is nothing to add.

    A blank that has comments of its own keeps them and gets no others.
    """
    if not comments or package.related(part, "/comments") or package.related(part, "/vmlDrawing"):
        return b""
    listed = "".join(
        f'<comment ref="{one.at}" authorId="0"><text><r><rPr><sz val="9"/></rPr><t xml:space="preserve">{escape(clean(one.text), quote=False)}</t></r></text></comment>'
        for one in comments
    )
    body = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><comments xmlns="{MAIN}"><authors><author>reportkit</author></authors><commentList>{listed}</commentList></comments>'
    name = package.free("xl/comments{}.xml")
    package.add(name, body.encode(), _TYPE)
    shapes = "".join(_shape(at, one) for at, one in enumerate(comments))
    drawing = package.free("xl/drawings/vmlDrawing{}.vml")
    package.default_type("vml", _DRAWING)
    package.parts[drawing] = _VML.format(shapes=shapes).encode()
    package.relate(part, f"{LINKS}/comments", name)
    link = package.relate(part, f"{LINKS}/vmlDrawing", drawing)
    return f'<legacyDrawing xmlns:r="{LINKS}" r:id="{link}"/>'.encode()


def before_the_end(tail: bytes, element: bytes) -> bytes:
    """Put an element where the schema wants a drawing: behind all but a background, tables and extensions."""
    ends = [at for mark in (b"<picture", b"<tableParts", b"<extLst", b"</worksheet>") if (at := tail.find(mark)) >= 0]
    return tail[: min(ends)] + element + tail[min(ends) :]


def _shape(at: int, one: Comment) -> str:
    row, column = _place(one.at)
    return _SHAPE.format(id=1025 + at, row=row, column=column, wide=180, high=70)


# -- among a sheet's own comments ----------------------------------------------------------------------------


def merge(package: Package, part: str, comments: Sequence[Comment], drawing: str) -> str | None:
    """Put comments of ours among a sheet's own, in the place of any of ours that it has.

    A cell with a comment of its own gets ours below; one with a thread keeps the thread alone.

    Args:
        package: the workbook.
        part: the sheet's.
        comments: ours.
        drawing: the part that the sheet's ``legacyDrawing`` names; "" where it has none.

    Returns:
        The relationship that ``legacyDrawing`` has to name, "" where it needs none, None where it stays as it is.
    """
    known = package.related(part, "/comments")
    tree = package.tree(known[0]) if known else parse(_NO_COMMENTS)
    if not (_signed(tree) or comments):
        return None
    gone = _take_out(tree)
    new = _put_in(tree, comments)
    name = known[0] if known else _comments_part(package, part)
    if not len(tree.find(q("commentList"))):
        return _clear(package, part, name, drawing)
    package.put(name, tree)
    if drawing:
        package.parts[drawing] = _redrawn(package.parts[drawing], gone, new)
        return None
    return _draw(package, part, {str(node.get("ref")): _words(node) for node in tree.find(q("commentList"))})


def _comments_part(package: Package, part: str) -> str:
    name = package.free("xl/comments{}.xml")
    package.add(name, b"", _TYPE)
    package.relate(part, f"{LINKS}/comments", name)
    return name


def _draw(package: Package, part: str, new: Mapping[str, str]) -> str:
    drawing = package.free("xl/drawings/vmlDrawing{}.vml")
    package.default_type("vml", _DRAWING)
    package.parts[drawing] = _redrawn(_VML.format(shapes="").encode(), (), new)
    return package.relate(part, f"{LINKS}/vmlDrawing", drawing)


def _clear(package: Package, part: str, comments: str, drawing: str) -> str | None:
    """A sheet that had none but ours has none."""
    package.unrelate(part, comments)
    if not drawing:
        return None
    rest = _ONE_SHAPE.sub(lambda shape: b"" if b'"Note"' in shape[0] else shape[0], package.parts[drawing])
    package.parts[drawing] = rest
    if _ONE_SHAPE.search(rest):
        return None
    package.unrelate(part, drawing)
    return ""


def _words(node: Node) -> str:
    return "".join(one.text or "" for one in node.iter(q("t")))


def _signed(tree: Node) -> bool:
    if tree.find(q("commentList")) is None or tree.find(q("authors")) is None:
        raise ValueError("comments without a list")
    return any(SIGN in _words(node) for node in tree.iter(q("comment")))


def _take_out(tree: Node) -> list[str]:
    """Ours go, and what is ours of others; gives the cells that have none left."""
    holder = tree.find(q("commentList"))
    gone = []
    for node in [node for node in holder if SIGN in _words(node)]:
        if _cut(node):
            continue
        gone.append(str(node.get("ref")))
        holder.remove(node)
    return gone


def _cut(node: Node) -> bool:
    """Cut a comment before our line, through whatever runs an office program made of it; whether words are left."""
    words = _words(node)
    left = len(words[: words.index(SIGN)].removesuffix("\n"))
    for one in list(node.iter(q("t"))):
        text = one.text or ""
        one.text, left = text[:left], max(0, left - len(text))
        run = one.getparent()
        if not one.text and run.tag == q("r"):
            run.getparent().remove(run)
    return bool(_words(node).strip())


def _put_in(tree: Node, comments: Sequence[Comment]) -> dict[str, str]:
    """Ours among the others; gives the cells that had none, and their text."""
    holder = tree.find(q("commentList"))
    authors = [str(one.text or "") for one in tree.iter(q("author"))]
    own = {str(node.get("ref")): node for node in holder}
    new = {}
    for one in comments:
        known = own.get(one.at)
        if known is not None and "".join(authors[int(known.get("authorId", "0")) :][:1]).startswith(_THREAD):
            continue
        if known is None:
            known = holder.makeelement(q("comment"), {"ref": one.at, "authorId": str(_author(tree))})
            known.append(known.makeelement(q("text"), {}))
            holder.append(known)
            new[one.at] = one.text
            known.find(q("text")).append(_run(known, one.text))
        else:
            known.find(q("text")).append(_run(known, f"\n{one.text}"))
    return new


def _author(tree: Node) -> int:
    holder = tree.find(q("authors"))
    names = [one.text for one in holder]
    if "reportkit" not in names:
        made = holder.makeelement(q("author"), {})
        made.text = "reportkit"
        holder.append(made)
        return len(names)
    return names.index("reportkit")


def _run(node: Node, text: str) -> Node:
    run, look, words = (node.makeelement(q(tag), {}) for tag in ("r", "rPr", "t"))
    look.append(node.makeelement(q("sz"), {"val": "9"}))
    words.text = clean(text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.extend([look, words])
    return run


def _redrawn(vml: bytes, gone: Collection[str], new: Mapping[str, str]) -> bytes:
    """A drawing without the boxes of some cells and with boxes for others."""
    lost = {_place(at) for at in gone}

    def kept(shape: re.Match[bytes]) -> bytes:
        at = _SHAPE_AT.search(shape[0])
        return b"" if at and (int(at[1]), int(at[2])) in lost else shape[0]

    rest = _ONE_SHAPE.sub(kept, vml) if lost else vml
    end = rest.rfind(b"</xml>")
    if end < 0 or not new:
        return rest
    first = max([1024, *(int(one) for one in _SHAPE_ID.findall(rest))]) + 1
    boxes = "".join(_box(first + n, at, text) for n, (at, text) in enumerate(new.items()))
    return rest[:end] + _named(rest, boxes.encode()) + rest[end:]


def _box(number: int, at: str, text: str) -> str:
    """A box in which the whole text can be read."""
    row, column = _place(at)
    lines = sum(max(1, ceil(_wide(line) / _ACROSS)) for line in text.splitlines())
    return _SHAPE.format(id=number, row=row, column=column, wide=_WIDE, high=min(_HIGHEST, lines * 13 + 12))


def _wide(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _named(vml: bytes, boxes: bytes) -> bytes:
    """Boxes in a drawing that may not know our prefixes, nor the type of our boxes."""
    missing = b"".join(b' xmlns:%s="%s"' % (name, space) for name, space in _SPACES.items() if b"xmlns:" + name + b"=" not in vml)
    kind = b"" if b'id="_x0000_t202"' in vml else _BOX_TYPE.encode()
    return (
        (kind + boxes)
        .replace(b"<v:shape ", b"<v:shape" + missing + b" ")
        .replace(b"<v:shapetype ", b"<v:shapetype" + missing + b" ")
    )


def _place(at: str) -> tuple[int, int]:
    letters = at.rstrip("0123456789")
    return int(at[len(letters) :]) - 1, number(letters) - 1
