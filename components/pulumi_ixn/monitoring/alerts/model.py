"""The model of the alerts.

Expressions and texts contain placeholders, which `prometheus_rule` replaces for each tenant:

| placeholder | becomes |
|---|---|
| `@ixn` | label matchers of the tenant's own series: its sid and namespace |
| `@pods` | label matchers of the tenant's pods, for series of kube-state-metrics and cAdvisor |
| `@namespace`, `@tenant` | the namespace, the sid |
| `@workload`, `@container` | the name of the query's workload with and without the sid |
| `@claims`, `@certificates` | regular expressions of the claims of the log volume, and of the Certificates |
| `@threshold`, `@for` | the alert's threshold; how long the expression must hold |
| `@value`, `@count`, `@age` | in texts: the value, as it is, as a whole number, as a duration |
| `@pod` | in texts: the label `pod` |
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pulumi_ixn.naming import WorkloadId
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES, Party, Row

Severity: TypeAlias = Literal["critical", "warning", "info"]
"""`critical`: act now, at any hour. `warning`: act in working hours. `info`: for the record."""

Cause: TypeAlias = Literal["connection", "workload"]
"""What is down as a whole. Other alerts about it are consequences, which Alertmanager can inhibit."""


@dataclass(frozen=True)
class Threshold:
    """The number that an expression compares with, its unit, and its limits."""

    default: float
    unit: str
    least: float = 0
    most: float = 1_000_000


@dataclass(frozen=True)
class Query:
    """An expression, of which each result is an alert.

    `rows` are the connections that are disturbed: without any of them, since their peers are absent, there is no
    alert. `needs` are rows without which the series do not exist. Without `workload`, the query is about all pods
    of the tenant.
    """

    expr: str
    workload: WorkloadId | None
    rows: tuple[int, ...] = ()
    needs: tuple[int, ...] = ()

    def applies(self, absent: Collection[int]) -> bool:
        """Return whether the peers exist, given the rows whose peer is absent."""
        return not (self.rows and {*self.rows} <= {*absent}) and not {*self.needs} & {*absent}

    @property
    def peer(self) -> Party | None:
        """The one party at the other end of the rows; None without rows, if there are several, and for Prometheus.

        What cannot be scraped is down itself, not Prometheus.
        """
        parties = {_peer(row) for row in CONNECTIONS if row.number in self.rows}
        return parties.pop() if len(parties) == 1 and parties != {Party.PROMETHEUS} else None


@dataclass(frozen=True)
class Alert:
    """An alert: its queries, how long they must hold (`duration`), and the texts.

    `summary` is one line; `description` has the value. Each alert has a page of its name in docs/runbooks.
    """

    name: str
    severity: Severity
    duration: str
    queries: tuple[Query, ...]
    summary: str
    description: str
    threshold: Threshold | None = None
    cause: Cause | None = None


def increased(series: str, window: str, by: str) -> str:
    """Return the expression of counters that increased by more than the threshold.

    A counter that appears with a value counts, too: `increase` misses it, and containers export some counters only
    once there is something to count. Its pod must have been scraped before: otherwise every counter would appear
    whenever Prometheus was away.
    """
    new = f"{series}{{@ixn}} unless {series}{{@ixn}} offset {window}"
    return (
        f"sum by ({by}) (increase({series}{{@ixn}}[{window}])) > @threshold"
        f" or sum by ({by}) (({new}) and on (pod, instance) up{{@ixn}} offset {window}) > @threshold"
    )


def _peer(row: Row) -> Party:
    return row.destination if row.source in WORKLOAD_PARTIES else row.source
