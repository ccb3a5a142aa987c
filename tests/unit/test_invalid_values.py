"""One table of invalid values, which the stack config and the library arguments both reject."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest
from pulumi_ixn import (
    Credentials,
    Endpoint,
    InvalidInputs,
    Party,
    Peer,
)
from pulumi_ixn.config import load
from pulumi_ixn.testing import deploy

from tests.unit.config.stacks import change, stack_config
from tests.unit.invalid_values import BAD, Bad, peers, rq
from tests.unit.samples import LOCATION, ixn, kafka, pod, redis


def args(bad: Bad) -> None:
    ixn(**bad.args())


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_program_gets_the_path_and_the_reason(bad: Bad) -> None:
    with pytest.raises(InvalidInputs) as caught:
        deploy(lambda: args(bad))

    (issue,) = caught.value.issues
    assert issue.path == bad.path
    assert bad.reason in issue.reason


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_stack_config_gets_the_same_reason(bad: Bad) -> None:
    with pytest.raises(InvalidInputs) as caught:
        load(change(stack_config("dev"), bad.config))

    assert all(bad.reason in issue.reason for issue in caught.value.issues)


def test_all_violations_are_reported_in_one_error() -> None:
    changes = {**BAD["two replicas of the server"].args(), **BAD["no replicas"].args(), **BAD["localhost"].args()}

    with pytest.raises(InvalidInputs) as caught:
        deploy(lambda: ixn(**changes))

    paths = [BAD[name].path for name in ("localhost", "no replicas", "two replicas of the server")]
    assert sorted(issue.path for issue in caught.value.issues) == sorted(paths)
    assert all(path in str(caught.value) for path in paths)


def late(value: Any) -> Any:
    return pulumi.Output.from_input(value)


LATE: Mapping[str, tuple[Callable[[], Mapping[str, Any]], str]] = {
    "host": (lambda: rq(Endpoint(late("localhost"), 1))(), r"peers\.voice_rq\.endpoints\[0\]\.host: 'localhost'"),
    "port": (lambda: rq(Endpoint("rq", late(0)))(), r"peers\.voice_rq\.endpoints\[0\]\.port: 0 "),
    "endpoint of a list": (
        lambda: peers(Party.VOICE_RQ, Peer(LOCATION, late([Endpoint("localhost", 1)]))),
        r"peers\.voice_rq\.endpoints\[0\]\.host: 'localhost'",
    ),
    "label": (lambda: {"node": pod(labels={"team": late("a b")})}, r"node\.labels\.team: 'a b'"),
    "namespace": (lambda: {"namespace": late("IXN")}, "namespace: 'IXN'"),
}


@pytest.mark.parametrize("name", LATE)
def test_an_invalid_output_is_reported_with_its_path(name: str) -> None:
    changes, message = LATE[name]

    with pytest.raises(InvalidInputs, match=message):
        deploy(lambda: ixn(**changes()))


def test_a_secret_value_is_not_shown() -> None:
    bad = {"node": {"labels": lambda: pulumi.Output.secret("hunter2 and more")}}

    with pytest.raises(InvalidInputs, match=r"node\.labels\.team") as caught:
        deploy(lambda: ixn(node=pod(labels={"team": bad["node"]["labels"]()})))

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: kafka(credentials=Credentials.generated()), "kafka.credentials.kind"),
        (lambda: redis(credentials=Credentials.managed()), "redis.credentials.password"),
        (lambda: redis(credentials=Credentials("unknown")), "redis.credentials.kind"),  # pyright: ignore[reportArgumentType]
    ],
)
def test_inconsistent_credentials_are_rejected(make: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidInputs) as caught:
        deploy(lambda: make() and None)

    assert [issue.path for issue in caught.value.issues] == [path]
