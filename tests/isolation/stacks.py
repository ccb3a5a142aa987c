"""A test case read from a stack file."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from typing import Any

from pulumi_ixn import CidrBlocks, NodeAgent, Party, Peer, PodSelector, Tenant
from pulumi_ixn.config.peers import PARTIES
from pulumi_ixn.spec import Parameter

from tests.isolation.cases import Case
from tests.isolation.peers import Where

Values = Mapping[str, Any]


def case_of(config: Values, ports: Mapping[Parameter, int] | None = None) -> Case:
    """Return the case of a stack whose tenants share one namespace and all peers.

    A peer outside the cluster is one address. `ports` are the parameters that the file changes.
    """
    peers = {party: config["ixn:peers"][key] for key, party in PARTIES.items()}
    tenants = [Tenant(each["id"], each["sid"]) for each in config["ixn:tenants"].values()]
    home = config["ixn:namespace"]["name"]
    return Case(
        # They share the first of these.
        tenants={f"{home}{'' if index == 0 else index}": tenant for index, tenant in enumerate(tenants)},
        together=True,
        where={party: _where(each) for party, each in peers.items() if "absent" not in each},
        absent=frozenset(party for party, each in peers.items() if "absent" in each),
        target_ports={
            party: each["targetPorts"][0]["first"] for party, each in peers.items() if "targetPorts" in each
        },
        listening=dict(_listening(peers)),
        ports=ports or {},
    )


def _where(peer: Values) -> Where:
    (location,) = peer["locations"]
    if "nodeAgent" in location:
        agent, name = _pods(location["nodeAgent"]["pods"])
        return Where(Peer((NodeAgent(location["nodeAgent"]["cidrs"], agent),)), name)
    if "cidrs" in location:
        return Where(Peer((CidrBlocks(location["cidrs"]),)), f"outside/{ip_network(location['cidrs'][0])[0]}")
    pods, name = _pods(location["pods"])
    return Where(Peer((pods,)), name)


def _pods(location: Values) -> tuple[PodSelector, str]:
    """Return the pods and the name of their workload, which is the first label value."""
    return PodSelector(
        location["namespace"], location["labels"]
    ), f"{location['namespace']}/{next(iter(location['labels'].values()))}"


def _listening(peers: Mapping[Party, Values]) -> Iterable[tuple[Party, int]]:
    for party, each in peers.items():
        for endpoint in [*each.get("endpoints", ()), *([each["endpoint"]] if "endpoint" in each else ())]:
            port = endpoint.rpartition(":")[2]
            if port.isdigit():
                yield party, int(port)
