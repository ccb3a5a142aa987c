"""The objects around a workload's pods, registered alike for the three workloads."""

from typing import TYPE_CHECKING, TypeAlias

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.isolation import CiliumPolicies, NetworkPolicies, Open
from pulumi_ixn.manifests.cilium_policy import cilium_policy_spec
from pulumi_ixn.manifests.monitor import service_monitor_spec
from pulumi_ixn.manifests.network_policy import network_policy_spec
from pulumi_ixn.manifests.ports import METRICS, service_ports
from pulumi_ixn.manifests.volumes import settings_name
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.spec import Party

if TYPE_CHECKING:
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict

Policy: TypeAlias = k8s.networking.v1.NetworkPolicy | k8s.apiextensions.CustomResource
"""A NetworkPolicy, or a CiliumNetworkPolicy."""


def after(opts: pulumi.ResourceOptions, *resources: pulumi.Resource | None) -> pulumi.ResourceOptions:
    """Return `opts` for pods that start when these are there: not with yesterday's file, and not in the open."""
    there = [resource for resource in resources if resource is not None]
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=there))


def service_account(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> k8s.core.v1.ServiceAccount:
    """Register the account that the pods run under; nobody gets its token."""
    return k8s.core.v1.ServiceAccount(
        name,
        metadata=workload.metadata(workload.identity.name),
        automount_service_account_token=False,
        opts=opts,
    )


def service(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> k8s.core.v1.Service:
    """Register the Service that other services and Prometheus look up, under the vendor's name."""
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
    """Register the Service that names a StatefulSet's pods; without metrics, which would be polled twice."""
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

    It would wait ten seconds for each, and learn less than from the readiness of the pods, for which it waits too.
    """
    return {**metadata, "annotations": {"pulumi.com/skipAwait": "true"}}


def settings_file(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> k8s.core.v1.ConfigMap | None:
    """Register the settings file of the container; nothing where its contract has none."""
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
    """Register what Prometheus finds the metrics by; nothing where monitoring is off or Prometheus absent."""
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
    """Register the policy that closes the workload but for its links; nothing where it is open on purpose."""
    metadata = workload.metadata(workload.identity.name)
    match workload.args.isolation:
        case NetworkPolicies(dns):
            spec = network_policy_spec(workload, dns)
            return k8s.networking.v1.NetworkPolicy(name, metadata=metadata, spec=spec, opts=opts)
        case CiliumPolicies(dns):
            return k8s.apiextensions.CustomResource(
                name,
                api_version="cilium.io/v2",
                kind="CiliumNetworkPolicy",
                metadata=metadata,
                spec=cilium_policy_spec(workload, dns),
                opts=opts,
            )
        case Open():
            return None
