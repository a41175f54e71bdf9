"""``ess``: the European Statistical System's validation report as JSON, for who gathers reports of many tools.

van der Loo, ten Bosch: Design of a generic machine-readable validation report structure, version 1.0.1 of the schema. Every finding is a
confrontation that failed, ``0``; what a rule could not judge is ``NA``.
"""

from __future__ import annotations

from itertools import chain

from reportkit.formats.shape import Format, lines_to_bytes
from reportkit.messages import Entry, brief
from reportkit.severity import Severity
from reportkit.summary import FindingLine, Listing

_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "information"}
_ACTOR = "reportkit"
#: Rules of a template are SQL as polars runs it; what the program itself knows is named by its code.
_SQL, _OWN = "SQL", "reportkit"


def _render(listing: Listing) -> bytes:
    failed = (_failed(number, line, listing) for number, line in enumerate(listing.lines, 1))
    open_ = (_unjudged(code, rows, listing) for code, rows in sorted(listing.unjudged.items()))
    return lines_to_bytes(chain(failed, open_))


def _failed(number: int, line: FindingLine, listing: Listing) -> dict[str, object]:
    at = [[line.file, line.sheet, str(line.row or ""), line.field or line.column]]
    rule = _rule(line.code, Severity(line.severity), listing)
    return {
        "event": _event(listing),
        "id": str(number),
        "type": "validation",
        "rule": rule | {"description": line.message, "explanation": line.mend},
        "data": {"source": at, "target": at, "description": line.value},
        "value": "0",
    }


def _unjudged(code: str, rows: int, listing: Listing) -> dict[str, object]:
    entry: Entry | None = listing.entries.get(code)
    rule = _rule(code, entry.severity if entry else Severity.ERROR, listing)
    words = brief(entry.message[listing.language], listing.language, entry.known) if entry else code
    return {
        "event": _event(listing),
        "id": f"NA-{code}",
        "type": "validation",
        "rule": rule | {"description": words},
        "data": {"source": [], "target": [], "description": str(rows)},
        "value": "NA",
    }


def _event(listing: Listing) -> dict[str, object]:
    """Without a clock: the day that the run was given."""
    return {"actor": _ACTOR, "time": listing.as_of, "agent": "reportkit validate", "trigger": None}


def _rule(code: str, severity: Severity, listing: Listing) -> dict[str, str]:
    expression = listing.expressions.get(code)
    language = _OWN if expression is None else _SQL
    return {"language": language, "expression": expression or code, "severity": _SEVERITIES[severity]}


FORMAT = Format("ess", f'[\n{{"event": {{"actor": "{_ACTOR}"'.encode(), _render)
