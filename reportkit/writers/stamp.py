"""The mark that the program leaves in workbooks of its own: custom document properties whose names start with ``reportkit.``."""

from __future__ import annotations

import zipfile
from io import BytesIO

from lxml import etree

from reportkit.writers.package import Package, parse

PREFIX = "reportkit."
PART = "docProps/custom.xml"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def stamp_in(data: bytes) -> dict[str, str]:
    """The stamp of a workbook's bytes; empty where it bears none or is no .xlsx."""
    if not data.startswith(b"PK"):
        return {}
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            if PART not in package.namelist() or package.getinfo(PART).file_size > 1 << 20:
                return {}
            root = etree.fromstring(package.read(PART), etree.XMLParser(resolve_entities=False, no_network=True))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, OSError):
        return {}
    named = {str(one.get("name")): "".join(one.itertext()) for one in root.iter(f"{{{_TYPES}}}property")}
    return {name: text for name, text in named.items() if name.startswith(PREFIX)}


def stamp_part(stamp: dict[str, str]) -> bytes:
    """The part that holds a stamp."""
    root = etree.Element(f"{{{_TYPES}}}Properties", nsmap={None: _TYPES, "vt": _VALUES})
    for at, (name, text) in enumerate(sorted(stamp.items()), 2):
        one = etree.SubElement(root, f"{{{_TYPES}}}property", fmtid=_FORMAT, pid=str(at), name=name)
        etree.SubElement(one, f"{{{_VALUES}}}lpwstr").text = text
    out: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return out


def add_stamp(package: Package, stamp: dict[str, str]) -> None:
    """Put a stamp into a package, in the place of any that it bears."""
    if not stamp:
        return
    known = PART in package.parts
    package.add(PART, stamp_part(stamp), "application/vnd.openxmlformats-officedocument.custom-properties+xml")
    if not known:
        package.relate("", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties", PART)


def merge_stamp(package: Package, stamp: dict[str, str]) -> None:
    """Put properties beside those that a package has, in the place of those of the same name."""
    if PART not in package.parts:
        add_stamp(package, stamp)
        return
    root = package.tree(PART)
    for one in [one for one in root if one.get("name") in stamp]:
        root.remove(one)
    taken = [int(one.get("pid")) for one in root]
    fresh = parse(stamp_part(stamp))
    for at, one in enumerate(list(fresh), max([1, *taken]) + 1):
        one.set("pid", str(at))
        root.append(one)
    package.put(PART, root)
