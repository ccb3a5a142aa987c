"""Access to the parts of the dashboards' JSON."""

import json
import re
from collections.abc import Iterator
from typing import Any

from pulumi_ixn.monitoring.dashboards import dashboards


def dashboard(uid: str) -> Any:
    return json.loads(dashboards()[uid])


def panels(uid: str) -> list[Any]:
    return dashboard(uid)["panels"]


def queries(uid: str) -> Iterator[tuple[Any, Any]]:
    """Yield each panel with each of its queries."""
    return ((panel, target) for panel in panels(uid) for target in panel.get("targets", ()))


def variables(uid: str) -> dict[str, Any]:
    return {each["name"]: each for each in dashboard(uid)["templating"]["list"]}


def label_values_of(query: str) -> tuple[str, str]:
    """Return selector and label of the query of a variable."""
    found = re.fullmatch(r"label_values\((.*), (\w+)\)", query)
    assert found, query
    return found[1], found[2]


def status_map() -> Any:
    """Return the panel with the states of the connections."""
    return next(each for each in panels("ixn-overview") if each["title"] == "Connections" and "targets" in each)
