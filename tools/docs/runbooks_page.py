"""The index of the runbooks: a table of the alerts for each group."""

from pathlib import Path

from pulumi_ixn.monitoring.alerts import ALERT_GROUPS, Alert

_TEMPLATE = Path(__file__).parent / "templates" / "runbooks.md"
_HEAD = "| alert | severity | holds for | connections | threshold | meaning |\n|---|---|---|---|---|---|\n"
_TITLES = {
    "ixn-server": "IXN Server",
    "ixn-node": "IXN Node",
    "ixn-vqnode": "IXN VQ Node",
    "ixn-workloads": "Pods, rollouts, scraping",
}


def runbooks_text() -> str:
    """Return the page as the text of its file."""
    tables = (
        f"### {_TITLES[name]}\n\n{_HEAD}{''.join(map(_row, alerts))}" for name, alerts in ALERT_GROUPS.items()
    )
    return _TEMPLATE.read_text(encoding="utf-8").format(tables="\n".join(tables).rstrip())


def _row(alert: Alert) -> str:
    rows = sorted({row for query in alert.queries for row in query.rows})
    threshold = f"{alert.threshold.default:g} {alert.threshold.unit}" if alert.threshold else ""
    summary = alert.summary.replace(" of tenant @tenant", "")
    for placeholder in ("@container", "@workload"):
        summary = summary.replace(placeholder, "a workload")
    cells = (
        f"[{alert.name}]({alert.name}.md)",
        alert.severity,
        "" if alert.duration == "0s" else alert.duration,
        ", ".join(map(str, rows)),
        threshold,
        summary[0].upper() + summary[1:],
    )
    return f"| {' | '.join(cells)} |\n"
