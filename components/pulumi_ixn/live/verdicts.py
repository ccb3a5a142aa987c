"""The verdict of each connection, from the last Jobs of the connectivity check."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pulumi_ixn.check.job import check_name
from pulumi_ixn.live.cluster import Cluster, ClusterError, Object
from pulumi_ixn.naming import WORKLOADS, Tenant, WorkloadId

ABSENT, OK, UNCHECKED = "absent", "ok", "not checked"

_LINE = re.compile(r"connection (?P<number>\d+): (?P<result>.+: (?P<verdict>\S.*))")
_JOB = "batch.kubernetes.io/job-name"


@dataclass(frozen=True)
class CheckRun:
    """The last run of a workload's check: what it printed, and whether all its connections are ok.

    `failures_only`: the node no longer has the log; what is left are the connections that failed.
    """

    workload: WorkloadId
    log: str
    succeeded: bool
    failures_only: bool = False

    @property
    def results(self) -> Mapping[int, Sequence[tuple[str, str]]]:
        """The verdicts of each row, and the same with their addresses."""
        found: dict[int, list[tuple[str, str]]] = {}
        for line in _LINE.finditer(self.log):
            found.setdefault(int(line["number"]), []).append((line["verdict"].strip(), line["result"].strip()))
        return found

    @property
    def default(self) -> str:
        """The verdict of a row of the workload that the log does not have."""
        return OK if self.succeeded or (self.failures_only and self.results) else UNCHECKED


def check_runs(tenant: Tenant, namespace: str, cluster: Cluster) -> Iterator[CheckRun]:
    """Yield the last run of each of the tenant's Jobs that have ended."""
    for workload in WORKLOADS:
        job = check_name(workload, tenant)
        pods = cluster.list(f"/api/v1/namespaces/{namespace}/pods", f"{_JOB}={job}")
        ended = [each for each in pods if each["status"].get("phase") in ("Succeeded", "Failed")]
        if ended:
            last = max(ended, key=lambda each: each["metadata"]["creationTimestamp"])
            yield _run(workload, last, namespace, cluster)


def verdicts(connections: Sequence[Object], runs: Iterable[CheckRun]) -> Mapping[int, str]:
    """Return the verdict of each row of a tenant's output `connections`, by number.

    A row is ok if each of its addresses is. Only outgoing connections of the three workloads are checked.
    """
    by_source = {run.workload.party: run for run in runs}
    return {each["number"]: _verdict(each, by_source.get(each["source"])) for each in connections}


def _verdict(connection: Object, run: CheckRun | None) -> str:
    if connection["absent"]:
        return ABSENT
    if run is None:
        return UNCHECKED
    results = run.results.get(connection["number"])
    if results is None:
        return run.default
    return "; ".join(result for verdict, result in results if verdict != OK) or OK


def _run(workload: WorkloadId, pod: Object, namespace: str, cluster: Cluster) -> CheckRun:
    succeeded = pod["status"]["phase"] == "Succeeded"
    try:
        log = cluster.text(f"/api/v1/namespaces/{namespace}/pods/{pod['metadata']['name']}/log")
    except ClusterError:
        states = [each.get("state", {}) for each in pod["status"].get("containerStatuses") or ()]
        messages = [each.get("terminated", {}).get("message", "") for each in states]
        return CheckRun(workload, "\n".join(messages), succeeded, failures_only=True)
    return CheckRun(workload, log, succeeded)
