"""What a rule is written in, piece by piece: full-width signs made plain, names of fields found however they are quoted.

What the engine gets to read is put together from these pieces again, so that it never sees a character that was not looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property

from reportkit.rulebook.broken import Broken, nearest

_TEXT = r"(?P<text>'(?:[^']|'')*'|[‘’][^‘’]*[‘’])"
_NAME = r'(?P<name>"(?:[^"]|"")*"|`[^`]*`|\[[^\[\]]*\]|［[^［］]*］|[“”][^“”]*[“”])'
_REST = (
    r"(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<word>[^\W\d]\w*)"
    r"|(?P<sign>[<＜][=＝][>＞]|[<＜>＞!！][=＝]|[<＜][>＞]|[=＝]{2}|!?~\*?|\|\||//|[-+*/%=<>(),.;＝＋－−＊／％（）＜＞，；×÷≥≤≠])"
    r"|(?P<space>\s+)|(?P<other>.)"
)
_PLAIN = str.maketrans(
    {
        "＝": "=",
        "＋": "+",
        "－": "-",
        "−": "-",
        "＊": "*",
        "／": "/",
        "％": "%",
        "（": "(",
        "）": ")",
        "＜": "<",
        "＞": ">",
        "，": ",",
    }
    | {"；": ";", "×": "*", "÷": "/", "≥": ">=", "≤": "<=", "≠": "<>", "！": "!"}
)
#: From a half-width sign to its full-width one.
_WIDER = 0xFEE0
_IDENTIFIER = re.compile(r"[^\W\d]\w*")

#: Words that stand for nothing but themselves, whatever fields are called.
GRAMMAR = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "is",
        "null",
        "between",
        "case",
        "when",
        "then",
        "else",
        "end",
        "like",
        "ilike",
        "true",
        "false",
        "distinct",
        "from",
        "over",
        "partition",
        "by",
    ]
)


class Sort(Enum):
    """What a piece is; ``SQL`` is text of our own making."""

    WORD = auto()
    NAME = auto()
    TEXT = auto()
    NUMBER = auto()
    SIGN = auto()
    SQL = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece; the text of a ``NAME`` or ``TEXT`` stands without its quotes."""

    sort: Sort
    text: str

    @property
    def spelt(self) -> str:
        """As SQL spells it."""
        match self.sort:
            case Sort.NAME:
                return '"' + self.text.replace('"', '""') + '"'
            case Sort.TEXT:
                return "'" + self.text.replace("'", "''") + "'"
            case _:
                return self.text

    def word(self, *words: str) -> bool:
        """Whether it is one of these unquoted words."""
        return self.sort is Sort.WORD and self.text.lower() in words

    def sign(self, *signs: str) -> bool:
        """Whether it is one of these signs."""
        return self.sort is Sort.SIGN and self.text in signs


OPEN, CLOSE = Token(Sort.SIGN, "("), Token(Sort.SIGN, ")")


@dataclass(frozen=True)
class Names:
    """The names that a rule may use: fields, and for SQL tables too; the same but for width and blanks is the same."""

    known: tuple[str, ...]
    _folded: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Fold once."""
        for name in reversed(self.known):
            self._folded[_fold(name)] = name

    def meant(self, written: str) -> str | None:
        """The name that is written, None where there is none such."""
        return written if written in self.known else self._folded.get(_fold(written))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Pieces of a rule, names that are no SQL identifiers among them, the longest first."""
        odd = [name for name in self.known if not _IDENTIFIER.fullmatch(name) and re.search(r"[^\W\d_]", name)]
        known = "|".join(_loose(name) for name in sorted(odd, key=len, reverse=True))
        return re.compile("|".join([_TEXT, _NAME, *([f"(?P<known>{known})"] if known else []), _REST]), re.DOTALL)


def _fold(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))


def _loose(name: str) -> str:
    inner = "".join(_either_width(sign) for sign in name)
    before = r"(?<!\w)" if re.match(r"\w", name) else ""
    return before + inner + (r"(?!\w)" if re.search(r"\w$", name) else "")


def _either_width(sign: str) -> str:
    thin = unicodedata.normalize("NFKC", sign)
    return f"[{re.escape(thin)}{chr(ord(thin) + _WIDER)}]" if len(thin) == 1 and "!" <= thin <= "~" else re.escape(sign)


def scan(text: str, names: Names) -> list[Token]:
    """The pieces of a rule, comments left out: ``人数（人） ≥ ‘a＝b’`` → ``"人数(人)"``, ``>=``, ``'a＝b'``.

    Raises:
        Broken: a sign that no rule needs, a quote that is not closed.
    """
    found = [token for match in names.pattern.finditer(text) if (token := _token(match, names))]
    return [_settled(found, at, names) for at in range(len(found))]


def _token(match: re.Match[str], names: Names) -> Token | None:
    text = match[0]
    match match.lastgroup:
        case "text":
            return Token(Sort.TEXT, text[1:-1].replace("''", "'") if text[0] == "'" else text[1:-1])
        case "name" | "known":
            inner = text if match.lastgroup == "known" else text[1:-1].replace('""', '"')
            return Token(Sort.NAME, names.meant(inner) or inner)
        case "word":
            _not_a_prefix(match)
            return Token(Sort.WORD, text)
        case "number":
            return Token(Sort.NUMBER, unicodedata.normalize("NFKC", text))
        case "sign":
            plain = text.translate(_PLAIN)
            return Token(Sort.SIGN, "=" if plain == "==" else plain)
        case "other":
            raise _strange(match, names)
        case _:
            return None


def _strange(match: re.Match[str], names: Names) -> Broken:
    """A sign that no rule needs stands in a name that was misspelt, or says nothing."""
    run = next(one for one in re.finditer(r"\S+", match.string) if one.start() <= match.start() < one.end())
    near = nearest(run[0], names.known, 0.6)
    return Broken("rule-column", field=run[0], suggestion=near) if near else Broken("rule-sign", sign=match[0])


def _not_a_prefix(match: re.Match[str]) -> None:
    """``E'…'`` and its like have escapes of their own, behind which a function could hide."""
    following = match.string[match.end() : match.end() + 1]
    if following == "'" and match[0].lower() not in (
        "date",
        "in",
        "like",
        "ilike",
        "and",
        "or",
        "then",
        "else",
        "when",
        "interval",
    ):
        raise Broken("rule-sign", sign=match[0] + "'")


def _settled(tokens: Sequence[Token], at: int, names: Names) -> Token:
    """A bare word that is a field's name is that name, unless it is called or begins a literal."""
    token = tokens[at]
    if token.sort is not Sort.WORD or token.text.lower() in GRAMMAR:
        return token
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    called = following is not None and (following.sign("(") or following.sort is Sort.TEXT)
    meant = None if called else names.meant(token.text)
    return Token(Sort.NAME, meant) if meant else token


def spell(tokens: Iterable[Token]) -> str:
    """Pieces as one SQL text."""
    return " ".join(token.spelt for token in tokens)


def tidy(text: str, names: Iterable[str] = ()) -> str:
    """A rule as SQL: plain signs, quoted names, one blank between pieces; what stands in ``'…'`` is untouched.

    Raises:
        Broken: a sign that no rule needs, a quote that is not closed.
    """
    return spell(scan(text, Names(tuple(names))))


def called(tokens: Sequence[Token], at: int) -> bool:
    """Whether a bracket opens right behind a piece."""
    return at + 1 < len(tokens) and tokens[at + 1].sign("(")


def closing(tokens: Sequence[Token], at: int) -> int:
    """Where the bracket closes that opens at ``at``.

    Raises:
        Broken: it never does.
    """
    depth = 0
    for end in range(at, len(tokens)):
        depth += tokens[end].sign("(") - tokens[end].sign(")")
        if depth == 0:
            return end
    raise Broken("rule-bracket", sign=tokens[at].text)


def split(tokens: Sequence[Token]) -> list[list[Token]]:
    """What stands between brackets, at its outer commas: ``a, f(b, c)`` → ``a`` and ``f(b, c)``."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += token.sign("(") - token.sign(")")
        if depth == 0 and token.sign(","):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts if tokens else []
