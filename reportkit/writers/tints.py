"""Cell formats of marked copies: a cell's own format with another fill, and the way back to its own."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from lxml import etree

from reportkit.severity import Severity
from reportkit.writers.package import MAIN, Node, Package, q
from reportkit.writers.styles import Styles

#: Near Excel's own colours of bad, neutral and calculated cells, yet nobody's: by them marks are found again.
COLOURS = {Severity.ERROR: "FFFFC7CD", Severity.WARNING: "FFFFEB9D", Severity.NOTE: "FFDDEBF5"}
#: A solid fill's background is never seen: a marked cell's keeps its former colour there. LibreOffice puts another there when it saves,
#: but never one with this alpha; other programs keep the colour and mend the alpha.
_OURS = "FE"
_CARELESS = b"<Application>LibreOffice"
_NO_COLOUR = "64"


@dataclass(frozen=True, slots=True)
class Look:
    """A format of the list's own."""

    size: float = 10
    bold: bool = False
    underline: bool = False
    colour: str = "FF000000"
    fill: str = ""
    border: bool = False
    centred: bool = False
    top: bool = False


class Tints(Styles):
    """The workbook's formats; equal ones are made once, so that marking twice makes none anew."""

    def __init__(self, package: Package) -> None:
        """As its parent; the formats that it has are known by what they are.

        Raises:
            ValueError: styles without what every workbook's have.
        """
        super().__init__(package)
        if any(self._tree.find(q(family)) is None for family in ("fonts", "fills", "borders", "cellXfs")):
            raise ValueError("styles without a family")
        self._kept = _CARELESS not in package.parts.get("docProps/app.xml", b"")
        self._families: dict[str, dict[bytes, int]] = {}
        self._tinted: dict[tuple[int, Severity], int] = {}
        self._plain: dict[int, int] = {}
        self._looks: dict[Look, int] = {}
        #: The formats, of those that the workbook came with, that are in a colour of ours.
        self.tints = self._found_tints()

    def tint(self, base: int, severity: Severity) -> int:
        """The format that is ``base`` in a severity's colour."""
        if (base, severity) not in self._tinted:
            new = copy.deepcopy(self._formats[min(base, len(self._formats) - 1)])
            former = self._tree.find(q("fills"))[int(new.get("fillId", "0"))]
            new.set("fillId", str(self._known("fills", _tinted_fill(COLOURS[severity], former))))
            new.set("applyFill", "1")
            self._tinted[base, severity] = self._known("cellXfs", new)
        return self._tinted[base, severity]

    def _found_tints(self) -> frozenset[int]:
        fills = {at for at, fill in enumerate(self._tree.find(q("fills"))) if _colour(fill) in COLOURS.values()}
        return frozenset(at for at, one in enumerate(self._formats) if int(one.get("fillId", "0")) in fills)

    def plain(self, tinted: int) -> int:
        """The format that a marked cell had before, as far as its fill tells."""
        if tinted not in self._plain:
            own = self._formats[tinted]
            marked = self._tree.find(q("fills"))[int(own.get("fillId"))]
            fill = str(self._known("fills", _former_fill(marked, kept=self._kept)))
            alike = (at for at, one in enumerate(self._formats) if one.get("fillId", "0") == fill and _same(one, own))
            found = next(alike, None)
            if found is None:
                new = copy.deepcopy(own)
                new.set("fillId", fill)
                found = self._known("cellXfs", new)
            self._plain[tinted] = found
        return self._plain[tinted]

    def look(self, look: Look) -> int:
        """The number of a format of the list's own."""
        if look not in self._looks:
            self._looks[look] = self._made_look(look)
        return self._looks[look]

    def _made_look(self, look: Look) -> int:
        font = self._known("fonts", _font(look))
        fill = self._known("fills", _solid(look.fill)) if look.fill else 0
        border = self._known("borders", _edges(look))
        told = {"numFmtId": "49", "fontId": str(font), "fillId": str(fill), "borderId": str(border), "xfId": "0"}
        new = etree.Element(q("xf"), told, nsmap={None: MAIN})
        new.attrib.update(dict.fromkeys(("applyNumberFormat", "applyFont", "applyFill", "applyBorder", "applyAlignment"), "1"))
        across = {"horizontal": "center"} if look.centred else {"horizontal": "left"}
        etree.SubElement(new, q("alignment"), {**across, "vertical": "top" if look.top else "center", "wrapText": "1"})
        return self._known("cellXfs", new)

    def _known(self, family: str, node: Node) -> int:
        """The number of an element that is equal, or of this one as the last of its family."""
        holder = self._tree.find(q(family))
        if family not in self._families:
            texts = [etree.tostring(one, method="c14n", exclusive=True, with_tail=False) for one in holder]
            self._families[family] = {text: at for at, text in reversed(list(enumerate(texts)))}
        known = self._families[family]
        holder.append(node)
        text = etree.tostring(node, method="c14n", exclusive=True, with_tail=False)
        if text in known:
            holder.remove(node)
        else:
            known[text] = len(holder) - 1
            holder.set("count", str(len(holder)))
        return known[text]


def _tinted_fill(colour: str, former: Node) -> Node:
    fill = _solid(colour)
    own = former.find(f"{q('patternFill')}[@patternType='solid']/{q('fgColor')}")
    if own is not None:
        told = dict(own.attrib)
        if "rgb" in told:
            told["rgb"] = _OURS + told["rgb"][-6:]
        back = fill[0][1]
        back.attrib.clear()
        back.attrib.update(told)
    return fill


def _former_fill(fill: Node, *, kept: bool) -> Node:
    """The fill that a marked one has in its background; none where there is none, or none of ours."""
    told = dict(fill[0][1].attrib) if len(fill[0]) > 1 else {}
    ours = told.get("rgb", "").startswith(_OURS) or "theme" in told or told.get("indexed", _NO_COLOUR) != _NO_COLOUR
    new = etree.Element(q("fill"), nsmap={None: MAIN})
    if not (ours or (kept and "rgb" in told)):
        etree.SubElement(new, q("patternFill"), patternType="none")
        return new
    if "rgb" in told:
        told["rgb"] = f"FF{told['rgb'][2:]}"
    pattern = etree.SubElement(new, q("patternFill"), patternType="solid")
    etree.SubElement(pattern, q("fgColor"), told)
    etree.SubElement(pattern, q("bgColor"), indexed=_NO_COLOUR)
    return new


def _solid(colour: str) -> Node:
    fill = etree.Element(q("fill"), nsmap={None: MAIN})
    pattern = etree.SubElement(fill, q("patternFill"), patternType="solid")
    etree.SubElement(pattern, q("fgColor"), rgb=colour)
    etree.SubElement(pattern, q("bgColor"), indexed=_NO_COLOUR)
    return fill


def _colour(fill: Node) -> str:
    own = fill.find(f"{q('patternFill')}[@patternType='solid']/{q('fgColor')}")
    return str(own.get("rgb", "")) if own is not None else ""


def _same(one: Node, other: Node) -> bool:
    """Whether two formats differ in nothing but their fill."""
    left, right = (
        {name: value for name, value in node.attrib.items() if name not in {"fillId", "applyFill"}} for node in (one, other)
    )
    children = [
        [etree.tostring(child, method="c14n", exclusive=True, with_tail=False) for child in node] for node in (one, other)
    ]
    return left == right and children[0] == children[1]


def _font(look: Look) -> Node:
    font = etree.Element(q("font"), nsmap={None: MAIN})
    if look.bold:
        etree.SubElement(font, q("b"))
    if look.underline:
        etree.SubElement(font, q("u"))
    etree.SubElement(font, q("sz"), val=f"{look.size:g}")
    etree.SubElement(font, q("color"), rgb=look.colour)
    etree.SubElement(font, q("name"), val="宋体")
    etree.SubElement(font, q("charset"), val="134")
    return font


def _edges(look: Look) -> Node:
    border = etree.Element(q("border"), nsmap={None: MAIN})
    for side in ("left", "right", "top", "bottom"):
        edge = etree.SubElement(border, q(side))
        if look.border:
            edge.set("style", "thin")
            etree.SubElement(edge, q("color"), rgb="FFBFBFBF")
    etree.SubElement(border, q("diagonal"))
    return border
