"""The reference page of the metrics: a table for each workload, and what shows the state of each connection."""

from collections.abc import Iterable
from pathlib import Path

from pulumi_ixn.monitoring import SCRAPE_LABELS, Metric, metrics
from pulumi_ixn.naming import WORKLOADS, WorkloadId
from pulumi_ixn.spec import CONNECTIONS, Row

from tools.dashboards.connections import Observed, observation

_TEMPLATE = Path(__file__).parent / "templates" / "metrics.md"
_HEAD = "| metric | type, unit | labels | connections | meaning | used by |\n|---|---|---|---|---|---|\n"


def metrics_text() -> str:
    """Return the page as the text of its file."""
    return _TEMPLATE.read_text(encoding="utf-8").format(
        count=len(metrics()),
        scrape=", ".join(f"`{each}`" for each in SCRAPE_LABELS),
        sections="\n".join(_section(each) for each in WORKLOADS),
        connections="\n".join(_line(_connection(row)) for row in CONNECTIONS),
    )


def _section(workload: WorkloadId) -> str:
    rows = [_cells(each) for each in metrics().values() if each.workload is workload]
    return f"## {workload.party}\n\n{_HEAD}" + "".join(f"{_line(row)}\n" for row in rows)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(metric: Metric) -> tuple[str, ...]:
    return (
        f"`{metric.name}`",
        f"{metric.type}, {metric.unit}",
        ", ".join(f"(`{each}`)" if each in metric.assumed_labels else f"`{each}`" for each in metric.labels),
        ", ".join(str(row) for row in metric.rows),
        " ".join((metric.meaning, _values(metric))).strip(),
        ", ".join(metric.source),
    )


def _values(metric: Metric) -> str:
    values = ", ".join(f"{number} {text}" for number, text in metric.values.items())
    return f"Values: {values}." if values else ""


def _connection(row: Row) -> tuple[str, ...]:
    found = observation(row)
    meaning = found.how if isinstance(found, Observed) else f"not observable: {found.why}"
    return str(row.number), f"{row.source} → {row.destination}", meaning
