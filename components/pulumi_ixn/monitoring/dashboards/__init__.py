"""The Grafana dashboards, as JSON. `make docs` generates the files from `tools/dashboards`."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def dashboards() -> Mapping[str, str]:
    """Return the JSON of each dashboard by its uid, in the order of the uids."""
    found = [each for each in files(__name__).iterdir() if each.name.endswith(".json")]
    by_uid = {each.name.removesuffix(".json"): _compact(each.read_text("utf-8")) for each in found}
    return MappingProxyType(dict(sorted(by_uid.items())))


def config_map_name(uid: str) -> str:
    """Return the name of the ConfigMap that carries the dashboard."""
    return f"{uid}-dashboard"


def _compact(text: str) -> str:
    """Return the JSON without white space: the state of a stack contains it twice."""
    return json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)
