"""How numbers, certificates and other marks that stand for one thing compare: by slips of the pen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportkit import arrays as np
from reportkit.elements.pairing import Pairing
from reportkit.elements.shape import Levels

LEVELS = ("differ", "near", "slip", "same")
_SIGNS = re.compile(r"[\s\-./_,()#*]+")
_DIGIT = re.compile(r"\d", re.ASCII)


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Slip: one edit in four characters or more. Near: two in six or more. Case and punctuation are no difference."""
    pairs = Pairing.of(left, right)
    bare = pairs.by(lambda mark: _SIGNS.sub("", mark).casefold())
    same = pairs.equal | bare.equal
    one, other = bare.told(lambda mark: mark.isascii() and _DIGIT.search(mark) is not None)
    apart = bare.edits(2, one & other & ~same & (bare.shorter >= 4))
    return np.select([same, apart == 1, (apart == 2) & (bare.shorter >= 6)], [3, 2, 1], 0).astype(np.uint8)
