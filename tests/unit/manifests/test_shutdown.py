"""How pods end: clients learn it first, then the container, which then has time to finish; and what probes ask."""

from dataclasses import replace
from typing import Any

import pytest
from pulumi_ixn import InvalidInputs
from pulumi_ixn.contract import NODE_CONTRACT, VQ_NODE_CONTRACT, Assumed, Shutdown
from pulumi_ixn.contract.model import Contract

from tests.unit.deployed import WORKLOADS, container, made, template
from tests.unit.samples import pod


def end_of(workload: str, **changes: Any) -> tuple[int, int]:
    """Return the seconds for which the container serves on, and those after which it is killed."""
    found = made(**changes)
    sleep = container(found, workload).get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    return sleep, template(found, workload)["spec"]["terminationGracePeriodSeconds"]


def test_a_workload_with_clients_and_several_pods_serves_on_before_it_ends() -> None:
    sleep, grace = end_of("vqnode")

    assert sleep >= 5
    assert grace - sleep >= 30


@pytest.mark.parametrize("workload", ["server", "node"])
def test_one_without_a_substitute_or_without_clients_ends_at_once_and_has_time_to_finish(workload: str) -> None:
    sleep, grace = end_of(workload)

    assert sleep == 0
    assert grace >= 60


def test_a_contract_says_how_its_container_ends() -> None:
    contract = replace(NODE_CONTRACT, shutdown=Shutdown(7, 90, Assumed("measured")))

    assert end_of("node", node=pod(contract=contract)) == (7, 90)


@pytest.mark.parametrize(("pre_stop", "grace"), [(30, 30), (-1, 30)])
def test_a_contract_without_time_to_end_is_invalid(pre_stop: int, grace: int) -> None:
    with pytest.raises(InvalidInputs):
        Shutdown(pre_stop, grace, Assumed("measured"))


def test_settings_replace_the_grace_period_and_the_hook_each_on_its_own() -> None:
    hook = {"lifecycle": {"pre_stop": {"sleep": {"seconds": 3}}}}

    assert end_of("vqnode", vq_node=pod(pod={"termination_grace_period_seconds": 300})) == (10, 300)
    assert end_of("vqnode", vq_node=pod(container=hook)) == (3, 40)


def test_another_hook_leaves_this_one() -> None:
    hook = {"lifecycle": {"post_start": {"exec_": {"command": ["/bin/true"]}}}}
    found = container(made(vq_node=pod(container=hook)), "vqnode")["lifecycle"]

    assert found == {"preStop": {"sleep": {"seconds": 10}}, "postStart": {"exec": {"command": ["/bin/true"]}}}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"pod": {"termination_grace_period_seconds": 10}}, "vq_node.pod.termination_grace_period_seconds"),
        (
            {"container": {"lifecycle": {"pre_stop": {"sleep": {"seconds": 40}}}}},
            "vq_node.container.lifecycle.pre_stop.sleep.seconds",
        ),
    ],
)
def test_a_grace_period_that_ends_before_the_container_is_asked_to_is_refused(
    changes: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidInputs) as caught:
        made(vq_node=pod(**changes))

    assert [issue.path for issue in caught.value.issues] == [path]


def question(probe: dict[str, Any]) -> tuple[str, Any]:
    (found,) = ((kind, probe[kind]) for kind in ("httpGet", "tcpSocket") if kind in probe)
    return found


@pytest.mark.parametrize("workload", WORKLOADS)
def test_readiness_and_liveness_ask_different_questions(workload: str) -> None:
    found = container(made(), workload)

    assert question(found["readinessProbe"]) != question(found["livenessProbe"])


def test_a_contract_can_name_the_path_of_a_probe() -> None:
    contract: Contract = replace(VQ_NODE_CONTRACT, liveness=replace(VQ_NODE_CONTRACT.liveness, path="/alive"))
    found = container(made(vq_node=pod(contract=contract)), "vqnode")

    assert found["livenessProbe"]["httpGet"]["path"] == "/alive"
