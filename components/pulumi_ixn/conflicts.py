"""Field conflicts of server-side apply: another client changed a field that this stack sets."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import monitor_supports_feature

FORCE = "pulumi.com/patchForce"
"""The annotation by which the provider overwrites conflicting fields."""

WAY_OUT = (
    "To keep a change, set the same value in the stack's settings. To overwrite all of them: `pulumi config set "
    "ixn:forceConflicts true`, `pulumi up`, then `pulumi config rm ixn:forceConflicts`"
)
"""What an operator can do about the fields that another client changed."""

_MANAGER = re.compile(r'conflicts? with "([^"]*)"')
_FIELD = re.compile(r"(?:: |^- )(\..+)$", re.MULTILINE)


@dataclass(frozen=True)
class Conflict:
    """A field, such as `.spec.replicas`, and the field manager that set it last, such as `kubectl-edit`."""

    field: str
    manager: str


def conflicts_in(error: str) -> Sequence[Conflict]:
    """Return the conflicts that an error of the API server lists; none if it is another error."""
    # Whatever is before the first manager, then in turn a manager and the text up to the next one.
    _, *parts = _MANAGER.split(error)
    return [
        Conflict(field, manager)
        for manager, text in zip(parts[::2], parts[1::2], strict=True)
        for field in _FIELD.findall(text)
    ]


def explanation(target: str, conflicts: Sequence[Conflict]) -> str:
    """Return what an operator needs to know about the conflicts on an object, such as `Deployment ixn/a`."""
    fields = ", ".join(f"{each.field} (by {each.manager!r})" for each in conflicts)
    return f"{target}: changed by another client: {fields}. Nothing was overwritten. {WAY_OUT}"


def explaining() -> pulumi.ResourceOptions:
    """Return options that log an explanation of each field conflict below a component; others are left alone.

    An engine without error hooks shows its own error only.
    """
    if not monitor_supports_feature(resource_pb2.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS):
        return pulumi.ResourceOptions()
    hook = pulumi.ErrorHook("field-conflict", _explain)

    def add(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not args.type_.startswith("kubernetes:"):
            return None
        added = pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(on_error=[hook]))
        return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(args.opts, added))

    return pulumi.ResourceOptions(transformations=[add])


def _explain(args: pulumi.ErrorHookArgs) -> bool:
    conflicts = conflicts_in(args.errors[0])
    if conflicts:
        pulumi.log.error(explanation(_target(args), conflicts))
    return False  # do not retry


def _target(args: pulumi.ErrorHookArgs) -> str:
    inputs = cast("Mapping[str, Any]", args.new_inputs or {})
    return f"{inputs.get('kind', args.type)} {args.id or args.name}"
