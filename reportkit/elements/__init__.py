"""The kinds of values: each normalises, checks, compares and masks its own. This registry is only names.

An element is loaded when it is first asked for: no list holds values of all kinds, and some of them know many words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from reportkit.elements.shape import Element

#: Element → the module that it stands in.
_MODULES: Mapping[str, str] = {
    "identity-number": "identity_number",
    "credit-code": "credit_code",
    "person-name": "person_name",
    "organisation-name": "organisation_name",
    "phone": "phone",
    "date": "dates",
    "month": "month",
    "year": "year",
    "address": "address",
    "amount": "amount",
    "integer": "integer",
    "code": "code_list",
    "account": "account",
    "text": "texts",
    "given-name": "given_name",
    "surname": "surname",
    "postcode": "postcode",
    "place": "place",
    "vehicle-plate": "vehicle_plate",
    "disability-certificate": "disability_certificate",
}


class _Elements(Mapping[str, Element]):
    """All elements by name."""

    def __getitem__(self, name: str) -> Element:
        return _loaded(_MODULES[name])

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


@cache
def _loaded(module: str) -> Element:
    found: Element = import_module(f"reportkit.elements.{module}").ELEMENT
    return found


ELEMENTS: Mapping[str, Element] = _Elements()

#: Other names by which an element may be called.
ALIASES: Mapping[str, str] = MappingProxyType({"organisation": "organisation-name", "organization": "organisation-name"})


def element(name: str) -> Element:
    """The element of that name or alias.

    Raises:
        KeyError: there is none.
    """
    return ELEMENTS[ALIASES.get(name, name)]
