"""How names of persons compare, in Chinese characters, in letters, and one against the other.

Chinese names: how they sound, which characters look alike, which one is missing. Names in letters: slips, sounds, short forms,
initials, words left out; the order of the words of a whole name says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportkit import arrays as np
from reportkit.elements.characters import Points, first
from reportkit.elements.latin import fold, full, keys
from reportkit.elements.lookalikes import alike
from reportkit.elements.pairing import Flags, Pairing
from reportkit.elements.shape import Levels
from reportkit.elements.sounds import HAN, Heard, is_han, syllables
from reportkit.elements.tokens import within

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = ("differ", "distant", "initial", "part", "near", "sounds", "homophone", "same")
_DIFFER, _DISTANT, _INITIAL, _PART, _NEAR, _SOUNDS, _HOMOPHONE, _SAME = range(8)
#: What separates words, and words of one character.
_SEVERAL = r"(?s)[·\s\x1c-\x1f]|^.$"
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
    one, other = pairs.holding(HAN)
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
    heard = written.through(keys(written.texts))
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
    heard = Heard.of(pairs.texts)
    blurred = heard.blurred()
    seen = _Seen.of(pairs)
    single = seen.short & (seen.sizes[0] == seen.sizes[1]) & (seen.number == 1)
    lacking = seen.short & (np.abs(seen.sizes[0] - seen.sizes[1]) == 1) & (pairs.shorter >= 1 + manner.whole)
    swapped = seen.short & (seen.number == 2) & (seen.sizes[0] >= 2 + manner.whole)
    stays = (seen.one[:, 0] == seen.other[:, 0]) & (seen.sizes[0] >= 3) if manner.whole else seen.sizes[0] >= 2
    apart = pairs.edits(2, pairs.shorter > _CHARACTERS)
    return _best(
        len(pairs),
        (_DISTANT, (single & stays) | (apart == 2)),
        (_PART, seen.among(lacking, _lacking) | _parts(pairs)),
        (_NEAR, seen.among(single, _look_alike) | seen.among(swapped, _swapped) | (apart == 1)),
        (_SOUNDS, blurred.same(pairs.left, pairs.right) | blurred.broad().same(pairs.left, pairs.right)),
        (_HOMOPHONE, heard.same(pairs.left, pairs.right)),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """Pairs of names by their first characters: code points, zeros behind the end.

    Attributes:
        one: of the left names; ``other``: of the right ones.
        sizes: the lengths of the whole names.
        short: whether both are looked at in full.
        number: how many of the first characters differ.
    """

    one: Points
    other: Points
    sizes: tuple[NDArray[np.int32], NDArray[np.int32]]
    short: Flags
    number: NDArray[np.int8]

    @classmethod
    def of(cls, pairs: Pairing) -> _Seen:
        points = first(pairs.texts, _CHARACTERS)
        one, other = points[pairs.left], points[pairs.right]
        sizes = pairs.lengths[pairs.left], pairs.lengths[pairs.right]
        short = (np.maximum(*sizes) <= _CHARACTERS) & (pairs.shorter > 0)
        return cls(one, other, sizes, short, (one != other).sum(axis=1, dtype=np.int8))

    def among(self, rows: Flags, test: Callable[[Points, Points], Flags]) -> Flags:
        """Which of some pairs pass a test of their characters."""
        found, at = np.zeros(len(rows), dtype=np.bool_), np.flatnonzero(rows)
        found[at] = test(self.one[at], self.other[at])
        return found


def _look_alike(one: Points, other: Points) -> Flags:
    """Whether the character in which two names differ is commonly taken for the other's."""
    at = (one != other).argmax(axis=1)[:, None]
    left, right = (np.take_along_axis(side, at, 1)[:, 0].astype(np.int64) for side in (one, other))
    return alike(left, right)


def _lacking(one: Points, other: Points) -> Flags:
    """Whether one name is the other without one of its characters."""
    found = np.zeros(len(one), dtype=np.bool_)
    for long, short in ((one, other), (other, one)):
        for at in range(_CHARACTERS):
            rest = np.delete(long, at, axis=1)
            found |= (rest == short[:, :-1]).all(axis=1) & (short[:, -1] == 0)
    return found


def _swapped(one: Points, other: Points) -> Flags:
    """Whether the two characters in which names differ are neighbours exchanged."""
    differs = one != other
    crossed = (one[:, :-1] == other[:, 1:]) & (one[:, 1:] == other[:, :-1])
    return np.asarray((crossed & differs[:, :-1] & differs[:, 1:]).any(axis=1), dtype=np.bool_)


def _parts(pairs: Pairing) -> Flags:
    """Where the words of one name, of which one has several or is one character, stand in the other."""
    found = np.zeros(len(pairs), dtype=np.bool_)
    rows = np.flatnonzero(np.logical_or(*pairs.holding(_SEVERAL)))
    if rows.size:
        found[rows] = within(pairs.only(rows).by(lambda name: name.replace("·", " ")), 0)[1]
    return found


# -- characters against letters ------------------------------------------------------------------------------


def _mixed(pairs: Pairing, _manner: Manner) -> Levels:
    """``王小明`` and ``Wang Xiaoming`` or ``Xiaoming Wang``."""
    found = pairs.by(_spelt).equal | pairs.by(lambda name: _spelt(name, turned=True)).equal
    return _best(len(pairs), (_HOMOPHONE, found))


def _spelt(name: str, *, turned: bool = False) -> str:
    words = list(syllables(name)) if _chinese(name) else fold(name).split()
    return "".join(words if not turned or _chinese(name) else words[-1:] + words[:-1])
