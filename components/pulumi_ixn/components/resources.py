"""The objects around a workload's pods, the same for all three workloads."""

from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar, cast

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.manifests.monitor import service_monitor_spec
from pulumi_ixn.manifests.ports import METRICS, service_ports
from pulumi_ixn.manifests.volumes import settings_name
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.policies import network_policy
from pulumi_ixn.policies.renderer import renderer
from pulumi_ixn.rollout import Rollout
from pulumi_ixn.spec import Party

if TYPE_CHECKING:
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict
    from pulumi_kubernetes.networking.v1 import NetworkPolicySpecArgsDict

Policy: TypeAlias = k8s.networking.v1.NetworkPolicy | k8s.apiextensions.CustomResource
"""A NetworkPolicy, or a CiliumNetworkPolicy."""

Controller = TypeVar("Controller", k8s.apps.v1.StatefulSet, k8s.apps.v1.Deployment)


def with_depends_on(opts: pulumi.ResourceOptions, *resources: pulumi.Resource | None) -> pulumi.ResourceOptions:
    """Return `opts` for pods that start only once their settings file and policy exist."""
    there = [resource for resource in resources if resource is not None]
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=there))


def service_account(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> k8s.core.v1.ServiceAccount:
    """Register the service account of the pods; its token is not mounted."""
    return k8s.core.v1.ServiceAccount(
        name,
        metadata=workload.metadata(workload.identity.name),
        automount_service_account_token=False,
        opts=opts,
    )


def service(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> k8s.core.v1.Service:
    """Register the Service, under the vendor's name, that peers and Prometheus look up."""
    return k8s.core.v1.Service(
        name,
        metadata=_not_awaited(workload.metadata(workload.identity.service_name)),
        spec={
            "type": "ClusterIP",
            "selector": workload.identity.selector,
            "ports": service_ports(workload.ports),
        },
        opts=opts,
    )


def headless_service(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> k8s.core.v1.Service:
    """Register the StatefulSet's headless Service, without the metrics port, to avoid scraping it twice."""
    return k8s.core.v1.Service(
        name,
        metadata=_not_awaited(workload.metadata(workload.identity.headless_name)),
        spec={
            "type": "ClusterIP",
            "cluster_ip": "None",
            "selector": workload.identity.selector,
            "ports": service_ports(tuple(port for port in workload.ports if port.name != METRICS)),
        },
        opts=opts,
    )


def _not_awaited(metadata: "ObjectMetaArgsDict") -> "ObjectMetaArgsDict":
    """Return the metadata of a Service for whose endpoints the provider does not wait.

    It would wait ten seconds for each Service; the readiness of the pods, for which it also waits, says more.
    """
    return {**metadata, "annotations": {"pulumi.com/skipAwait": "true"}}


def settings_file(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> k8s.core.v1.ConfigMap | None:
    """Register the ConfigMap of the container's settings file; nothing if its contract has none."""
    if workload.settings is None:
        return None
    return k8s.core.v1.ConfigMap(
        f"{name}-settings",
        metadata=workload.metadata(settings_name(workload.identity)),
        data={workload.contract.settings_file: workload.settings},
        opts=opts,
    )


def service_monitor(
    name: str, workload: Workload, opts: pulumi.ResourceOptions
) -> k8s.apiextensions.CustomResource | None:
    """Register the ServiceMonitor; nothing if monitoring is disabled or Prometheus is absent."""
    monitoring = workload.args.monitoring
    polled = any(link.row.source is Party.PROMETHEUS and not link.absent for link in workload.args.links)
    if not (monitoring.enabled and polled):
        return None
    return k8s.apiextensions.CustomResource(
        name,
        api_version="monitoring.coreos.com/v1",
        kind="ServiceMonitor",
        metadata=workload.metadata(workload.identity.name, monitoring.labels),
        spec=service_monitor_spec(workload.identity, monitoring),
        opts=opts,
    )


def isolation(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> Policy | None:
    """Register the policy that allows the workload its links and DNS; nothing for NoPolicies.

    A changed policy is a new resource: the engine creates it first, and deletes the old one at the end of the
    update, after the rollouts. Until then both allow traffic, so that no running pod is cut off.
    """
    found = renderer(workload.args.isolation)
    if found is None:
        return None
    policy = found.policy(workload.identity.workload, workload.identity.tenant, workload.args.links)
    name, metadata = f"{name}-{policy.digest}", workload.metadata(policy.name)
    if found.kind == network_policy.KIND:
        return k8s.networking.v1.NetworkPolicy(
            name, metadata=metadata, spec=cast("NetworkPolicySpecArgsDict", policy.spec), opts=opts
        )
    return k8s.apiextensions.CustomResource(
        name, api_version=found.api_version, kind=found.kind, metadata=metadata, spec=policy.spec, opts=opts
    )


def rolled_out(
    controller: Controller, kind: Literal["StatefulSet", "Deployment"], workload: Workload
) -> pulumi.Output[Controller]:
    """Return the controller once its rollout is done; in a preview, or if nothing waits for it, once it exists."""
    wait = workload.args.rollout
    if wait is None or pulumi.runtime.is_dry_run():
        return controller.urn.apply(lambda _: controller)

    async def waited(namespace: str) -> Controller:
        await wait(Rollout(kind, namespace, workload.identity.name))
        return controller

    updated = pulumi.Output.all(controller.id, workload.args.namespace)
    return updated.apply(lambda known: waited(known[1]))
