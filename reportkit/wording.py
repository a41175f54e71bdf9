"""Findings in words: each code's message and mend with a finding's own facts, a column at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from reportkit.findings import SCHEMA, Findings
from reportkit.messages import EMPTY, Entry, Language

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def worded(findings: Findings, entries: Mapping[str, Entry], language: Language) -> pl.DataFrame:
    """The findings with ``message`` and ``mend`` (String), in their order; a code without an entry stands for its message.

    Args:
        findings: any.
        entries: what their codes mean: the catalogue's entries and those of a template's rules.
        language: of the words.
    """
    codes = findings.frame["code"]
    places, words = [codes.head(0).cast(pl.UInt32)], [pl.DataFrame(schema={"message": pl.String, "mend": pl.String})]
    for code in codes.unique(maintain_order=True):
        rows, entry = (codes == code).arg_true(), entries.get(code)
        said = [_sentence(entry, language, code).alias("message"), _mend(entry, language).alias("mend")]
        named = {"code"}.union(*(one.meta.root_names() for one in said))
        places.append(rows)
        words.append(findings.frame.select(named)[rows].with_columns(said).select("message", "mend"))
    return findings.frame.with_columns(pl.concat(words)[pl.concat(places).arg_sort()])


def _sentence(entry: Entry | None, language: Language, code: str) -> pl.Expr:
    return _filled(entry.message[language] or code, entry.facts) if entry else pl.lit(code)


def _mend(entry: Entry | None, language: Language) -> pl.Expr:
    return _filled(entry.mend[language], entry.facts) if entry else pl.lit("")


def _filled(words: str, facts: tuple[str, ...]) -> pl.Expr:
    """Words with each finding's facts, put in once: a fact that holds ``{value}`` itself stays as it is."""
    pieces = _PLACEHOLDER.split(words)
    given = [_fact(name, facts) for name in pieces[1::2]]
    texts = [pl.lit(text) for text in pieces[::2]]
    whole = pl.concat_str([part for pair in zip(texts, given, strict=False) for part in pair] + texts[-1:])
    return whole.str.replace_all(EMPTY, "") if "(" in words or "（" in words else whole


def _fact(name: str, facts: tuple[str, ...]) -> pl.Expr:
    if name in facts:
        return pl.col("facts").list.get(facts.index(name), null_on_oob=True).fill_null("")
    return pl.col(name).cast(pl.String) if name in SCHEMA else pl.lit("")
