"""The connections page: the table, the rules of the stack dev that allow each row, and how to read it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pulumi_ixn.components.connections import Connection
from pulumi_ixn.config.peers import AllPeers
from pulumi_ixn.contract import NODE_CONTRACT, SERVER_CONTRACT, VQ_NODE_CONTRACT, Contract
from pulumi_ixn.peers import PodSelector
from pulumi_ixn.policies import OPENSHIFT_DNS, Dns
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES, Party, Row, default_port

from tools.docs.dev_stack import dev_stack
from tools.docs.policy_tables import pods_text, policy_tables

_TEMPLATE = Path(__file__).parent / "templates" / "connections.md"

_CONTRACTS: Mapping[Party, Contract] = {
    Party.IXN: SERVER_CONTRACT,
    Party.IXN_NODE: NODE_CONTRACT,
    Party.IXN_VQ_NODE: VQ_NODE_CONTRACT,
}


def connections_text(rows: Sequence[Row] = CONNECTIONS) -> str:
    """Return the page as the text of its file."""
    dev = dev_stack()
    return _TEMPLATE.read_text(encoding="utf-8").format(
        count=len(rows),
        table=table(rows, dev.connections),
        policies=policy_tables(dev),
        probes="; ".join(f"{party} at {_probe_ports(contract)}" for party, contract in _CONTRACTS.items()),
        dns=_resolver(Dns()),
        openshift=_resolver(OPENSHIFT_DNS),
    )


def table(rows: Sequence[Row], made: Sequence[Connection]) -> str:
    """Return the table's lines: `rows`, with the rules that allow them in the connections that a stack `made`."""
    rules = {each["number"]: each["rules"] for each in made}
    lines = [_cells(row, [f"`{rule['policy']}` {rule['rule']}" for rule in rules[row.number]]) for row in rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _cells(row: Row, rules: Iterable[str]) -> tuple[str, ...]:
    return (
        str(row.number),
        row.source,
        row.destination,
        row.protocol,
        _port(row),
        row.classification,
        f"`ixn:{row.parameter or _key_of_peer(row)}`",
        row.carries or "",
        "<br>".join(rules) or "no rule",
    )


def _port(row: Row) -> str:
    if row.port_defined_by is None:
        return str(row.port)
    return f"{'' if row.port is None else f'{row.port}, '}by {row.port_defined_by}"


def _key_of_peer(row: Row) -> str:
    if row.destination in WORKLOAD_PARTIES:
        raise ValueError(f"connection {row.number}: a port of our own has no parameter")
    name = row.destination.name.lower()
    return f"peers.{AllPeers.model_fields[name].alias or name}"


def _probe_ports(contract: Contract) -> str:
    probes = (contract.startup, contract.readiness, contract.liveness)
    return " and ".join(dict.fromkeys(str(default_port(probe.port)) for probe in probes))


def _resolver(dns: Dns) -> str:
    where = [pods_text(each.labels, each.namespace) for each in dns.locations if isinstance(each, PodSelector)]
    return f"{', '.join(map(str, dns.ports))}, to {', '.join(where)}"
