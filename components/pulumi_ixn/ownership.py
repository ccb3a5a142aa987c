"""The annotations that record which stack and tenant own an object on a cluster."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi

STACK = "ixn-pulumi/stack"
"""The stack that owns the object: `organization/project/stack`."""

TENANT = "ixn-pulumi/tenant"
"""The tenant's key in `ixn:tenants`; objects that tenants share have no such annotation."""

TENANT_ID = "ixn-pulumi/tenant-id"
"""The tenant's id, which is otherwise in the names of Services only."""

PROTECTED = "ixn-pulumi/protected"
"""`true` on each object that Pulumi refuses to delete; others have no such annotation."""

LOGIN = "ixn-pulumi/login"
"""The username in the Secret of a provisioned database."""

ROTATION = "ixn-pulumi/rotation"
"""The rotation that generated the password of a Secret; without one, it is the first password."""


@dataclass(frozen=True)
class Owner:
    """The stack that owns an object, and the tenant's key and id if it belongs to one tenant."""

    stack: str
    tenant: str | None = None
    tenant_id: str | None = None

    @staticmethod
    def of(metadata: Mapping[str, Any]) -> "Owner | None":
        """Return the owner that an object's metadata names; None if it names none."""
        annotations: Mapping[str, str] = metadata.get("annotations") or {}
        if STACK not in annotations:
            return None
        return Owner(annotations[STACK], annotations.get(TENANT), annotations.get(TENANT_ID))

    @property
    def annotations(self) -> dict[str, str]:
        """The annotations of the owner's objects."""
        values = {STACK: self.stack, TENANT: self.tenant, TENANT_ID: self.tenant_id}
        return {name: value for name, value in values.items() if value}


def is_owned(metadata: Mapping[str, Any], stack: str) -> bool:
    """Return whether an object's metadata names a stack, `organization/project/stack`, as its owner."""
    owner = Owner.of(metadata)
    return owner is not None and owner.stack == stack


def current_stack() -> str:
    """Return the name of the stack that runs this program: `organization/project/stack`."""
    return f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"


def annotated(annotations: Mapping[str, str]) -> pulumi.ResourceOptions:
    """Return options that add the annotations to each Kubernetes object below a component.

    Protected ones are marked. Pod templates stay as they are, so pods do not roll.
    """

    def add(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        metadata = args.props.get("metadata")
        if not args.type_.startswith("kubernetes:") or not isinstance(metadata, dict):
            return None
        known = cast("dict[str, Any]", metadata)
        given: Mapping[str, Any] = known.get("annotations") or {}
        mark = {PROTECTED: "true"} if args.opts.protect else {}
        props = {**args.props, "metadata": {**known, "annotations": {**annotations, **mark, **given}}}
        return pulumi.ResourceTransformationResult(props, args.opts)

    return pulumi.ResourceOptions(transformations=[add])
