"""The violations of fragments that depend on the workload: collisions with its own names, what it lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import pulumi

from pulumi_ixn.args import PodArgs
from pulumi_ixn.contract.model import CertificateFiles, Contract, Credential, Shutdown
from pulumi_ixn.fragments import rules
from pulumi_ixn.fragments.checks import Issues, Object, plain_at
from pulumi_ixn.inputs import is_plain
from pulumi_ixn.naming import SERVER, WorkloadId
from pulumi_ixn.validation import Issue, Validator

_OURS = "is a name that this package uses"


@dataclass(frozen=True)
class PodContext:
    """What the fragments of a workload's pods must fit: its contract, and the ports on which it listens."""

    workload: WorkloadId
    contract: Contract
    ports: Sequence[pulumi.Input[int]] = ()


def fragment_issues(context: PodContext, pod: PodArgs) -> Issues:
    """Yield the path in the arguments of the pod and the message of each violation."""
    contract = context.contract
    fragment, container = cast("Object", pod.pod), cast("Object", pod.container)
    others: dict[str, Object] = {
        **{f"pod.init_containers[{i}]": each for i, each in enumerate(fragment.get("init_containers", ()))},
        **{f"sidecars[{i}]": cast("Object", each) for i, each in enumerate(pod.sidecars)},
    }
    volumes = {*contract.mounts, *contract.scratch}
    for index, volume in enumerate(fragment.get("volumes", ())):
        if volume["name"] in volumes:
            yield f"pod.volumes[{index}].name", f"{volume['name']!r} {_OURS}"
    # Not every pod has certificates: to read some, another container mounts a volume of its own.
    volumes -= {name for name, each in contract.mounts.items() if isinstance(each.content, CertificateFiles)}
    volumes |= {each["name"] for each in fragment.get("volumes", ())}
    yield from _own_container(container, pod, contract)
    for path, each in {"container": container, **others}.items():
        yield from _unknown_volumes(path, each, volumes)
        yield from _passwords(path, each, contract)
    yield from _names(others, context.workload)
    yield from _ports(others, context)
    yield from _grace(fragment, {"container": container, **others}, contract.shutdown)


def update_issues(context: PodContext, pod: PodArgs) -> Issues:
    """Yield the violations of a workload's update settings, as `fragment_issues` does."""
    issues: list[Issue] = []
    rule = rules.stateful_set_update if context.workload is SERVER else rules.deployment_update
    Validator({}, {}).field(pod.update, "update", rule(rules.SNAKE), issues)
    return ((each.path, each.reason) for each in issues)


def _own_container(container: Object, pod: PodArgs, contract: Contract) -> Issues:
    taken = {name for name in contract.env if pod.env.get(name, "") is not None}
    taken |= {name for name, value in pod.env.items() if value is not None}
    for index, variable in enumerate(container.get("env", ())):
        if variable["name"] in taken:
            text = "is set already; `env` beside `container` replaces it, or removes it with null"
            yield f"container.env[{index}].name", f"{variable['name']!r} {text}"
    paths = {mount.path.rstrip("/") for mount in contract.mounts.values()}
    for index, mount in enumerate(container.get("volume_mounts", ())):
        if is_plain(mount["mount_path"]) and mount["mount_path"].rstrip("/") in paths:
            yield f"container.volume_mounts[{index}].mount_path", f"{mount['mount_path']!r} is mounted already"
    resources = container.get("resources", {})
    yield from (
        (f"container.resources.{side}", "are set by `resources` beside `container`")
        for side in ("requests", "limits")
        if side in resources
    )


def _unknown_volumes(path: str, container: Object, volumes: set[str]) -> Issues:
    for index, mount in enumerate(container.get("volume_mounts", ())):
        if mount["name"] not in volumes:
            known = ", ".join(sorted(volumes))
            yield (
                f"{path}.volume_mounts[{index}].name",
                f"{mount['name']!r} is no volume of the pod; it has {known}",
            )


def _passwords(path: str, container: Object, contract: Contract) -> Issues:
    secret = {name for name, entry in contract.env.items() if isinstance(entry.value, Credential)}
    for index, variable in enumerate(container.get("env", ())):
        if variable["name"] in secret and "value" in variable:
            text = "comes from a Secret, and the pod spec would contain it in plain text; use valueFrom"
            yield f"{path}.env[{index}].value", f"may not be set: {variable['name']} {text}"


def _names(others: Mapping[str, Object], workload: WorkloadId) -> Issues:
    seen = {workload.name}
    for path, each in others.items():
        if each["name"] in seen:
            yield f"{path}.name", f"{each['name']!r} is the name of another container of the pod"
        seen.add(each["name"])
        if "image" not in each:
            yield f"{path}.image", "is missing"


def _ports(others: Mapping[str, Object], context: PodContext) -> Issues:
    names = {f"{context.workload.component}-default", "metrics"}
    numbers = {each for each in context.ports if is_plain(each)}
    for path, container in others.items():
        for index, port in enumerate(container.get("ports", ())):
            name, number = port.get("name"), port["container_port"]
            if is_plain(name) and name in names:
                yield f"{path}.ports[{index}].name", f"{name!r} is the name of another port of the pod"
            if is_plain(number) and number in numbers and port.get("protocol", "TCP") == "TCP":
                yield (
                    f"{path}.ports[{index}].container_port",
                    f"{number} is a port of another container of the pod, which share one network",
                )
            names |= {name} if name is not None and is_plain(name) else set()
            numbers |= {number} if is_plain(number) else set()


def _grace(fragment: Object, containers: Mapping[str, Object], shutdown: Shutdown) -> Issues:
    given: object = fragment.get("termination_grace_period_seconds")
    grace = shutdown.grace if given is None else given
    for path, each in containers.items():
        lifecycle = plain_at(each, "lifecycle")
        own = path == "container" and "pre_stop" not in lifecycle
        sleep: object = shutdown.pre_stop if own else plain_at(lifecycle, "pre_stop", "sleep").get("seconds")
        if isinstance(sleep, int) and isinstance(grace, int) and sleep >= grace:
            where = "pod.termination_grace_period_seconds" if own else f"{path}.lifecycle.pre_stop.sleep.seconds"
            yield (
                where,
                f"leaves nothing of the grace period of {grace} s after the {sleep} s before the container ends",
            )
