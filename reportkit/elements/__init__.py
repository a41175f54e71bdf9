"""The kinds of values: each normalises, checks, compares and masks its own. This registry is only imports."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reportkit.elements import (
    account,
    address,
    amount,
    code_list,
    credit_code,
    dates,
    identity_number,
    integer,
    month,
    organisation_name,
    person_name,
    phone,
    texts,
    year,
)
from reportkit.elements.shape import Element

ELEMENTS: Mapping[str, Element] = MappingProxyType(
    {
        module.ELEMENT.name: module.ELEMENT
        for module in (
            identity_number,
            credit_code,
            person_name,
            organisation_name,
            phone,
            dates,
            month,
            year,
            address,
            amount,
            integer,
            code_list,
            account,
            texts,
        )
    }
)


def element(name: str) -> Element:
    """The element of that name.

    Raises:
        KeyError: there is none.
    """
    return ELEMENTS[name]
