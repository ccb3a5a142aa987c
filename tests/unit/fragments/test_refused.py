"""Fragments that Kubernetes or this package would not accept, from a program and from the stack config."""

from typing import Any

import pulumi
import pytest
from pulumi_ixn import InvalidInputs
from pulumi_ixn.config import ConfigurationError, load
from pulumi_ixn.testing import deploy

from tests.unit.config.stacks import change, stack_config
from tests.unit.fragments.examples import ACCEPTED, NODE_REFUSED, REFUSED, TOLERATION, Refused, snake, snake_path
from tests.unit.samples import ixn, pod

PATHS = {"server": "ixnService.ixnServer", "node": "ixnService.ixnNode", "vq_node": "ixnVQNode"}
CASES = {
    **{name: ("server", each) for name, each in REFUSED.items()},
    **{name: ("node", each) for name, each in NODE_REFUSED.items()},
}
cases = pytest.mark.parametrize(("workload", "bad"), CASES.values(), ids=CASES)


def joined(setting: str, at: str) -> str:
    return f"{setting}{'' if at.startswith('[') or not at else '.'}{at}"


def program_issues(**pods: Any) -> dict[str, str]:
    try:
        deploy(lambda: ixn("east", **pods))
    except InvalidInputs as error:
        return {issue.path: issue.reason for issue in error.issues}
    return {}


def config_issues(changes: dict[str, Any]) -> dict[str, str]:
    try:
        load(change(stack_config("dev"), changes))
    except ConfigurationError as error:
        return {issue.path: issue.reason for issue in error.issues}
    return {}


@cases
def test_a_program_gets_the_path_and_the_reason(workload: str, bad: Refused) -> None:
    found = program_issues(**{workload: pod(**{bad.setting: snake(bad.value)})})

    assert list(found) == [f"{workload}.{snake_path(joined(bad.setting, bad.at))}"]
    assert all(bad.reason in reason for reason in found.values())


@cases
def test_a_stack_config_gets_the_path_and_the_reason(workload: str, bad: Refused) -> None:
    found = config_issues({f"{PATHS[workload]}.{bad.setting}": bad.value})

    assert list(found) == [f"ixn:{PATHS[workload]}.{joined(bad.setting, bad.at)}"]
    assert all(bad.reason in reason for reason in found.values())


def test_all_violations_of_a_stack_config_are_reported_at_once() -> None:
    found = config_issues(
        {
            "ixnService.ixnNode.pod": {"tolerations": [{"efect": "x"}], "hostNetwork": True},
            "ixnVQNode.sidecars": [{"name": "A"}],
            "ixnService.ixnServer.port": 0,
            "tenants.dev.ixnVQNode": {"container": {"image": "x"}},
        }
    )

    assert found.keys() == {
        "ixn:ixnService.ixnNode.pod.tolerations[0]",
        "ixn:ixnService.ixnNode.pod.hostNetwork",
        "ixn:ixnVQNode.sidecars[0].name",
        "ixn:ixnService.ixnServer.port",
        "ixn:tenants.dev.ixnVQNode.container.image",
    }


@pytest.mark.parametrize("example", ACCEPTED.values(), ids=ACCEPTED)
@pytest.mark.parametrize("workload", PATHS)
def test_a_program_and_a_stack_config_accept_the_same(workload: str, example: dict[str, Any]) -> None:
    assert program_issues(**{workload: pod(**{name: snake(value) for name, value in example.items()})}) == {}
    assert config_issues({f"{PATHS[workload]}.{name}": value for name, value in example.items()}) == {}


def late(value: Any) -> Any:
    return pulumi.Output.from_input(value)


def test_an_output_in_a_fragment_is_checked_once_it_is_known() -> None:
    with pytest.raises(InvalidInputs, match=r"node\.pod\.tolerations\[0\]\.effect: 'Never'"):
        deploy(lambda: ixn(node=pod(pod={"tolerations": late([{**TOLERATION, "effect": "Never"}])})))


def test_the_plain_parts_beside_an_output_are_checked_at_once() -> None:
    with pytest.raises(InvalidInputs) as caught:
        deploy(lambda: ixn(node=pod(pod={"priority_class_name": late("high"), "node_selector": {"a": "b c"}})))

    assert [issue.path for issue in caught.value.issues] == ["node.pod.node_selector.a"]


def test_a_secret_output_is_not_shown() -> None:
    with pytest.raises(InvalidInputs, match=r"node\.pod\.priority_class_name") as caught:
        deploy(lambda: ixn(node=pod(pod={"priority_class_name": pulumi.Output.secret("hunter2 !")})))

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: {"pod": {"volumes": late([])}}, "node.pod.volumes"),
        (lambda: {"container": {"env": [{"name": late("A"), "value": "b"}]}}, "node.container.env[0].name"),
        (lambda: {"sidecars": [late({"name": "a", "image": "b:1"})]}, "node.sidecars[0]"),
    ],
    ids=["volumes", "the name of a variable", "a sidecar"],
)
def test_what_is_merged_by_name_must_be_plain(make: Any, path: str) -> None:
    with pytest.raises(InvalidInputs) as caught:
        deploy(lambda: ixn(node=pod(**make())))

    assert [issue.path for issue in caught.value.issues] == [path]
