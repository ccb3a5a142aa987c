"""The specs of the StatefulSet and the Deployments that run the pods."""

from typing import TYPE_CHECKING, cast

from pulumi_ixn.args import LogStorage
from pulumi_ixn.manifests.pod import pod_template
from pulumi_ixn.manifests.volumes import claims
from pulumi_ixn.manifests.workload import Workload

if TYPE_CHECKING:
    from pulumi_kubernetes.apps.v1 import DeploymentSpecArgsDict, StatefulSetSpecArgsDict
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict


RELOADED = {"secret.reloader.stakater.com/auto": "true"}
"""Stakater's Reloader restarts the pods when a Secret in their spec changes."""


def controller_metadata(workload: Workload) -> "ObjectMetaArgsDict":
    """Return the metadata of the StatefulSet or Deployment.

    If the program waits for the rollout, the provider only waits until the controller has seen the update.
    """
    annotations: dict[str, str] = {}
    if workload.args.rollout is not None:
        # Not `skipAwait`: a deletion would then not wait for the pods.
        annotations["pulumi.com/waitFor"] = "jsonpath={.metadata.uid}"
    if workload.args.reloader:
        annotations |= RELOADED
    metadata = workload.metadata(workload.identity.name)
    return {**metadata, "annotations": annotations} if annotations else metadata


def deployment_spec(workload: Workload) -> "DeploymentSpecArgsDict":
    """Return the spec of a Deployment."""
    spec: DeploymentSpecArgsDict = {
        **cast("DeploymentSpecArgsDict", workload.args.pod.update),
        "selector": {"match_labels": workload.identity.selector},
        "template": pod_template(workload),
    }
    if workload.args.pod.replicas is not None:
        spec["replicas"] = workload.args.pod.replicas
    return spec


def stateful_set_spec(workload: Workload, log_storage: LogStorage) -> "StatefulSetSpecArgsDict":
    """Return the spec of a StatefulSet, with a claim template for the logs if `log_storage` requests one."""
    spec: StatefulSetSpecArgsDict = {
        **cast("StatefulSetSpecArgsDict", workload.args.pod.update),
        "replicas": 1,
        # With the default, a pod that never becomes ready blocks the update that would fix it.
        "pod_management_policy": "Parallel",
        # The provider replaces the StatefulSet when this changes, so do not depend on a default.
        "revision_history_limit": 10,
        "persistent_volume_claim_retention_policy": {"when_deleted": "Retain", "when_scaled": "Retain"},
        "service_name": workload.identity.headless_name,
        "selector": {"match_labels": workload.identity.selector},
        "template": pod_template(workload, log_storage),
    }
    if log_storage.claimed:
        spec["volume_claim_templates"] = claims(workload.contract, log_storage)
    return spec
