"""Verdicts of connections from what the check's Jobs printed."""

from pulumi_ixn.live.verdicts import ABSENT, OK, UNCHECKED, verdicts

ROWS = [{"number": number, "absent": number == 3} for number in (1, 2, 3, 4)]
LOG = """connection 1: kafka-1.example.com:9092: ok
connection 1: kafka-2.example.com:9092: refused (Connection refused)
connection 2: [2001:db8::1]:5432: ok
"""


def test_a_row_is_ok_if_all_its_addresses_are_and_else_names_those_that_are_not() -> None:
    assert verdicts(ROWS, [LOG]) == {
        1: "kafka-2.example.com:9092: refused (Connection refused)",
        2: OK,
        3: ABSENT,
        4: UNCHECKED,
    }


def test_each_workload_s_log_adds_its_rows() -> None:
    found = verdicts(ROWS, ["connection 1: a:1: ok", "", "connection 4: b:1: timed out"])

    assert (found[1], found[4]) == (OK, "b:1: timed out")
