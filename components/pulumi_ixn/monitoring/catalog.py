"""The catalog of metrics: what each container exports, according to the vendor's dashboards and alerts.

The vendor documents no metrics. Names, labels and units are those of its public queries and legends
(`metrics.yaml`); alerts, dashboards and the test cluster's containers are checked against the catalog.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, TypeAlias, TypeVar, cast, get_args

import yaml

from pulumi_ixn.naming import WORKLOADS, WorkloadId
from pulumi_ixn.spec import CONNECTIONS
from pulumi_ixn.validation import Issue, raise_for

T = TypeVar("T")

MetricType: TypeAlias = Literal["counter", "gauge", "histogram"]

SCRAPE_LABELS = ("container", "instance", "job", "namespace", "pod", "service", "servicename", "tenant")
"""The labels that every series gets when it is scraped: from the ServiceMonitor and the Prometheus operator."""

_REQUIRED = ("name", "type", "unit", "meaning", "source")
_HISTOGRAM_SUFFIXES = ("_bucket", "_sum", "_count")


@dataclass(frozen=True)
class Metric:
    """A metric of one of the workloads.

    `labels` are those beyond `SCRAPE_LABELS`; `assumed_labels` the ones of them that no query of the vendor names.
    `values` is the meaning of a state's values. `source` lists the vendor's dashboards and alerts that use the
    metric, `rows` the connections of the table whose state it shows.
    """

    name: str
    type: MetricType
    workload: WorkloadId
    labels: tuple[str, ...]
    unit: str
    meaning: str
    values: Mapping[int, str]
    source: tuple[str, ...]
    rows: tuple[int, ...]
    assumed_labels: tuple[str, ...] = ()

    def series(self) -> Mapping[str, tuple[str, ...]]:
        """Return the labels by the name of the time series: a histogram has three, the others one."""
        if self.type != "histogram":
            return {self.name: self.labels}
        return {f"{self.name}{each}": _with_le(self.labels, each) for each in _HISTOGRAM_SUFFIXES}


@dataclass(frozen=True)
class OtherSeries:
    """A series of another exporter, with the labels that the exporter sets."""

    name: str
    exporter: str
    labels: tuple[str, ...]


@cache
def metrics() -> Mapping[str, Metric]:
    """Return the catalog by name, in the order of its file."""
    return parse(_data("metrics.yaml"))


@cache
def other_series() -> Mapping[str, OtherSeries]:
    """Return the series of other exporters that alerts and dashboards may use, by name."""
    exporters: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(_data("other_series.yaml"))
    return MappingProxyType(
        {
            name: OtherSeries(name, exporter, tuple(labels))
            for exporter, series in exporters.items()
            for name, labels in series.items()
        }
    )


def labels_by_series() -> Mapping[str, tuple[str, ...]]:
    """Return all labels of every series that an alert or dashboard may read, by the name of the series."""
    own = {
        name: (*labels, *SCRAPE_LABELS)
        for metric in metrics().values()
        for name, labels in metric.series().items()
    }
    return own | {name: other.labels for name, other in other_series().items()}


def parse(text: str) -> Mapping[str, Metric]:
    """Parse a catalog: lists of metrics by workload. Raises InvalidInputs with every violation."""
    issues: list[Issue] = []
    workloads = {each.name: each for each in WORKLOADS}
    found: dict[str, Metric] = {}
    for name, entries in cast("Mapping[str, Sequence[Mapping[str, object]]]", yaml.safe_load(text)).items():
        if name not in workloads:
            issues.append(Issue(name, f"is not one of {', '.join(workloads)}"))
            continue
        for entry in entries:
            metric = _Entry(entry, f"{name}.{entry.get('name')}", issues).metric(workloads[name])
            if metric.name in found:
                issues.append(Issue(f"{name}.{metric.name}", "is listed twice"))
            found[metric.name] = metric
    raise_for(issues)
    return MappingProxyType(found)


class _Entry:
    """An entry of the file, which appends what is invalid to `issues`."""

    def __init__(self, entry: Mapping[str, object], path: str, issues: list[Issue]) -> None:
        self._left, self._path, self._issues = dict(entry), path, issues
        issues += (Issue(f"{path}.{key}", "is missing") for key in _REQUIRED if key not in entry)

    def metric(self, workload: WorkloadId) -> Metric:
        assumed = self._take("assumedLabels", _texts, ())
        made = Metric(
            name=self._take("name", _text, ""),
            type=self._take("type", _type, "gauge"),
            workload=workload,
            labels=tuple(sorted((*self._take("labels", _texts, ()), *assumed))),
            unit=self._take("unit", _text, ""),
            meaning=self._take("meaning", _text, ""),
            values=self._take("values", _values, MappingProxyType({})),
            source=self._take("source", _texts, ()),
            rows=self._take("rows", _rows, ()),
            assumed_labels=assumed,
        )
        self._check(made)
        return made

    def _take(self, key: str, rule: Callable[[object], T], default: T) -> T:
        if key not in self._left:
            return default
        value = self._left.pop(key)
        try:
            return rule(value)
        except ValueError as error:
            self._issues.append(Issue(f"{self._path}.{key}", f"{value!r} {error}"))
            return default

    def _check(self, made: Metric) -> None:
        for key in self._left:
            self._issues.append(Issue(f"{self._path}.{key}", "is not a key of a metric"))
        for label in {*made.labels} & {*SCRAPE_LABELS, "le"}:
            self._issues.append(Issue(f"{self._path}.labels", "is a label that is set elsewhere", label))
        if made.values and made.type != "gauge":
            self._issues.append(Issue(f"{self._path}.values", f"describe a gauge, not a {made.type}"))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("is not a text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("is not a list of texts")
    return tuple(_text(each) for each in cast("list[object]", value))


def _type(value: object) -> MetricType:
    if value not in get_args(MetricType):
        raise ValueError(f"is not one of {', '.join(get_args(MetricType))}")
    return cast("MetricType", value)


def _values(value: object) -> Mapping[int, str]:
    entries = cast("dict[object, object]", value) if isinstance(value, dict) else {}
    if not entries or any(type(each) is not int for each in entries):
        raise ValueError("is not a mapping of whole numbers to texts")
    return MappingProxyType({cast("int", number): _text(text) for number, text in entries.items()})


def _rows(value: object) -> tuple[int, ...]:
    numbers = {row.number for row in CONNECTIONS}
    if not isinstance(value, list) or any(each not in numbers for each in cast("list[object]", value)):
        raise ValueError("is not a list of connections of the table")
    return tuple(cast("list[int]", value))


def _with_le(labels: tuple[str, ...], suffix: str) -> tuple[str, ...]:
    return (*labels, "le") if suffix == "_bucket" else labels


def _data(name: str) -> str:
    return files("pulumi_ixn").joinpath("monitoring", name).read_text("utf-8")
