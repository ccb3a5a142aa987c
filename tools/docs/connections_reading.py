"""How to read the page of the connections: what its rules do not say."""

from collections.abc import Mapping

from pulumi_ixn.contract import NODE_CONTRACT, SERVER_CONTRACT, VQ_NODE_CONTRACT, Contract
from pulumi_ixn.isolation import OPENSHIFT_DNS, Dns
from pulumi_ixn.neighbours import Pods
from pulumi_ixn.spec import Party, default_port

_CONTRACTS: Mapping[Party, Contract] = {
    Party.IXN: SERVER_CONTRACT,
    Party.IXN_NODE: NODE_CONTRACT,
    Party.IXN_VQ_NODE: VQ_NODE_CONTRACT,
}

_READING = """\
## How to read it

**Direction.** A connection runs from who opens it to who listens. Answers come back along it and need no rule.
The direction of a rule follows from which end is ours, never from the classification: connections classified
*intra-cluster* are incoming as well as outgoing.

**Another stack.** Each tenant has three policies of its own, named after its workloads: `ixn-server-<sid>` and
its kin. A neighbour that is declared absent has no rule, and the rules after it move up. What holds for a stack
is in its output: `pulumi stack output connections --json` names for each row the addresses and the rules. Ports
in rules are those that the other end's pods listen at, which differ from the dialled ones where a Service maps
them.

**Who enforces it.** A NetworkPolicy is an object; the cluster's network plugin makes it true. Where the plugin
knows no NetworkPolicy, the objects are accepted and nothing is closed. What the neighbours let in is decided by
their own policies and firewalls, not here.

**Kubelet probes.** They come from the pod's own node, and no rule names them:
{probes}.
Kubernetes documents that a pod's traffic from and to its own node is always allowed, and common network plugins
keep to that. No test here can show it for yours: the tests analyse manifests, where there are no nodes, and run
no kubelet. Where a plugin blocks the probes, pods never become ready. Where it allows them, it allows whatever
else comes from the node: pods on the host's network are not kept out by these policies.

**The own node.** A NetworkPolicy cannot say 'my own node'. The rule of connection 1 therefore allows the
agent's pods and the networks of all nodes, at that one port.

**DNS.** The last egress rule of each policy is no row of the table: UDP and TCP at {dns};
with `ixn:openshift: true`, at {openshift}.
`ixn:dns` names another resolver. Name resolution reaches further than the cluster where the resolver forwards:
DNS is a way out that this page does not close. A cache that listens on the node is not among these pods: it
works where traffic to the own node is allowed.

**Cilium.** With `ixn:isolation: cilium` (in a program, `CiliumPolicies()`) each workload has a
CiliumNetworkPolicy instead (`cilium.io/v2`), for the same rows. It has a rule for each *place* of a neighbour
rather than for each connection, and two for the own node (the host, and the agent's pods), so the indices
differ from those above. Only there may a neighbour that we dial be placed by DNS name; the DNS rule of such a
policy lets Cilium read the answers, by its L7 proxy: where that is turned off, Cilium refuses the whole policy.
Networks and names are what is outside the cluster: by default, Cilium matches neither pods nor nodes with them.

**Off.** With `ixn:isolation: "off"` (`Open()`) there are no policies. The table still says what the workloads
use, but nothing enforces it: no row has a rule, and whatever else the cluster allows is allowed.
"""


def reading() -> str:
    """Return the section."""
    return _READING.format(probes=_probes(), dns=_resolver(Dns()), openshift=_resolver(OPENSHIFT_DNS))


def _probes() -> str:
    return "; ".join(f"{party} at {_ports(contract)}" for party, contract in _CONTRACTS.items())


def _ports(contract: Contract) -> str:
    probes = (contract.startup, contract.readiness, contract.liveness)
    return " and ".join(dict.fromkeys(str(default_port(probe.port)) for probe in probes))


def _resolver(dns: Dns) -> str:
    pods = [place for place in dns.places if isinstance(place, Pods)]
    where = [f"pods `{key}={value}` in `{each.namespace}`" for each in pods for key, value in each.labels.items()]
    return f"{', '.join(map(str, dns.ports))}, to {', '.join(where)}"
