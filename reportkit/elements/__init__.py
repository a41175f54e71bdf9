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
    disability_certificate,
    given_name,
    identity_number,
    integer,
    month,
    organisation_name,
    person_name,
    phone,
    place,
    postcode,
    surname,
    texts,
    vehicle_plate,
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
            given_name,
            surname,
            postcode,
            place,
            vehicle_plate,
            disability_certificate,
        )
    }
)

#: Other names by which an element may be called.
ALIASES: Mapping[str, str] = MappingProxyType({"organisation": "organisation-name", "organization": "organisation-name"})


def element(name: str) -> Element:
    """The element of that name or alias.

    Raises:
        KeyError: there is none.
    """
    return ELEMENTS[ALIASES.get(name, name)]
