import json
from typing import Any

from tools.cluster.verdicts import ABSENT, OK, WAITING, Dial, dials_in, verdict


def connection(number: int, **others: Any) -> dict[str, Any]:
    return {"number": number, "absent": False, **others}


def endpoints(result: str, *, pod: str = "ixn/one", address: str = "kafka:9092") -> Dial:
    return Dial(pod, 6, address, result)


def test_the_latest_attempt_for_an_address_counts() -> None:
    assert verdict(connection(6), [endpoints("refused"), endpoints("ok")]) == OK
    assert "refused" in verdict(connection(6), [endpoints("ok"), endpoints("refused")])


def test_every_address_and_every_pod_has_to_connect() -> None:
    assert "two:9092: timeout" in verdict(
        connection(6), [endpoints("ok"), endpoints("timeout", address="two:9092")]
    )
    assert verdict(connection(6), [endpoints("ok"), endpoints("dns-error", pod="ixn/two")]) != OK


def test_a_row_without_attempts_is_not_ok() -> None:
    assert verdict(connection(7), [endpoints("ok")]) == WAITING
    assert verdict(connection(6, absent=True), [endpoints("ok")]) == ABSENT


def test_attempts_are_parsed_from_a_mixed_log() -> None:
    entry = {"msg": "dial", "row": 6, "address": "kafka:9092", "result": "ok", "peer": "kafka 10.0.0.1:9092"}
    log = "\n".join(["panic: not JSON", '"text"', json.dumps({"msg": "started"}), json.dumps(entry)])

    assert list(dials_in("ixn/one", log)) == [endpoints("ok")]
