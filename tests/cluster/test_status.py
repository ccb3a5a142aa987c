"""`ixn status` and its support bundle, on a control plane with a simulated node."""

import json
import tarfile
from collections.abc import Generator
from typing import Any

import pytest

from tests.cluster.definitions import definition
from tests.cluster.guide import follow
from tests.cluster.live_stack import SERVER, LiveStack
from tools.cluster.control_plane import running_control_plane
from tools.cluster.waiting import wait_until
from tools.errors import UserError

CHECKED = {1, 2, 5, 6, 7, 13, 14, 15, 16, 17, 19}
FOREIGN = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "allow-all", "namespace": "ixn"},
    "spec": {"podSelector": {}, "ingress": [{}]},
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Generator[LiveStack]:
    """The dev stack with a managed Secret and the connectivity check, whose pods all succeed."""
    with running_control_plane() as client:
        live = LiveStack(client, tmp_path_factory.mktemp("status"), secrets={"kafka": {"managed": {}}})
        with live.project.edited() as config:
            config["ixn:connectivityCheck"] = {"image": {"repository": "tools/busybox", "tag": "1.37"}}
        live.project.up()
        live.wait_for_pod()
        yield live


def status(stack: LiveStack) -> dict[str, Any]:
    """Return the status of the only tenant."""
    (tenant,) = json.loads(stack.project.ixn("status", "--json").succeeded().stdout)["tenants"]
    return tenant


def test_status_shows_rollouts_verdicts_policies_and_secrets(stack: LiveStack) -> None:
    found = status(stack)

    assert {each["name"]: each["state"] for each in found["workloads"]} == {
        SERVER: "rolled out",
        "ixn-node-100": "rolled out",
        "ixn-vqnode-100": "rolled out",
    }
    assert {int(number) for number, verdict in found["connections"].items() if verdict == "ok"} == CHECKED
    assert len(found["connections"]) == 19
    assert {each["name"].rpartition("-")[0]: each["workloads"] for each in found["policies"]} == {
        SERVER: ["ixn-server"],
        "ixn-node-100": ["ixn-node"],
        "ixn-vqnode-100": ["ixn-vqnode"],
    }
    secrets = {each["name"]: each for each in found["secrets"]}
    assert secrets["kafka-shared-secret"]["exists"]
    assert secrets["kafka-shared-secret"]["keys"] == ["kafka-secrets"]
    assert secrets["ixn-db-secret-100"]["exists"]


def test_status_shows_a_policy_of_somebody_else_and_one_that_is_missing(stack: LiveStack) -> None:
    stack.client.apply(FOREIGN)
    policy = stack.policy("ixn-node-100")
    stack.client.run("delete", policy, "--namespace=ixn")

    run = stack.project.ixn("status", "--drift").succeeded()

    assert "NetworkPolicy allow-all: ixn-server, ixn-node, ixn-vqnode (not of a stack)" in run.stdout
    assert f"NetworkPolicy ixn/{policy.rpartition('/')[2]}: deleted" in run.stdout
    stack.client.run("delete", "networkpolicy/allow-all", "--namespace=ixn")
    assert "none selects ixn-node" in stack.project.ixn("status").stdout


def test_a_secret_that_is_newer_than_its_pods_is_shown(stack: LiveStack) -> None:
    change = json.dumps({"stringData": {"kafka-secrets": "{}"}})
    stack.client.run("patch", "secret/kafka-shared-secret", "--namespace=ixn", f"--patch={change}")

    (secret,) = [each for each in status(stack)["secrets"] if each["name"] == "kafka-shared-secret"]

    assert secret["restart"] == ["ixn-server", "ixn-vqnode"]


def test_the_certificate_of_a_secret_that_pods_read_is_shown(stack: LiveStack) -> None:
    stack.client.apply(definition("Certificate", "cert-manager.io", "v1"))
    wait_until("the definition", lambda: created(stack, CERTIFICATE), stack.client.kubeconfig.parent)

    (found,) = status(stack)["certificates"]

    assert (found["name"], found["secret"], found["revision"]) == ("redis", "redis-ors-secret", 3)
    assert "certificate redis in redis-ors-secret: revision 3" in stack.project.ixn("status").stdout


CERTIFICATE = {
    "apiVersion": "cert-manager.io/v1",
    "kind": "Certificate",
    "metadata": {"name": "redis", "namespace": "ixn"},
    "spec": {"secretName": "redis-ors-secret"},
    "status": {"revision": 3, "notAfter": "2027-06-01T00:00:00Z"},
}


def created(stack: LiveStack, item: Any) -> bool:
    """Return whether an object could be created."""
    try:
        stack.client.apply(item)
    except UserError:
        return False
    return True


def test_the_bundle_has_the_objects_and_reports_without_values(stack: LiveStack) -> None:
    table, as_json, _ = follow(stack, "Status and the support bundle", 0)
    assert "rolled out" in table.stdout
    assert json.loads(as_json.stdout).keys() == {"tenants", "drift"}

    with tarfile.open(stack.project.root / "ixn.tar.gz") as archive:
        names = {each.name.removeprefix("ixn-dev/") for each in archive.getmembers()}
        member = archive.extractfile("ixn-dev/objects.json")
        assert member
        objects = json.load(member)

    assert names >= {"tenants.json", "drift.json", "configuration.json", "history.json", "versions.json"}
    assert {each["resource"] for each in objects} >= {"pods", "statefulsets", "secrets", "events"}
    assert not [each for each in objects if each["resource"] == "secrets" and "data" in each]
    assert "managedFields" not in json.dumps(objects)


def server_pod(stack: LiveStack) -> str:
    """Return the UID of IXN Server's pod."""
    return stack.client.get("pod", f"{SERVER}-0", "--namespace=ixn")["metadata"]["uid"]


def test_a_planned_restart_of_ixn_server_goes_as_the_guide_says(stack: LiveStack) -> None:
    follow(stack, "Restart IXN Server", 0)
    before = server_pod(stack)
    follow(stack, "Restart IXN Server", 1)
    stack.client.run("rollout", "status", f"statefulset/{SERVER}", "--namespace=ixn", "--timeout=60s")

    assert server_pod(stack) != before
    assert {each["state"] for each in status(stack)["workloads"]} == {"rolled out"}
