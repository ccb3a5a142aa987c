"""The verdict of each connection, from the last Jobs of the connectivity check."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pulumi_ixn.live.cluster import Cluster, ClusterError, Object

ABSENT, OK, UNCHECKED = "absent", "ok", "not checked"

_LINE = re.compile(r"connection (?P<number>\d+): (?P<result>.+: (?P<verdict>\S.*))")
_JOB = "batch.kubernetes.io/job-name"


def check_log(cluster: Cluster, namespace: str, job: str) -> str | None:
    """Return what the last pod of a Job printed; None if it has none or has not ended.

    A pod whose log the node no longer has left its termination message: the connections that failed.
    """
    pods = cluster.list(f"/api/v1/namespaces/{namespace}/pods", f"{_JOB}={job}")
    ended = [each for each in pods if each["status"].get("phase") in ("Succeeded", "Failed")]
    if not ended:
        return None
    last = max(ended, key=lambda each: each["metadata"]["creationTimestamp"])
    try:
        return cluster.text(f"/api/v1/namespaces/{namespace}/pods/{last['metadata']['name']}/log")
    except ClusterError:
        return _termination_message(last)


def verdicts(connections: Sequence[Mapping[str, Any]], logs: Iterable[str]) -> Mapping[int, str]:
    """Return the verdict of each row of a tenant's output `connections`, by number.

    A row is ok if each of its addresses is. Only outgoing connections of the three workloads are checked.
    """
    found: dict[int, list[tuple[str, str]]] = {}
    for log in logs:
        for line in _LINE.finditer(log):
            found.setdefault(int(line["number"]), []).append((line["verdict"].strip(), line["result"].strip()))
    return {each["number"]: _verdict(each, found.get(each["number"], [])) for each in connections}


def _verdict(connection: Mapping[str, Any], results: Sequence[tuple[str, str]]) -> str:
    if connection["absent"]:
        return ABSENT
    if not results:
        return UNCHECKED
    return "; ".join(result for verdict, result in results if verdict != OK) or OK


def _termination_message(pod: Object) -> str:
    states = [each.get("state", {}) for each in pod["status"].get("containerStatuses") or ()]
    return "\n".join(each.get("terminated", {}).get("message", "") for each in states)
