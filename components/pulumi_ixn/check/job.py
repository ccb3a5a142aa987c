"""The Job that tries the outgoing connections of one workload."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import pulumi

from pulumi_ixn.addresses import NODE_IP
from pulumi_ixn.args import ConnectivityCheckOptions
from pulumi_ixn.check.targets import NODE_IP_VARIABLE, links_digest, target_lines
from pulumi_ixn.links import Links
from pulumi_ixn.manifests.merging import container_security
from pulumi_ixn.manifests.pod import job_pod, resources
from pulumi_ixn.naming import Tenant, WorkloadId, policy_labels, recommended_labels, workload_name
from pulumi_ixn.policies import Isolation

if TYPE_CHECKING:
    from pulumi_kubernetes.batch.v1 import JobSpecArgsDict
    from pulumi_kubernetes.core.v1 import (
        ContainerArgsDict,
        EnvVarArgsDict,
        PodSpecArgsDict,
        PodTemplateSpecArgsDict,
    )
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict

LINKS_ANNOTATION = "ixn-pulumi/links"
"""Annotation of the pods that changes with their links and the isolation, so that the Job runs again."""

_ATTEMPTS = 2
_START, _BACKOFF, _NOTICED = 120, 10, 60
"""Seconds: for an attempt's pod to start (scheduling, image pull), between two attempts (the Job controller's
backoff), and for the engine to notice that the Job is done."""

_FAILURES = "/dev/termination-log"
"""The container's termination message, which the engine shows: at most 4096 characters."""


def check_name(workload: WorkloadId, tenant: Tenant) -> str:
    """Return the name of the Job of a workload."""
    return f"{workload_name(workload, tenant)}-check"


def check_job(
    workload: WorkloadId,
    tenant: Tenant,
    namespace: pulumi.Input[str],
    links: Links,
    options: ConnectivityCheckOptions,
    isolation: Isolation | None = None,
) -> tuple["ObjectMetaArgsDict", "JobSpecArgsDict"]:
    """Return metadata and spec of the Job that tries these outgoing links."""
    lines = target_lines(links)
    deadline = lines.apply(lambda known: _active_deadline(len(known), options.deadline))
    labels = _labels(workload, tenant, options)
    metadata: ObjectMetaArgsDict = {
        "name": check_name(workload, tenant),
        "namespace": namespace,
        "labels": labels,
        "annotations": {
            # Run a failed Job again at the next `up`; otherwise the provider would only wait for the old one.
            "pulumi.com/replaceUnready": "true",
            # By default, the provider gives up after ten minutes without showing what failed. This is an
            # annotation because `custom_timeouts` takes no Output, and the number of addresses may be one.
            "pulumi.com/timeoutSeconds": deadline.apply(lambda known: str(known + _NOTICED)),
        },
    }
    # Any change of the template replaces the Job, so that a changed link runs it again.
    template: PodTemplateSpecArgsDict = {
        "metadata": {
            "labels": {**options.labels, **labels, **policy_labels(workload, tenant)},
            "annotations": {**options.annotations, LINKS_ANNOTATION: links_digest(links, isolation)},
        },
        "spec": _pod(workload_name(workload, tenant), _container(links, lines, options), options),
    }
    # Retry once: the policy may be enforced only after the pod has started.
    spec: JobSpecArgsDict = {
        "backoff_limit": _ATTEMPTS - 1,
        "active_deadline_seconds": deadline,
        "template": template,
    }
    return metadata, spec


def _pod(account: str, container: "ContainerArgsDict", options: ConnectivityCheckOptions) -> "PodSpecArgsDict":
    """Return a pod under the workload's service account."""
    spec = job_pod(container, options.security, options.image_pull_secrets)
    return {**spec, "service_account_name": account}


@cache
def script() -> str:
    """Return the POSIX shell script that tries the connections."""
    return files("pulumi_ixn").joinpath("check", "connections.sh").read_text("utf-8")


def _labels(
    workload: WorkloadId, tenant: Tenant, options: ConnectivityCheckOptions
) -> dict[str, pulumi.Input[str]]:
    # Not the workload's name: it would make the pod an endpoint of its Service.
    return recommended_labels("ixn-connection-check", workload, tenant, options.image.tag)


def _container(
    links: Links, lines: pulumi.Output[list[str]], options: ConnectivityCheckOptions
) -> "ContainerArgsDict":
    env: list[EnvVarArgsDict] = [
        {"name": "DEADLINE", "value": str(options.deadline)},
        {"name": "FAILURES", "value": _FAILURES},
        {"name": "TARGETS", "value": lines.apply("\n".join)},
    ]
    if any(link.is_node_local for link in links):
        # First, since a variable's value can refer to earlier variables only.
        env.insert(0, {"name": NODE_IP_VARIABLE, "value_from": {"field_ref": {"field_path": NODE_IP}}})
    return {
        "name": "check",
        "image": options.image.reference,
        "image_pull_policy": options.image_pull_policy,
        "command": ["/bin/sh", "-c", script()],
        "env": env,
        "resources": resources(options.resources),
        "security_context": {**container_security(), "read_only_root_filesystem": True},
        "termination_message_path": _FAILURES,
        # If the file is empty, use the end of the log.
        "termination_message_policy": "FallbackToLogsOnError",
    }


def _active_deadline(targets: int, deadline: int) -> int:
    """Return the Job's active deadline in seconds."""
    return _ATTEMPTS * (_START + targets * (deadline + 2)) + _BACKOFF
