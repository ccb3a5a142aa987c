"""The pod template of a workload."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import pulumi

from pulumi_ixn.args import LogStorage, ResourceRequirements, SecurityContext
from pulumi_ixn.contract.model import CertificateFiles, Contract, Credential, Probe
from pulumi_ixn.inputs import apply
from pulumi_ixn.links import Link
from pulumi_ixn.manifests.env import RenderContext, env_vars
from pulumi_ixn.manifests.merging import container_security, merged_container, merged_pod, scratch_volumes
from pulumi_ixn.manifests.ports import container_ports
from pulumi_ixn.manifests.volumes import volume_mounts, volumes
from pulumi_ixn.manifests.workload import Workload

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import (
        ContainerArgsDict,
        EnvVarArgsDict,
        PodSecurityContextArgsDict,
        PodSpecArgsDict,
        PodTemplateSpecArgsDict,
        ProbeArgsDict,
        ResourceRequirementsArgsDict,
    )
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict

CHECKSUM = "checksum/"
"""Prefix of the annotations that change with a file or Secret that the pods read, to restart the pods."""


def pod_template(workload: Workload, log_storage: LogStorage | None = None) -> "PodTemplateSpecArgsDict":
    """Return the template: the workload's container and what the fragments add, under the restricted standard."""
    identity, pod, contract, context = workload.identity, workload.args.pod, workload.contract, workload.context
    spec: dict[str, Any] = {
        "service_account_name": identity.name,
        "automount_service_account_token": False,
        "enable_service_links": False,
        "security_context": pod_security(pod.security),
        "containers": [_container(workload)],
    }
    spec["termination_grace_period_seconds"] = contract.shutdown.grace
    scratch = [volume for volume, _ in scratch_volumes(pod, contract)]
    if found := [*volumes(identity, contract, context, log_storage), *scratch]:
        spec["volumes"] = found
    if pod.image_pull_secrets:
        spec["image_pull_secrets"] = [{"name": name} for name in pod.image_pull_secrets]
    annotations = {
        **pod.annotations,
        **_secret_versions(contract, context),
        **_certificate_versions(contract, context),
    }
    if workload.settings is not None:
        annotations[f"{CHECKSUM}settings"] = apply(workload.settings, _digest)
    metadata: ObjectMetaArgsDict = {"labels": {**pod.labels, **identity.pod_labels}}
    if annotations:
        metadata["annotations"] = annotations
    return {"metadata": metadata, "spec": cast("PodSpecArgsDict", merged_pod(workload, spec))}


def pod_security(security: SecurityContext) -> "PodSecurityContextArgsDict":
    """Return the pod's security context; None leaves a value to the platform."""
    context: PodSecurityContextArgsDict = {
        "run_as_non_root": True,
        "seccomp_profile": {"type": "RuntimeDefault"},
    }
    if security.run_as_user is not None:
        context["run_as_user"] = security.run_as_user
    if security.run_as_group is not None:
        context["run_as_group"] = security.run_as_group
    if security.fs_group is not None:
        context["fs_group"] = security.fs_group
    return context


def resources(requirements: ResourceRequirements) -> "ResourceRequirementsArgsDict":
    """Return the container's requests and limits."""
    return {"requests": dict(requirements.requests), "limits": dict(requirements.limits)}


def probe(definition: Probe, workload: Workload) -> "ProbeArgsDict":
    """Return a probe, which refers to the port by name."""
    spec: ProbeArgsDict = {
        "period_seconds": definition.period,
        "timeout_seconds": definition.timeout,
        "failure_threshold": definition.failure_threshold,
    }
    port = workload.port_name(definition.port)
    if definition.http:
        spec["http_get"] = {
            "port": port,
            "path": definition.path or workload.args.monitoring.path,
            "scheme": "HTTP",
        }
    else:
        spec["tcp_socket"] = {"port": port}
    return spec


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _container(workload: Workload) -> "ContainerArgsDict":
    identity, pod, contract, context = workload.identity, workload.args.pod, workload.contract, workload.context
    container: ContainerArgsDict = {
        "name": identity.base_name,
        "image": workload.image.reference,
        "image_pull_policy": pod.image_pull_policy,
        "ports": container_ports(workload.ports),
        "resources": resources(workload.resources),
        "security_context": container_security(),
        "startup_probe": probe(contract.startup, workload),
        "readiness_probe": probe(contract.readiness, workload),
        "liveness_probe": probe(contract.liveness, workload),
    }
    if env := _with_overrides(env_vars(contract, context), pod.env):
        container["env"] = env
    scratch = [mount for _, mount in scratch_volumes(pod, contract)]
    if mounts := [*volume_mounts(contract, context), *scratch]:
        container["volume_mounts"] = mounts
    if contract.shutdown.pre_stop:
        container["lifecycle"] = {"pre_stop": {"sleep": {"seconds": contract.shutdown.pre_stop}}}
    if contract.command:
        container["command"] = list(contract.command)
    if contract.args:
        container["args"] = list(contract.args)
    return merged_container(workload, container)


def _with_overrides(
    env: list["EnvVarArgsDict"], overrides: Mapping[str, pulumi.Input[str] | None]
) -> list["EnvVarArgsDict"]:
    kept = [variable for variable in env if variable["name"] not in overrides]
    added: list[EnvVarArgsDict] = [
        {"name": name, "value": value} for name, value in overrides.items() if value is not None
    ]
    return kept + added


def job_pod(
    container: "ContainerArgsDict", security: SecurityContext, pull_secrets: Sequence[pulumi.Input[str]]
) -> "PodSpecArgsDict":
    """Return the spec of a Job's pod, which runs a shell script once."""
    spec: PodSpecArgsDict = {
        "restart_policy": "Never",
        "automount_service_account_token": False,
        "enable_service_links": False,
        # A shell running as PID 1 does not terminate on SIGTERM.
        "termination_grace_period_seconds": 1,
        "security_context": pod_security(security),
        "containers": [container],
    }
    if pull_secrets:
        spec["image_pull_secrets"] = [{"name": name} for name in pull_secrets]
    return spec


def _secret_versions(contract: Contract, context: RenderContext) -> dict[str, pulumi.Input[str]]:
    """Return an annotation for each Secret that the pods read; its key is the peer, since names may be Outputs."""
    rows = {entry.value.row for entry in contract.env.values() if isinstance(entry.value, Credential)}
    rows |= {mount.content for mount in contract.mounts.values() if isinstance(mount.content, int)}
    versions: dict[str, pulumi.Input[str]] = {}
    for link in context.links:
        if link.row.number not in rows or link.absent or not link.outgoing:
            continue
        version = context.secret(link.row.number).version
        if version is not None:
            versions[_annotation(link)] = version
    return versions


def _certificate_versions(contract: Contract, context: RenderContext) -> dict[str, pulumi.Input[str]]:
    """Return an annotation for each certificate that the pods read, if it has a version."""
    rows = [mount.content.row for mount in contract.mounts.values() if isinstance(mount.content, CertificateFiles)]
    return {
        f"{_annotation(context.link(row))}-{name}": file.version
        for row in rows
        for name, file in context.certificates(row).items()
        if file.version is not None
    }


def _annotation(link: Link) -> str:
    """Return the annotation of what the pods read for a connection, named after the peer."""
    return f"{CHECKSUM}{link.row.destination.lower().replace(' ', '-')}"
