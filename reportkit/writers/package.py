"""An xlsx file as a package of parts (OPC, ECMA-376 part 2): parts that nobody touches leave as they came, byte for byte."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

Node = Any
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_LEVEL = 4
#: Live or stale parts that no report carries: macros, and the order of calculation that new rows make wrong.
_DROPPED = ("/vbaProject", "/calcChain", "/vbaProjectSignature")


def q(tag: str) -> str:
    """A SpreadsheetML tag's full name."""
    return f"{{{MAIN}}}{tag}"


def parse(data: bytes) -> Node:
    """XML as a tree; no entity is expanded, nothing is fetched."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def serialise(tree: Node) -> bytes:
    """A tree as a part's bytes."""
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


def _unprefixed(root: Node) -> Node:
    """``<x:worksheet>`` as .NET's libraries write it → ``<worksheet>``."""
    spaces = {None if space == MAIN else prefix: space for prefix, space in root.nsmap.items()}
    new = etree.Element(root.tag, root.attrib, nsmap=spaces)
    new.extend(list(root))
    return new


def is_workbook(data: bytes) -> bool:
    """Whether these bytes are an xlsx or xlsm package that reports can be written into."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return "xl/workbook.xml" in file.namelist() and MAIN.encode() in file.read("xl/workbook.xml")
    except (zipfile.BadZipFile, OSError):
        return False


class Package:
    """The parts by name, in the order in which they will be written."""

    def __init__(self, data: bytes) -> None:
        """Unpack a workbook; macros and the calculation chain stay behind."""
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            self.parts = {info.filename: file.read(info) for info in file.infolist() if not info.is_dir()}
        for name in [name for name in self.parts if any(word in name for word in _DROPPED)]:
            self.drop(name)
        self._set_type("xl/workbook.xml", _WORKBOOK_TYPE)

    def tree(self, part: str) -> Node:
        """A part parsed anew; SpreadsheetML without a prefix, whatever the part has, so that rows can be written into it."""
        root = parse(self.parts[part])
        return _unprefixed(root) if root.prefix and root.nsmap[root.prefix] == MAIN else root

    def put(self, part: str, tree: Node) -> None:
        """Replace or add a part."""
        self.parts[part] = serialise(tree)

    def add(self, part: str, data: bytes, content_type: str) -> None:
        """A new part with its content type."""
        self.parts[part] = data
        self._set_type(part, content_type)

    def drop(self, part: str) -> None:
        """Remove a part, its content type and what points to it from the workbook."""
        del self.parts[part]
        types = self.tree("[Content_Types].xml")
        for node in types.findall(f"{{{_TYPES}}}Override"):
            if node.get("PartName") == f"/{part}":
                types.remove(node)
        self.put("[Content_Types].xml", types)
        relations = self._relations("xl/workbook.xml")
        for node in list(relations):
            if self._target("xl/workbook.xml", node) == part:
                relations.remove(node)
        self.put(_rels("xl/workbook.xml"), relations)

    def default_type(self, extension: str, content_type: str) -> None:
        """The content type of all parts of an extension."""
        types = self.tree("[Content_Types].xml")
        if not any(node.get("Extension", "").lower() == extension for node in types):
            node = etree.Element(f"{{{_TYPES}}}Default", Extension=extension, ContentType=content_type)
            types.insert(0, node)
            self.put("[Content_Types].xml", types)

    def relate(self, source: str, kind: str, target: str) -> str:
        """A new relationship from a part ("" for the package) to another; gives its id."""
        relations = self._relations(source)
        taken = {node.get("Id") for node in relations}
        name = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        start = posixpath.dirname(source) or "."
        etree.SubElement(relations, f"{{{_RELATIONS}}}Relationship", Id=name, Type=kind, Target=posixpath.relpath(target, start))
        self.put(_rels(source), relations)
        return name

    def related(self, source: str, kind: str) -> list[str]:
        """Parts that a part points to with a kind of relationship, told by the end of its name: ``/drawing``."""
        return [self._target(source, node) for node in self._relations(source) if node.get("Type", "").endswith(kind)]

    def linked(self, source: str, link: str) -> str:
        """The part that a relationship of a part leads to; "" where there is no such relationship or part."""
        found = (self._target(source, node) for node in self._relations(source) if node.get("Id") == link)
        return next((target for target in found if target in self.parts), "")

    def sheets(self) -> dict[str, str]:
        """Sheet names and their parts, in the workbook's order."""
        relations = {node.get("Id"): self._target("xl/workbook.xml", node) for node in self._relations("xl/workbook.xml")}
        found = self.tree("xl/workbook.xml").find(q("sheets"))
        return {node.get("name"): relations[node.get(f"{{{LINKS}}}id")] for node in found}

    def append_sheet(self, name: str, data: bytes) -> str:
        """A new last sheet; gives its part. A name that is taken gets a number."""
        part = self.free("xl/worksheets/sheet{}.xml")
        self.add(part, data, _SHEET_TYPE)
        link = self.relate("xl/workbook.xml", f"{LINKS}/worksheet", part)
        workbook = self.tree("xl/workbook.xml")
        sheets = workbook.find(q("sheets"))
        taken = {node.get("name").lower() for node in sheets}
        free = next(text for text in (name, *(f"{name}({n})" for n in range(2, 99))) if text.lower() not in taken)
        number = 1 + max(int(node.get("sheetId")) for node in sheets)
        etree.SubElement(sheets, q("sheet"), {"name": free, "sheetId": str(number), f"{{{LINKS}}}id": link})
        self.put("xl/workbook.xml", workbook)
        return part

    def insert_sheet(self, name: str, data: bytes) -> str:
        """A new first sheet, which is the one that opens; gives its part. A name that is taken gets a number."""
        part = self.append_sheet(name, data)
        workbook = self.tree("xl/workbook.xml")
        sheets = workbook.find(q("sheets"))
        sheets.insert(0, sheets[-1])
        _shift(workbook, 0, 1)
        for view in workbook.iter(q("workbookView")):
            view.set("activeTab", "0")
            view.attrib.pop("firstSheet", None)
        self.put("xl/workbook.xml", workbook)
        return part

    def remove_sheet(self, name: str) -> None:
        """Take out a sheet, its part and the names that are its own."""
        part = self.sheets()[name]
        workbook = self.tree("xl/workbook.xml")
        sheets = workbook.find(q("sheets"))
        at = [node.get("name") for node in sheets].index(name)
        sheets.remove(sheets[at])
        for node in [node for node in workbook.iter(q("definedName")) if node.get("localSheetId") == str(at)]:
            node.getparent().remove(node)
        _shift(workbook, at, -1)
        self.put("xl/workbook.xml", workbook)
        own = [self._target(part, node) for node in self._relations(part) if node.get("TargetMode") != "External"]
        self.parts.pop(_rels(part), None)
        for one in (part, *own):
            if one in self.parts and not self._is_target(one, part):
                self.drop(one)

    def name_range(self, name: str, sheet: int, text: str, *, hidden: bool = False) -> None:
        """A defined name that is a sheet's own, by the sheet's place from 0: ``_xlnm.Print_Titles``."""
        workbook = self.tree("xl/workbook.xml")
        names = workbook.find(q("definedNames"))
        if names is None:
            names = workbook.makeelement(q("definedNames"), {})
            before = [workbook.find(q(tag)) for tag in ("externalReferences", "functionGroups", "sheets")]
            next(node for node in before if node is not None).addnext(names)
        made = names.makeelement(
            q("definedName"), {"name": name, "localSheetId": str(sheet), **({"hidden": "1"} if hidden else {})}
        )
        made.text = text
        names.append(made)
        self.put("xl/workbook.xml", workbook)

    def unrelate(self, source: str, target: str) -> None:
        """Take out a part and what points to it from another."""
        relations = self._relations(source)
        for node in [node for node in relations if self._target(source, node) == target]:
            relations.remove(node)
        self.put(_rels(source), relations)
        self.drop(target)

    def free(self, pattern: str) -> str:
        """The first part name of a pattern that is not taken."""
        return next(name for name in (pattern.format(n) for n in range(1, len(self.parts) + 2)) if name not in self.parts)

    def write(self, path: Path, streams: Mapping[str, Iterable[bytes]] | None = None) -> None:
        """Zip the parts; those in ``streams`` are taken from there piece by piece. Same parts, same bytes."""
        streams = streams or {}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as file:
            for name in sorted(self.parts, key=lambda part: part != "[Content_Types].xml"):
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
                info._compresslevel = _LEVEL  # type: ignore[attr-defined]  # noqa: SLF001 - ``open`` has no other way to say it
                with file.open(info, "w", force_zip64=name in streams) as out:
                    for piece in streams.get(name, (self.parts[name],)):
                        out.write(piece)

    def _relations(self, source: str) -> Node:
        name = _rels(source)
        return (
            self.tree(name) if name in self.parts else etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
        )

    def _target(self, source: str, node: Node) -> str:
        target = str(node.get("Target"))
        return (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        )

    def _is_target(self, part: str, kept: str) -> bool:
        """Whether some part points to another, but for the workbook to one of its sheets."""
        if part == kept:
            return False
        folders = (posixpath.split(name) for name in self.parts if name.endswith(".rels"))
        sources = (posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels")) for folder, name in folders)
        return any(self._target(source, node) == part for source in sources for node in self._relations(source))

    def _set_type(self, part: str, content_type: str) -> None:
        types = self.tree("[Content_Types].xml")
        for node in types:
            if node.get("PartName") == f"/{part}":
                node.set("ContentType", content_type)
                break
        else:
            etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{part}", ContentType=content_type)
        self.put("[Content_Types].xml", types)


def _shift(workbook: Node, since: int, by: int) -> None:
    """Names that are a sheet's own follow it to its new place."""
    for node in workbook.iter(q("definedName")):
        own = node.get("localSheetId")
        if own is not None and int(own) >= since:
            node.set("localSheetId", str(int(own) + by))


def _rels(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")
