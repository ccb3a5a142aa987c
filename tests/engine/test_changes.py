"""One change of the stack config and its exact effect on the manifests.

The changed paths are listed here, so a missing path and an additional one both fail.
"""

from dataclasses import dataclass
from typing import Any
from unittest.mock import ANY

import pytest

from tests.engine import table
from tests.engine.differences import NOTHING, Location, differences
from tests.engine.project import Manifests, Project, make_project
from tests.engine.table import DEV_ID

SERVER, NODE, VQ_NODE = "StatefulSet/ixn-server-100", "Deployment/ixn-node-100", "Deployment/ixn-vqnode-100"
HEADLESS = "Service/ixn-server-100-headless"
ALERTS = "PrometheusRule/ixn-100"
SERVER_SERVICE, NODE_SERVICE, VQ_NODE_SERVICE = (
    f"Service/{workload}-{DEV_ID}" for workload in ("ixn-server", "ixn-node", "ixn-vqnode")
)

SERVER_POLICY, NODE_POLICY, VQ_NODE_POLICY = (
    f"NetworkPolicy/{workload}-100" for workload in ("ixn-server", "ixn-node", "ixn-vqnode")
)

POD = "spec.template.spec"
NODE_SETTINGS_DIGEST: Location = (NODE, "spec.template.metadata.annotations[checksum/settings]")


def env(workload: str, container: str, name: str) -> Location:
    return workload, f"{POD}.containers[{container}].env[{name}].value"


def container_port(workload: str, container: str, name: str) -> Location:
    return workload, f"{POD}.containers[{container}].ports[{name}].containerPort"


def service_port(service: str, name: str) -> Location:
    return service, f"spec.ports[{name}].port"


def setting(path: str) -> Location:
    return "ConfigMap/ixn-node-100-settings", f"data[settings.json].{path}"


def rule(policy: str, rule: str) -> Location:
    return policy, f"spec.{rule}.ports[0].port"


@dataclass(frozen=True)
class PortUses:
    """The paths that contain a parameter's port, as numbers and as text; `rolls` are dependent digests.

    A policy's name also changes with its rules.
    """

    numbers: tuple[Location, ...] = ()
    texts: tuple[Location, ...] = ()
    rolls: tuple[Location, ...] = ()

    def changed(self, old: int, new: int) -> dict[Location, tuple[Any, Any]]:
        """Return the expected differences when the port changes from `old` to `new`."""
        policies = [manifest for manifest, _ in self.numbers if manifest.startswith("NetworkPolicy/")]
        return {
            **dict.fromkeys([(policy, "metadata.name") for policy in policies], (ANY, ANY)),
            **dict.fromkeys(self.numbers, (old, new)),
            **dict.fromkeys(self.texts, (str(old), str(new))),
            **dict.fromkeys(self.rolls, (ANY, ANY)),
        }


LOCATIONS = {
    "ixnService.ixnServer.port": PortUses(
        numbers=(
            container_port(SERVER, "ixn-server", "server-default"),
            service_port(SERVER_SERVICE, "server-default"),
            service_port(HEADLESS, "server-default"),
            setting("ixnServer.port"),
            rule(NODE_POLICY, "egress[1]"),
            *(rule(SERVER_POLICY, f"ingress[{index}]") for index in (0, 1, 2, 4)),
        ),
        texts=(env(SERVER, "ixn-server", "IXN_SERVER_PORT"),),
        rolls=(NODE_SETTINGS_DIGEST,),
    ),
    "ixnService.ixnServer.ports": PortUses(
        numbers=(
            container_port(SERVER, "ixn-server", "metrics"),
            service_port(SERVER_SERVICE, "metrics"),
            rule(SERVER_POLICY, "ingress[3]"),
        ),
        texts=(env(SERVER, "ixn-server", "IXN_METRICS_PORT"),),
    ),
    "ixnService.ixnServer.config": PortUses(
        numbers=(rule(SERVER_POLICY, "egress[0]"),),
        texts=(env(SERVER, "ixn-server", "CONF_SERVER_PORT"),),
    ),
    "ixnService.ixnNode.ports": PortUses(
        numbers=(
            container_port(NODE, "ixn-node", "metrics"),
            service_port(NODE_SERVICE, "metrics"),
            setting("ports.health"),
            rule(NODE_POLICY, "ingress[0]"),
        ),
        rolls=(NODE_SETTINGS_DIGEST,),
    ),
    "ixnService.ixnNode.conf": PortUses(
        numbers=(setting("configNode.port"), rule(NODE_POLICY, "egress[3]")),
        rolls=(NODE_SETTINGS_DIGEST,),
    ),
    "ixnService.ixnNode.consul": PortUses(
        numbers=(setting("consul.port"), rule(NODE_POLICY, "egress[0]")),
        texts=(env(NODE, "ixn-node", "CONSUL_PORT"),),
        rolls=(NODE_SETTINGS_DIGEST,),
    ),
    "ixnVQNode.ports.default": PortUses(
        numbers=(
            container_port(VQ_NODE, "ixn-vqnode", "vqnode-default"),
            service_port(VQ_NODE_SERVICE, "vqnode-default"),
            rule(VQ_NODE_POLICY, "ingress[0]"),
            rule(VQ_NODE_POLICY, "ingress[1]"),
        ),
        texts=(env(VQ_NODE, "ixn-vqnode", "VQ_NODE_PORT"),),
    ),
    "ixnVQNode.ports.health": PortUses(
        numbers=(
            container_port(VQ_NODE, "ixn-vqnode", "metrics"),
            service_port(VQ_NODE_SERVICE, "metrics"),
            rule(VQ_NODE_POLICY, "ingress[2]"),
        ),
        texts=(env(VQ_NODE, "ixn-vqnode", "VQ_NODE_METRICS_PORT"),),
    ),
}
"""By parameter. ServiceMonitors, probes and target ports use port names, so they do not change."""


@dataclass(frozen=True)
class Baseline:
    """The stack before any change: its file and its manifests."""

    stack_file: str
    manifests: Manifests


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Baseline]:
    stack = make_project(tmp_path_factory.mktemp("changes"))
    stack.up()
    return stack, Baseline(stack.stack_file.read_text(encoding="utf-8"), stack.manifests())


@pytest.fixture
def stack(deployed: tuple[Project, Baseline]) -> Project:
    """The deployed dev stack with its initial configuration; another test may have changed the deployment."""
    project, baseline = deployed
    project.stack_file.write_text(baseline.stack_file, encoding="utf-8")
    return project


@pytest.fixture
def baseline(deployed: tuple[Project, Baseline]) -> Baseline:
    return deployed[1]


def test_every_parameter_of_the_table_has_its_expected_changes() -> None:
    assert LOCATIONS.keys() == table.parameters().keys()
    assert len(LOCATIONS) == 8


@pytest.mark.parametrize("parameter", LOCATIONS)
def test_a_changed_port_updates_every_use_of_it_and_nothing_else(
    stack: Project, baseline: Baseline, parameter: str
) -> None:
    old = table.parameters()[parameter]
    new = old + 1000
    assert f" {new}\n" not in baseline.stack_file, "the new port must not be another one's"

    stack.set(f"ixn:{parameter}", str(new))
    stack.up()

    assert differences(baseline.manifests, stack.manifests()) == LOCATIONS[parameter].changed(old, new)
    assert stack.connections() == table.connections(ports={parameter: new})


def test_setting_a_value_keeps_comments_and_the_secrets_provider(stack: Project) -> None:
    before = stack.stack_file.read_text(encoding="utf-8")
    comments = [line for line in before.splitlines() if line.lstrip().startswith("#")]
    assert comments

    stack.set("ixn:ixnService.ixnServer.port", "7121")

    after = stack.stack_file.read_text(encoding="utf-8")
    assert after != before
    assert [line for line in after.splitlines() if line.lstrip().startswith("#")] == comments
    assert _encryption(after) == _encryption(before)


def _encryption(stack_file: str) -> list[str]:
    keys = ("encryptionsalt:", "encryptedkey:", "secretsprovider:")
    return [line for line in stack_file.splitlines() if line.startswith(keys)]


RULES_OF_ABSENT = {
    SERVER_POLICY: {"egress": {1, 3}, "ingress": {4}},
    NODE_POLICY: {"egress": {2}},
    VQ_NODE_POLICY: {"egress": {0}},
}
"""Of Kafka (6, 7), RQ (13) and the Pulse Stat Servers (18, 19)."""


def test_an_absent_peer_appears_in_no_manifest(stack: Project, baseline: Baseline) -> None:
    absent = {"kafka": "Kafka", "voiceRQ": "Voice RQ", "pulseStatServers": "Pulse Stat Server(s)"}
    hosts = [table.HOSTS[party] for party in absent.values()]
    assert all(any(host in str(each) for each in baseline.manifests.values()) for host in hosts)

    for key in absent:
        stack.pulumi("config", "rm", "--path", f"ixn:peers.{key}")
        stack.set(f"ixn:peers.{key}.absent", "true")
    stack.up()

    manifests = stack.manifests()
    assert not [name for name, each in manifests.items() for host in hosts if host in str(each)]
    # The rules after the removed ones move up.
    expected = {name: _without_rules(baseline.manifests[name], gone) for name, gone in RULES_OF_ABSENT.items()}
    assert {name: manifests[name]["spec"] for name in expected} == {
        name: each["spec"] for name, each in expected.items()
    }
    rules = baseline.manifests[ALERTS], manifests[ALERTS]
    peers_before, peers_now = ({each["labels"].get("peer") for each in _alerts(rule)} for rule in rules)
    assert peers_before - peers_now == {"Kafka", "Voice RQ"}
    # The alerts after the removed ones move up.
    found = differences({**baseline.manifests, **expected, ALERTS: manifests[ALERTS]}, manifests)
    names: list[Location] = [(policy, "metadata.name") for policy in RULES_OF_ABSENT]
    for each in (NODE_SETTINGS_DIGEST, *names):
        assert NOTHING not in found.pop(each)
    gone = {
        env(SERVER, "ixn-server", "KAFKA_BOOTSTRAP_SERVERS"),
        env(SERVER, "ixn-server", "PULSE_STAT_SERVERS"),
        env(VQ_NODE, "ixn-vqnode", "KAFKA_BOOTSTRAP_SERVERS"),
        setting("rq[0].host"),
        setting("rq[0].port"),
        *(
            (SERVER, f"{POD}.containers[ixn-server].volumeMounts[kafka].{key}")
            for key in ("mountPath", "readOnly")
        ),
        *(
            (VQ_NODE, f"{POD}.containers[ixn-vqnode].volumeMounts[kafka].{key}")
            for key in ("mountPath", "readOnly")
        ),
        (SERVER, f"{POD}.volumes[kafka].secret.secretName"),
        (VQ_NODE, f"{POD}.volumes[kafka].secret.secretName"),
    }
    assert {location: now for location, (_, now) in found.items()} == dict.fromkeys(gone, NOTHING)
    assert stack.connections() == table.connections(absent=absent.values())


def _alerts(rule: dict[str, Any]) -> list[dict[str, Any]]:
    return [alert for group in rule["spec"]["groups"] for alert in group["rules"]]


def _without_rules(policy: dict[str, Any], gone: dict[str, set[int]]) -> dict[str, Any]:
    spec = dict(policy["spec"])
    for direction, indices in gone.items():
        spec[direction] = [rule for index, rule in enumerate(spec[direction]) if index not in indices]
    return {**policy, "spec": spec}
