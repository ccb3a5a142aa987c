"""The guard of passwords with which pods log in."""

from typing import Any

import pytest
from pulumi_ixn.live.managed_secrets import secret_problems
from pulumi_ixn.live.rotations import rotation_problems

from tests.unit.live.fake_cluster import FakeCluster
from tests.unit.live.stacks import NAMESPACE, STACK, objects, settings
from tests.unit.provisioning.jobs import SETTINGS

DB = "tenants.east.peers.ixnDB"
FIRST, SECOND = "ixn-db-secret-310", "ixn-db-secret-310-2"


def changes(rotation: int, **more: Any) -> dict[str, Any]:
    generated = {"username": "ixn-east", "rotation": rotation}
    return {f"{DB}.secret": {"generated": generated}, f"{DB}.provisioned": SETTINGS, **more}


PLAIN: dict[str, Any] = {"name": "ixn", "env": [{"name": "A", "value": "b"}], "envFrom": [{"configMapRef": {}}]}


def variable(secret: str) -> dict[str, Any]:
    reference = {"name": "IT", "valueFrom": {"secretKeyRef": {"name": secret, "key": "password"}}}
    return {**PLAIN, "env": [*PLAIN["env"], reference]}


def pod(name: str, secret: str, phase: str = "Running", **spec: Any) -> dict[str, Any]:
    """Return a pod that reads a Secret, by default in a variable."""
    spec = {"containers": [PLAIN if spec else variable(secret)], "volumes": [{"emptyDir": {}}], **spec}
    return {"metadata": {"name": name, "namespace": NAMESPACE}, "spec": spec, "status": {"phase": phase}}


class Pods(FakeCluster):
    """A cluster with pods alone."""

    def __init__(self, *pods: dict[str, Any]) -> None:
        super().__init__()
        self.lists = {f"/api/v1/namespaces/{NAMESPACE}/pods": pods}


def problems(deployed: int, wanted: int, *pods: dict[str, Any]) -> dict[str, str]:
    secrets = objects("Secret", changes(deployed))
    found = rotation_problems(Pods(*pods), secrets, settings(changes(wanted)), STACK)
    return {each.where: each.message for each in found}


@pytest.mark.parametrize("rotation", [0, 1, 2, 3])
def test_one_rotation_after_the_pods_have_the_last_is_no_problem(rotation: int) -> None:
    reader = pod("ixn-server-310-0", SECOND if rotation % 2 else FIRST)

    for wanted in (rotation, rotation + 1):
        assert problems(rotation, wanted, reader) == {}


@pytest.mark.parametrize(
    ("deployed", "wanted", "read"), [(1, 3, SECOND), (2, 0, FIRST), (3, 2, SECOND), (0, 2, FIRST)]
)
def test_a_password_that_pods_use_is_not_replaced(deployed: int, wanted: int, read: str) -> None:
    (where, message), *more = problems(deployed, wanted, pod("ixn-server-310-0", read)).items()

    assert (where, more) == (f"ixn:{DB}.secret.generated.rotation", [])
    for part in (f"{NAMESPACE}/{read}", "ixn-server-310-0", f"set {deployed}", f"set {deployed + 1}"):
        assert part in message


def test_a_rotation_whose_pods_have_not_all_restarted_is_finished_first() -> None:
    pods = pod("ixn-server-310-0", SECOND), pod("old", FIRST)

    (message,) = problems(1, 2, *pods).values()

    assert "(old)" in message


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_a_pod_that_has_ended_does_not_count(phase: str) -> None:
    assert problems(1, 2, pod("ixn-server-310-db-1", FIRST, phase)) == {}


@pytest.mark.parametrize(
    "spec",
    [
        {"initContainers": [variable(FIRST)]},
        {"containers": [{**PLAIN, "envFrom": [{"secretRef": {"name": FIRST}}]}]},
        {"volumes": [{"secret": {"secretName": FIRST}}]},
        {"volumes": [{"projected": {"sources": [{"configMap": {}}, {"secret": {"name": FIRST}}]}}]},
    ],
)
def test_however_a_pod_reads_it_counts(spec: dict[str, Any]) -> None:
    assert problems(1, 2, pod("ixn-server-310-0", FIRST, **spec))


def test_a_password_that_no_job_would_set_is_not_replaced() -> None:
    generated = {f"{DB}.secret": {"generated": {"username": "ixn-east"}}}

    def found(rotation: int) -> list[str]:
        secrets = objects("Secret", changes(rotation))
        return [each.message for each in rotation_problems(Pods(), secrets, settings(generated), STACK)]

    (message,) = found(3)
    assert f"{NAMESPACE}/{FIRST}" in message
    assert "Keep `provisioned`" in message
    assert found(1) == []


@pytest.mark.parametrize("rotation", [0, 1])
def test_another_username_is_refused_while_pods_log_in(rotation: int) -> None:
    """The Job refuses it only after the Secrets have changed."""
    renamed = changes(rotation)
    renamed[f"{DB}.secret"] = {"generated": {"username": "renamed", "rotation": rotation}}

    def found(*pods: dict[str, Any]) -> list[str]:
        secrets = objects("Secret", changes(rotation))
        return [each.where for each in rotation_problems(Pods(*pods), secrets, settings(renamed), STACK)]

    assert found(pod("ixn-server-310-0", SECOND if rotation else FIRST)) == [f"ixn:{DB}.secret.generated.username"]
    assert found() == []


def test_secrets_of_others_do_not_count() -> None:
    secrets = objects("Secret", changes(1))
    for each in secrets:
        each["metadata"]["annotations"] = {"ixn-pulumi/stack": "another/ixn/prod"}
    cluster = Pods(pod("ixn-server-310-0", SECOND))

    assert not list(rotation_problems(cluster, secrets, settings(changes(3)), STACK))


def test_a_protected_second_secret_is_given_up_only_after_it_is_unprotected() -> None:
    def given_up(**more: Any) -> list[str]:
        deployed = objects("Secret", changes(1, **more))
        return [each.message for each in secret_problems(deployed, settings(changes(0, **more)), STACK)]

    (message,) = given_up()
    assert f"{NAMESPACE}/{SECOND} is protected" in message
    assert given_up(protect=False) == []
