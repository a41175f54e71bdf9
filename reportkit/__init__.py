"""Merge the spreadsheets that townships send in: tables found, fields matched, records linked, one report a template.

How a file flows, one direction, each stage a function from one typed value to the next; only the two ends touch the disk::

    files ─▶ intake ─▶ readers ─▶ Sheet ─▶ tables ─▶ Table ─▶ submissions: whose, which form, which period
                                                                   │
                       consolidation, one form at a time:          ▼
                       fields (header → field) ─▶ records (raw beside canonical) ─▶ linkage ─▶ survivorship ─▶ golden records
                                                       │
                                                       └─▶ checks ─▶ findings
                                                                   │
    outbox ◀── writers ◀── compilation (the blank, filled) ◀── layout, evidence, sources

``rounds`` runs a workspace's round, ``oneshot`` a clerk's folder, ``linkfile`` any list; ``cli`` is one file a verb. Words that all stages speak stand in
``sheets``, ``templates``, ``findings``, ``units``, ``periods`` and ``elements``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportkit.linking import link

__all__ = ["link"]


def __getattr__(name: str) -> object:
    """``reportkit.link``, loaded when it is asked for: the command line's start must not pay for it."""
    if name == "link":
        return import_module("reportkit.linking").link
    raise AttributeError(f"module 'reportkit' has no attribute {name!r}")
