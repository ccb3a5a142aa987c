"""The namespace of a stack's tenants, which no configuration change deletes."""

import time
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, TypeAlias

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.config.stack import Environment

_RETRY_DELAYS = (0.1, 0.3, 1.0)
"""Seconds between attempts to read the state."""

State: TypeAlias = Mapping[str, Any]
"""What the engine read from the state: JSON without a schema."""


class LastUpdate(NamedTuple):
    """The state after the stack's last update; empty before the first one."""

    on_cluster: bool = False
    namespace: str | None = None
    created: bool = False
    retained: bool = False
    cluster: str | None = None
    """The UID of the cluster, if it was recorded."""


def namespace(environment: Environment, opts: pulumi.ResourceOptions, last: LastUpdate) -> pulumi.Input[str]:
    """Return the name of the namespace; create it if the settings request it.

    On a cluster, Pulumi never deletes it, since that would delete everything in it, PersistentVolumeClaims
    included: `destroy` and a rename retain it, and `create: false` removes it from the state without deleting it.
    Raises pulumi.RunError for a change that would delete it nevertheless.
    """
    settings = environment.namespace
    if environment.target.render:
        _check_target(last)
        return _register(settings.name, opts) if settings.create else settings.name
    _check_rename(settings.name, last)
    if settings.create:
        retained = pulumi.ResourceOptions(retain_on_delete=True)
        return _register(settings.name, pulumi.ResourceOptions.merge(opts, retained))
    if last.created:
        pulumi.log.info(
            f"namespace {settings.name!r} stays in the cluster, and is no longer managed by this stack"
        )
    if last.created and not last.retained:
        # If it were no longer registered, the engine would delete it. Reading a managed object makes the engine
        # drop it from the state without deleting it.
        return k8s.core.v1.Namespace.get("namespace", settings.name, opts).urn.apply(lambda _: settings.name)
    return settings.name


def _register(name: str, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    return k8s.core.v1.Namespace("namespace", metadata={"name": name}, opts=opts).metadata.apply(lambda _: name)


def last_update(known: Collection[State] = ()) -> LastUpdate:
    """Return the state after the last update: from its outputs or, if version 0.1.0 ran it, from its resources.

    `known` are the resources in the state, if they have been read: the outputs are those of the stack among them.
    """
    of_stack = [each["outputs"] for each in known if each["type"] == "pulumi:pulumi:Stack"]
    outputs: State = (of_stack[0] if of_stack else None) or _from_engine("readStackOutputs", "name")
    if not outputs:
        return LastUpdate()
    if "namespace" not in outputs:
        return _from_0_1_0(_resources())
    found = outputs["namespace"]
    return LastUpdate(
        found["cluster"], found["name"], found["created"], retained=True, cluster=outputs.get("cluster")
    )


def resources() -> Collection[State]:
    """Return the resources in the state, each with its `type` and `outputs`."""
    return _resources().values()


def _resources() -> State:
    return _from_engine("readStackResourceOutputs", "stackName")


def _from_engine(function: str, parameter: str) -> State:
    """Return what the engine records about the stack's last update.

    These functions implement `pulumi.StackReference`. A StackReference to the stack itself would be a resource in
    its state, with the outputs of the previous update. Retries: a file backend may be replacing the state file
    now.
    """
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"

    def attempt() -> State:
        return pulumi.runtime.invoke(f"pulumi:pulumi:{function}", {parameter: stack}).value or {}

    for seconds in _RETRY_DELAYS:
        try:
            return attempt().get("outputs") or {}
        except Exception as error:  # noqa: BLE001 (the SDK raises nothing more specific)
            pulumi.log.debug(f"{function}: {error}")
            time.sleep(seconds)
    return attempt().get("outputs") or {}


def _from_0_1_0(resources: State) -> LastUpdate:
    """Return the state after an update by version 0.1.0, which neither exported nor retained the namespace."""
    outputs = {each["type"]: each["outputs"] for each in resources.values()}
    rendered = "renderYamlToDirectory" in outputs.get("pulumi:providers:kubernetes", {})
    found = outputs.get("kubernetes:core/v1:Namespace")
    return LastUpdate(not rendered, found["metadata"]["name"] if found else None, created=found is not None)


def _check_target(last: LastUpdate) -> None:
    """Raise pulumi.RunError if rendering manifests would delete what the stack deployed to a cluster."""
    if last.on_cluster:
        raise pulumi.RunError(
            "ixn:target: this stack is deployed to a cluster, and rendering manifests instead would delete its "
            "tenants. Use another stack to render manifests, or `pulumi destroy` this one first."
        )


def _check_rename(name: str, last: LastUpdate) -> None:
    """Raise pulumi.RunError if a rename would delete the namespace; otherwise warn about what it leaves behind.

    The engine reads `retainOnDelete` from the state.
    """
    if not last.on_cluster or last.namespace in (None, name):
        return
    if not last.retained:
        raise pulumi.RunError(
            f"ixn:namespace.name: {name!r}: this stack was last deployed by ixn-pulumi 0.1.0, which created the "
            f"namespace {last.namespace!r}. A rename would delete it with everything in it. Run `pulumi up` once "
            f"with {last.namespace!r}, then rename it."
        )
    pulumi.log.warn(
        f"the tenants move from namespace {last.namespace!r} to {name!r}. {last.namespace!r} and its "
        "PersistentVolumeClaims stay in the cluster. Once nothing in it is needed, run "
        f"`kubectl delete namespace {last.namespace}`."
    )
