"""Render a dashboard as Grafana's JSON."""

import json
from collections.abc import Iterator, Sequence

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as model

from tools.dashboards.kinds import options_of
from tools.dashboards.model import Dashboard, Panel, Variable
from tools.dashboards.targets import SOURCE, targets, transformations
from tools.dashboards.variables import DATASOURCE

TAG = "ixn"
"""The tag of the dashboards, by which each links to the others."""

_COLUMNS = 24

_Made = model.Panel | model.RowPanel


def rendered(dashboard: Dashboard) -> str:
    """Return the dashboard as the text of its file."""
    made = model.Dashboard(
        uid=dashboard.uid,
        title=dashboard.title,
        description=dashboard.about,
        tags=[TAG],
        editable=True,
        graph_tooltip=model.DashboardCursorSync.CROSSHAIR,
        time=model.DashboardDashboardTime(from_val="now-6h", to="now"),
        refresh="1m",
        panels=list(_panels(dashboard)),
        templating=model.DashboardDashboardTemplating(list_val=_variables(dashboard.variables)),
        links=[_link()],
    )
    return json.dumps(made, cls=JSONEncoder, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _link() -> model.DashboardLink:
    """Return the links to the other dashboards, which keep the variables and the time range."""
    return model.DashboardLink(
        title="IXN dashboards",
        type_val=model.DashboardLinkType.DASHBOARDS,
        tags=[TAG],
        as_dropdown=True,
        include_vars=True,
        keep_time=True,
    )


def _panels(dashboard: Dashboard) -> Iterator[_Made]:
    """Yield the rows and their panels from left to right, each on the next line if it does not fit."""
    number, top = 1, 0
    for row in dashboard.rows:
        yield model.RowPanel(title=row.title, id_val=number, grid_pos=model.GridPos(h=1, w=_COLUMNS, x=0, y=top))
        number, top, left, height = number + 1, top + 1, 0, 0
        for panel in row.panels:
            if left + panel.width > _COLUMNS:
                top, left, height = top + height, 0, 0
            yield _panel(panel, number, model.GridPos(h=panel.height, w=panel.width, x=left, y=top))
            number, left, height = number + 1, left + panel.width, max(height, panel.height)
        top += height


def _panel(panel: Panel, number: int, place: model.GridPos) -> model.Panel:
    kind = options_of(panel)
    return model.Panel(
        type_val=kind.type,
        id_val=number,
        title=panel.title,
        description=panel.about or None,
        datasource=SOURCE if panel.queries else None,
        grid_pos=place,
        targets=targets(panel),
        transformations=transformations(panel),
        options=kind.options,
        field_config=kind.fields,
    )


def _variables(variables: Sequence[Variable]) -> list[model.VariableModel]:
    on_load = model.VariableRefresh.ON_DASHBOARD_LOAD
    source = model.VariableModel(
        model.VariableType.DATASOURCE, DATASOURCE, "Data source", query=SOURCE.type_val, refresh=on_load
    )
    return [_without_interval(each) for each in (source, *map(_variable, variables))]


def _without_interval(variable: model.VariableModel) -> model.VariableModel:
    """Remove what only a variable with an interval has."""
    variable.auto = variable.auto_min = variable.auto_count = None
    return variable


def _variable(variable: Variable) -> model.VariableModel:
    everything = model.VariableOption(text=["All"], value=["$__all"])
    return model.VariableModel(
        model.VariableType.QUERY,
        variable.name,
        variable.label,
        query=variable.query,
        datasource=SOURCE,
        current=everything if variable.several else None,
        multi=variable.several,
        # Links from other dashboards may pass "All": the first tenant is selected then.
        allow_custom_value=variable.several,
        include_all=variable.several,
        all_value=".*" if variable.several else None,
        refresh=model.VariableRefresh.ON_TIME_RANGE_CHANGED,
        sort=model.VariableSort.NATURAL_ASC,
    )
