"""The records of a dashboard: what it shows, without how Grafana draws it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["chart", "states", "stat", "bars", "heatmap", "table", "text"]

Color: TypeAlias = Literal["green", "red", "orange", "blue", "purple", "#8e8e8e"]


@dataclass(frozen=True)
class State:
    """The name and color of a value."""

    value: int
    text: str
    color: Color


@dataclass(frozen=True)
class Query:
    """A query in PromQL. `{@` in it begins a selector by the variables namespace and tenant.

    `legend` names the series in Grafana's format, or the column of a table.
    """

    expr: str
    legend: str


@dataclass(frozen=True)
class Column:
    """How a column of a table is shown: a unit of Grafana."""

    unit: str


@dataclass(frozen=True)
class Panel:
    """One panel. `width` is of 24; `unit` is Grafana's name of one. `columns` have units of their own, in a table.

    `text` is Markdown, for a panel without queries. `limits` are where a value turns orange, and red; the second
    may be the lower one.
    """

    kind: Kind
    title: str
    about: str
    queries: Sequence[Query] = ()
    unit: str = "short"
    states: Sequence[State] = ()
    columns: Mapping[str, Column] = field(default_factory=dict[str, Column])
    text: str = ""
    limits: tuple[float, float] | None = None
    width: int = 8
    height: int = 7


@dataclass(frozen=True)
class Row:
    """Panels under a title."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True)
class Variable:
    """A variable whose options are what `query` finds, such as `label_values(up, tenant)`.

    With `several`, any number of them can be selected, and all of them are at first.
    """

    name: str
    label: str
    query: str
    several: bool = True


@dataclass(frozen=True)
class Dashboard:
    """A dashboard. Links and bookmarks refer to its `uid`, which therefore never changes."""

    uid: str
    title: str
    about: str
    variables: Sequence[Variable]
    rows: Sequence[Row]
