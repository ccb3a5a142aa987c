"""The pods that a stack runs, with the resources that count against quotas and limits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pulumi_ixn.args import ResourceRequirements
from pulumi_ixn.check.job import check_name
from pulumi_ixn.config.issues import KeyPath, config_path
from pulumi_ixn.config.stack import WORKLOAD_PATHS, Settings
from pulumi_ixn.config.workloads import WorkloadSettings
from pulumi_ixn.links import outgoing
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.objects import links_of
from pulumi_ixn.live.provisioning import provisioned_databases
from pulumi_ixn.naming import Tenant, workload_name


@dataclass(frozen=True)
class Pods:
    """The pods of one workload or Job.

    `replicas` is None if an autoscaler sets the number, which is `least` or more. `containers` and
    `init_containers` are those of the pods, in Kubernetes' form and order, by the setting of their resources.
    """

    name: str
    replicas: int | None
    containers: Mapping[str, Object]
    init_containers: Mapping[str, Object] = field(default_factory=dict[str, Object])
    least: int = 1

    @property
    def spec(self) -> Object:
        """What a pod's spec has of its containers."""
        return {"containers": [*self.containers.values()], "initContainers": [*self.init_containers.values()]}


def pods_of(settings: Settings) -> Iterator[Pods]:
    """Yield the pods of every workload, and those of the Jobs."""
    for each in provisioned_databases(settings):
        yield Pods(each.job, 1, {f"{each.path}.resources": _container(each.settings.resources.args())})
    check = settings.environment.connectivity_check
    for key, tenant in settings.tenants.items():
        identity = Tenant(tenant.id, tenant.sid)
        links = links_of(settings.environment, tenant)
        for workload, own in tenant.workloads.items():
            setting = ("tenants", key, *WORKLOAD_PATHS[workload])
            main = {config_path((*setting, "resources")): _container(own.resources.args())}
            scaler = own.autoscaler()
            least = scaler.min_replicas if scaler else 1
            name = workload_name(workload, identity)
            yield Pods(name, own.replicas, main, _init_containers(own, setting), least)
            if check and outgoing(links[workload]):
                resources = {"ixn:connectivityCheck.resources": _container(check.resources.args())}
                yield Pods(check_name(workload, identity), 1, resources)


def left_to_autoscalers(settings: Settings) -> frozenset[str]:
    """Return the names of the Deployments whose number of pods the stack leaves to an autoscaler."""
    return frozenset(
        workload_name(workload, Tenant(tenant.id, tenant.sid))
        for tenant in settings.tenants.values()
        for workload, own in tenant.workloads.items()
        if own.replicas is None
    )


def _init_containers(settings: WorkloadSettings, path: KeyPath) -> dict[str, Object]:
    """Return the init containers and, as such, the sidecars."""
    given: Sequence[Object] = settings.pod.get("init_containers", ())
    found = {(*path, "pod", "initContainers", i): each for i, each in enumerate(given)}
    sidecars = {
        (*path, "sidecars", i): {**each, "restart_policy": "Always"} for i, each in enumerate(settings.sidecars)
    }
    return {
        config_path((*where, "resources")): {
            "name": each["name"],
            "resources": each.get("resources", {}),
            "restartPolicy": each.get("restart_policy"),
        }
        for where, each in {**found, **sidecars}.items()
    }


def _container(resources: ResourceRequirements) -> Object:
    return {"resources": {"requests": resources.requests, "limits": resources.limits}}
