"""The live verdict of each connection, as reported by the pods that open it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

from pulumi_ixn.components.tenant import Tenant
from pulumi_ixn.config.stack import Settings
from pulumi_ixn.naming import WORKLOADS, workload_name
from pulumi_ixn.spec import Party

from tools.cluster.client import Client

ABSENT, WAITING, OK = "absent", "not dialed yet", "ok"


@dataclass(frozen=True)
class Dial:
    """An address that a pod dialed for a row, and the result."""

    pod: str
    row: int
    address: str
    result: str


def verdict(connection: Mapping[str, Any], dials: Iterable[Dial]) -> str:
    """Return `ok` if all of the latest dials of a connection are, else the results of those that are not.

    `connection` is an item of the stack's output, `dials` are those of its tenant, oldest first.
    """
    if connection["absent"]:
        return ABSENT
    latest = {(each.pod, each.address): each for each in dials if each.row == connection["number"]}
    if not latest:
        return WAITING
    failed = (f"{each.address}: {each.result}" for each in latest.values() if each.result != OK)
    return "\n".join(failed) or OK


def verdicts(
    client: Client,
    settings: Settings,
    connections: Sequence[Mapping[str, Any]],
    namespaces: Iterable[str],
    since: str,
) -> list[str]:
    """Return the verdict of each connection, from what was logged since the time `since` (RFC 3339)."""

    def of_pod(pod: tuple[str, str]) -> list[Dial]:
        log = client.run("logs", pod[1], f"--namespace={pod[0]}", f"--since-time={since}")
        return list(dials_in("/".join(pod), log))

    with ThreadPoolExecutor(8) as threads:
        dials = list(chain.from_iterable(threads.map(of_pod, _running(client, namespaces))))
    return [verdict(each, _of_tenant(each, dials, settings)) for each in connections]


def _of_tenant(connection: Mapping[str, Any], dials: Sequence[Dial], settings: Settings) -> Iterator[Dial]:
    """Yield the dials of the connection's own workload, or those by a peer to the connection's addresses."""
    source = Party(connection["source"])
    tenant = settings.tenants[connection["tenant"]]
    own = next((workload for workload in WORKLOADS if workload.party is source), None)
    if own:
        name = f"{settings.environment.namespace.name}/{workload_name(own, Tenant(tenant.id, tenant.sid))}-"
        return (each for each in dials if each.pod.startswith(name))
    return (each for each in dials if each.address in connection["endpoints"])


def _running(client: Client, namespaces: Iterable[str]) -> Iterator[tuple[str, str]]:
    for namespace in namespaces:
        for pod in client.get("pods", f"--namespace={namespace}")["items"]:
            if pod["status"].get("phase") == "Running" and "deletionTimestamp" not in pod["metadata"]:
                yield namespace, pod["metadata"]["name"]


def dials_in(pod: str, log: str) -> Iterator[Dial]:
    """Yield the dials in the log of a double; other lines are skipped."""
    for line in log.splitlines():
        try:
            found: Any = json.loads(line)
        except ValueError:
            continue
        entry = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
        if entry.get("msg") == "dial":
            yield Dial(pod, entry["row"], entry["address"], entry["result"])
