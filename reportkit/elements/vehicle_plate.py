"""Plates of motor vehicles, GA 36-2018: province, office, five characters, six with new energy: ``鲁f 12345`` → ``鲁F·12345``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportkit import arrays as np
from reportkit.elements.cuts import VALUE, cut
from reportkit.elements.pairing import Pairing
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.standing import matching
from reportkit.elements.writing import compact, none, settle, simplify

_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_SERIAL = "0-9A-HJ-NP-Z"
_PLAIN = re.compile(rf"[{_PROVINCES}][A-Z]·[{_SERIAL}]{{5,6}}")
_WRITTEN = re.compile(rf"([{_PROVINCES}])([A-Z])[-·.•‧∙・]?([0-9A-Z]{{4,6}}[0-9A-Z学警挂港澳领试超])", re.ASCII)
_KNOWN = re.compile(
    rf"[{_PROVINCES}][A-Z]·(?:[{_SERIAL}]{{5}}|[{_SERIAL}]{{4}}[学警挂港澳领试超]|[A-HJK][{_SERIAL}]\d{{4}}|\d{{5}}[A-HJK])",
    re.ASCII,
)
#: The letters I and O stand in no serial: they are the digits that look like them.
_DIGITS = str.maketrans("IO", "10")
#: For comparing: characters that cameras and clerks take for one another.
_BLURRED = str.maketrans("BDGQSZUV", "8060525Y")


def normalise(raw: str, _scope: Scope) -> str:
    """One dot, capitals, 0 and 1 where I and O were written; what is no plate comes back cleaned."""
    return raw if _PLAIN.fullmatch(raw) else settle(_step, raw)


def _step(text: str) -> str:
    text = compact(text)
    if none(text):
        return ""
    text = simplify("".join(character.upper() if character.isascii() else character for character in text))
    match = _WRITTEN.fullmatch(text)
    return f"{match[1]}{match[2]}·{match[3].translate(_DIGITS)}" if match else text


def check(value: str, _scope: Scope) -> str:
    """Five characters behind the dot, or the six of new energy, whose letter D or F (and its neighbours) stands first or last."""
    return "" if _KNOWN.fullmatch(value) else "vehicle-plate-form"


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Slip: one character wrong or lost, or two exchanged. Near: all that differs looks alike. Part: the province was left out."""
    pairs = Pairing.of(left, right)
    slip = pairs.edits(1, ~pairs.equal) == 1
    near = pairs.by(lambda value: value.translate(_BLURRED)).equal
    bare = pairs.by(lambda value: value.rpartition("·")[2]).equal & np.logical_xor(*pairs.told(lambda value: "·" in value))
    long = pairs.shorter >= 5
    return np.select([pairs.equal, near & long, slip & long, bare & long], [4, 3, 2, 1], 0).astype(np.uint8)


def mask(value: str) -> str:
    """Place and the last two stay: ``鲁F·***45``."""
    place, dot, serial = value.strip().rpartition("·")
    return place + dot + "*" * (len(serial) - 2) + serial[-2:] if len(serial) > 4 else "*" * len(value.strip())


def resembles(raw: str) -> bool:
    """A plate that the standard allows."""
    return _KNOWN.fullmatch(normalise(raw, Scope())) is not None


ELEMENT = Element(
    "vehicle-plate",
    normalise,
    check,
    compare,
    ("differ", "part", "slip", "near", "same"),
    mask,
    resembles,
    Linking(
        usual=1e-6,
        agreement=(0.04, 0.01, 0.03, 0.02, 0.9),
        parts=(Part("serial", cut(VALUE.str.extract("([0-9A-Z]{5,6})$"))), Part("head", cut(VALUE.str.extract("^(.{6})")))),
        identifies=True,
        plain=f"^[{_PROVINCES}][A-Z]·[{_SERIAL}]{{5,6}}$",
    ),
    stands=matching(f"^[{_PROVINCES}][A-Z]·(?:[{_SERIAL}]{{5}}|[A-HJK][{_SERIAL}][0-9]{{4}}|[0-9]{{5}}[A-HJK])$"),
)
