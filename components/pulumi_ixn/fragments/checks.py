"""What Kubernetes demands of several fields of one object."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast

from pulumi_ixn import values
from pulumi_ixn.inputs import is_plain

Object: TypeAlias = Mapping[str, Any]
Issues: TypeAlias = Iterator[tuple[str, str]]

_DEADLINE = 600
"""Kubernetes' default of progressDeadlineSeconds."""

_BARE = ("Exists", "DoesNotExist")


def plain_at(value: Object, *names: str) -> Object:
    """Return the mapping at a path of fields; an empty one if there is none, or if it is an Output."""
    found = value
    for name in names:
        below: object = found.get(name)
        found = cast("Object", below if isinstance(below, Mapping) else {})
    return found


def _exactly_one(*beside: str) -> Callable[[Object], Issues]:
    def check(each: Object) -> Issues:
        given = sorted(each.keys() - set(beside))
        if len(given) != 1:
            yield "", f"needs exactly one source or action, and has {', '.join(given) or 'none'}"

    return check


def _toleration(each: Object) -> Issues:
    exists = each.get("operator") == "Exists"
    if exists and each.get("value"):
        yield "value", "cannot be combined with the operator Exists"
    if not each.get("key") and not exists:
        yield "", "without a key tolerates every taint, and needs the operator Exists"
    if "toleration_seconds" in each and each.get("effect") != "NoExecute":
        yield "toleration_seconds", "needs the effect NoExecute"


def _spread(each: Object) -> Issues:
    if "min_domains" in each and each.get("when_unsatisfiable") != "DoNotSchedule":
        yield "min_domains", "needs whenUnsatisfiable DoNotSchedule"
    yield from _own_keys(each)


def _affinity_term(each: Object) -> Issues:
    if "label_selector" not in each:
        yield "", "has no label selector, and would match no pod"
    yield from _own_keys(each)


def _own_keys(each: Object) -> Issues:
    labels = plain_at(each, "label_selector", "match_labels")
    keys: object = each.get("match_label_keys") or ()
    if is_plain(keys) and (both := sorted(set(cast("Sequence[str]", keys)) & labels.keys())):
        yield "match_label_keys", f"repeats keys of the label selector: {', '.join(both)}"


def _requirement(each: Object) -> Issues:
    operator, given = each.get("operator"), each.get("values") or ()
    if not is_plain(operator) or not is_plain(given):
        return
    if operator in _BARE and given:
        yield "values", f"cannot be combined with the operator {operator}"
    elif operator in ("In", "NotIn") and not given:
        yield "values", f"must have at least one entry for the operator {operator}"
    elif operator in ("Gt", "Lt") and not (len(given) == 1 and str(given[0]).lstrip("-").isdigit()):
        yield "values", f"must be one whole number for the operator {operator}"


def _node_selector(each: Object) -> Issues:
    if is_plain(each["node_selector_terms"]) and not each["node_selector_terms"]:
        yield "node_selector_terms", "must have at least one entry"


def _env(each: Object) -> Issues:
    if len({"value", "value_from"} & each.keys()) > 1:
        yield "", "has both a value and a source"


def _container(each: Object) -> Issues:
    mounts: Sequence[Object] = each.get("volume_mounts") or ()
    yield from _repeated("volume_mounts", "mount_path", mounts)
    yield from _repeated("env", "name", each.get("env") or ())
    yield from _repeated("ports", "name", [port for port in each.get("ports") or () if port.get("name")])
    requests, limits = (plain_at(each, "resources", side) for side in ("requests", "limits"))
    for name in sorted(requests.keys() & limits.keys()):
        if is_plain(requests[name]) and is_plain(limits[name]):
            request, limit = values.quantity(requests[name]), values.quantity(limits[name])
            if request > limit:
                yield (
                    "resources",
                    f"request more {name} than their limit: {requests[name]} is above {limits[name]}",
                )


def _mount(each: Object) -> Issues:
    if each.get("sub_path") and each.get("sub_path_expr"):
        yield "sub_path_expr", "cannot be combined with a sub path"


def _pod(each: Object) -> Issues:
    yield from _repeated("volumes", "name", each.get("volumes") or ())
    known = is_plain(each.get("dns_config"))
    if each.get("dns_policy") == "None" and known and not plain_at(each, "dns_config").get("nameservers"):
        yield "dns_policy", "None needs name servers in the DNS configuration"
    seen: set[tuple[object, object]] = set()
    for index, constraint in enumerate(each.get("topology_spread_constraints") or ()):
        pair = (constraint["topology_key"], constraint["when_unsatisfiable"])
        if all(map(is_plain, pair)) and pair in seen:
            yield f"topology_spread_constraints[{index}]", f"repeats {pair[0]} with {pair[1]}"
        seen.add(pair)
    for index, container in enumerate(each.get("init_containers") or ()):
        yield from ((f"init_containers[{index}].{name}", text) for name, text in _init(container))


def _init(each: Object) -> Issues:
    if each.get("restart_policy") != "Always":
        for name in ("lifecycle", "startup_probe", "readiness_probe", "liveness_probe"):
            if name in each:
                yield name, "is only for an init container with restartPolicy Always"


def _deployment(each: Object) -> Issues:
    ready, deadline = each.get("min_ready_seconds", 0), each.get("progress_deadline_seconds", _DEADLINE)
    if is_plain(ready) and is_plain(deadline) and deadline <= ready:
        yield "progress_deadline_seconds", f"must be above minReadySeconds: {deadline} is not above {ready}"


def _strategy(each: Object) -> Issues:
    if each.get("type") == "Recreate" and "rolling_update" in each:
        yield "rolling_update", "cannot be combined with the type Recreate"


def _rolling(each: Object) -> Issues:
    if all(each.get(name) in (0, "0%") for name in ("max_surge", "max_unavailable")):
        yield "", "allows no pod to be added or removed: maxSurge and maxUnavailable are both 0"


def _stateful_strategy(each: Object) -> Issues:
    if each.get("type") == "OnDelete":
        yield "type", "OnDelete would keep the update from being rolled out"


def _partition(each: Object) -> Issues:
    if each.get("partition"):
        yield "partition", "would keep the only pod from being updated"


def _repeated(field: str, name: str, items: Iterable[Object]) -> Issues:
    seen: set[object] = set()
    for index, item in enumerate(items):
        value = item[name]
        if is_plain(value) and value in seen:
            yield f"{field}[{index}].{name}", f"{value!r} is there twice"
        seen.add(value if is_plain(value) else id(value))


CHECKS: Mapping[str, Callable[[Object], Issues]] = {
    "Container": _container,
    "DeploymentSpec": _deployment,
    "DeploymentStrategy": _strategy,
    "EnvFromSource": _exactly_one("prefix"),
    "EnvVar": _env,
    "EnvVarSource": _exactly_one(),
    "LabelSelectorRequirement": _requirement,
    "LifecycleHandler": _exactly_one(),
    "NodeSelector": _node_selector,
    "NodeSelectorRequirement": _requirement,
    "PodAffinityTerm": _affinity_term,
    "PodSpec": _pod,
    "Probe": _exactly_one(
        "failure_threshold", "initial_delay_seconds", "period_seconds", "success_threshold",
        "termination_grace_period_seconds", "timeout_seconds",
    ),
    "RollingUpdateDeployment": _rolling,
    "RollingUpdateStatefulSetStrategy": _partition,
    "StatefulSetUpdateStrategy": _stateful_strategy,
    "Toleration": _toleration,
    "TopologySpreadConstraint": _spread,
    "Volume": _exactly_one("name"),
    "VolumeMount": _mount,
}  # fmt: skip
"""By type; each is asked only if all fields are valid."""
