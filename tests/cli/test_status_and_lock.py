"""``status`` and ``lock`` at a terminal."""

from __future__ import annotations

from datetime import date, datetime

from desk import Desk

from reportkit.cli.app import run
from reportkit.completeness import completeness
from reportkit.outbox import write_evidence, write_json
from reportkit.submissions import Delivery, Round, State, Submission
from reportkit.workspace import Workspace


def found(desk: Desk, *forms: str) -> None:
    """As ``Desk.found``, in this very process, and with more forms."""
    run(["init", str(desk.folder / "ws"), "--quiet"])
    lines = ["code,name,level,parent,aliases", "1,甲镇,township,,", "11,甲村,village,1,", "12,乙村,village,1,"]
    (desk.folder / "ws/units.csv").write_text("\n".join(lines), encoding="utf-8")
    blanks = [desk.workbook("表样/补助.xlsx", []), *(desk.workbook(f"表样/{one}.xlsx", [], title=one) for one in forms)]
    run(["template", "new", *map(str, blanks), "--into", str(desk.folder / "ws/templates"), "--quiet"])


LOCK = ("lock", "ws", "--period", "2026-11", "--by", "张三")


def came(desk: Desk, units: tuple[str, ...], state: State = State.ACCEPTED, undecided: int = 0) -> None:
    """What a round of 2026-11 leaves behind where only these units filed."""
    workspace = Workspace.open(desk.folder / "ws")
    templates = tuple(one.template for one in workspace.issued())
    at = datetime(2026, 11, 20, 9)  # noqa: DTZ001 - offices live in local time
    found = [Submission(Delivery(f"{one}.xlsx", "", at), one, templates[0].name, "2026-11", None, (), state) for one in units]
    frame = completeness(found, Round(workspace.units, templates), {}, {})
    (desk.folder / "ws/outbox/2026-11").mkdir(parents=True)
    write_evidence(desk.folder / "ws/outbox/2026-11/evidence", {"completeness.csv": frame})
    write_json(desk.folder / "ws/outbox/2026-11/summary.json", {"open": undecided})


def test_status_shows_each_unit_and_whom_to_ask(desk: Desk) -> None:
    found(desk)
    came(desk, ("11",))
    done = desk.run("status", "ws")
    assert done.status == 0
    lines = [line.split() for line in done.out.splitlines()]
    assert ["甲村", "✓"] in lines
    assert ["乙村", "缺"] in lines
    assert "催报 1 份" in done.out
    assert max(sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in done.out.splitlines()[:-1]) <= 80


def test_status_names_levels_in_the_readers_language(desk: Desk) -> None:
    found(desk)
    came(desk, ("11",))
    assert any(line.split()[0] == "村居" for line in desk.run("status", "ws").out.splitlines() if line.strip())
    assert any(line.split()[0] == "villages" for line in desk.run("status", "ws", language="en").out.splitlines() if line.strip())


def test_status_as_a_document_names_states_rates_and_locks(desk: Desk) -> None:
    found(desk)
    came(desk, ("11", "12"), State.RETURNED)
    desk.run(*LOCK, "--as-of", "2026-11-30")
    told = desk.run("status", "ws", "--period", "2026-11", "--json").document
    assert [(one["unit"], one["state"]) for one in told["forms"]] == [("11", "returned"), ("12", "returned")]
    assert told["all"]["received_rate"] == 1
    assert told["all"]["accepted_rate"] == 0
    assert told["locks"][0]["locked_at"] == "2026-11-30"


def test_status_says_what_to_do_next(desk: Desk) -> None:
    found(desk)
    came(desk, ("11", "12"), undecided=3)
    assert "review ws import" in desk.run("status", "ws").out
    write_json(desk.folder / "ws/outbox/2026-11/summary.json", {"open": 0})
    assert "reportkit lock ws" in desk.run("status", "ws").out
    desk.run(*LOCK)
    assert "可以上报" in desk.run("status", "ws").out


def test_status_says_who_is_open_by_exception_until_when_and_how_to_lock_again(desk: Desk) -> None:
    found(desk)
    came(desk, ("11", "12"))
    desk.run(*LOCK)
    desk.run(*LOCK, "--unit", "12", "--template", "补助", "--open", "--until", "2998-12-20")
    told = desk.run("status", "ws").out.replace("\n", "")
    assert "可以上报" not in told
    assert "乙村 × 困难群众补助花名册 到 2998-12-20 为止" in told
    again = "lock ws --period 2026-11 --unit 12 --template 补助 --by"
    assert again in desk.run("status", "ws", language="en").out.replace("\n", " ")
    desk.run(*again.split(), "张三")
    assert "可以上报" in desk.run("status", "ws").out


def test_status_of_an_exception_that_is_over_is_that_of_the_lock(desk: Desk) -> None:
    found(desk)
    came(desk, ("11", "12"))
    desk.run(*LOCK)
    desk.run(*LOCK, "--unit", "12", "--open", "--until", "2026-01-20")
    assert "可以上报" in desk.run("status", "ws").out


def test_where_one_unit_alone_is_locked_the_period_is_not(desk: Desk) -> None:
    found(desk)
    came(desk, ("11", "12"))
    desk.run(*LOCK, "--unit", "11")
    told = desk.run("status", "ws").out
    assert "可以上报" not in told
    assert "reportkit lock ws" in told


def test_status_before_any_round_says_so(desk: Desk) -> None:
    found(desk)
    assert desk.run("status", "ws").status == 2
    came(desk, ("11",))
    done = desk.run("status", "ws", "--period", "2026-10")
    assert done.status == 2
    assert "2026-10" in done.err


def test_status_of_evidence_that_somebody_spoilt_is_no_crash(desk: Desk) -> None:
    found(desk)
    desk.file("ws/outbox/2026-11/evidence/completeness.csv", b"scope,unit\nform,11\n")
    done = desk.run("status", "ws")
    assert done.status == 2
    assert "completeness.csv:1:" in done.err


def test_a_lock_is_kept_once_with_who_when_and_why(desk: Desk) -> None:
    found(desk)
    words = (*LOCK, "--unit", "甲村", "--reason", "已上报", "--as-of", "2026-11-30")
    assert desk.run(*words).status == 0
    again = desk.run(*words, "--json").document
    assert again["locks"] == []
    (line,) = desk.table("ws/.reportkit/locks.csv")
    told = ("2026-11", "11", "2026-11-30", "张三", "已上报", "")
    assert tuple(line[name] for name in ("period", "unit", "locked_at", "by", "reason", "open_until")) == told


def test_a_dry_run_locks_nothing(desk: Desk) -> None:
    found(desk)
    done = desk.run(*LOCK, "--dry-run", "--json")
    assert done.document["dry_run"] is True
    assert done.document["locks"]
    assert not (desk.folder / "ws/.reportkit/locks.csv").exists()


def test_without_a_day_the_lock_has_a_time(desk: Desk) -> None:
    found(desk)
    desk.run(*LOCK)
    (line,) = desk.table("ws/.reportkit/locks.csv")
    assert line["locked_at"][:10] >= date(2026, 1, 1).isoformat()
    assert len(line["locked_at"]) == len("2026-11-30 09:00:00")


def test_an_exception_needs_a_lock_and_a_last_day(desk: Desk) -> None:
    found(desk)
    lock = ["lock", str(desk.folder / "ws"), *LOCK[2:]]
    assert run([*lock, "--open"]) == 2
    assert run([*lock, "--open", "--until", "2026-12-20"]) == 2
    assert run(lock) == 0
    done = desk.run(*LOCK, "--unit", "11", "--open", "--until", "2026-12-20")
    assert done.status == 0
    assert "2026-12-20" in done.out
    assert [line["open_until"] for line in desk.table("ws/.reportkit/locks.csv")] == ["", "2026-12-20"]


def test_a_lock_of_what_is_not_there_is_wrong_usage(desk: Desk) -> None:
    found(desk)
    where = str(desk.folder / "ws")
    for words in (["2026-11", "--unit", "丙村"], ["2026-11", "--template", "没有"], ["十一月"]):
        assert run(["lock", where, "--by", "张三", "--period", *words]) == 2
    assert not (desk.folder / "ws/.reportkit/locks.csv").exists()


def test_a_form_is_named_by_its_title_too(desk: Desk) -> None:
    found(desk)
    title = Workspace.open(desk.folder / "ws").issued()[0].template.title
    assert desk.run(*LOCK, "--template", title).status == 0
    assert desk.table("ws/.reportkit/locks.csv")[0]["template"] == "补助"


def test_where_the_forms_do_not_fit_only_what_is_open_is_listed(desk: Desk) -> None:
    found(desk, *(f"第{number}号困难群众花名册" for number in range(30)))
    came(desk, ("11", "12"))
    lines = desk.run("status", "ws").out.splitlines()
    assert not any("✓" in line for line in lines)
    told = next(line for line in lines if line.startswith("甲村"))
    assert "缺报：" in told
    assert "第7号困难群众花名册" in told
