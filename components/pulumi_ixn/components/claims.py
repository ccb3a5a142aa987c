"""Claims on object names, so that two components of one program do not create the same object."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import pulumi
from pulumi.runtime.settings import get_monitor

from pulumi_ixn.inputs import apply, apply_all
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.peers import Endpoint
from pulumi_ixn.validation import InvalidInputs, Issue

_CLAIMS = "_ixn_claims"


def claim(
    owner: pulumi.ComponentResource, kind: str, namespace: pulumi.Input[str], name: pulumi.Input[str]
) -> pulumi.Input[str]:
    """Claim `name` in `namespace` for `owner`, and return `namespace`.

    Raises InvalidInputs if another component of the program has claimed the name; for an Output, once it resolves.
    Without this check, the plugin would adopt the object, or fail halfway through an update.
    """
    # Several clusters, each with its own provider, may have objects of the same name.
    cluster = id(owner.get_provider("kubernetes:core/v1:Secret"))
    check = _checker(owner, (cluster, kind))

    def claimed(known: list[str]) -> str:
        check(known, f"{kind} {known[1]!r} in namespace {known[0]!r}")
        return known[0]

    return apply_all([namespace, name], claimed)


def claim_on_server(owner: pulumi.ComponentResource, kind: str, server: Endpoint, name: pulumi.Input[str]) -> None:
    """Claim `name`, a database or a role, on `server` for `owner`. Raises as `claim`."""
    check = _checker(owner, (kind,))

    def claimed(known: list[str]) -> None:
        host, port, name = known
        check([host.lower(), port, name], f"the {kind} {name!r} on {host}:{port}")

    apply_all([server.host, apply(server.port or 0, str), name], claimed)


def claimed(owner: pulumi.ComponentResource, workload: Workload) -> Workload:
    """Claim the names of the workload's objects and of its Service for `owner`, and return the workload."""
    namespace, identity = workload.args.namespace, workload.identity
    for kind, name in (("workload", identity.name), ("Service", identity.service_name)):
        namespace = claim(owner, kind, namespace, name)
    return replace(workload, args=replace(workload.args, namespace=namespace))


def _checker(owner: pulumi.ComponentResource, scope: tuple[object, ...]) -> Callable[[Sequence[str], str], None]:
    # Now, since the connection to the engine may be another one once an Output resolves.
    claims = _claims()
    owned_by = owner.pulumi_resource_name

    def check(known: Sequence[str], what: str) -> None:
        holder = claims.setdefault((*scope, *known), owned_by)
        if holder != owned_by:
            raise InvalidInputs([Issue(owned_by, f"{what} is also created by {holder!r}")])

    return check


def _claims() -> dict[tuple[object, ...], str]:
    # Like the connection to the engine, the claims belong to one run of the program.
    monitor = cast("object", get_monitor())
    if not hasattr(monitor, _CLAIMS):
        setattr(monitor, _CLAIMS, {})
    return cast("dict[tuple[object, ...], str]", getattr(monitor, _CLAIMS))
