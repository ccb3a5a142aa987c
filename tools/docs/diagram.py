"""The diagram of the connections, before it is drawn: the table's rows, each put where the layout says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pulumi_ixn.spec import CONNECTIONS, OURS, Party, Row

from tools.docs.diagram_geometry import Box, Line, Point, centered, straight, text_width
from tools.docs.diagram_layout import BOXES, LANES, Lane

TAG_TEXT, TAG_HEIGHT, BADGE = 14, 26, 26
"""Size of a tag's text; height of a tag; width of the number's field in it."""

NAME, FINE = 16, 14
"""Sizes of the text in a box: its name, and what stands below."""

_LINE_HEIGHT = 1.3


@dataclass(frozen=True)
class Text:
    """A line of text; `at` is the middle of its baseline."""

    words: str
    at: Point
    size: int
    bold: bool = False


@dataclass(frozen=True)
class Node:
    """One party of the table."""

    party: Party
    box: Box
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Arrow:
    """One row of the table; `label` is what its tag says beside the number."""

    row: Row
    line: Line
    tag: Box
    label: str


@dataclass(frozen=True)
class Diagram:
    """All parties and all rows, in their places."""

    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def diagram(rows: Sequence[Row] = CONNECTIONS) -> Diagram:
    """Return the diagram of `rows`. ValueError where the layout has no way for one of them."""
    parties = [party for party in Party if any(party in (row.source, row.destination) for row in rows)]
    return Diagram(tuple(_node(party, rows) for party in parties), tuple(_arrow(row) for row in rows))


def label(row: Row) -> str:
    """Return what the tag of `row` says; the asterisk leads to the note on who defines the port."""
    port = "" if row.port is None else f" {row.port}"
    return f"{row.protocol}{port}{' *' if row.port_defined_by else ''}"


def defined_elsewhere(rows: Sequence[Row] = CONNECTIONS) -> Mapping[str, tuple[int, ...]]:
    """Return who defines ports that are no parameter of ours, and of which rows."""
    definers = dict.fromkeys(row.port_defined_by for row in rows if row.port_defined_by)
    return {who: tuple(row.number for row in rows if row.port_defined_by == who) for who in definers}


def _arrow(row: Row) -> Arrow:
    lane = LANES.get(row.number)
    line = lane and straight(BOXES[row.source], BOXES[row.destination], lane.at)
    if lane is None or line is None:
        raise ValueError(
            f"connection {row.number}: no straight way from {row.source} to {row.destination}: "
            "give it one in tools/docs/diagram_layout.py"
        )
    words = label(row)
    width = BADGE + text_width(words, TAG_TEXT) + 8
    return Arrow(row, line, centered(_on(line, lane), width, TAG_HEIGHT), words)


def _on(line: Line, lane: Lane) -> Point:
    return Point(lane.at, lane.tag) if line.vertical else Point(lane.tag, lane.at)


def _node(party: Party, rows: Sequence[Row]) -> Node:
    box = BOXES[party]
    texts = [(words, NAME, True) for words in _wrapped(str(party), box.width - 10)]
    if party in OURS:
        texts += [(words, FINE, False) for words in _listening(party, rows)]
    height = sum(size * _LINE_HEIGHT for _, size, _ in texts)
    placed: list[Text] = []
    y = box.center.y - height / 2
    for words, size, bold in texts:
        y += size * _LINE_HEIGHT
        placed.append(Text(words, Point(box.center.x, round(y - size * 0.33, 1)), size, bold))
    return Node(party, box, tuple(placed))


def _listening(party: Party, rows: Sequence[Row]) -> Iterator[str]:
    yield "listens at"
    incoming = [row for row in rows if row.destination is party]
    for port in dict.fromkeys(row.port for row in incoming):
        yield f"{port} for {', '.join(str(row.number) for row in incoming if row.port == port)}"


def _wrapped(words: str, width: float) -> list[str]:
    """Return `words` in as many lines as they need."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, NAME, bold=True) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
