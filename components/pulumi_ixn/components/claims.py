"""Claims on the names of objects: two components of one program must not write one object."""

from dataclasses import replace
from typing import cast

import pulumi
from pulumi.runtime.settings import get_monitor

from pulumi_ixn.inputs import apply_all
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.validation import InvalidInputs, Issue

_CLAIMS = "_ixn_claims"


def claim(
    owner: pulumi.ComponentResource, kind: str, namespace: pulumi.Input[str], name: pulumi.Input[str]
) -> pulumi.Input[str]:
    """Return `namespace`, in which `name` is claimed for `owner`.

    Raises InvalidInputs if another component of the program has claimed the name, also once an Output resolves.
    The plugin would adopt the object, or fail halfway.
    """
    claims = _claims()
    # Objects of one name may be in several clusters, which have providers of their own.
    cluster = id(owner.get_provider("kubernetes:core/v1:Secret"))
    owned_by = owner.pulumi_resource_name

    def check(known: list[str]) -> str:
        holder = claims.setdefault((cluster, kind, *known), owned_by)
        if holder != owned_by:
            message = f"{kind} {known[1]!r} in namespace {known[0]!r} is also created by {holder!r}"
            raise InvalidInputs([Issue(owned_by, message)])
        return known[0]

    return apply_all([namespace, name], check)


def claimed(owner: pulumi.ComponentResource, workload: Workload) -> Workload:
    """Return the workload, whose names are claimed for `owner`: those of its objects and of its Service."""
    namespace, identity = workload.args.namespace, workload.identity
    for kind, name in (("workload", identity.name), ("Service", identity.service_name)):
        namespace = claim(owner, kind, namespace, name)
    return replace(workload, args=replace(workload.args, namespace=namespace))


def _claims() -> dict[tuple[object, ...], str]:
    # The claims belong to one run of the program, as its connection to the engine does.
    monitor = cast("object", get_monitor())
    if not hasattr(monitor, _CLAIMS):
        setattr(monitor, _CLAIMS, {})
    return cast("dict[tuple[object, ...], str]", getattr(monitor, _CLAIMS))
