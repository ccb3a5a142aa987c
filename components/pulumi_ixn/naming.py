"""Names, labels and selectors of a tenant's workloads, each defined once."""

from dataclasses import dataclass

import pulumi

from pulumi_ixn.spec import Party


@dataclass(frozen=True)
class WorkloadId:
    """A workload that this package runs.

    `name` is its name without the tenant, and the prefix of the vendor's Service name. `party` is its party in the
    table; several workloads may share one.
    """

    name: str
    party: Party

    @property
    def component(self) -> str:
        """The workload's role within IXN: `server`, `node`, `vqnode`."""
        return self.name.removeprefix("ixn-")


SERVER = WorkloadId("ixn-server", Party.IXN)
NODE = WorkloadId("ixn-node", Party.IXN_NODE)
VQ_NODE = WorkloadId("ixn-vqnode", Party.IXN_VQ_NODE)
WORKLOADS = (SERVER, NODE, VQ_NODE)

POLICY_LABEL = "ixn-pulumi/policy"
"""The label by which policies, but not Services, select pods: the workload's and its connectivity check's."""


@dataclass(frozen=True)
class Tenant:
    """An IXN tenant. `id` (a UUID) is part of the Service names that peers look up, `sid` of all other names.

    Both are plain, since they determine the names of objects. `sid` has at most 41 characters.
    """

    id: str
    sid: str


@dataclass(frozen=True)
class Identity:
    """The names and labels of one workload of one tenant."""

    workload: WorkloadId
    tenant: Tenant
    version: str

    @property
    def base_name(self) -> str:
        """The workload's name without its tenant, such as `ixn-server`."""
        return self.workload.name

    @property
    def name(self) -> str:
        """The name of the workload and of the objects that only it uses."""
        return workload_name(self.workload, self.tenant)

    @property
    def service_name(self) -> str:
        """The name of the Service that peers look up."""
        return service_name(self.workload, self.tenant)

    @property
    def headless_name(self) -> str:
        """The name of the headless Service that governs the DNS names of a StatefulSet's pods."""
        return f"{self.name}-headless"

    @property
    def selector(self) -> dict[str, pulumi.Input[str]]:
        """The labels that select this workload's pods and no others."""
        return _selector_labels(self.base_name, self.tenant)

    @property
    def object_labels(self) -> dict[str, pulumi.Input[str]]:
        """The labels of every object of this workload."""
        return recommended_labels(self.base_name, self.workload, self.tenant, self.version)

    @property
    def pod_labels(self) -> dict[str, pulumi.Input[str]]:
        """The labels of this workload's pods."""
        return {**self.object_labels, **policy_labels(self.workload, self.tenant)}


def recommended_labels(
    name: str, workload: WorkloadId, tenant: Tenant, version: str
) -> dict[str, pulumi.Input[str]]:
    """Return the labels that Kubernetes recommends, for an application `name` that is part of the workload."""
    return {
        **_selector_labels(name, tenant),
        "app.kubernetes.io/component": workload.component,
        "app.kubernetes.io/part-of": "ixn",
        "app.kubernetes.io/version": version,
        "app.kubernetes.io/managed-by": "pulumi",
    }


def workload_name(workload: WorkloadId, tenant: Tenant) -> str:
    """Return the name of the tenant's workload, such as `ixn-server-<sid>`."""
    return f"{workload.name}-{tenant.sid}"


def database_job_name(workload: WorkloadId, tenant: Tenant) -> str:
    """Return the name of the objects that provision the workload's database; a Job's ends with a digest."""
    return f"{workload_name(workload, tenant)}-db"


def service_name(workload: WorkloadId, tenant: Tenant) -> str:
    """Return the vendor's name of the workload's Service, such as `ixn-server-<tenant id>`."""
    return f"{workload.name}-{tenant.id}"


def policy_labels(workload: WorkloadId, tenant: Tenant) -> dict[str, pulumi.Input[str]]:
    """Return the label by which policies select the workload's pods."""
    return {POLICY_LABEL: workload_name(workload, tenant)}


def _selector_labels(name: str, tenant: Tenant) -> dict[str, pulumi.Input[str]]:
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": tenant.sid}
