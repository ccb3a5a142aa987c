"""A real API server admits the pods of workloads with fragments, under the restricted Pod Security Standard."""

import json
from collections.abc import Generator
from typing import Any

import pytest
from pulumi_ixn.testing import Deployment

from tests.unit.deployed import WORKLOADS, made, template
from tests.unit.fragments.examples import ACCEPTED, SIDECAR, snake
from tests.unit.samples import pod
from tools.cluster.client import Client
from tools.cluster.control_plane import running_control_plane
from tools.errors import UserError

RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}
ARGUMENTS = ("server", "node", "vq_node")


@pytest.fixture(scope="module")
def client() -> Generator[Client]:
    """A control plane with the namespace of the samples, and what the fragments refer to."""
    accounts = [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": f"ixn-{name}-100", "namespace": "ixn"}}
        for name in WORKLOADS
    ]
    with running_control_plane() as running:
        running.apply(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ixn", "labels": RESTRICTED}},
            {
                "apiVersion": "scheduling.k8s.io/v1",
                "kind": "PriorityClass",
                "metadata": {"name": "high"},
                "value": 1,
            },
            {
                "apiVersion": "node.k8s.io/v1",
                "kind": "RuntimeClass",
                "metadata": {"name": "gvisor"},
                "handler": "runsc",
            },
        )
        running.apply(*accounts)
        yield running


def admitted(client: Client, manifest: Any) -> str:
    """Return what the API server says about an object, without creating it."""
    text = json.dumps(manifest)
    return client.run("create", "--dry-run=server", "--validate=strict", "--filename=-", stdin=text)


def pod_of(found: Deployment[Any], workload: str) -> Any:
    metadata, spec = (template(found, workload)[name] for name in ("metadata", "spec"))
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**metadata, "name": "a", "namespace": "ixn"},
        "spec": spec,
    }


@pytest.mark.parametrize("example", ACCEPTED.values(), ids=ACCEPTED)
def test_pods_with_accepted_fragments_are_admitted(client: Client, example: Any) -> None:
    own = pod(replicas=1, **{name: snake(value) for name, value in example.items()})
    found = made(False, **dict.fromkeys(ARGUMENTS, own))

    for workload, kind in WORKLOADS.items():
        assert admitted(client, {**found.manifest(kind, f"ixn-{workload}-100")})
        assert admitted(client, pod_of(found, workload))


def test_pods_are_admitted_with_their_default_spread(client: Client) -> None:
    found = made(node=pod(replicas=3), vq_node=pod(replicas=2))

    for workload in ("node", "vqnode"):
        assert admitted(client, pod_of(found, workload))


def test_the_api_server_enforces_the_restricted_standard(client: Client) -> None:
    manifest = pod_of(made(node=pod(sidecars=[SIDECAR])), "node")
    manifest["spec"]["initContainers"][0]["securityContext"] = {"privileged": True}

    with pytest.raises(UserError, match="violates PodSecurity"):
        admitted(client, manifest)
