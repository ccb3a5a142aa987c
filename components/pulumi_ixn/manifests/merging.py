"""Merge the fragments of the arguments with this package's own pod: its own fields, and what is named, stay."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from pulumi_ixn.args import PodArgs
from pulumi_ixn.contract.model import Contract
from pulumi_ixn.fragments.checks import Object, plain_at
from pulumi_ixn.inputs import is_plain
from pulumi_ixn.naming import SERVER
from pulumi_ixn.spread import spread

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import (
        ContainerArgsDict,
        SecurityContextArgsDict,
        VolumeArgsDict,
        VolumeMountArgsDict,
    )

    from pulumi_ixn.manifests.workload import Workload


def container_security(own: Object | None = None) -> "SecurityContextArgsDict":
    """Return the security context of any container; `own` are further fields, none of which weakens it."""
    given = own or {}
    merged: dict[str, Any] = {
        **given,
        "allow_privilege_escalation": False,
        "capabilities": {**plain_at(given, "capabilities"), "drop": ["ALL"]},
    }
    return cast("SecurityContextArgsDict", merged)


def merged_pod(workload: "Workload", own: Object) -> dict[str, Any]:
    """Return the fields of the PodSpec with those of the fragment."""
    pod = workload.args.pod
    fragment = cast("Object", pod.pod)
    merged: dict[str, Any] = {**fragment, **own}
    if "termination_grace_period_seconds" in fragment:
        merged["termination_grace_period_seconds"] = fragment["termination_grace_period_seconds"]
    merged["security_context"] = {**plain_at(fragment, "security_context"), **own["security_context"]}
    for name in ("volumes", "image_pull_secrets"):
        if both := [*own.get(name, ()), *fragment.get(name, ())]:
            merged[name] = both
    init = [_secured(each) for each in fragment.get("init_containers", ())]
    # Sidecars that Kubernetes starts before the container and ends after it, so that no log line is lost.
    init += [{**_secured(cast("Object", each)), "restart_policy": "Always"} for each in pod.sidecars]
    if init:
        merged["init_containers"] = init
    constraints: Sequence[Object] = fragment.get("topology_spread_constraints", _default_spread(workload))
    merged.pop("topology_spread_constraints", None)
    if constraints:
        selector = {"label_selector": {"match_labels": workload.identity.selector}}
        merged["topology_spread_constraints"] = [{**selector, **each} for each in constraints]
    return merged


def merged_container(workload: "Workload", own: "ContainerArgsDict") -> "ContainerArgsDict":
    """Return the workload's container with the fields of the fragment."""
    fragment = cast("Object", workload.args.pod.container)
    merged: dict[str, Any] = {**fragment, **own}
    for name in ("env", "volume_mounts"):
        if both := [*own.get(name, ()), *fragment.get(name, ())]:
            merged[name] = both
    lifecycle = {**plain_at(cast("Object", own), "lifecycle"), **plain_at(fragment, "lifecycle")}
    if lifecycle:
        merged["lifecycle"] = lifecycle
    merged["resources"] = {**plain_at(fragment, "resources"), **plain_at(cast("Object", own), "resources")}
    merged["security_context"] = container_security(fragment.get("security_context"))
    return cast("ContainerArgsDict", merged)


def scratch_volumes(pod: PodArgs, contract: Contract) -> Iterator[tuple["VolumeArgsDict", "VolumeMountArgsDict"]]:
    """Yield an emptyDir and its mount for each directory that a read-only root file system makes necessary."""
    fragment = cast("Object", pod.container)
    if not plain_at(fragment, "security_context").get("read_only_root_filesystem"):
        return
    mounted = {each["mount_path"] for each in fragment.get("volume_mounts", ()) if is_plain(each["mount_path"])}
    for name, scratch in contract.scratch.items():
        if scratch.path not in mounted:
            yield (
                {"name": name, "empty_dir": {"size_limit": scratch.size_limit}},
                {"name": name, "mount_path": scratch.path},
            )


def _default_spread(workload: "Workload") -> Sequence[Object]:
    # Also for a single pod: otherwise, a change from one replica to several would replace it.
    return () if workload.identity.workload is SERVER else cast("Sequence[Object]", spread())


def _secured(container: Object) -> dict[str, Any]:
    return {**container, "security_context": container_security(container.get("security_context"))}
