from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import reportkit
from reportkit.messages import Language, brief, catalogue, readable, say, writable

PACKAGE = Path(reportkit.__file__).parent
TABLES = {
    code: table for path in PACKAGE.glob("messages/*.toml") for code, table in tomllib.loads(path.read_text("utf-8")).items()
}
HAN = re.compile(r"[一-鿿]")


def test_the_catalogue_knows_what_its_files_hold_without_reading_them_whole() -> None:
    assert set(catalogue()) == {code for code, table in TABLES.items() if "severity" in table}
    assert len(catalogue()) == len(set(catalogue()))
    assert "no-such-code" not in catalogue()
    for phrase in TABLES.keys() - set(catalogue()):
        assert phrase not in catalogue()


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_every_code_has_message_reason_and_mend_in_both_languages(code: str) -> None:
    entry = catalogue()[code]
    for words in (entry.message, entry.reason, entry.mend):
        assert words[Language.ZH].strip()
        assert words[Language.EN].strip()
    assert not entry.message[Language.ZH].endswith("。")
    assert not entry.message[Language.EN].endswith(".")


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_every_code_belongs_to_a_family_that_has_a_name(code: str) -> None:
    family = catalogue()[code].family
    assert {say(f"family-{family}", language) for language in Language} - {""}


def test_findings_are_told_apart_by_what_they_are_about() -> None:
    families = {code: catalogue()[code].family for code in ("file-empty", "date-impossible", "column-unmapped", "total-differs")}
    assert list(families.values()) == ["file", "cell", "structure", "total"]


@pytest.mark.parametrize("key", sorted(set(TABLES) - set(catalogue())))
def test_every_phrase_speaks_both_languages(key: str) -> None:
    for language in Language:
        assert str(TABLES[key].get(language, "")).strip()
        assert say(key, language) is not None


@pytest.mark.parametrize("key", sorted(TABLES))
def test_both_languages_name_the_same_facts(key: str) -> None:
    table = TABLES[key]
    zh, en = (str(table.get(f"message_{language}", table.get(language, ""))) for language in ("zh", "en"))
    named = re.compile(r"\{(\w+)(?::[^{}]+)?\}")
    assert set(named.findall(zh)) == set(named.findall(en))


@pytest.mark.parametrize(
    ("number", "told"),
    [(1, "1 marked copy to send back."), (2, "2 marked copies to send back."), ("", " marked copies to send back.")],
)
def test_one_is_no_plural(number: object, told: str) -> None:
    assert say("closing-marked", Language.EN, number=number) == told


@pytest.mark.parametrize("key", sorted(TABLES))
def test_english_is_english_and_chinese_is_chinese(key: str) -> None:
    table = TABLES[key]
    for name, words in table.items():
        if name.endswith("zh") and len(str(words)) > 40:
            assert HAN.search(str(words)), name


CODES = re.compile(r"(?:Error|Finding|_failed|\bsay|\bFACE\.line)\(\s*\"([a-z][a-z-]+)\"")


def test_every_code_that_is_raised_or_said_has_an_entry() -> None:
    said = {code for path in PACKAGE.rglob("*.py") for code in CODES.findall(path.read_text("utf-8"))}
    assert said - set(TABLES) == set()


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_errors_of_the_program_are_codes_with_an_entry_in_full(path: Path) -> None:
    raised = re.findall(r"(?:UsageError|DiskError|LockedError|NoInputError)\(\s*\"([a-z][a-z-]+)\"", path.read_text("utf-8"))
    assert set(raised) <= set(catalogue())


def test_a_message_without_its_facts_names_them_and_in_brief_leaves_out_what_only_some_have() -> None:
    words = "“{field}”合计为 {value}（漏加的是：{omitted}）（{detail}）"
    assert readable(words, Language.ZH) == f"“‹字段›”合计为 ‹值›（漏加的是：{readable('{omitted}', Language.ZH)}）（‹详情›）"
    assert brief(words, Language.ZH) == "“‹字段›”合计为 ‹值›"
    assert brief("月报 {stated} 户，{户数} 户，多 {value}", Language.ZH) == "月报 … 户，‹户数› 户，多 ‹值›"
    assert brief("the total (of rows) is {value} (left out: {omitted})", Language.EN) == "the total (of rows) is ‹value›"
    assert readable("{补助金额(元)}", Language.EN) == "‹补助金额(元)›"


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_every_code_says_something_in_brief(code: str) -> None:
    for language in Language:
        words = brief(catalogue()[code].message[language], language)
        assert words
        assert "{" not in words


def test_what_a_terminal_would_obey_is_shown_as_a_picture() -> None:
    assert writable("a\x1b[2J\r\x07\x7f\x9b1m\tb\n") == "a␛[2J␍␇␡\ufffd1m\tb\n"
    assert writable("半\ud800") == "半\\ud800"
