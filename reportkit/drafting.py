"""A template's spec as text that a person reads and edits."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from reportkit.templates import Template

_ORDER = (
    "name",
    "title",
    "department",
    "workbook",
    "kind",
    "entity",
    "period",
    "due",
    "reporters",
    "inferred",
    "schema",
    "cells",
)
_TO_BE_ACCEPTED = """\
# 由空白表样推断，可直接使用；核对修改后删去 inferred 一行，此后不再由报送数据推断。
# Inferred from the blank, works as it is; delete the line inferred once you have accepted it, and the units' values no longer correct it.
"""
_SAFE = re.compile(r"\w[\w.()（）/%·>+*-]*")
_FLAT = frozenset({"fields", "cells"})


def dump_spec(template: Template) -> str:
    """A spec as a person reads it: a line a field, no defaults, Chinese as it is. ``load_spec`` gives the same template."""
    told = template.model_dump(mode="python", by_alias=True, exclude_defaults=True)
    told["period"] = template.period
    ordered = {key: told[key] for key in (*_ORDER, *told) if key in told}
    yaml = YAML(typ="rt")
    yaml.width = 100_000
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(CommentedMap({key: _block(key, value) for key, value in ordered.items()}), out)
    return (_TO_BE_ACCEPTED if template.inferred else "") + out.getvalue()


def _block(key: str, value: object) -> object:
    """The top of a spec in block style; what stands in a line of its own in flow style."""
    if isinstance(value, Mapping):
        return CommentedMap({name: _block(name, part) for name, part in value.items()})
    if isinstance(value, (list, tuple)):
        lines = CommentedSeq([_flow(part) for part in value])
        if key not in _FLAT and not any(isinstance(part, Mapping) for part in value):
            lines.fa.set_flow_style()
        return lines
    return _plain(value)


def _flow(value: object) -> object:
    if isinstance(value, Mapping):
        mapping = CommentedMap({name: _flow(part) for name, part in value.items()})
        mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, (list, tuple)):
        sequence = CommentedSeq([_flow(part) for part in value])
        sequence.fa.set_flow_style()
        return sequence
    return _plain(value)


def _plain(value: Any) -> object:  # noqa: ANN401 - whatever a rule holds
    """80.0 → 80; members of enumerations as their texts, in quotes where YAML might read signs of its own in them."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        return str(value) if _SAFE.fullmatch(value) else DoubleQuotedScalarString(value)
    return value
