"""The queries of a panel, and what a table makes of their results."""

from collections.abc import Sequence

from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import prometheus
from pulumi_ixn.args import Monitoring

from tools.dashboards.model import Kind, Panel
from tools.dashboards.variables import DATASOURCE, expanded

SOURCE = model.DataSourceRef("prometheus", f"${{{DATASOURCE}}}")

_INSTANT: Sequence[Kind] = ("table", "bars", "stat")
"""The kinds that show the last value."""

_FORMATS = {"table": prometheus.PromQueryFormat.TABLE, "heatmap": prometheus.PromQueryFormat.HEATMAP}


def targets(panel: Panel) -> list[Dataquery] | None:
    """Return the queries; None for a text."""
    return [_target(panel, index) for index in range(len(panel.queries))] or None


def transformations(panel: Panel) -> list[model.DataTransformerConfig] | None:
    """Return what joins the results of a table's queries, and names their columns; None for other panels."""
    if panel.kind != "table":
        return None
    names = {f"Value #{_letter(index)}": query.legend for index, query in enumerate(panel.queries)}
    return [
        model.DataTransformerConfig("merge", options={}),
        model.DataTransformerConfig("organize", options={"excludeByName": {"Time": True}, "renameByName": names}),
    ]


def _target(panel: Panel, index: int) -> prometheus.Dataquery:
    query, instant = panel.queries[index], panel.kind in _INSTANT
    return prometheus.Dataquery(
        expr=expanded(query.expr),
        instant=instant,
        range_val=not instant,
        editor_mode=prometheus.QueryEditorMode.CODE,
        format_val=_FORMATS.get(panel.kind, prometheus.PromQueryFormat.TIME_SERIES),
        legend_format=query.legend,
        ref_id=_letter(index),
        datasource=SOURCE,
        # Otherwise Grafana derives $__rate_interval from a setting of the data source, which often is shorter.
        interval=Monitoring.interval,
    )


def _letter(index: int) -> str:
    return chr(ord("A") + index)
