"""The objects that a stack writes to its cluster, from its settings alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pulumi_ixn.check.job import check_name
from pulumi_ixn.components.tenant import workload_peers
from pulumi_ixn.config.arguments import isolation_of, monitoring_of, pod_args, ports_of
from pulumi_ixn.config.stack import Environment, Settings, TenantSettings
from pulumi_ixn.contract import NODE_CONTRACT, SERVER_CONTRACT, VQ_NODE_CONTRACT
from pulumi_ixn.links import Links, outgoing, resolve_validated
from pulumi_ixn.live.certificates import issued_certificates
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.peer_secrets import peer_secrets
from pulumi_ixn.live.provisioning import cluster_databases, postgres_cluster_objects, provisioned_databases
from pulumi_ixn.manifests import (
    autoscaling,
    certificate,
    cloud_native_pg,
    disruption,
    external_secret,
    monitor,
    postgres_cluster,
    prometheus_rule,
)
from pulumi_ixn.manifests.volumes import settings_name
from pulumi_ixn.monitoring.dashboards import config_map_name, dashboards
from pulumi_ixn.naming import NODE, SERVER, VQ_NODE, Identity, Tenant, WorkloadId
from pulumi_ixn.policies import cilium_policy, network_policy
from pulumi_ixn.policies.renderer import renderer


@dataclass(frozen=True)
class Kind:
    """A kind of object. `resource` is its name in paths, such as `statefulsets`."""

    name: str
    api_version: str
    resource: str
    namespaced: bool = True

    @property
    def group(self) -> str:
        """The API group; empty for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def api(self) -> str:
        """The path of the API version, such as `/apis/apps/v1`."""
        return f"/apis/{self.api_version}" if self.group else f"/api/{self.api_version}"

    def path(self, namespace: str | None) -> str:
        """Return the path of the objects of a namespace, or of all objects of a cluster-scoped kind."""
        return f"{self.api}/namespaces/{namespace}/{self.resource}" if namespace else f"{self.api}/{self.resource}"


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("Namespace", "v1", "namespaces", namespaced=False),
        Kind("Service", "v1", "services"),
        Kind("ServiceAccount", "v1", "serviceaccounts"),
        Kind("ConfigMap", "v1", "configmaps"),
        Kind("Secret", "v1", "secrets"),
        Kind("StatefulSet", "apps/v1", "statefulsets"),
        Kind("Deployment", "apps/v1", "deployments"),
        Kind(network_policy.KIND, network_policy.API_VERSION, "networkpolicies"),
        Kind(cilium_policy.KIND, cilium_policy.API_VERSION, "ciliumnetworkpolicies"),
        Kind(monitor.KIND, monitor.API_VERSION, "servicemonitors"),
        Kind(prometheus_rule.KIND, monitor.API_VERSION, "prometheusrules"),
        Kind("Job", "batch/v1", "jobs"),
        Kind(cloud_native_pg.DATABASE, cloud_native_pg.API_VERSION, "databases"),
        Kind(cloud_native_pg.ROLE, cloud_native_pg.API_VERSION, "databaseroles"),
        Kind(postgres_cluster.CLUSTER, cloud_native_pg.API_VERSION, "clusters"),
        Kind(postgres_cluster.SCHEDULED_BACKUP, cloud_native_pg.API_VERSION, "scheduledbackups"),
        Kind(postgres_cluster.STORE, postgres_cluster.STORE_API_VERSION, "objectstores"),
        Kind(disruption.KIND, disruption.API_VERSION, "poddisruptionbudgets"),
        Kind(autoscaling.HPA_KIND, autoscaling.HPA_API_VERSION, "horizontalpodautoscalers"),
        Kind(autoscaling.KEDA_KIND, autoscaling.KEDA_API_VERSION, "scaledobjects"),
        Kind(external_secret.KIND, external_secret.API_VERSION, "externalsecrets"),
        Kind(certificate.KIND, certificate.API_VERSION, "certificates"),
    )
}
"""The kinds of the objects that stacks write, by name."""

_CONTRACTS = {SERVER: SERVER_CONTRACT, NODE: NODE_CONTRACT, VQ_NODE: VQ_NODE_CONTRACT}


@dataclass(frozen=True)
class ObjectRef:
    """An object on a cluster. `tenant`, the key of its tenant, does not count in comparisons."""

    kind: Kind
    namespace: str | None
    name: str
    tenant: str | None = field(default=None, compare=False)

    @property
    def path(self) -> str:
        """The path of the object."""
        return f"{self.kind.path(self.namespace)}/{self.name}"

    def __str__(self) -> str:
        return f"{self.kind.name} {'/'.join(part for part in (self.namespace, self.name) if part)}"


def objects(settings: Settings) -> list[ObjectRef]:
    """Return every object that the stack writes, in the order of their creation."""
    environment, namespace = settings.environment, settings.environment.namespace
    found = [ObjectRef(KINDS["Namespace"], None, namespace.name)] if namespace.create else []
    kinds = {"written": KINDS["Secret"], "external": KINDS[external_secret.KIND]}
    found += (
        ObjectRef(kinds[each.source], namespace.name, each.name, each.tenant)
        for each in peer_secrets(settings)
        if each.source in kinds
    )
    found += (ObjectRef(KINDS[certificate.KIND], namespace.name, name) for name in issued_certificates(settings))
    found += (ObjectRef(KINDS[kind], where, name) for kind, where, name in postgres_cluster_objects(environment))
    if environment.monitoring.dashboards.enabled:
        found += (ObjectRef(KINDS["ConfigMap"], namespace.name, config_map_name(uid)) for uid in dashboards())
    policy = renderer(isolation_of(environment))
    kinds = ("ConfigMap", *([] if policy is None else [policy.kind]), "Job")
    found += (
        # A policy and a Job without the digests of their specs.
        ObjectRef(KINDS[kind], namespace.name, each.job, each.tenant)
        for each in provisioned_databases(settings)
        for kind in kinds
    )
    found += (
        ObjectRef(KINDS[kind], each.namespace, each.name, each.tenant)
        for each in cluster_databases(settings)
        for kind in (*(["Secret"] if each.writes_secret else []), cloud_native_pg.ROLE, cloud_native_pg.DATABASE)
    )
    for key, tenant in settings.tenants.items():
        found += (
            ObjectRef(KINDS[kind], namespace.name, name, key) for kind, name in _workloads(environment, tenant)
        )
    return found


def recorded(resources: Iterable[Object]) -> dict[ObjectRef, str | None]:
    """Return the UIDs of the objects among the resources of a state, each with its `type` and `outputs`."""
    found = [(ref, each["outputs"]["metadata"].get("uid")) for each in resources if (ref := _recorded(each))]
    return dict(found)


def links_of(environment: Environment, tenant: TenantSettings) -> Mapping[WorkloadId, Links]:
    """Return the links of a tenant's workloads, without the Secrets of their peers."""
    workloads = workload_peers(Tenant(tenant.id, tenant.sid), environment.namespace.name)
    return resolve_validated(workloads, {**tenant.peers.args(), **environment.peers.args()}, ports_of(tenant))


def _recorded(resource: Object) -> ObjectRef | None:
    outputs: Object = resource.get("outputs") or {}
    kind = KINDS.get(outputs.get("kind", ""))
    if kind is None or not str(resource["type"]).startswith("kubernetes:"):
        return None
    metadata = outputs["metadata"]
    return ObjectRef(kind, metadata.get("namespace") if kind.namespaced else None, metadata["name"])


def _workloads(environment: Environment, tenant: TenantSettings) -> Iterator[tuple[str, str]]:
    policy = renderer(isolation_of(environment))
    links_by_workload, settings = links_of(environment, tenant), tenant.workloads
    for workload, links in links_by_workload.items():
        identity = Identity(workload, Tenant(tenant.id, tenant.sid), version="")
        yield "ServiceAccount", identity.name
        if policy is not None:
            # Without the digest of its rules: it may differ, since the program's namespace can be an Output.
            yield policy.kind, identity.name
        yield "Service", identity.service_name
        if workload is SERVER:
            yield "Service", identity.headless_name
        if _CONTRACTS[workload].settings:
            yield "ConfigMap", settings_name(identity)
        yield "StatefulSet" if workload is SERVER else "Deployment", identity.name
        if environment.monitoring.enabled and monitor.is_scraped(links):
            yield monitor.KIND, identity.name
        pod = pod_args(environment, settings[workload], workload)
        if disruption.budget_of(pod):
            yield disruption.KIND, identity.name
        if pod.autoscaling:
            yield autoscaling.kind_of(pod.autoscaling), identity.name
        if environment.connectivity_check is not None and outgoing(links):
            yield "Job", check_name(workload, identity.tenant)
    if prometheus_rule.has_alerts(monitoring_of(environment), links_by_workload.values()):
        yield prometheus_rule.KIND, prometheus_rule.rule_name(Tenant(tenant.id, tenant.sid))
