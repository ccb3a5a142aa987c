"""The cluster of a stack: checked before anything is registered, watched until the rollouts are done."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pulumi
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from pulumi_ixn.config import Settings
from pulumi_ixn.config.kubeconfig import missing_context
from pulumi_ixn.config.stack import Environment
from pulumi_ixn.ownership import current_stack
from pulumi_ixn.rollout import RolloutWaiter
from pulumi_ixn.stack_namespace import LastUpdate, State

if TYPE_CHECKING:
    from pulumi_ixn.live.cluster import Cluster

PREFLIGHT = "IXN_PREFLIGHT"
"""The environment variable that switches preflight off if it is `false`, for commands with checks of their own."""


def is_checked(environment: Environment) -> bool:
    """Return whether a stack is checked on its cluster before an update."""
    live = environment.target.context is not None
    return live and environment.preflight and os.environ.get(PREFLIGHT) != "false"


def cluster_of(
    settings: Settings, last: LastUpdate, known: Iterable[State], cluster: "Cluster | None"
) -> "Cluster | None":
    """Return the cluster of a stack, `cluster` if it is given, after preflight, and export its UID.

    `known` are the resources in the state, for a stack that is checked. None if the stack renders manifests, or
    runs on mocks. Raises pulumi.RunError if the kubeconfig lacks the context, or if a check fails.
    """
    environment = settings.environment
    if environment.target.context is None:
        return None
    _check_context(environment.target.context)
    cluster = cluster or _connected(environment.target.context)
    uid = _checked(settings, last, known, cluster) if cluster and is_checked(environment) else last.cluster
    pulumi.export("cluster", uid)
    return cluster


def rollouts(environment: Environment, cluster: "Cluster | None") -> RolloutWaiter | None:
    """Return what waits for the pods; None without a cluster."""
    if cluster is None:
        return None
    from pulumi_ixn.live.rollouts import Rollouts

    return Rollouts(cluster, environment.rollout.timeout)


def _check_context(context: str) -> None:
    problem = missing_context(context, os.environ.get("KUBECONFIG"), Path.home())
    if problem:
        raise pulumi.RunError(f"stack {pulumi.get_stack()}: {problem}")


def _checked(settings: Settings, last: LastUpdate, known: Iterable[State], cluster: "Cluster") -> str:
    """Check the cluster before anything is registered, and return its UID. Raises PreflightError."""
    # Only for stacks on a cluster: the Kubernetes client is a slow import.
    from pulumi_ixn.live.objects import recorded
    from pulumi_ixn.live.preflight import preflight
    from pulumi_ixn.live.subject import Subject

    subject = Subject(current_stack(), settings, recorded(known), last.cluster)
    passed = preflight(cluster, subject)
    for each in passed.unchecked:
        pulumi.log.info(f"not checked: {each}")
    for each in passed.warnings:
        pulumi.log.warn(each)
    return passed.cluster


def _connected(context: str) -> "Cluster | None":
    """Return the cluster of a context; None on mocks."""
    if isinstance(cast("object", get_monitor()), MockMonitor):
        return None
    from pulumi_ixn.live.cluster import ClusterError, connect

    # In it, the language host passes the configuration, secrets in plain text. The SDK has read it; a program that
    # the kubeconfig runs for credentials would inherit it.
    os.environ.pop("PULUMI_CONFIG", None)
    try:
        return connect(context, os.environ.get("KUBECONFIG"))
    except ClusterError as error:
        raise pulumi.RunError(f"ixn:target.context: {error}") from None
