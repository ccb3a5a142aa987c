"""ResourceQuotas and LimitRanges: pods that exceed one are never created, and the rollout waits for them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.live.pod_resources import Amounts, container_resources, number, pod_resources
from pulumi_ixn.live.pods import Pods, pods_of
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.subject import Subject

_SCOPES = {"NotTerminating", "NotBestEffort"}
"""The scopes of quotas that cover these pods, which have requests and no deadline of their own."""

_REQUIRED = ("limits.cpu", "limits.memory", "requests.cpu", "requests.memory")
"""What each container must state where a quota limits it."""

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
    own = _total((1, pod_resources(pod["spec"])) for pod in live)
    defaults = _defaults(cluster, subject)
    for quota in covering:
        where = f"ResourceQuota {subject.namespace}/{quota['metadata']['name']}"
        yield from (Problem(where, message) for message in _exceeded(quota, wanted, own))
        for each in pods_of(subject.settings):
            yield from (Problem(setting, f"{text}: {where}") for setting, text in _missing(quota, each, defaults))


def violated_limits(cluster: Cluster, subject: Subject) -> Iterator[Problem]:
    """Yield a problem for each limit of a LimitRange that a pod of the stack violates."""
    for limits in cluster.list(f"/api/v1/namespaces/{subject.namespace}/limitranges"):
        where = f"LimitRange {subject.namespace}/{limits['metadata']['name']}"
        rules = limits["spec"]["limits"]  # those of other types than Container and Pod limit storage only
        found = [each for pods in pods_of(subject.settings) for rule in rules for each in _violations(rule, pods)]
        yield from (Problem(setting, f"{message}: {where}") for setting, message in dict.fromkeys(found))


def _live_pods(cluster: Cluster, subject: Subject) -> list[Object]:
    sids = ",".join(tenant.sid for tenant in subject.settings.tenants.values())
    selector = f"app.kubernetes.io/part-of=ixn,app.kubernetes.io/instance in ({sids})"
    found = cluster.list(f"/api/v1/namespaces/{subject.namespace}/pods", selector)
    return [pod for pod in found if pod["status"].get("phase") not in ("Succeeded", "Failed")]


def _defaults(cluster: Cluster, subject: Subject) -> set[str]:
    """Return the resources that LimitRanges set for containers that do not: `limits.cpu`."""
    found: set[str] = set()
    for limits in cluster.list(f"/api/v1/namespaces/{subject.namespace}/limitranges"):
        for rule in limits["spec"]["limits"]:
            found |= {f"limits.{name}" for name in rule.get("default", {})}
            found |= {f"requests.{name}" for name in (*rule.get("default", {}), *rule.get("defaultRequest", {}))}
    return found


def _wanted(pods: Iterable[Pods], running: Mapping[str, int]) -> Iterator[tuple[int, Amounts]]:
    for each in pods:
        replicas = max(running[each.name], each.least) if each.replicas is None else each.replicas
        yield replicas, pod_resources(each.spec)


def _total(pods: Iterable[tuple[int, Amounts]]) -> Amounts:
    total: dict[str, Decimal] = {}
    for replicas, amounts in pods:
        for name, amount in {"pods": Decimal(1), **amounts}.items():
            total[name] = total.get(name, Decimal()) + replicas * amount
    return total


def _missing(quota: Object, pods: Pods, defaults: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the containers that lack a resource that a quota limits: Kubernetes does not admit their pods."""
    limited = {_NAMES.get(name, name) for name in quota["spec"].get("hard", {})}
    needed = [name for name in sorted(limited) if name in _REQUIRED and name not in defaults]
    for setting, container in (*pods.containers.items(), *pods.init_containers.items()):
        if lacking := [name for name in needed if name not in container_resources(container)]:
            yield setting, f"lack {', '.join(lacking)}, which a quota limits"


def _exceeded(quota: Object, wanted: Amounts, own: Amounts) -> Iterator[str]:
    used: Mapping[str, str] = quota.get("status", {}).get("used", {})
    hard: Mapping[str, str] = quota["spec"].get("hard", {})
    for name, limit in hard.items():
        resource = _NAMES.get(name, name)
        if resource not in wanted:
            continue
        others = max(number(used.get(name, 0)) - own.get(resource, Decimal()), Decimal())
        if others + wanted[resource] > number(limit):
            needed, rest = _shown(resource, wanted[resource]), _shown(resource, others)
            yield (
                f"{name}: the pods of this stack need {needed}, others in the namespace use {rest}, and the limit "
                f"is {limit}: raise it, or lower `replicas` or `resources`"
            )


def _shown(resource: str, amount: Decimal) -> str:
    return f"{amount / 2**20:.0f}Mi" if resource.endswith(("memory", "storage")) else f"{amount.normalize():f}"


def _violations(rule: Object, pods: Pods) -> Iterator[tuple[str, str]]:
    """Yield the setting and the message of each violation of a rule for containers, or for pods as a whole."""
    if rule.get("type") == "Pod":
        yield from _outside(rule, pods.name, next(iter(pods.containers)), pod_resources(pods.spec))
        return
    for setting, container in (*pods.containers.items(), *pods.init_containers.items()):
        given = {name: number(each) for name, each in container_resources(container).items()}
        yield from _outside(rule, pods.name, setting, given)


def _outside(rule: Object, name: str, setting: str, given: Amounts) -> Iterator[tuple[str, str]]:
    for resource, least in rule.get("min", {}).items():
        request = given.get(f"requests.{resource}")
        if request is not None and request < number(least):
            yield (
                setting,
                f"requests.{resource}: {_shown(resource, request)} of {name} is less than the minimum, {least}",
            )
    for resource, most in rule.get("max", {}).items():
        limit = given.get(f"limits.{resource}")
        if limit is not None and limit > number(most):
            yield (
                setting,
                f"limits.{resource}: {_shown(resource, limit)} of {name} is more than the maximum, {most}",
            )
    for resource, ratio in rule.get("maxLimitRequestRatio", {}).items():
        limit, request = given.get(f"limits.{resource}"), given.get(f"requests.{resource}")
        if limit is not None and request is not None and limit > number(ratio) * request:
            yield (
                setting,
                f"limits.{resource}: {_shown(resource, limit)} of {name} is more than {ratio} times its request",
            )


def _label(pod: Object, name: str) -> str:
    return str(pod["metadata"]["labels"].get(f"app.kubernetes.io/{name}"))
