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

LEVELS = ("differ", "distant", "initial", "part", "near", "sounds", "homophone", "same")
_DIFFER, _DISTANT, _INITIAL, _PART, _NEAR, _SOUNDS, _HOMOPHONE, _SAME = range(8)
#: Words of a name that are looked at.
_WORDS = 4
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
    initial, part = _words(written, int(manner.whole))
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


def _words(written: Pairing, least: int) -> tuple[Flags, Flags]:
    """Whether the shorter name's words stand in the other, with initials, or in full; beside initials ``least`` words in full."""
    tokens, firsts = _tokens(written.words)
    several = (tokens[:, 1] >= 0) | (written.lengths == 1)
    rows = np.flatnonzero(several[written.left] | several[written.right])
    one, other = written.left[rows], written.right[rows]
    same = tokens[one][:, :, None] == tokens[other][:, None, :]
    same &= tokens[one][:, :, None] >= 0
    begun = same | _begun(firsts[one], firsts[other])
    short = _shorter(tokens[one] >= 0, tokens[other] >= 0)
    number = same.any(axis=2).sum(axis=1)
    within, abbreviated = _covered(same, short, tokens, (one, other)), _covered(begun, short, tokens, (one, other))
    initial, part = np.zeros(len(written), dtype=np.bool_), np.zeros(len(written), dtype=np.bool_)
    part[rows] = within & (number > least)
    initial[rows] = abbreviated & (number >= least)
    return initial, part


def _tokens(words: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Numbers of each name's words, -1 behind the last; and their first letters, negative for a letter alone, 0 for none."""
    numbers: dict[str, int] = {}
    tokens = np.full((len(words), _WORDS), -1, dtype=np.int32)
    firsts = np.zeros((len(words), _WORDS), dtype=np.int32)
    for row, word in enumerate(words):
        for at, token in enumerate(word.split()[:_WORDS]):
            tokens[row, at] = numbers.setdefault(token, len(numbers))
            firsts[row, at] = ord(token[0]) if len(token) > 1 else -ord(token)
    return tokens, firsts


def _begun(one: NDArray[np.int32], other: NDArray[np.int32]) -> Flags:
    """Words of which one is the other's first letter."""
    left, right = one[:, :, None], other[:, None, :]
    return np.asarray((np.abs(left) == np.abs(right)) & ((left < 0) | (right < 0)) & (left != 0), dtype=np.bool_)


def _shorter(one: Flags, other: Flags) -> NDArray[np.int8]:
    """Which name has fewer words: -1 the left, 1 the right, 0 neither."""
    return np.asarray(np.sign(one.sum(axis=1) - other.sum(axis=1)), dtype=np.int8)


def _covered(
    found: Flags, short: NDArray[np.int8], tokens: NDArray[np.int32], pairs: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> Flags:
    """Whether every word of the shorter name, or of both where they are as long, is found in the other."""
    left = (found.any(axis=2) | (tokens[pairs[0]] < 0)).all(axis=1)
    right = (found.any(axis=1) | (tokens[pairs[1]] < 0)).all(axis=1)
    return np.asarray((left | (short > 0)) & (right | (short < 0)), dtype=np.bool_)


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
    _, part = _words(pairs.by(lambda name: name.replace("·", " ")), 0)
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
