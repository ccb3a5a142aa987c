"""A client of Prometheus' HTTP API."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener


@dataclass(frozen=True)
class Prometheus:
    """A running Prometheus at 'host:port'. A query that it rejects is an AssertionError with its message."""

    address: str

    def query(self, expression: str) -> list[tuple[Mapping[str, str], float]]:
        """Return the labels and the current value of each series."""
        found = self._get("query", query=expression)
        assert found["resultType"] == "vector", expression
        return [(each["metric"], float(each["value"][1])) for each in found["result"]]

    def over_time(self, expression: str, seconds: int, step: int) -> list[tuple[Mapping[str, str], list[float]]]:
        """Return the labels and the values of the last `seconds` of each series."""
        now = time.time()
        found = self._get("query_range", query=expression, start=now - seconds, end=now, step=step)
        return [(each["metric"], [float(value) for _, value in each["values"]]) for each in found["result"]]

    def values(self, expression: str) -> set[float]:
        """Return the different current values."""
        return {value for _, value in self.query(expression)}

    def targets(self) -> Sequence[Mapping[str, Any]]:
        """Return the targets that are scraped."""
        return self._get("targets", state="active")["activeTargets"]

    def rules(self) -> Sequence[Mapping[str, Any]]:
        """Return the rules, each with its health."""
        return [rule for group in self._get("rules")["groups"] for rule in group["rules"]]

    def label_values(self, selector: str, label: str) -> list[str]:
        """Return the values of a label, as a variable of a dashboard does."""
        return self._get(f"label/{label}/values", **({"match[]": selector} if selector else {}))

    def is_ready(self) -> bool:
        """Return whether it answers queries."""
        try:
            return bool(self.query("vector(1)"))
        except (OSError, AssertionError):
            return False

    def _get(self, path: str, **parameters: object) -> Any:
        url = f"http://{self.address}/api/v1/{path}?{urlencode(parameters)}"
        try:
            with build_opener(ProxyHandler({})).open(url, timeout=10) as response:
                return json.load(response)["data"]
        except HTTPError as error:
            raise AssertionError(f"{error.read().decode()}: {parameters}") from None
