"""``json``: one document, findings folded and one by one."""

from __future__ import annotations

from reportkit.formats.shape import Format, to_bytes
from reportkit.summary import Listing

_SCHEMA = "reportkit-findings"
#: Raised where a name or a meaning changes; names that are only added leave it.
_VERSION = 1


def _render(listing: Listing) -> bytes:
    """``schema``, ``schema_version``, ``as_of``, the numbers by severity, of rows that rules could not judge, and what ``--json`` calls ``folded`` and ``listed``."""
    head = {"schema": _SCHEMA, "schema_version": _VERSION, "as_of": listing.as_of, "findings": listing.counts()}
    return to_bytes(head | {"not_judged": dict(listing.unjudged)} | listing.to_json())


FORMAT = Format("json", f'{{\n "schema": "{_SCHEMA}"'.encode(), _render)
