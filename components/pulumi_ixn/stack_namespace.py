"""The namespace of a stack's tenants, which no change of the configuration deletes."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.components.connections import Connection
from pulumi_ixn.config.stack import Environment


def namespace(environment: Environment, opts: pulumi.ResourceOptions) -> pulumi.Input[str]:
    """Return the name of the namespace, and create it where the settings say so.

    On a cluster, Pulumi never deletes it, since everything in it would go too, PersistentVolumeClaims included:
    `destroy` and a renamed namespace leave it, and `create: false` takes it out of the state without a deletion.
    Raises pulumi.RunError for a renamed namespace that would be deleted all the same.
    """
    wanted = environment.namespace
    if environment.target.render:
        return _created(wanted.name, opts) if wanted.create else wanted.name
    last = _last_namespace(_outputs_of_last_update())
    name = _checked(wanted.name, last)
    if not wanted.create and last.created:
        pulumi.log.info(f"namespace {name!r} stays in the cluster; from now on, this stack does not manage it")
    if wanted.create:
        return _created(name, pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(retain_on_delete=True)))
    # A read of the object that the state manages makes the engine let go of it. Without a registration it would
    # delete the object, unless the state says that it is retained; a state of 0.1.0 does not.
    return k8s.core.v1.Namespace.get("namespace", name, opts).urn.apply(lambda _: name)


def _created(name: str, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    return k8s.core.v1.Namespace("namespace", metadata={"name": name}, opts=opts).metadata.apply(lambda _: name)


def _outputs_of_last_update() -> Mapping[str, Any]:
    """Return the outputs that the last update of this stack left; none before the first.

    Calls the function of the engine behind `pulumi.StackReference`: a reference of the stack to itself would be a
    resource in its state, whose outputs are always those of the update before.
    """
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    answer: Mapping[str, Any] = (
        pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {"name": stack}).value or {}
    )
    return answer.get("outputs") or {}


class _Last(NamedTuple):
    """The namespace of the last update; no name before the first."""

    name: str | None
    created: bool
    retained: bool


def _last_namespace(outputs: Mapping[str, Any]) -> _Last:
    """Return the namespace that the outputs name. Version 0.1.0 named none, and did not retain it."""
    output: Mapping[str, Any] | None = outputs.get("namespace")
    if output:
        return _Last(output["name"], output["created"], retained=True)
    # The address of an IXN Server is <service>.<namespace>.svc:<port>.
    rows: Sequence[Connection] = outputs.get("connections") or ()
    hosts = (row["endpoints"][0] for row in rows if row["number"] == 3 and row["endpoints"])
    return _Last(next((host.split(".")[1] for host in hosts), None), created=False, retained=False)


def _checked(name: str, last: _Last) -> str:
    """Return `name`; raise pulumi.RunError where the engine would delete the namespace that it replaces.

    The engine reads from the state whether a resource is retained.
    """
    if last.name in (None, name):
        return name
    if not last.retained:
        raise pulumi.RunError(
            f"ixn:namespace.name: {name!r}: this stack was last deployed by ixn-pulumi 0.1.0, to the namespace "
            f"{last.name!r}, which a rename would delete with everything in it. Run `pulumi up` once with "
            f"{last.name!r}, then rename it."
        )
    pulumi.log.warn(
        f"the tenants move from namespace {last.name!r} to {name!r}. {last.name!r} and its PersistentVolumeClaims "
        f"stay in the cluster: when nothing in it is needed any more, `kubectl delete namespace {last.name}`"
    )
    return name
