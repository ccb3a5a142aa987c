"""The networks of a node: a veth to the machine, and the pod network.

All addresses are from 198.18.0.0/15, which RFC 2544 reserves for tests, so no real network is hidden.
The node has no default route: no traffic of a pod can leave the machine.
"""

import json
import subprocess
import zlib
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_network
from typing import Any

from tools.errors import UserError

NETWORK = "198.18.0.0/15"
"""The network that contains the networks of all nodes."""

SERVICE_CIDR = "10.96.0.0/16"
"""The network of the Services, which exists inside the node only."""

DNS_IP = "10.96.0.10"
API_IP = "10.96.0.1"


@dataclass(frozen=True)
class Network:
    """The addresses of one node, and the name of the machine's end of its veth."""

    interface: str
    number: int

    @property
    def host_ip(self) -> str:
        """The machine's end of the veth: another host in the node's network."""
        return f"198.18.{self.number}.1"

    @property
    def node_ip(self) -> str:
        """The node's end of the veth."""
        return f"198.18.{self.number}.2"

    @property
    def outside_ip(self) -> str:
        """A second address of the machine, outside the node's network."""
        return f"198.19.{self.number}.129"

    @property
    def pod_cidr(self) -> str:
        """The network of the node's pods."""
        return f"198.19.{self.number}.0/25"


def choose_network(name: str) -> Network:
    """Return a network for the cluster `name` that no route of the machine covers yet.

    Raises UserError if the machine has a cluster of this name already.
    """
    interface = f"ixn-{name}"
    if interface_exists(interface):
        raise UserError(f"interface {interface} exists: another checkout's cluster has this name (give NAME=...)")
    taken = routed()
    first = zlib.crc32(name.encode()) % 256
    for number in (*range(first, 256), *range(first)):
        wanted = [ip_network(f"{half}.{number}.0/24") for half in ("198.18", "198.19")]
        if not any(mine.overlaps(other) for mine in wanted for other in taken):
            return Network(interface, number)
    raise UserError(f"no network for the node: the machine has routes for all of {NETWORK}")


def connect(network: Network, pid: int) -> None:
    """Connect the network namespace of process `pid` to the machine."""
    _ip(f"link add {network.interface} type veth peer name eth0 netns {pid}")
    _ip(f"address add {network.host_ip}/24 dev {network.interface}")
    _ip(f"address add {network.outside_ip}/32 dev {network.interface}")
    _ip(f"link set {network.interface} up")
    _ip(f"route add {network.pod_cidr} via {network.node_ip}")
    _ip("link set lo up", pid)
    _ip("link set eth0 up", pid)
    _ip(f"address add {network.node_ip}/24 dev eth0", pid)
    _ip(f"route add {network.outside_ip}/32 via {network.host_ip}", pid)
    # Processes of the node itself need a route before kube-proxy's rules replace the address.
    _ip(f"route add {SERVICE_CIDR} dev eth0", pid)


def disconnect(network: Network) -> None:
    """Remove the veth, and with it its addresses and routes."""
    try:
        _ip(f"link delete {network.interface}")
    except UserError:
        if interface_exists(network.interface):  # otherwise it ended with the node's namespace
            raise


def interface_exists(name: str) -> bool:
    """Return whether the machine has an interface of this name."""
    return any(link["ifname"] == name for link in json.loads(_ip("-json link show")))


def routed() -> list[IPv4Network]:
    """Return the networks that the machine has routes for."""
    routes: list[dict[str, Any]] = json.loads(_ip("-json -4 route show table all"))
    return [IPv4Network(route["dst"]) for route in routes if route["dst"] != "default"]


def _ip(arguments: str, pid: int | None = None) -> str:
    enter = ["nsenter", f"--net=/proc/{pid}/ns/net"] if pid else []
    ended = subprocess.run([*enter, "ip", *arguments.split()], capture_output=True, text=True, check=False)
    if ended.returncode:
        raise UserError(f"ip {arguments}: {ended.stderr.strip()}")
    return ended.stdout
