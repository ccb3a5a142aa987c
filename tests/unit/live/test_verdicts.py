"""Verdicts of connections from what the check's Jobs printed."""

from pulumi_ixn.live.verdicts import ABSENT, OK, UNCHECKED, CheckRun, verdicts
from pulumi_ixn.naming import NODE, SERVER

ROWS = [
    *({"number": number, "source": SERVER.party, "absent": number == 3} for number in (1, 2, 3, 4)),
    {"number": 5, "source": NODE.party, "absent": False},
]
LOG = """connection 1: kafka-1.example.com:9092: ok
connection 1: kafka-2.example.com:9092: refused (Connection refused)
connection 2: [2001:db8::1]:5432: ok
connection 4: a:1: timed out
"""
FAILURE = "connection 1: a:1: name unknown"


def test_a_row_is_ok_if_all_its_addresses_are_and_else_names_those_that_are_not() -> None:
    assert verdicts(ROWS, [CheckRun(SERVER, LOG, succeeded=False)]) == {
        1: "kafka-2.example.com:9092: refused (Connection refused)",
        2: OK,
        3: ABSENT,
        4: "a:1: timed out",
        5: UNCHECKED,
    }


def test_without_the_log_the_rows_that_are_not_among_the_failures_are_ok() -> None:
    failed = CheckRun(SERVER, FAILURE, succeeded=False, failures_only=True)
    succeeded = CheckRun(NODE, "", succeeded=True, failures_only=True)

    assert verdicts(ROWS, [failed, succeeded]) == {1: "a:1: name unknown", 2: OK, 3: ABSENT, 4: OK, 5: OK}


def test_a_check_that_could_try_nothing_has_no_verdict() -> None:
    broken = CheckRun(SERVER, "no TCP client: the image has neither nc nor bash", succeeded=False)

    assert set(verdicts(ROWS, [broken]).values()) == {UNCHECKED, ABSENT}
