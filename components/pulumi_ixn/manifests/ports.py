"""The ports on which a workload listens: one per parameter of its incoming links."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from pulumi_ixn.links import Links
from pulumi_ixn.naming import Identity
from pulumi_ixn.spec import Parameter, Party, Row

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import ContainerPortArgsDict, ServicePortArgsDict

METRICS = "metrics"
"""The name of the port that Prometheus scrapes."""


@dataclass(frozen=True)
class ListeningPort:
    """A named port of a workload, 1 to 65535."""

    name: str
    parameter: Parameter
    port: pulumi.Input[int]


def listening_ports(identity: Identity, links: Links) -> tuple[ListeningPort, ...]:
    """Return the ports of the incoming links, the metrics port last."""
    ports = {
        link.row.parameter: ListeningPort(port_name(identity, link.row), link.row.parameter, link.port)
        for link in links
        if link.row.parameter is not None and link.port is not None
    }
    return tuple(sorted(ports.values(), key=lambda port: port.name == METRICS))


def port_name(identity: Identity, row: Row) -> str:
    """Return the vendor's name of the application port (`server-default`), or `metrics`."""
    if row.source is Party.PROMETHEUS:
        return METRICS
    return f"{identity.workload.component}-default"


def container_ports(ports: tuple[ListeningPort, ...]) -> list["ContainerPortArgsDict"]:
    """Return the ports of a container."""
    return [{"name": port.name, "container_port": port.port, "protocol": "TCP"} for port in ports]


def service_ports(ports: tuple[ListeningPort, ...]) -> list["ServicePortArgsDict"]:
    """Return the ports of a Service, each mapped to the container's port by name."""
    return [{"name": port.name, "port": port.port, "target_port": port.name, "protocol": "TCP"} for port in ports]
