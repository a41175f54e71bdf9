"""What a number with a wrong check character may have been: the right ones that a single slip turns into it.

A slip misreads one character, exchanges two neighbours, leaves one out or types one twice. The check character leaves of each place
one character at most, so that there are some thirty candidates, and only what else a row tells makes one of them likely.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from reportkit.elements import credit_code, identity_number

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
_CHARACTERS = "0123456789X"
_INVERSE = {weight: pow(weight, -1, 11) for weight in set(_WEIGHTS)}
_SIZE = len(_WEIGHTS)
_CODE_WEIGHTS = (*(3**at % 31 for at in range(_SIZE - 1)), 1)
_PLACE = {character: at for at, character in enumerate(credit_code.ALPHABET)}
#: Letters that credit codes never have → what they are taken for.
_TAKEN_FOR = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}


@lru_cache(maxsize=65536)
def identity_numbers(text: str, until: date) -> tuple[str, ...]:
    """Valid identity numbers, born until a day, that one slip turns into ``text``; the text is none itself."""
    wrong = [at for at, character in enumerate(text) if _digit(character, at) is None]
    match len(text), len(wrong):
        case (18, 0):
            found = [*_misread(text, range(_SIZE)), *_exchanged(text)]
        case (18, 1):
            found = list(_misread(text, wrong))
        case (17, 0 | 1) if wrong in ([], [16]):
            found = list(_left_out(text))
        case (19, _):
            found = [text[:at] + text[at + 1 :] for at in range(19)]
        case _:
            found = []
    return tuple(one for one in dict.fromkeys(found) if one != text and _lives(one, until))


def _lives(number: str, until: date) -> bool:
    born = identity_number.birth_date(number)
    return born is not None and born <= until


def _digit(character: str, at: int) -> int | None:
    """What a character counts; X is one at the end alone."""
    value = _CHARACTERS.find(character)
    return value if 0 <= value < (11 if at == _SIZE - 1 else 10) else None


def _sum(text: str) -> int:
    """What the characters weigh; one that counts nothing weighs nothing."""
    return sum(weight * (_digit(character, at) or 0) for at, (weight, character) in enumerate(zip(_WEIGHTS, text, strict=True)))


def _solved(text: str, at: int) -> str:
    """The character for a place (whatever stands there) that makes the number valid; "" where there is none."""
    rest = _sum(text) - _WEIGHTS[at] * (_digit(text[at], at) or 0)
    value = (1 - rest) * _INVERSE[_WEIGHTS[at]] % 11
    return _CHARACTERS[value] if _digit(_CHARACTERS[value], at) is not None else ""


def _misread(text: str, places: Sequence[int]) -> Iterator[str]:
    for at in places:
        if character := _solved(text, at):
            yield text[:at] + character + text[at + 1 :]


def _exchanged(text: str) -> Iterator[str]:
    for at in range(_SIZE - 1):
        yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _left_out(text: str) -> Iterator[str]:
    """Seventeen characters with one more at each place."""
    for at in range(_SIZE):
        yield from _misread(text[:at] + "0" + text[at:], [at])


def credit_codes(text: str) -> tuple[str, ...]:
    """Valid credit codes that one misread character or two exchanged neighbours turn into ``text``.

    Letters that no code has come back as the digits that they look like; then there is nothing else to guess.
    """
    if len(text) != _SIZE:
        return ()
    read = "".join(_TAKEN_FOR.get(character, character) for character in text)
    if read != text:
        return (read,) if credit_code.is_valid(read) else ()
    if not set(text) <= _PLACE.keys() or credit_code.is_valid(text):
        return ()
    found = [*_other_characters(text), *_exchanged(text)]
    return tuple(one for one in dict.fromkeys(found) if one != text and credit_code.is_valid(one))


def _other_characters(text: str) -> Iterator[str]:
    """For each place the one character that makes the sum a multiple of 31."""
    total = sum(weight * _PLACE[character] for weight, character in zip(_CODE_WEIGHTS, text, strict=True))
    for at, weight in enumerate(_CODE_WEIGHTS):
        value = (_PLACE[text[at]] - total * pow(weight, -1, 31)) % 31
        yield text[:at] + credit_code.ALPHABET[value] + text[at + 1 :]
