"""Given names: ``JOSÉ-María`` → ``Jose Maria``, ``誌鵬`` → ``志鹏``; short forms and initials count."""

from __future__ import annotations

from reportkit.elements.latin import fold
from reportkit.elements.name_parts import name_part
from reportkit.elements.shape import Linking, Part
from reportkit.elements.spoken import spoken

ELEMENT = name_part(
    "given-name",
    fold,
    Linking(
        usual=1e-2,
        agreement=(0.07, 0.01, 0.03, 0.03, 0.03, 0.06, 0.02, 0.01, 0.74),
        parts=(Part("sound", spoken(fold)),),
        swaps="surname",
    ),
)
