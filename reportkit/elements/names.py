"""How names of persons compare, in Chinese characters, in letters, and one against the other.

Chinese names: how they sound, which characters look alike, which one is missing. Names in letters: slips, sounds, short forms,
initials, words left out; the order of the words of a whole name says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reportkit.elements.latin import fold, full, keys
from reportkit.elements.lookalikes import alike
from reportkit.elements.pairing import Flags, Pairing
from reportkit.elements.shape import Levels
from reportkit.elements.sounds import broadly, is_han, sounds, syllables
from reportkit.elements.tokens import within

LEVELS = ("differ", "distant", "initial", "part", "near", "sounds", "homophone", "same")
_DIFFER, _DISTANT, _INITIAL, _PART, _NEAR, _SOUNDS, _HOMOPHONE, _SAME = range(8)
#: Characters of a Chinese name that are looked at one by one; longer names are compared as a whole.
_CHARACTERS = 4


@dataclass(frozen=True, slots=True)
class Manner:
    """What kind of name it is.

    Attributes:
        fold: how letters are written for comparing.
        whole: surname and given name together: initials and parts count beside a word that agrees, the first Chinese character is the
            surname.
    """

    fold: Callable[[str], str]
    whole: bool = False


def compare(left: Sequence[str], right: Sequence[str], manner: Manner) -> Levels:
    """Levels of names."""
    pairs = Pairing.of(left, right)
    levels: Levels = np.where(pairs.equal, _SAME, _DIFFER).astype(np.uint8)
    one, other = pairs.told(_chinese)
    for rows, grade in ((one & other, _han), (~one & ~other, _letters), (one != other, _mixed)):
        places = np.flatnonzero(rows & (levels == _DIFFER))
        if places.size:
            levels[places] = grade(pairs.only(places), manner)
    return levels


def _chinese(name: str) -> bool:
    return not name.isascii() and any(map(is_han, name))


def _best(size: int, *grades: tuple[int, Flags]) -> Levels:
    """The highest level whose flag holds; grades from the lowest on."""
    levels = np.zeros(size, dtype=np.uint8)
    for level, flags in grades:
        levels[flags] = level
    return levels


# -- letters -------------------------------------------------------------------------------------------------


def _letters(pairs: Pairing, manner: Manner) -> Levels:
    written = pairs.by(manner.fold)
    asked = ~written.equal
    heard = written.through(keys(pl.Series(written.words, dtype=pl.String)))
    telling = np.minimum(heard.lengths[heard.left], heard.lengths[heard.right]) >= 2
    sounding = heard.equal & telling & (written.winkler(0.7, asked & heard.equal) > 0)
    likeness = written.winkler(0.85, asked)
    near = _slipped(written, asked) | ((likeness >= 0.93) & (written.shorter >= 4)) | written.by(full).equal
    if manner.whole:
        near |= _slipped(pairs.by(fold), asked)
    initial, part = within(written, int(manner.whole))
    return _best(
        len(pairs),
        (_DISTANT, likeness > 0),
        (_INITIAL, initial),
        (_PART, part),
        (_NEAR, near),
        (_SOUNDS, sounding),
        (_SAME, written.equal),
    )


def _slipped(written: Pairing, asked: Flags) -> Flags:
    """One slip in four letters or more, two in eight or more."""
    apart = written.edits(2, asked)
    return np.asarray(((apart == 1) & (written.shorter >= 4)) | ((apart == 2) & (written.shorter >= 8)), dtype=np.bool_)


# -- Chinese characters --------------------------------------------------------------------------------------


def _han(pairs: Pairing, manner: Manner) -> Levels:
    one, other = (_characters(pairs.words)[side] for side in (pairs.left, pairs.right))
    sizes = pairs.lengths[pairs.left], pairs.lengths[pairs.right]
    short = (np.maximum(*sizes) <= _CHARACTERS) & (pairs.shorter > 0)
    differs = one != other
    single = short & (sizes[0] == sizes[1]) & (differs.sum(axis=1) == 1)
    at = differs.argmax(axis=1)[:, None]
    looks = single & alike(np.take_along_axis(one, at, 1)[:, 0], np.take_along_axis(other, at, 1)[:, 0])
    apart = pairs.edits(2, pairs.shorter > _CHARACTERS)
    lacking = short & (np.abs(sizes[0] - sizes[1]) == 1) & (pairs.shorter >= 1 + manner.whole) & _lacking(one, other)
    _, part = within(pairs.by(lambda name: name.replace("·", " ")), 0)
    stays = (one[:, 0] == other[:, 0]) & (sizes[0] >= 3) if manner.whole else sizes[0] >= 2
    return _best(
        len(pairs),
        (_DISTANT, (single & stays) | (apart == 2)),
        (_PART, lacking | part),
        (_NEAR, looks | (short & _swapped(one, other, differs) & (sizes[0] >= 2 + manner.whole)) | (apart == 1)),
        (_SOUNDS, pairs.by(sounds).equal | pairs.by(broadly).equal),
        (_HOMOPHONE, pairs.by(_spoken).equal),
    )


def _characters(names: Sequence[str]) -> NDArray[np.int64]:
    """Code points of each name's first characters, zeros behind its end."""
    padded = "".join(name[:_CHARACTERS].ljust(_CHARACTERS, "\0") for name in names)
    points = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return points.reshape(len(names), _CHARACTERS).astype(np.int64)


def _lacking(one: NDArray[np.int64], other: NDArray[np.int64]) -> Flags:
    """Whether one name is the other without one of its characters."""
    found = np.zeros(len(one), dtype=np.bool_)
    for long, short in ((one, other), (other, one)):
        for at in range(_CHARACTERS):
            rest = np.delete(long, at, axis=1)
            found |= (rest == short[:, :-1]).all(axis=1) & (short[:, -1] == 0)
    return found


def _swapped(one: NDArray[np.int64], other: NDArray[np.int64], differs: Flags) -> Flags:
    """Whether two neighbours are exchanged and nothing else."""
    crossed = (one[:, :-1] == other[:, 1:]) & (one[:, 1:] == other[:, :-1])
    return np.asarray((differs.sum(axis=1) == 2) & (crossed & differs[:, :-1] & differs[:, 1:]).any(axis=1), dtype=np.bool_)


def _spoken(name: str) -> str:
    return " ".join(syllables(name))


# -- characters against letters ------------------------------------------------------------------------------


def _mixed(pairs: Pairing, _manner: Manner) -> Levels:
    """``王小明`` and ``Wang Xiaoming`` or ``Xiaoming Wang``."""
    found = pairs.by(_spelt).equal | pairs.by(lambda name: _spelt(name, turned=True)).equal
    return _best(len(pairs), (_HOMOPHONE, found))


def _spelt(name: str, *, turned: bool = False) -> str:
    words = list(syllables(name)) if _chinese(name) else fold(name).split()
    return "".join(words if not turned or _chinese(name) else words[-1:] + words[:-1])
