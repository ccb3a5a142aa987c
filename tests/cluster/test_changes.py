"""A stack on a real API server: its first deployment, and which objects and pods each change touches."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.cluster.live_stack import LiveStack
from tests.engine.project import without_digest
from tests.engine.table import DEV_ID
from tools.cluster.control_plane import running_control_plane
from tools.cluster.peer_manifests import namespace

KINDS = (
    "configmaps", "deployments", "networkpolicies", "persistentvolumeclaims", "poddisruptionbudgets",
    "prometheusrules", "secrets", "serviceaccounts", "servicemonitors", "services", "statefulsets",
)  # fmt: skip
WORKLOAD_PARTIES = {
    "server": "StatefulSet/ixn-server-100",
    "node": "Deployment/ixn-node-100",
    "vqnode": "Deployment/ixn-vqnode-100",
}
SETTINGS = "ConfigMap/ixn-node-100-settings"
HEADLESS = "Service/ixn-server-100-headless"


def service(workload: str) -> str:
    return f"Service/ixn-{workload}-{DEV_ID}"


def policy(workload: str) -> str:
    return f"NetworkPolicy/ixn-{workload}-100"


POLICIES = {policy(workload) for workload in WORKLOAD_PARTIES}


def own_objects(workload: str) -> set[str]:
    """Return the objects that carry a workload's labels."""
    kinds = {f"{kind}/ixn-{workload}-100" for kind in ("NetworkPolicy", "ServiceAccount", "ServiceMonitor")}
    more = {"server": {HEADLESS}, "node": {SETTINGS}, "vqnode": set[str]()}
    return {WORKLOAD_PARTIES[workload], service(workload), *kinds, *more[workload]}


@dataclass(frozen=True)
class Change:
    """A change of a value at a path below `ixn:`, and what comes of it.

    `objects` are those that change, `rolls` the workloads whose pods are replaced, and `new` the objects that are
    created.
    """

    path: str
    value: Any
    objects: set[str]
    rolls: tuple[str, ...] = ()
    new: frozenset[str] = frozenset()

    def apply(self, config: dict[str, Any]) -> None:
        """Set the value in the stack's configuration."""
        *parents, last = self.path.split(".")
        target: Any = {key.removeprefix("ixn:"): value for key, value in config.items()}
        for parent in parents:
            target = target.setdefault(parent, {})
        target[last] = self.value


CHANGES = (
    Change(
        "ixnService.ixnServer.port",
        7125,
        {WORKLOAD_PARTIES["server"], service("server"), HEADLESS, policy("server")}
        | {WORKLOAD_PARTIES["node"], SETTINGS, policy("node")},
        ("server", "node"),
    ),
    Change(
        "ixnService.ixnServer.ports",
        13135,
        {WORKLOAD_PARTIES["server"], service("server"), policy("server")},
        ("server",),
    ),
    Change("ixnService.ixnServer.config", 8890, {WORKLOAD_PARTIES["server"], policy("server")}, ("server",)),
    Change(
        "ixnService.ixnNode.ports",
        13137,
        {WORKLOAD_PARTIES["node"], service("node"), SETTINGS, policy("node")},
        ("node",),
    ),
    Change("ixnService.ixnNode.conf", 8891, {WORKLOAD_PARTIES["node"], SETTINGS, policy("node")}, ("node",)),
    Change("ixnService.ixnNode.consul", 8501, {WORKLOAD_PARTIES["node"], SETTINGS, policy("node")}, ("node",)),
    Change(
        "ixnVQNode.ports.default",
        7127,
        {WORKLOAD_PARTIES["vqnode"], service("vqnode"), policy("vqnode")},
        ("vqnode",),
    ),
    Change(
        "ixnVQNode.ports.health",
        13141,
        {WORKLOAD_PARTIES["vqnode"], service("vqnode"), policy("vqnode")},
        ("vqnode",),
    ),
    Change("ixnService.ixnServer.image.tag", "100.0.007.0401", own_objects("server"), ("server",)),
    Change(
        "ixnService.ixnNode.replicas",
        3,
        {WORKLOAD_PARTIES["node"]},
        new=frozenset({"PodDisruptionBudget/ixn-node-100"}),
    ),
    Change("ixnVQNode.resources.limits.memory", "200Mi", {WORKLOAD_PARTIES["vqnode"]}, ("vqnode",)),
    Change("ixnVQNode.podLabels", {"team": "routing"}, {WORKLOAD_PARTIES["vqnode"]}, ("vqnode",)),
    Change(
        "monitoring.labels.release",
        "other",
        {"PrometheusRule/ixn-100", *(f"ServiceMonitor/ixn-{each}-100" for each in WORKLOAD_PARTIES)},
    ),
    Change("monitoring.alerts.thresholds.IxnMemoryHigh", 90, {"PrometheusRule/ixn-100"}),
    Change(
        "peers.voiceRQ.endpoints", ["other-rq.voice.svc:11000"], {WORKLOAD_PARTIES["node"], SETTINGS}, ("node",)
    ),
    Change(
        "peers.kafka.endpoints",
        ["other-kafka.infra.svc:9092"],
        {"Secret/kafka-shared-secret", WORKLOAD_PARTIES["server"], WORKLOAD_PARTIES["vqnode"]},
        ("server", "vqnode"),
    ),
    Change("peers.ixnDB.secret.existing.version", "2", {WORKLOAD_PARTIES["server"]}, ("server",)),
)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Generator[LiveStack]:
    """The dev stack, in a namespace that was made for it and enforces `restricted`; Kafka's Secret is managed."""
    with running_control_plane() as client:
        secrets = {"kafka": {"managed": {}}}
        live = LiveStack(client, tmp_path_factory.mktemp("changes"), secrets=secrets)
        restricted = namespace("ixn", "restricted")
        restricted["metadata"]["labels"] |= {
            f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("warn", "audit")
        }
        client.apply(restricted)
        live.set_namespace(name="ixn", create=False)
        live.project.up()
        yield live


def snapshot(stack: LiveStack) -> Mapping[str, Mapping[str, Any]]:
    """Return every object of the namespace by `Kind/name`, without fields that the cluster maintains.

    A policy has the name of its workload, without the digest.
    """
    items = stack.client.get(",".join(KINDS), "--namespace=ixn")["items"]
    found: dict[str, Mapping[str, Any]] = {}
    for each in items:
        metadata = each["metadata"]
        for name in ("managedFields", "resourceVersion", "generation"):
            metadata.pop(name, None)
        metadata.get("annotations", {}).pop("deployment.kubernetes.io/revision", None)
        each.pop("status", None)
        name = metadata["name"] if each["kind"] != "NetworkPolicy" else without_digest(metadata["name"])
        found[f"{each['kind']}/{name}"] = each
    return found


def pods(stack: LiveStack) -> Mapping[str, set[str]]:
    """Return the UIDs of the pods of each workload once none is starting or terminating."""
    for workload in WORKLOAD_PARTIES.values():
        kind, _, name = workload.partition("/")
        stack.client.run("rollout", "status", f"{kind}/{name}", "--namespace=ixn", "--timeout=60s")
    items = stack.client.get("pods", "--namespace=ixn")["items"]
    found: dict[str, set[str]] = {name: set() for name in WORKLOAD_PARTIES}
    for each in items:
        if "deletionTimestamp" not in each["metadata"]:
            name = each["metadata"]["labels"]["app.kubernetes.io/name"]
            found[name.removeprefix("ixn-")].add(each["metadata"]["uid"])
    return found


def test_the_first_deployment_is_admitted_without_a_warning(stack: LiveStack) -> None:
    assert stack.project.last
    assert "PodSecurity" not in stack.project.last.output
    assert "would violate" not in stack.project.last.output
    assert all(pods(stack).values())


@pytest.mark.parametrize(
    "command",
    [
        ("up", "--yes"),
        ("preview",),
        ("preview", "--refresh"),
        ("refresh", "--yes"),
    ],
    ids=" ".join,
)
def test_a_second_preview_has_no_changes(stack: LiveStack, command: tuple[str, ...]) -> None:
    before = snapshot(stack)

    stack.project.pulumi(*command, "--expect-no-changes")

    assert snapshot(stack) == before


SIMILAR = {
    "ixnService.ixnNode.consul",
    "ixnVQNode.resources.limits.memory",
    "peers.voiceRQ.endpoints",
    "ixnService.ixnNode.ports",
    "ixnVQNode.ports.default",
    "ixnService.ixnServer.ports",
    "ixnService.ixnServer.config",
    "ixnService.ixnNode.conf",
    "ixnVQNode.ports.health",
}
"""Similar changes, which only `make test-all` tests."""


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(each, id=each.path, marks=[pytest.mark.full] if each.path in SIMILAR else [])
        for each in CHANGES
    ],
)
def test_a_change_updates_only_its_objects_and_rolls_only_the_affected_pods(
    stack: LiveStack, change: Change
) -> None:
    before, pods_before = snapshot(stack), pods(stack)

    with stack.project.edited() as config:
        change.apply(config)
    stack.project.up()

    pods_after, after = pods(stack), snapshot(stack)
    assert before.keys() <= after.keys()
    assert after.keys() - before.keys() == change.new
    assert {name for name in before if before[name] != after[name]} == change.objects
    # Nothing but policies is replaced, so clients keep valid addresses.
    replaced = {name for name in before if before[name]["metadata"]["uid"] != after[name]["metadata"]["uid"]}
    assert replaced == {name for name in before if before[name].get("spec") != after[name].get("spec")} & POLICIES
    for name, each in before.items():
        assert each.get("spec", {}).get("clusterIP") == after[name].get("spec", {}).get("clusterIP")
    assert {name for name in WORKLOAD_PARTIES if not pods_before[name] <= pods_after[name]} == set(change.rolls)
