"""The objects around a workload's pods, the same for all three workloads."""

from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar, cast

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.links import outgoing
from pulumi_ixn.manifests import monitor
from pulumi_ixn.manifests.ports import METRICS, ListeningPort, service_ports
from pulumi_ixn.manifests.volumes import settings_name
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.peers import Peer
from pulumi_ixn.policies import network_policy
from pulumi_ixn.policies.renderer import renderer
from pulumi_ixn.rollout import Rollout

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import ServiceSpecArgsDict
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict
    from pulumi_kubernetes.networking.v1 import NetworkPolicySpecArgsDict

Policy: TypeAlias = k8s.networking.v1.NetworkPolicy | k8s.apiextensions.CustomResource
"""A NetworkPolicy, or a CiliumNetworkPolicy."""

Controller = TypeVar("Controller", k8s.apps.v1.StatefulSet, k8s.apps.v1.Deployment)


def with_depends_on(opts: pulumi.ResourceOptions, *resources: pulumi.Resource | None) -> pulumi.ResourceOptions:
    """Return `opts` with a dependency on each of `resources` that exists."""
    existing = [resource for resource in resources if resource is not None]
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=existing))


def peer_prerequisites(workload: Workload) -> list[pulumi.Resource]:
    """Return what the peers to which the workload connects need before it starts."""
    peers = [link.peer for link in outgoing(workload.args.links)]
    return [each for peer in peers if isinstance(peer, Peer) for each in peer.depends_on]


def deployment_opts(
    child: pulumi.ResourceOptions, workload: Workload, *needed: pulumi.Resource | None
) -> pulumi.ResourceOptions:
    """Return the options of a Deployment. If an autoscaler sets the replicas, updates keep the number of pods."""
    opts = with_depends_on(child, *needed, *peer_prerequisites(workload))
    if workload.args.pod.replicas is not None:
        return opts
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(ignore_changes=["spec.replicas"]))


def with_protect(opts: pulumi.ResourceOptions, *, protect: bool) -> pulumi.ResourceOptions:
    """Return `opts` for a resource that Pulumi refuses to delete or replace, if `protect`.

    Otherwise the option stays as it is, so that it is inherited from a component that is protected as a whole.
    """
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(protect=True)) if protect else opts


def service_account(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> k8s.core.v1.ServiceAccount:
    """Register the ServiceAccount of the pods; its token is not mounted."""
    return k8s.core.v1.ServiceAccount(
        name,
        metadata=workload.metadata(workload.identity.name),
        automount_service_account_token=False,
        opts=opts,
    )


def service(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> k8s.core.v1.Service:
    """Register the Service that peers and Prometheus look up, under the vendor's name."""
    spec = _service_spec(workload, workload.ports)
    return _service(name, workload.metadata(workload.identity.service_name), spec, opts)


def headless_service(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> k8s.core.v1.Service:
    """Register the StatefulSet's headless Service, without the metrics port, to avoid scraping it twice."""
    spec = _service_spec(workload, tuple(port for port in workload.ports if port.name != METRICS))
    return _service(name, workload.metadata(workload.identity.headless_name), {**spec, "cluster_ip": "None"}, opts)


def _service_spec(workload: Workload, ports: tuple[ListeningPort, ...]) -> "ServiceSpecArgsDict":
    return {"type": "ClusterIP", "selector": workload.identity.selector, "ports": service_ports(ports)}


def _service(
    name: str, metadata: "ObjectMetaArgsDict", spec: "ServiceSpecArgsDict", opts: pulumi.ResourceOptions
) -> k8s.core.v1.Service:
    """Register a Service without waiting for its endpoints.

    The provider would wait ten seconds for each Service. That pods are ready, which it also awaits, says more.
    """
    annotations = {"pulumi.com/skipAwait": "true"}
    return k8s.core.v1.Service(name, metadata={**metadata, "annotations": annotations}, spec=spec, opts=opts)


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
    if not (monitoring.enabled and monitor.is_scraped(workload.args.links)):
        return None
    return k8s.apiextensions.CustomResource(
        name,
        api_version=monitor.API_VERSION,
        kind=monitor.KIND,
        metadata=workload.metadata(workload.identity.name, monitoring.labels),
        spec=monitor.service_monitor_spec(workload.identity, monitoring),
        opts=opts,
    )


def isolation(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> Policy | None:
    """Register the policy that allows the workload its links and DNS; nothing for NoPolicies.

    A changed policy is a new resource: the engine creates it first, and deletes the old one at the end of the
    update, after the rollouts. Until then both allow traffic, so that no running pod is cut off.
    """
    selected = renderer(workload.args.isolation)
    if selected is None:
        return None
    policy = selected.policy(workload.identity.workload, workload.identity.tenant, workload.args.links)
    name, metadata = f"{name}-{policy.digest}", workload.metadata(policy.name)
    if selected.kind == network_policy.KIND:
        return k8s.networking.v1.NetworkPolicy(
            name, metadata=metadata, spec=cast("NetworkPolicySpecArgsDict", policy.spec), opts=opts
        )
    return k8s.apiextensions.CustomResource(
        name, api_version=selected.api_version, kind=selected.kind, metadata=metadata, spec=policy.spec, opts=opts
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
