"""The dashboards as data: what they show, and that they do so with series that exist, of the selected tenant."""

import json
import re
from collections.abc import Iterator
from typing import Any

import promql_parser as promql
import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard as Model
from pulumi_ixn.monitoring import metrics
from pulumi_ixn.monitoring.dashboards import dashboards
from pulumi_ixn.spec import CONNECTIONS, Party

from tests.unit.monitoring.dashboard_json import (
    dashboard,
    label_values_of,
    panels,
    queries,
    status_map,
    variables,
)
from tests.unit.monitoring.queries import selectors, unknown_names
from tools.dashboards.connections import NOT_OBSERVABLE, NotObservable, Observed, observation
from tools.docs.dev_stack import CHECKOUT

UIDS = (
    "ixn-event-loggers",
    "ixn-node",
    "ixn-ors-health",
    "ixn-overview",
    "ixn-protocol-requests",
    "ixn-routing",
    "ixn-server",
    "ixn-vq-node",
)

PANEL_TYPES = {"row", "timeseries", "state-timeline", "stat", "bargauge", "heatmap", "table", "text"}
"""Of Grafana itself, and none of Angular (graph, singlestat, table-old, plugins): Grafana 12 has no Angular."""

VENDOR = (
    "interaction-server",
    "interaction-server-node",
    "interaction-server-vq-node",
    "interaction-server-routing",
    "interaction-server-event-loggers",
    "interaction-server-protocol-requests",
    "ixn-ors-healthcheck",
)


def promql_of(text: str) -> str:
    """Return a query with Grafana's variables replaced, as Grafana does for all tenants."""
    text = text.replace("$__rate_interval", "2m").replace("$__range", "6h")
    return re.sub(r"\$\w+", ".*", text)


def test_their_uids_never_change() -> None:
    assert tuple(dashboards()) == UIDS
    assert all(dashboard(uid)["uid"] == uid and len(uid) <= 40 for uid in UIDS)


@pytest.mark.parametrize("uid", UIDS)
def test_the_panels_are_grafanas_own(uid: str) -> None:
    assert {each["type"] for each in panels(uid)} <= PANEL_TYPES


@pytest.mark.parametrize("uid", UIDS)
def test_each_panel_has_a_title_a_description_and_a_place_of_its_own(uid: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels(uid):
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert panel["title"]
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        taken |= cells
        if panel["type"] not in ("row", "text"):
            assert panel["description"].endswith("."), panel["title"]
            assert panel["targets"], panel["title"]
    ids = [panel["id"] for panel in panels(uid)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("uid", UIDS)
def test_queries_read_only_what_is_exported(uid: str) -> None:
    found = [unknown_names(promql_of(target["expr"])) for _, target in queries(uid)]

    assert [each for each in found if each] == []
    assert found


@pytest.mark.parametrize("uid", UIDS)
def test_queries_select_the_namespace_and_the_tenant_by_variables(uid: str) -> None:
    for panel, target in queries(uid):
        for selector in selectors(target["expr"].replace("$__rate_interval", "2m").replace("$__range", "6h")):
            matchers = {each.name: each.value for each in selector.matchers.matchers}
            assert matchers["namespace"] == "$namespace", panel["title"]
            assert any("$tenant" in value for value in matchers.values()), panel["title"]


@pytest.mark.parametrize("uid", UIDS)
def test_each_variable_is_defined_and_used(uid: str) -> None:
    found = variables(uid)
    texts = [target["expr"] for _, target in queries(uid)]
    texts += [each["query"] for each in found.values()]
    used = set(re.findall(r"\$(\w+)", " ".join(texts))) - {"__rate_interval", "__range"}

    assert used == found.keys() - {"datasource"}
    assert found["datasource"]["query"] == "prometheus"
    sources = [target["datasource"] for _, target in queries(uid)]
    sources += [each["datasource"] for name, each in found.items() if name != "datasource"]
    assert all(each == {"type": "prometheus", "uid": "${datasource}"} for each in sources)


@pytest.mark.parametrize("uid", UIDS)
def test_variables_take_their_options_from_series_that_exist(uid: str) -> None:
    for variable in variables(uid).values():
        if variable["type"] == "query":
            selector, label = label_values_of(variable["query"])
            assert unknown_names(f"count by ({label}) ({promql_of(selector)})") == []


@pytest.mark.parametrize("uid", UIDS)
def test_dashboards_link_to_each_other_and_keep_tenant_and_time(uid: str) -> None:
    (link,) = dashboard(uid)["links"]

    assert link["type"] == "dashboards"
    assert link["tags"] == dashboard(uid)["tags"] == ["ixn"]
    assert link["includeVars"]
    assert link["keepTime"]


def lost(whole: Any, part: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of what is in `part` and not, or otherwise, in `whole`."""
    if isinstance(part, dict) and isinstance(whole, dict):
        for key, value in part.items():
            yield from lost(whole.get(key), value, f"{path}.{key}")
    elif isinstance(part, list) and isinstance(whole, list) and len(part) == len(whole):
        for index, (other, value) in enumerate(zip(whole, part, strict=True)):
            yield from lost(other, value, f"{path}[{index}]")
    elif whole != part:
        yield path


@pytest.mark.parametrize("uid", UIDS)
def test_grafanas_model_of_a_dashboard_has_a_place_for_each_value(uid: str) -> None:
    register_default_plugins()

    read = json.loads(json.dumps(Model.from_json(dashboard(uid)), cls=JSONEncoder))

    assert list(lost(read, dashboard(uid))) == []
    unknown = {**dashboard(uid), "unknown": 1}
    assert list(lost(read, unknown)) == [".unknown"]


@pytest.mark.parametrize("source", VENDOR)
def test_each_metric_of_a_dashboard_of_the_vendor_is_on_one_of_ours(source: str) -> None:
    shown = " ".join(target["expr"] for uid in UIDS if uid != "ixn-overview" for _, target in queries(uid))
    wanted = [each.name for each in metrics().values() if source in each.source]

    assert wanted
    assert [name for name in wanted if not re.search(rf"\b{name}(_bucket|_count)?\b", shown)] == []


def test_each_source_of_the_catalog_that_is_a_dashboard_is_known() -> None:
    sources = {each for metric in metrics().values() for each in metric.source}

    assert {each for each in sources if not each.startswith("ixn ")} == {*VENDOR}


def test_the_overview_shows_the_nineteen_connections_in_order() -> None:
    names = [target["legendFormat"] for target in status_map()["targets"]]

    assert names == [f"{row.number:02} {row.source} → {row.destination}" for row in CONNECTIONS]


def test_a_row_is_observable_exactly_if_a_metric_shows_its_state() -> None:
    scraped = {row.number for row in CONNECTIONS if row.source is Party.PROMETHEUS}
    shown = {number for metric in metrics().values() for number in metric.rows} | scraped
    grey = {row.number for row in CONNECTIONS if isinstance(observation(row), NotObservable)}

    assert grey == {row.number for row in CONNECTIONS} - shown
    for row, target in zip(CONNECTIONS, status_map()["targets"], strict=True):
        assert (target["expr"] == f"vector({NOT_OBSERVABLE})") == (row.number in grey)


def test_a_row_is_observed_by_metrics_that_the_catalog_says_show_it() -> None:
    for row in CONNECTIONS:
        found = observation(row)
        if isinstance(found, Observed) and row.source is not Party.PROMETHEUS:
            assert found.metrics
            assert {name for name in found.metrics if row.number not in metrics()[name].rows} == set()


def test_each_row_that_is_not_observable_has_a_reason_on_the_overview() -> None:
    (text,) = (each["options"]["content"] for each in panels("ixn-overview") if each["type"] == "text")

    for row in CONNECTIONS:
        (line,) = (each for each in text.splitlines() if each.startswith(f"| {row.number} |"))
        found = observation(row)
        assert (found.why if isinstance(found, NotObservable) else found.how) in line


def test_grey_means_not_observable_and_nothing_else() -> None:
    (mapping,) = status_map()["fieldConfig"]["defaults"]["mappings"]

    colors = {value: each["color"] for value, each in mapping["options"].items()}
    assert [value for value, color in colors.items() if color == colors[str(NOT_OBSERVABLE)]] == [
        str(NOT_OBSERVABLE)
    ]


def test_values_of_states_have_the_catalogs_names() -> None:
    (mapping,) = next(each for each in panels("ixn-server") if each["title"] == "Run mode")["fieldConfig"][
        "defaults"
    ]["mappings"]

    named = {int(value): each["text"] for value, each in mapping["options"].items()}
    assert named == metrics()["ixn_health_info_run_mode"].values


def test_no_file_is_left_of_a_dashboard_that_is_gone() -> None:
    folder = CHECKOUT / "components/pulumi_ixn/monitoring/dashboards"

    assert {path.stem for path in folder.glob("*.json")} == {*UIDS}


def test_a_promql_parser_reads_each_query() -> None:
    for uid in UIDS:
        for _, target in queries(uid):
            promql.parse(promql_of(target["expr"]))
