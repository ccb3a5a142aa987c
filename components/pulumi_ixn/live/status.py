"""The status of a stack's tenants on their cluster."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from pulumi_ixn.config import Settings
from pulumi_ixn.live.cluster import Cluster, ClusterError, Object
from pulumi_ixn.live.diagnosis import blocked_creation
from pulumi_ixn.live.fields import entries
from pulumi_ixn.live.objects import KINDS, Kind
from pulumi_ixn.live.verdicts import check_runs, verdicts
from pulumi_ixn.live.workloads import WorkloadStatus, selects, workload_status
from pulumi_ixn.naming import WORKLOADS, Identity, Tenant, WorkloadId, policy_labels, workload_name
from pulumi_ixn.ownership import Owner
from pulumi_ixn.policies import cilium_policy, network_policy

_SELECTORS = {network_policy.KIND: "podSelector", cilium_policy.KIND: "endpointSelector"}
"""The field by which each kind of policy selects its pods."""


@dataclass(frozen=True)
class PolicyStatus:
    """A policy that selects pods of a tenant, whoever made it; `stack` is its owner, if it has one."""

    kind: str
    name: str
    workloads: Sequence[str]
    stack: str | None


@dataclass(frozen=True)
class SecretStatus:
    """A Secret that pods of a tenant read; without its data, which is not read.

    `changed` is when a client changed it last. `restart` are the workloads with pods that are older: they
    may still use the previous content.
    """

    name: str
    exists: bool
    keys: Sequence[str] = ()
    version: str | None = None
    changed: str | None = None
    restart: Sequence[str] = ()


@dataclass(frozen=True)
class CertificateStatus:
    """A certificate that cert-manager keeps in a Secret of the tenant."""

    name: str
    secret: str
    ready: bool
    revision: int | None
    expires: str | None


@dataclass(frozen=True)
class TenantStatus:
    """One tenant. `connections` are the verdicts of the nineteen rows, by number.

    `unread` are the resources that the credentials may not list, such as `certificates`.
    """

    tenant: str
    workloads: Sequence[WorkloadStatus]
    connections: Mapping[int, str]
    policies: Sequence[PolicyStatus]
    secrets: Sequence[SecretStatus]
    certificates: Sequence[CertificateStatus]
    unread: Sequence[str] = ()


@dataclass(frozen=True)
class _Found:
    """What a namespace has: controllers by name, policies with their kinds, the metadata of Secrets by name."""

    pods: Sequence[Object]
    controllers: Mapping[str, Object]
    policies: Sequence[tuple[str, Object]]
    secrets: Mapping[str, Object]
    certificates: Sequence[Object]
    unread: Sequence[str]


def tenant_statuses(settings: Settings, connections: Sequence[Object], cluster: Cluster) -> list[TenantStatus]:
    """Return the status of each tenant. `connections` is the output of the last update. Raises ClusterError."""
    namespace = settings.environment.namespace.name
    found = _find(namespace, cluster)
    return [
        _tenant(
            key,
            Tenant(tenant.id, tenant.sid),
            found,
            cluster,
            verdicts(
                [each for each in connections if each["tenant"] == key],
                check_runs(Tenant(tenant.id, tenant.sid), namespace, cluster),
            ),
        )
        for key, tenant in settings.tenants.items()
    ]


def _find(namespace: str, cluster: Cluster) -> _Found:
    unread: list[str] = []

    def listed(kind: Kind) -> Sequence[Object]:
        try:
            return cluster.list(kind.path(namespace))
        except ClusterError as error:
            if error.status != HTTPStatus.FORBIDDEN:
                raise
        if _is_served(kind, cluster):  # one that does not exist may be forbidden, too
            unread.append(kind.resource)
        return ()

    controllers = (*listed(KINDS["StatefulSet"]), *listed(KINDS["Deployment"]))
    policies = [(kind, each) for kind in _SELECTORS for each in listed(KINDS[kind])]
    return _Found(
        cluster.list(f"/api/v1/namespaces/{namespace}/pods"),
        {each["metadata"]["name"]: each for each in controllers},
        policies,
        {each["name"]: each for each in cluster.metadata(KINDS["Secret"].path(namespace))},
        listed(KINDS["Certificate"]),
        unread,
    )


def _is_served(kind: Kind, cluster: Cluster) -> bool:
    served = cluster.get(kind.api) or {"resources": []}
    return kind.resource in {each["name"] for each in served["resources"]}


def _tenant(
    key: str, tenant: Tenant, found: _Found, cluster: Cluster, connections: Mapping[int, str]
) -> TenantStatus:
    pods = {workload: list(_pods(workload, tenant, found)) for workload in WORKLOADS}
    workloads = {
        workload: _workload(found.controllers.get(name), name, own, cluster)
        for workload, own in pods.items()
        for name in [workload_name(workload, tenant)]
    }
    readers: dict[str, list[WorkloadId]] = {}
    for workload, status in workloads.items():
        for name in status.secrets:
            readers.setdefault(name, []).append(workload)
    return TenantStatus(
        key,
        list(workloads.values()),
        connections,
        list(_policies(tenant, found)),
        [
            _secret(name, found.secrets.get(name), {workload.name: pods[workload] for workload in reading})
            for name, reading in readers.items()
        ],
        [_certificate(each) for each in found.certificates if each["spec"].get("secretName") in readers],
        found.unread,
    )


def _workload(controller: Object | None, name: str, pods: Sequence[Object], cluster: Cluster) -> WorkloadStatus:
    status = workload_status(name, controller, pods)
    if controller is None or pods or status.state == "rolled out":
        return status
    blocked = blocked_creation(cluster, controller)
    return replace(status, troubles=[*status.troubles, blocked.message]) if blocked else status


def _pods(workload: WorkloadId, tenant: Tenant, found: _Found) -> Iterator[Object]:
    """Yield the workload's own pods, not those of its check."""
    wanted = Identity(workload, tenant, version="").selector
    for pod in found.pods:
        if wanted.items() <= (pod["metadata"].get("labels") or {}).items():
            yield pod


def _policies(tenant: Tenant, found: _Found) -> Iterator[PolicyStatus]:
    for kind, policy in found.policies:
        selector: Object = policy["spec"].get(_SELECTORS[kind]) or {}
        selected = [each.name for each in WORKLOADS if selects(selector, _labels(each, tenant, found))]
        if selected:
            owner = Owner.of(policy["metadata"])
            yield PolicyStatus(kind, policy["metadata"]["name"], selected, owner.stack if owner else None)


def _labels(workload: WorkloadId, tenant: Tenant, found: _Found) -> Object:
    """Return the labels of a workload's pods; those that policies select by if it does not exist."""
    controller = found.controllers.get(workload_name(workload, tenant))
    labels = controller["spec"]["template"]["metadata"].get("labels") if controller else None
    return labels or policy_labels(workload, tenant)


def _secret(name: str, metadata: Object | None, readers: Mapping[str, Sequence[Object]]) -> SecretStatus:
    if metadata is None:
        return SecretStatus(name, exists=False)
    owners = [each for each in entries({"metadata": metadata}) if "f:data" in each.fields]
    keys = sorted({key.removeprefix("f:") for each in owners for key in each.fields["f:data"] if key != "."})
    changed = max((each.time for each in owners), default=metadata["creationTimestamp"])
    older = [
        workload
        for workload, pods in readers.items()
        if any(pod["status"].get("startTime", changed) < changed for pod in pods)
    ]
    return SecretStatus(
        name, exists=True, keys=keys, version=metadata["resourceVersion"], changed=changed, restart=older
    )


def _certificate(certificate: Object) -> CertificateStatus:
    status: Object = certificate.get("status") or {}
    conditions: Sequence[Object] = status.get("conditions") or ()
    name, secret = certificate["metadata"]["name"], certificate["spec"]["secretName"]
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return CertificateStatus(name, secret, ready, status.get("revision"), status.get("notAfter"))
