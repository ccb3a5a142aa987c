"""The namespace of a stack's tenants, which no change of the configuration deletes."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.connections import Connection
from pulumi_ixn.settings.stack import Environment


def namespace(environment: Environment, opts: pulumi.ResourceOptions) -> pulumi.Input[str]:
    """Return the name of the namespace, and create it where the settings say so.

    On a cluster, Pulumi never deletes it, since everything in it would go too, PersistentVolumeClaims included:
    `destroy` and a renamed namespace leave it, and `create: false` takes it out of the state without a deletion.
    Raises pulumi.RunError, inside `apply`, for a renamed namespace that would be deleted all the same.
    """
    wanted = environment.namespace
    if environment.target.render:
        return _created(wanted.name, opts) if wanted.create else wanted.name
    name = _outputs_of_last_update().apply(lambda outputs: _checked(wanted.name, outputs))
    if wanted.create:
        retained = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(retain_on_delete=True))
        return _created(name, retained)
    # A read of the object that the state manages makes the engine let go of it. Without a registration it would
    # delete the object, unless the state says that it is retained; a state of 0.1.0 does not.
    return _after(k8s.core.v1.Namespace.get("namespace", name, opts).urn, name)


def _created(name: pulumi.Input[str], opts: pulumi.ResourceOptions) -> pulumi.Input[str]:
    return _after(k8s.core.v1.Namespace("namespace", metadata={"name": name}, opts=opts).metadata, name)


def _after(awaited: pulumi.Output[Any], name: pulumi.Input[str]) -> pulumi.Output[str]:
    return pulumi.Output.all(name, awaited).apply(lambda known: known[0])


def _outputs_of_last_update() -> pulumi.Output[Mapping[str, Any]]:
    """Return the outputs that the last update of this very stack left; none before the first."""
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    return pulumi.StackReference("last-update", stack_name=stack).outputs.apply(lambda known: known or {})


def _checked(name: str, outputs: Mapping[str, Any]) -> str:
    """Return `name`; raise pulumi.RunError where the engine would delete the namespace that it replaces.

    The engine reads from the state whether a resource is retained. Version 0.1.0 did not retain the namespace, and
    did not export its name either.
    """
    last = outputs.get("namespace") or _namespace_of_0_1_0(outputs)
    if last in (None, name):
        return name
    if "namespace" not in outputs:
        raise pulumi.RunError(
            f"ixn:namespace.name: {name!r}: this stack was last deployed by ixn-pulumi 0.1.0, to the namespace "
            f"{last!r}, which a rename would delete with everything in it. Run `pulumi up` once with {last!r}, "
            "then rename it."
        )
    pulumi.log.warn(
        f"the tenants move from namespace {last!r} to {name!r}. {last!r} and its PersistentVolumeClaims stay in "
        f"the cluster: when nothing in it is needed any more, `kubectl delete namespace {last}`"
    )
    return name


def _namespace_of_0_1_0(outputs: Mapping[str, Any]) -> str | None:
    """Return the namespace in the address of an IXN Server, which is <service>.<namespace>.svc:<port>."""
    rows: Sequence[Connection] = outputs.get("connections") or ()
    hosts = (row["endpoints"][0] for row in rows if row["number"] == 3 and row["endpoints"])
    return next((host.split(".")[1] for host in hosts), None)
