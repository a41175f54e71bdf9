"""What a column of a submission was taken for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """What a column was taken for; ``field`` "" where it maps to none, and then ``candidates`` are the closest.

    ``how``: exact, alias, fuzzy, values, decided; ``number`` for the running number.
    """

    column: str
    header: str
    field: str
    score: float
    how: str
    candidates: tuple[tuple[str, float], ...] = ()
