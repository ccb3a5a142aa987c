"""A case of the proof, read from a stack file as an operator writes it."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from typing import Any

from pulumi_ixn import Cidrs, Neighbour, OwnNode, Party, Pods, Tenant
from pulumi_ixn.settings.neighbours import PARTIES
from pulumi_ixn.spec import Parameter

from tests.isolation.neighbours import Where
from tests.isolation.proof import Case

Values = Mapping[str, Any]


def case_of(config: Values, ports: Mapping[Parameter, int] | None = None) -> Case:
    """Return the case of a stack whose tenants share one namespace and all neighbours.

    A neighbour outside the cluster is one address. `ports` are the parameters that the file changes.
    """
    neighbours = {party: config["ixn:neighbours"][key] for key, party in PARTIES.items()}
    tenants = [Tenant(each["id"], each["sid"]) for each in config["ixn:tenants"].values()]
    home = config["ixn:namespace"]["name"]
    return Case(
        # They are together in the first of these.
        tenants={f"{home}{'' if index == 0 else index}": tenant for index, tenant in enumerate(tenants)},
        together=True,
        where={party: _where(each) for party, each in neighbours.items() if "absent" not in each},
        absent=frozenset(party for party, each in neighbours.items() if "absent" in each),
        wire={party: each["wire"][0]["first"] for party, each in neighbours.items() if "wire" in each},
        listening=dict(_listening(neighbours)),
        ports=ports or {},
    )


def _where(neighbour: Values) -> Where:
    (place,) = neighbour["places"]
    if "ownNode" in place:
        agent, name = _pods(place["ownNode"]["agent"])
        return Where(Neighbour((OwnNode(place["ownNode"]["cidrs"], agent),)), name)
    if "cidrs" in place:
        return Where(Neighbour((Cidrs(place["cidrs"]),)), f"outside/{ip_network(place['cidrs'][0])[0]}")
    pods, name = _pods(place["pods"])
    return Where(Neighbour((pods,)), name)


def _pods(place: Values) -> tuple[Pods, str]:
    """Return the pods, and the name that their workload gets: of the labels, the first."""
    return Pods(
        place["namespace"], place["labels"]
    ), f"{place['namespace']}/{next(iter(place['labels'].values()))}"


def _listening(neighbours: Mapping[Party, Values]) -> Iterable[tuple[Party, int]]:
    for party, each in neighbours.items():
        for endpoint in [*each.get("endpoints", ()), *([each["endpoint"]] if "endpoint" in each else ())]:
            port = endpoint.rpartition(":")[2]
            if port.isdigit():
                yield party, int(port)
