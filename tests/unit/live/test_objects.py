"""The objects that a stack writes, as enumerated from its settings and as its program registers them."""

import json
from typing import Any

import pytest
from pulumi_ixn.config import load
from pulumi_ixn.live.objects import KINDS, ObjectRef, objects, recorded
from pulumi_ixn.testing import deploy

from tests.unit.config.stacks import STACKS, change, program, stack_config
from tests.unit.provisioning.jobs import SETTINGS

CHECK = {"image": {"repository": "busybox", "tag": "1.37"}}
SECRETS = {
    "orsRedisStream": {"password": "p"},
    "tenants": {"dev": {"ixnDB": {"password": "p"}, "ixnNodeDB": {"password": "p"}}},
}
OTHER = {"id": "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "sid": "200"}

LOGIN = {"store": {"name": "vault"}, "keys": {"username": {"key": "u"}, "password": {"key": "p"}}}
KEDA = {"maxReplicas": 4, "serverAddress": "http://prometheus:9090", "threshold": 100}

CHANGES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "with a check": {"connectivityCheck": CHECK},
    "without monitoring": {"monitoring.enabled": False},
    "without alerts": {"monitoring.alerts": {"enabled": False}},
    "with dashboards": {"monitoring.dashboards": {"enabled": True}},
    "without Prometheus": {"peers.prometheus": {"absent": True}},
    "without policies": {"isolation": "none"},
    "on Cilium": {"isolation": "cilium"},
    "in an existing namespace": {"namespace.create": False},
    "with managed Secrets": {
        "peers.kafka.secret": {"managed": {}},
        "peers.orsRedisStream.secret": {"managed": {}},
        "peers.ixnDB.secret": {"managed": {"username": "ixn"}},
        "peers.ixnNodeDB.secret": {"managed": {"username": "ixn"}},
        "secrets": SECRETS,
    },
    "with external Secrets": {
        "peers.kafka.secret": {"external": {"store": {"name": "vault"}, "keys": {"json": {"key": "k"}}}},
        "peers.orsRedisStream.secret": {
            "external": {"store": {"name": "vault"}, "name": "r", "keys": {"password": {"key": "k"}}}
        },
        "peers.ixnDB.secret": {"external": LOGIN},
        "peers.ixnNodeDB.secret": {"external": {**LOGIN, "name": "mine"}},
    },
    "with provisioned databases": {
        "peers.ixnDB.provisioned": SETTINGS,
        "peers.ixnNodeDB.provisioned": SETTINGS,
    },
    "with a rotated password": {
        "peers.ixnDB.provisioned": SETTINGS,
        "peers.ixnDB.secret": {"generated": {"username": "ixn", "rotation": 3}},
    },
    "with a provisioned database on Cilium": {"isolation": "cilium", "peers.ixnNodeDB.provisioned": SETTINGS},
    "with a provisioned database without policies": {"isolation": "none", "peers.ixnDB.provisioned": SETTINGS},
    "with a database in a Cluster": {
        "peers.ixnDB": {
            "cloudNativePG": {"cluster": "pg", "namespace": "databases"},
            "name": "ixn",
            "secret": {"generated": {"username": "ixn"}},
        },
        "peers.ixnNodeDB": {
            "cloudNativePG": {"cluster": "pg", "role": "node", "roleSecret": "node"},
            "name": "ixn-node",
        },
    },
    "with certificates": {
        f"peers.{name}": {
            **stack_config("dev")["peers"][name],
            "tls": True,
            "certificates": {"client": {"certManager": {"issuer": {"name": "ca"}, "commonName": "ixn"}}},
            **({"secret": {"managed": {}}} if name == "kafka" else {}),
        }
        for name in ("kafka", "orsRedisStream")
    },
    "with budgets": {
        "ixnService.ixnServer.disruptionBudget": {"maxUnavailable": 0},
        "ixnService.ixnNode.replicas": 2,
        "ixnVQNode": {
            **stack_config("dev")["ixnVQNode"],
            "replicas": 2,
            "disruptionBudget": {"enabled": False},
        },
    },
    "with autoscalers": {
        "ixnService.ixnNode.autoscaling": {"hpa": {"maxReplicas": 4}},
        "ixnVQNode.autoscaling": {"keda": KEDA},
    },
    "without services": {f"peers.{name}": {"absent": True} for name in ("kafka", "orsRedisStream", "ixnDB")},
    "without a destination": {
        "connectivityCheck": CHECK,
        **{f"peers.{name}": {"absent": True} for name in ("kafka", "consul", "voiceRQ")},
    },
    "with two tenants": {"tenants.other": OTHER},
}


def without_digest(kind: str, name: str) -> str:
    """Return the name of an object; that of a policy or of a Job without the digest of what is in it."""
    digest = kind.endswith("NetworkPolicy") or (kind == "Job" and "-db-" in name)
    return name.rpartition("-")[0] if digest else name


def check(config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare the enumeration with what the program registers."""
    monkeypatch.setenv("KUBECONFIG", json.dumps({"contexts": [{"name": "here"}]}))
    config = {**config, "target": {"context": "here"}}
    secret_keys = {"secrets"} & config.keys()
    made = deploy(
        program, config={f"ixn:{key}": value for key, value in config.items()}, secret_keys=["ixn:secrets"]
    )
    registered = {
        (each["kind"], each["metadata"].get("namespace"), without_digest(each["kind"], each["metadata"]["name"]))
        for each in made.manifests
        if "kind" in each
    }

    found = objects(load(config, secret_keys))

    assert {(each.kind.name, each.namespace, each.name) for each in found} == registered
    assert len(found) == len(registered)


@pytest.mark.parametrize("stack", STACKS)
def test_the_objects_are_those_that_the_program_registers(stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(stack_config(stack), monkeypatch)


@pytest.mark.parametrize("name", CHANGES)
def test_each_setting_adds_and_removes_its_objects(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(change(stack_config("dev"), CHANGES[name]), monkeypatch)


def test_each_object_of_a_tenant_has_its_key() -> None:
    found = objects(load(change(stack_config("dev"), {"tenants.other": OTHER})))

    assert {each.tenant for each in found if each.kind.name == "Namespace"} == {None}
    assert {each.tenant for each in found if each.name.startswith("ixn-server-200")} == {"other"}
    assert {each.tenant for each in found} == {None, "dev", "other"}


def test_the_objects_of_a_state_are_those_of_kubernetes() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "ixn", "name": "a", "uid": "u"}}
    resources = [
        {"type": "pulumi:pulumi:Stack", "outputs": {"cluster": "uid"}},
        {"type": "pulumi:providers:kubernetes"},
        {"type": "kubernetes:core/v1:Service", "outputs": service},
        {"type": "kubernetes:core/v1:Namespace", "outputs": {"kind": "Namespace", "metadata": {"name": "ixn"}}},
    ]

    assert recorded(resources) == {
        ObjectRef(KINDS["Service"], "ixn", "a"): "u",
        ObjectRef(KINDS["Namespace"], None, "ixn"): None,
    }
    assert {each.path for each in recorded(resources)} == {
        "/api/v1/namespaces/ixn/services/a",
        "/api/v1/namespaces/ixn",
    }
