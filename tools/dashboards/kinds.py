"""How Grafana draws each kind of panel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grafana_foundation_sdk.models import (
    bargauge,
    common,
    heatmap,
    stat,
    statetimeline,
    table,
    text,
    timeseries,
)
from grafana_foundation_sdk.models import dashboard as model

from tools.dashboards.model import Kind, Panel


@dataclass(frozen=True)
class Drawn:
    """The type of the panel's plugin, its options and those of its fields."""

    type: str
    options: object
    fields: model.FieldConfigSource | None


_LAST = common.ReduceDataOptions(calcs=["lastNotNull"])
_LEGEND = common.VizLegendOptions(common.LegendDisplayMode.LIST, common.LegendPlacement.BOTTOM, show_legend=True)
_NO_LEGEND = common.VizLegendOptions(common.LegendDisplayMode.LIST, common.LegendPlacement.BOTTOM)
_ALL_SERIES = common.VizTooltipOptions(common.TooltipDisplayMode.MULTI, common.SortOrder.DESCENDING)
_ONE_SERIES = common.VizTooltipOptions(common.TooltipDisplayMode.SINGLE, common.SortOrder.NONE)


def options_of(panel: Panel) -> Drawn:
    """Return how the panel is drawn."""
    return _KINDS[panel.kind](panel)


def _chart(panel: Panel) -> Drawn:
    dashed = common.GraphThresholdsStyleConfig(common.GraphThresholdsStyleMode.DASHED)
    custom = common.GraphFieldConfig(
        fill_opacity=10,
        line_width=1,
        axis_soft_min=0,
        show_points=common.VisibilityMode.NEVER,
        thresholds_style=dashed if panel.limits else None,
    )
    palette = model.FieldColor(model.FieldColorModeId.PALETTE_CLASSIC)
    fields = model.FieldConfig(unit=panel.unit, thresholds=_thresholds(panel), color=palette, custom=custom)
    options = timeseries.Options(legend=_LEGEND, tooltip=_ALL_SERIES)
    return Drawn("timeseries", options, model.FieldConfigSource(fields, []))


def _states(panel: Panel) -> Drawn:
    fields = model.FieldConfig(
        mappings=_mappings(panel),
        color=model.FieldColor(model.FieldColorModeId.THRESHOLDS),
        thresholds=model.ThresholdsConfig(steps=[model.Threshold(None, "#8e8e8e")]),
        custom=statetimeline.FieldConfig(fill_opacity=80),
    )
    options = statetimeline.Options(
        show_value=common.VisibilityMode.AUTO,
        align_value=common.TimelineValueAlignment.LEFT,
        legend=_NO_LEGEND,
        tooltip=_ONE_SERIES,
    )
    return Drawn("state-timeline", options, model.FieldConfigSource(fields, []))


def _stat(panel: Panel) -> Drawn:
    options = stat.Options(
        graph_mode=common.BigValueGraphMode.NONE,
        color_mode=common.BigValueColorMode.VALUE,
        justify_mode=common.BigValueJustifyMode.AUTO,
        text_mode=common.BigValueTextMode.AUTO,
        reduce_options=_LAST,
        orientation=common.VizOrientation.AUTO,
    )
    return Drawn("stat", options, model.FieldConfigSource(_by_thresholds(panel), []))


def _bars(panel: Panel) -> Drawn:
    options = bargauge.Options(
        display_mode=common.BarGaugeDisplayMode.BASIC,
        value_mode=common.BarGaugeValueMode.TEXT,
        reduce_options=_LAST,
        orientation=common.VizOrientation.HORIZONTAL,
    )
    fields = _by_thresholds(panel)
    fields.min_val = 0
    fields.max_val = 1 if panel.unit == "percentunit" else None
    return Drawn("bargauge", options, model.FieldConfigSource(fields, []))


def _heatmap(panel: Panel) -> Drawn:
    color = heatmap.HeatmapColorOptions(
        heatmap.HeatmapColorMode.SCHEME, "Oranges", fill="dark-orange", exponent=0.5, steps=64
    )
    options = heatmap.Options(
        calculate=False,
        color=color,
        y_axis=heatmap.YAxisConfig(unit=panel.unit, axis_placement=common.AxisPlacement.LEFT),
        legend=heatmap.HeatmapLegend(show=True),
        tooltip=heatmap.HeatmapTooltip(common.TooltipDisplayMode.SINGLE, y_histogram=True),
    )
    return Drawn("heatmap", options, model.FieldConfigSource(model.FieldConfig(custom=heatmap.FieldConfig()), []))


def _table(panel: Panel) -> Drawn:
    overrides = [
        model.DashboardFieldConfigSourceOverrides(
            model.MatcherConfig("byName", name), [model.DynamicConfigValue("unit", column.unit)]
        )
        for name, column in panel.columns.items()
    ]
    fields = model.FieldConfig(
        unit=panel.unit, custom=table.FieldConfig(cell_options=common.TableAutoCellOptions())
    )
    return Drawn("table", table.Options(), model.FieldConfigSource(fields, overrides))


def _text(panel: Panel) -> Drawn:
    return Drawn("text", text.Options(text.TextMode.MARKDOWN, content=panel.text), None)


_KINDS: Mapping[Kind, Callable[[Panel], Drawn]] = {
    "chart": _chart,
    "states": _states,
    "stat": _stat,
    "bars": _bars,
    "heatmap": _heatmap,
    "table": _table,
    "text": _text,
}


def _by_thresholds(panel: Panel) -> model.FieldConfig:
    color = model.FieldColor(model.FieldColorModeId.THRESHOLDS)
    return model.FieldConfig(
        unit=panel.unit, mappings=_mappings(panel), thresholds=_thresholds(panel), color=color
    )


def _mappings(panel: Panel) -> list[model.ValueMapping] | None:
    results = {str(each.value): model.ValueMappingResult(each.text, each.color) for each in panel.states}
    return [model.ValueMap(results)] if results else None


def _thresholds(panel: Panel) -> model.ThresholdsConfig:
    """Return the colors from below: green up to the limits or, if they fall, from the first of them on."""
    first, second = panel.limits or (None, None)
    if first is None or second is None:
        steps = [model.Threshold(None, "green")]
    elif first <= second:
        steps = [
            model.Threshold(None, "green"),
            model.Threshold(first, "orange"),
            model.Threshold(second, "red"),
        ]
    else:
        steps = [
            model.Threshold(None, "red"),
            model.Threshold(second, "orange"),
            model.Threshold(first, "green"),
        ]
    return model.ThresholdsConfig(model.ThresholdsMode.ABSOLUTE, steps)
