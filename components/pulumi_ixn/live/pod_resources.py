"""What the containers of a pod request together, as Kubernetes counts it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from kubernetes.utils import quantity as quantities

from pulumi_ixn.live.cluster import Object

Amounts = Mapping[str, Decimal]
"""Amounts by resource, such as `requests.cpu`."""


def number(quantity: object) -> Decimal:
    """Return the amount of a Kubernetes quantity in its base unit."""
    return Decimal(quantities.parse_quantity(quantity))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def container_resources(container: Object) -> dict[str, str]:
    """Return the requests and limits of a container, by name as in a quota; a request defaults to the limit."""
    resources: Mapping[str, Mapping[str, str] | None] = container.get("resources") or {}
    limits = resources.get("limits") or {}
    requests = {**limits, **(resources.get("requests") or {})}
    return {
        f"{side}.{name}": each
        for side, of in (("requests", requests), ("limits", limits))
        for name, each in of.items()
    }


def pod_resources(spec: Object) -> Amounts:
    """Return the sums of a pod.

    Init containers run before the others, one at a time, except for sidecars, which stay: the pod needs what it
    needs at most at any time.
    """
    sidecars, peak = Counter[str](), Counter[str]()
    for each in spec.get("initContainers") or ():
        amounts = _amounts(each)
        if each.get("restartPolicy") == "Always":
            sidecars = _sum((sidecars, amounts))
            peak |= sidecars
        else:
            peak |= _sum((sidecars, amounts))
    peak |= _sum((sidecars, *map(_amounts, spec["containers"])))
    return {name: Decimal(amount) for name, amount in peak.items()}


def _amounts(container: Object) -> Counter[str]:
    return Counter({name: number(each) for name, each in container_resources(container).items()})  # pyright: ignore[reportArgumentType] (any number will do)


def _sum(parts: Iterable[Counter[str]]) -> Counter[str]:
    total = Counter[str]()
    for each in parts:
        total.update(each)
    return total
