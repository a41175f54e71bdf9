"""Comments on cells: the two parts that Excel wants for them, written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from reportkit.sheets import number
from reportkit.writers.cell_text import clean
from reportkit.writers.package import LINKS, MAIN, Package

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SHAPE = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;visibility:hidden;width:180pt;height:70pt" fillcolor="#ffffe1">'
    '<v:textbox/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>{shapes}</xml>'
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
    letters = one.at.rstrip("0123456789")
    return _SHAPE.format(id=1025 + at, row=int(one.at[len(letters) :]) - 1, column=number(letters) - 1)
