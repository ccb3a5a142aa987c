"""Names, labels and selectors of a tenant's workloads: written once, used by every object that needs them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from pulumi_ixn.inputs import plain_text
from pulumi_ixn.spec import Party

KINDS: Mapping[Party, str] = {
    Party.IXN: "ixn-server",
    Party.IXN_NODE: "ixn-node",
    Party.IXN_VQ_NODE: "ixn-vqnode",
}
"""What each of our workloads is called in Kubernetes; the vendor's Services begin so."""

LONGEST_ID = 63 - max(len(f"{kind}-") for kind in KINDS.values())
"""Longest id of a tenant: the name of a Service ends at 63 characters."""

LONGEST_SID = 52 - len(f"{KINDS[Party.IXN]}-")
"""Longest short id of a tenant: a StatefulSet's pods have a label of its name and eleven characters more."""

DNS_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
"""What Kubernetes takes for a name, as a regular expression; how long it may be depends on what is named."""

POLICY_LABEL = "ixn-pulumi/policy"
"""Selects a workload's pods for policies; not for Services, so that a checking Job may carry it too."""


@dataclass(frozen=True)
class Tenant:
    """An IXN tenant. `id` (a UUID) names the Services that others look up, `sid` everything else.

    ValueError for what makes no name, or too long a one: at most 52 and 41 characters. Names are known before
    anything exists, so an Output will not do.
    """

    id: str
    sid: str

    def __post_init__(self) -> None:
        """Refuse what the API server would refuse half-way, and names made of an Output's help text."""
        for what, value, longest in (("id", self.id, LONGEST_ID), ("sid", self.sid, LONGEST_SID)):
            plain_text(value, f"the {what} of a tenant")
            if len(value) > longest or not re.fullmatch(DNS_LABEL, value):
                expected = f"lower-case letters, digits and '-', at most {longest}"
                raise ValueError(f"the {what} of a tenant is {expected}, not {value!r}")


@dataclass(frozen=True)
class Identity:
    """What one workload of one tenant is called. `labels` are the user's own; they enter no selector."""

    party: Party
    tenant: Tenant
    version: str
    labels: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])

    @property
    def kind(self) -> str:
        """The workload's name without its tenant, such as `ixn-server`."""
        return KINDS[self.party]

    @property
    def name(self) -> str:
        """The name of the workload and of what belongs to it alone."""
        return workload_name(self.party, self.tenant)

    @property
    def service_name(self) -> str:
        """The name of the Service that other services look up."""
        return service_name(self.party, self.tenant)

    @property
    def headless_name(self) -> str:
        """The name of the headless Service that a StatefulSet's pods get their DNS names from."""
        return f"{self.name}-headless"

    @property
    def selector(self) -> dict[str, pulumi.Input[str]]:
        """The labels that select this workload's pods, and nothing else's."""
        return _selecting(self.kind, self.tenant)

    @property
    def object_labels(self) -> dict[str, pulumi.Input[str]]:
        """The labels of every object of this workload."""
        return {**self.labels, **recommended_labels(self.kind, self.party, self.tenant, self.version)}

    @property
    def pod_labels(self) -> dict[str, pulumi.Input[str]]:
        """The labels of this workload's pods."""
        return {**self.object_labels, **policy_labels(self.party, self.tenant)}


def recommended_labels(name: str, party: Party, tenant: Tenant, version: str) -> dict[str, pulumi.Input[str]]:
    """Return the labels that Kubernetes recommends, for what is called `name` and belongs to the workload."""
    return {
        **_selecting(name, tenant),
        "app.kubernetes.io/component": component(party),
        "app.kubernetes.io/part-of": "ixn",
        "app.kubernetes.io/version": version,
        "app.kubernetes.io/managed-by": "pulumi",
    }


def _selecting(name: str, tenant: Tenant) -> dict[str, pulumi.Input[str]]:
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": tenant.sid}


def component(party: Party) -> str:
    """Return what the workload is called within IXN: `server`, `node`, `vqnode`."""
    return KINDS[party].removeprefix("ixn-")


def workload_name(party: Party, tenant: Tenant) -> str:
    """Return the name of the tenant's workload: `ixn-server-<sid>` and its kin."""
    return f"{KINDS[party]}-{tenant.sid}"


def service_name(party: Party, tenant: Tenant) -> str:
    """Return the vendor's name of the workload's Service: `ixn-server-<tenant id>` and its kin."""
    return f"{KINDS[party]}-{tenant.id}"


def policy_labels(party: Party, tenant: Tenant) -> dict[str, pulumi.Input[str]]:
    """Return the label that policies select the workload's pods by."""
    return {POLICY_LABEL: workload_name(party, tenant)}
