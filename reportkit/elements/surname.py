"""Surnames: ``van der BERG`` → ``Vanderberg``, ``O'Brien`` → ``Obrien``, ``McDonald`` → ``Macdonald``, ``劉`` → ``刘``.

A prefix is one word with what follows it; one of two surnames (Smith, Smith-Jones) is a part.
"""

from __future__ import annotations

from reportkit.elements.latin import fold_surname
from reportkit.elements.name_parts import name_part
from reportkit.elements.shape import Linking, Part
from reportkit.elements.spoken import spoken

ELEMENT = name_part(
    "surname",
    fold_surname,
    Linking(
        usual=5e-3,
        agreement=(0.07, 0.01, 0.02, 0.01, 0.02, 0.06, 0.03, 0.02, 0.76),
        parts=(Part("sound", spoken(fold_surname)),),
    ),
)
