"""Make a started node usable: images, volumes, DNS, and a test that policies are enforced."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING

from tools.cluster.network import DNS_IP
from tools.cluster.node_files import COREDNS_IMAGE, IMAGES, VOLUMES
from tools.cluster.templates import manifest, numbered
from tools.cluster.waiting import wait_until
from tools.errors import UserError

if TYPE_CHECKING:
    from tools.cluster.node import Cluster

_HEALTH_PORT = 8080
"""The port of CoreDNS, on any address of its pod."""


def install_addons(cluster: Cluster) -> None:
    """Make the node usable and wait until it is."""
    directory = cluster.kubeconfig.parent
    wait_until("the container runtime", lambda: _imports(cluster, directory / IMAGES), directory)
    wait_until("the API server", cluster.client.ready, directory)
    cluster.client.apply_text(manifest("storage"))
    cluster.client.apply_text(numbered("volume", VOLUMES))
    cluster.client.apply_text(manifest("coredns", coredns_image=COREDNS_IMAGE, dns_ip=DNS_IP))
    wait_until("DNS", lambda: _dns_ready(cluster), directory)
    prove_enforcement(cluster)


def prove_enforcement(cluster: Cluster) -> None:
    """Wait until a policy closes a port that is open, and its removal opens it again.

    While the policy controller is not running, no policy is enforced, and tests would not notice.
    """
    directory = cluster.kubeconfig.parent
    [pod] = cluster.client.get("pods", "--namespace=kube-system", "--selector=k8s-app=kube-dns")["items"]
    address = (pod["status"]["podIP"], _HEALTH_PORT)
    wait_until(f"a connection to {address}", lambda: _connects(address), directory)
    cluster.client.apply_text(manifest("closed"))
    wait_until("a network policy that is enforced", lambda: not _connects(address), directory)
    cluster.client.run("delete", "networkpolicy", "closed", "--namespace=kube-system")
    wait_until("a network policy that is gone", lambda: _connects(address), directory)


def _connects(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=1).close()
    except OSError:
        return False
    return True


def _imports(cluster: Cluster, archive: Path) -> bool:
    try:
        cluster.import_images(archive)
    except UserError:
        return False
    return True


def _dns_ready(cluster: Cluster) -> bool:
    found = cluster.client.get("deployments", "coredns", "--namespace=kube-system")
    return found["status"].get("readyReplicas") == 1
