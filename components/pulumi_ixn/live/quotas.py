"""ResourceQuotas and LimitRanges: pods that exceed one are never created, and the rollout waits for them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from kubernetes.utils import quantity as quantities

from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.live.pods import Pods, pods_of
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.subject import Subject

_SCOPES = {"NotTerminating", "NotBestEffort"}
"""The scopes of quotas that cover these pods, which have requests and no deadline of their own."""

_NAMES: Mapping[str, str] = {"cpu": "requests.cpu", "memory": "requests.memory", "count/pods": "pods"}
"""Other names of what a quota limits."""


def exceeded_quotas(cluster: Cluster, subject: Subject) -> Iterator[Problem]:
    """Yield a problem for each limit of a quota that the pods of the stack, once all run, would exceed.

    What others use counts as it is now. What a rolling update needs on top, for a moment, does not count.
    """
    quotas = cluster.list(f"/api/v1/namespaces/{subject.namespace}/resourcequotas")
    covering = [each for each in quotas if set(each["spec"].get("scopes", ())) <= _SCOPES]
    covering = [each for each in covering if "scopeSelector" not in each["spec"]]
    if not covering:
        return
    live = _live_pods(cluster, subject)
    running = Counter(f"{_label(pod, 'name')}-{_label(pod, 'instance')}" for pod in live)
    wanted = _total(_wanted(pods_of(subject.settings), running))
    own = _total((1, _resources(pod)) for pod in live)
    for quota in covering:
        where = f"ResourceQuota {subject.namespace}/{quota['metadata']['name']}"
        yield from (Problem(where, message) for message in _exceeded(quota, wanted, own))


def violated_limits(cluster: Cluster, subject: Subject) -> Iterator[Problem]:
    """Yield a problem for each limit of a LimitRange that a pod of the stack violates."""
    for limits in cluster.list(f"/api/v1/namespaces/{subject.namespace}/limitranges"):
        where = f"LimitRange {subject.namespace}/{limits['metadata']['name']}"
        rules = limits["spec"]["limits"]  # those of other types than Container and Pod limit storage only
        for each in pods_of(subject.settings):
            for message in dict.fromkeys(message for rule in rules for message in _violations(rule, each)):
                yield Problem(each.setting, f"{message}: {where}")


def _live_pods(cluster: Cluster, subject: Subject) -> list[Object]:
    sids = ",".join(tenant.sid for tenant in subject.settings.tenants.values())
    selector = f"app.kubernetes.io/part-of=ixn,app.kubernetes.io/instance in ({sids})"
    found = cluster.list(f"/api/v1/namespaces/{subject.namespace}/pods", selector)
    return [pod for pod in found if pod["status"].get("phase") not in ("Succeeded", "Failed")]


def _wanted(pods: Iterable[Pods], running: Mapping[str, int]) -> Iterator[tuple[int, Mapping[str, str]]]:
    for each in pods:
        replicas = (running[each.name] or 1) if each.replicas is None else each.replicas
        yield replicas, _amounts({"requests": each.resources.requests, "limits": each.resources.limits})


def _resources(pod: Object) -> dict[str, str]:
    """Return the resources of a pod; those of this package have one container."""
    return _amounts(pod["spec"]["containers"][0].get("resources", {}))


def _amounts(resources: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {f"{kind}.{name}": amount for kind, given in resources.items() for name, amount in given.items()}


def _total(pods: Iterable[tuple[int, Mapping[str, str]]]) -> Mapping[str, Decimal]:
    total: Counter[str] = Counter()
    for replicas, amounts in pods:
        total["pods"] += replicas
        for name, amount in amounts.items():
            total[name] += replicas * _number(amount)  # pyright: ignore[reportArgumentType] (any number will do)
    return {name: Decimal(amount) for name, amount in total.items()}


def _exceeded(quota: Object, wanted: Mapping[str, Decimal], own: Mapping[str, Decimal]) -> Iterator[str]:
    used: Mapping[str, str] = quota.get("status", {}).get("used", {})
    hard: Mapping[str, str] = quota["spec"].get("hard", {})
    for name, limit in hard.items():
        resource = _NAMES.get(name, name)
        if resource not in wanted:
            continue
        others = max(_number(used.get(name, 0)) - own.get(resource, Decimal()), Decimal())
        if others + wanted[resource] > _number(limit):
            needed, rest = _shown(resource, wanted[resource]), _shown(resource, others)
            yield (
                f"{name}: the pods of this stack need {needed}, others in the namespace use {rest}, and the limit "
                f"is {limit}: raise it, or lower `replicas` or `resources`"
            )


def _shown(resource: str, amount: Decimal) -> str:
    return f"{amount / 2**20:.0f}Mi" if resource.endswith("memory") else f"{amount.normalize():f}"


def _violations(rule: Object, pods: Pods) -> Iterator[str]:
    requests, limits = pods.resources.requests, pods.resources.limits
    for name, least in rule.get("min", {}).items():
        if name in requests and _number(requests[name]) < _number(least):
            yield f"requests.{name}: {requests[name]!r} of {pods.name} is less than the minimum, {least}"
    for name, most in rule.get("max", {}).items():
        if name in limits and _number(limits[name]) > _number(most):
            yield f"limits.{name}: {limits[name]!r} of {pods.name} is more than the maximum, {most}"
    for name, ratio in rule.get("maxLimitRequestRatio", {}).items():
        if name in limits and _number(limits[name]) > _number(ratio) * _number(requests[name]):
            yield f"limits.{name}: {limits[name]!r} of {pods.name} is more than {ratio} times its request"


def _label(pod: Object, name: str) -> str:
    return str(pod["metadata"]["labels"].get(f"app.kubernetes.io/{name}"))


def _number(quantity: object) -> Decimal:
    return Decimal(quantities.parse_quantity(quantity))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
