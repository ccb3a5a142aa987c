"""A guard of a Cluster's `recovery`: what it is restored from counts only when it is created."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import monitor_supports_feature


def refusing_another_recovery(name: str) -> pulumi.ResourceOptions:
    """Return options that refuse a recovery that an existing Cluster would not read, in a preview, too.

    `name` is that of the component. With an engine without hooks, the operator ignores the change.
    """
    if not monitor_supports_feature(resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS):
        return pulumi.ResourceOptions()
    preview_too = pulumi.ResourceHookOptions(on_dry_run=True)
    hook = pulumi.ResourceHook(f"{name}-recovery", refuse_another_recovery, preview_too)
    return pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_update=[hook]))


def refuse_another_recovery(args: pulumi.ResourceHookArgs) -> None:
    """Raise pulumi.RunError if an update adds a recovery to a Cluster, or changes it. It may be removed."""
    old, new = _recovery(args.old_inputs), _recovery(args.new_inputs)
    if new is not None and new != old:
        raise pulumi.RunError(
            f"{args.name}: the Cluster exists, and what it is restored from counts only when it is created: with "
            "another `recovery`, nothing would be restored. Restore into a Cluster of another name, or leave "
            "`recovery` as it was"
        )


def _recovery(inputs: Mapping[str, Any] | None) -> tuple[object, object] | None:
    spec = cast("Mapping[str, Any]", (inputs or {}).get("spec", {}))
    bootstrap = cast("Mapping[str, Any]", spec.get("bootstrap", {}))
    return (bootstrap["recovery"], spec.get("externalClusters")) if "recovery" in bootstrap else None
