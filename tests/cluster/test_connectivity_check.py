"""The Jobs of the connectivity check run on a real node, among peers that answer and peers that do not."""

import shutil
from collections.abc import Mapping
from typing import Any

import pytest

from tests.cluster.deployment import Change, Deployment

pytestmark = pytest.mark.skipif(not shutil.which("busybox"), reason="needs BusyBox (Debian: busybox-static)")

WORKLOADS = ("server", "node", "vqnode")
IMAGE = {"repository": "tools/busybox", "tag": "1.37"}


def checking(change: Change | None = None, **check: Any) -> Change:
    """Return a change that enables the connectivity check together with another change."""

    def both(config: dict[str, Any]) -> None:
        config["ixn:connectivityCheck"] = {"image": IMAGE, **check}
        if change:
            change(config)

    return both


def jobs(deployment: Deployment) -> Mapping[str, str]:
    """Return the UID of each succeeded Job."""
    found = deployment.cluster.client.get("jobs", "--namespace=ixn")["items"]
    return {each["metadata"]["name"]: each["metadata"]["uid"] for each in found if each["status"].get("succeeded")}


def lines(deployment: Deployment, workload: str) -> list[str]:
    job = f"job/ixn-{workload}-100-check"
    return deployment.cluster.client.run("logs", job, "--namespace=ixn").splitlines()


@pytest.fixture(scope="module")
def checked(deployment: Deployment) -> Deployment:
    """The stack with the check enabled and every peer running."""
    deployment.deploy(checking())
    return deployment


def test_every_outbound_connection_is_checked_and_ok(checked: Deployment) -> None:
    found = [line for workload in WORKLOADS for line in lines(checked, workload)]

    rows = sorted(int(line.removeprefix("connection ").partition(":")[0]) for line in found)
    assert rows == [1, 2, 5, 6, 7, 13, 14, 15, 16, 17, 19]
    assert [line for line in found if not line.endswith(": ok")] == []


def test_the_jobs_run_again_only_when_their_targets_change(checked: Deployment) -> None:
    before = jobs(checked)
    assert before.keys() == {f"ixn-{workload}-100-check" for workload in WORKLOADS}

    checked.project.up()
    assert jobs(checked) == before

    def server_port(config: dict[str, Any]) -> None:
        config["ixn:ixnService"]["ixnServer"]["config"] = 8890

    checked.deploy(checking(server_port))
    after = jobs(checked)
    assert {name for name in before if after[name] != before[name]} == {"ixn-server-100-check"}


@pytest.mark.full
@pytest.mark.parametrize("key", ["isolation", "dns"])
def test_the_jobs_run_again_when_the_policies_change(checked: Deployment, key: str) -> None:
    def policies(config: dict[str, Any]) -> None:
        resolver = {"namespace": "kube-system", "labels": {"k8s-app": "kube-dns"}}
        values = {"isolation": "none", "dns": {"locations": [{"pods": resolver}], "ports": [53, 5353]}}
        config[f"ixn:{key}"] = values[key]

    checked.deploy(checking())
    before = jobs(checked)
    checked.deploy(checking(policies))

    after = jobs(checked)
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())


def test_up_fails_and_lists_the_failed_connections(checked: Deployment) -> None:
    def broken(config: dict[str, Any]) -> None:
        peers = config["ixn:peers"]
        node, nobody = checked.cluster.node_ip, checked.cluster.node_ip.rpartition(".")[0] + ".77"
        # Nothing listens on this port of the node, and the other address is unused.
        peers["kafka"] |= {"endpoints": [f"{node}:19092"], "locations": [{"cidrs": [f"{node}/32"]}]}
        peers["ixnDB"] |= {"endpoint": f"{nobody}:5432", "locations": [{"cidrs": [f"{nobody}/32"]}]}
        peers["pulseStatServers"]["endpoints"] = ["nobody.pulse.svc"]

    checked.deploy(checking())
    checked.configure(checking(broken, deadline=2))
    run = checked.project.run("up", "--yes", "--skip-preview", "--stack", checked.project.stack)

    assert run.code != 0, run
    node, nobody = checked.cluster.node_ip, checked.cluster.node_ip.rpartition(".")[0] + ".77"
    expected = {
        f"connection 6: {node}:19092: refused",
        f"connection 16: {nobody}:5432: timed out",
        "connection 19: nobody.pulse.svc:2060: name unknown",
    }
    assert {line for line in expected if line in run.output} == expected, run
    assert "connection 5:" not in run.output, run

    checked.deploy(checking())
    assert len(jobs(checked)) == len(WORKLOADS)
