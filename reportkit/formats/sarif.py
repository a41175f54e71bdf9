"""``sarif``: Static Analysis Results Interchange Format 2.1.0 (OASIS, errata 01), for editors and code hosts.

A workbook has no lines, so a region's line is the row; the cell stands as a logical location ``Sheet!B7``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from reportkit.formats.shape import Format, lines_to_bytes, to_bytes
from reportkit.messages import Entry, Language, brief
from reportkit.summary import FindingLine, Listing

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#: What a finding says beside what the standard asks for.
_MORE = ("unit", "field", "value", "mend", "suggestion", "effect", "share", "total")
_TAGS = {Language.ZH: "zh-CN", Language.EN: "en"}


def _render(listing: Listing) -> bytes:
    """The results, of which there may be many, one a line; they come last."""
    codes = [] if listing.frame is None else listing.frame["code"].unique().sort().to_list()
    places = {code: at for at, code in enumerate(codes)}
    rules = [_rule(code, listing.entries.get(code), listing.language) for code in codes]
    run = {"tool": {"driver": {"name": "reportkit", "rules": rules}}, "language": _TAGS[listing.language], "results": []}
    frame = to_bytes({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})
    head, end = frame.rsplit(b"[]", 1)
    return head + lines_to_bytes(_result(line, places[line.code]) for line in listing.lines).rstrip() + end


def _rule(code: str, entry: Entry | None, language: Language) -> dict[str, object]:
    if entry is None:
        return {"id": code, "shortDescription": {"text": code}, "help": {"text": code}}
    words = {name: brief(said[language], language, entry.known) or code for name, said in _said(entry)}
    return {
        "id": code,
        "shortDescription": {"text": words["message"]},
        "fullDescription": {"text": words["reason"]},
        "help": {"text": words["mend"]},
        "defaultConfiguration": {"level": entry.severity.value},
        "properties": {"family": entry.family},
    }


def _said(entry: Entry) -> Sequence[tuple[str, dict[Language, str]]]:
    return (("message", entry.message), ("reason", entry.reason), ("mend", entry.mend))


def _result(line: FindingLine, rule: int) -> dict[str, object]:
    more = {name: value for name in _MORE if (value := getattr(line, name))}
    return {
        "ruleId": line.code,
        "ruleIndex": rule,
        "level": line.severity,
        "message": {"text": line.message},
        "locations": [_location(line)] if line.file else [],
        **({"properties": more} if more else {}),
    }


def _location(line: FindingLine) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(line.file)}}
    if line.row:
        physical["region"] = {"startLine": line.row}
    place = f"{line.sheet}!{line.cell}".strip("!")
    logical = {"logicalLocations": [{"fullyQualifiedName": place}]} if place else {}
    return {"physicalLocation": physical, **logical}


def _uri(file: str) -> str:
    """A path as a URI reference: ``报送/a b.xlsx`` → ``%E6%8A%A5%E9%80%81/a%20b.xlsx``; an absolute one begins with ``file:``."""
    path = quote(file.encode("utf-8", "surrogateescape"), safe="/")
    return f"file://{path}" if PurePosixPath(file).is_absolute() else path


FORMAT = Format(
    "sarif",
    f'{{\n "$schema": "{_SCHEMA}",\n "version": "2.1.0",\n "runs": [\n  {{\n   "tool": {{\n    "driver": {{\n     "name": "reportkit"'.encode(),
    _render,
)
