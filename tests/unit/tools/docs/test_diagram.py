"""The diagram has each connection of the table, with its label, from its source to its destination."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from xml.etree.ElementTree import Element, fromstring

from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES, Row

from tools.docs.diagram import diagram_text

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Box:
    name: str
    left: int
    right: int
    top: int
    bottom: int


@dataclass(frozen=True)
class Arrow:
    source: str
    destination: str
    label: str
    classification: str


def boxes(shapes: Sequence[Element]) -> Iterator[Box]:
    for shape, text in pairwise(shapes):
        if shape.tag == f"{SVG}rect" and shape.attrib["class"] != "card":
            left, top, width, height = (int(shape.attrib[key]) for key in ("x", "y", "width", "height"))
            yield Box(text.text or "", left, left + width, top, top + height)


def arrows(rows: Sequence[Row] = CONNECTIONS) -> Iterator[Arrow]:
    """Read each arrow between two boxes back from where it is drawn."""
    shapes = list(fromstring(diagram_text(rows)))
    found = list(boxes(shapes))
    for index, line in enumerate(shapes):
        if line.tag == f"{SVG}line":
            start, y = int(line.attrib["x1"]), int(line.attrib["y1"])
            tip = int(shapes[index + 1].attrib["d"].split()[1])
            beside = [box for box in found if box.top < y < box.bottom]
            ends = (
                [box.name for box in beside if box.right == start],
                [box.name for box in beside if box.left == tip],
            )
            if any(ends):  # the legend has neither
                (source,), (destination,) = ends
                yield Arrow(source, destination, shapes[index + 2].text or "", line.attrib["class"])


def expected(row: Row) -> Arrow:
    port = f" {row.port}" if row.port else ""
    label = f"{row.number}: {row.protocol}{port}{f', by {row.port_defined_by}' if row.port_defined_by else ''}"
    return Arrow(row.source, row.destination, label, row.classification)


def test_each_connection_is_drawn_at_each_of_its_workloads() -> None:
    assert Counter(arrows()) == Counter(
        {
            expected(row): (row.source in WORKLOAD_PARTIES) + (row.destination in WORKLOAD_PARTIES)
            for row in CONNECTIONS
        }
    )


def test_a_changed_row_changes_its_arrow() -> None:
    row = replace(CONNECTIONS[11], port=14000, classification="egress", source=CONNECTIONS[0].destination)

    assert list(arrows([row])) == [expected(row)]
