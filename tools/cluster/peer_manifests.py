"""The manifests of a stack's peers: namespaces, pods of the double, Services."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tools.cluster.node_files import DOUBLE_IMAGE
from tools.cluster.peers import PeerPods, Peers, PeerService

Manifest = dict[str, Any]

_RESTRICTED = {
    "runAsNonRoot": True,
    "runAsUser": 65532,
    "runAsGroup": 65532,
    "seccompProfile": {"type": "RuntimeDefault"},
}
_NO_PRIVILEGE = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


@dataclass(frozen=True)
class PeerOptions:
    """How peers run on a cluster.

    `image` is the double's, for a cluster that pulls it from a registry. `extra_ports` are ports on which every
    pod listens in addition, to show that a connection to a wrong port is blocked and not just refused.
    `node_agent` is how an agent on the node is reached.
    """

    image: str = DOUBLE_IMAGE
    extra_ports: frozenset[int] = frozenset()
    node_agent: Literal["hostPort", "hostNetwork"] = "hostPort"


def manifests_of(peers: Peers, options: PeerOptions) -> Iterator[Manifest]:
    """Yield the manifests, namespaces first."""
    # Host ports violate even the `baseline` standard.
    levels = {each.namespace: "restricted" for each in peers.pods} | {
        each.namespace: "privileged" for each in peers.pods if each.node_agent
    }
    yield from (namespace(name, level) for name, level in levels.items())
    yield from (_workload(each, options) for each in peers.pods)
    yield from (_service(each) for each in peers.services)


def namespace(name: str, level: str) -> Manifest:
    """Return a namespace that enforces a Pod Security Standard."""
    labels = {"pod-security.kubernetes.io/enforce": level}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def _workload(pods: PeerPods, options: PeerOptions) -> Manifest:
    template = {"metadata": {"labels": dict(pods.labels)}, "spec": _pod(pods, options)}
    spec: Manifest = {"selector": {"matchLabels": dict(pods.labels)}, "template": template}
    if not pods.node_agent:
        spec |= {"replicas": 1, "strategy": {"type": "Recreate"}}
    kind = "DaemonSet" if pods.node_agent else "Deployment"
    metadata = {"name": pods.name, "namespace": pods.namespace, "labels": dict(pods.labels)}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": spec}


def _pod(pods: PeerPods, options: PeerOptions) -> Manifest:
    on_host = pods.node_agent and options.node_agent == "hostNetwork"
    listening = sorted(pods.ports if on_host else pods.ports | options.extra_ports)
    dials = (f"{row}={address}" for row, addresses in sorted(pods.dials.items()) for address in addresses)
    container: Manifest = {
        "name": "double",
        "image": options.image,
        "imagePullPolicy": "IfNotPresent",
        "env": list(_variables({"LISTEN": map(str, listening), "DIAL": dials})),
        "securityContext": _NO_PRIVILEGE,
        "ports": [
            {"containerPort": port, **({"hostPort": port} if pods.node_agent and port in pods.ports else {})}
            for port in listening
        ],
    }
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 1,
        "securityContext": _RESTRICTED,
        "containers": [container],
        **({"hostNetwork": True} if on_host else {}),
    }


def _variables(values: Mapping[str, Iterable[str]]) -> Iterator[Manifest]:
    for name, several in values.items():
        if value := ",".join(several):
            yield {"name": name, "value": value}


def _service(service: PeerService) -> Manifest:
    ports = [
        {"name": f"port-{port}", "port": port, "targetPort": target}
        for port, target in sorted(service.ports.items())
    ]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": service.name, "namespace": service.namespace},
        "spec": {"selector": dict(service.labels), "ports": ports},
    }
