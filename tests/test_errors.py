from reportkit.errors import ExitStatus, gravest


def test_the_gravest_status_wins_in_the_documented_order() -> None:
    order = [
        ExitStatus.INTERNAL,
        ExitStatus.LOCKED,
        ExitStatus.USAGE,
        ExitStatus.NO_INPUT,
        ExitStatus.PARTIAL,
        ExitStatus.INCOMPLETE,
    ]
    for at, status in enumerate(order):
        assert gravest({*order[at:], ExitStatus.FINDINGS, ExitStatus.DONE}) is status


def test_nothing_wrong_is_done() -> None:
    assert gravest(set()) is ExitStatus.DONE
    assert gravest({ExitStatus.DONE}) is ExitStatus.DONE
