"""The diagram: each workload, with incoming connections on its left and outgoing ones on its right."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES, Party, Row

_TEMPLATE = Path(__file__).parent / "templates" / "connections.svg"

_CLASSIFICATIONS = ("intra-cluster", "ingress", "egress")
"""In the order of the legend. Each is the class of its arrows in the template's style sheet."""

_PEER, _ARROW, _WORKLOAD, _ROW, _GAP = 160, 220, 208, 36, 28
_MARGIN, _TOP = 16, 64
_WIDTH = 2 * (_MARGIN + _PEER + _ARROW) + _WORKLOAD


def diagram_text(rows: Sequence[Row] = CONNECTIONS) -> str:
    """Return the diagram of `rows` as the text of its SVG file."""
    shapes = list(_legend(rows))
    top = _TOP
    for workload in WORKLOAD_PARTIES:
        incoming = [row for row in rows if row.destination is workload]
        outgoing = [row for row in rows if row.source is workload]
        height = _ROW * max(len(incoming), len(outgoing))
        left = _MARGIN + _PEER + _ARROW
        shapes.append(_box(workload, left, top, _WORKLOAD, height))
        for index, row in enumerate(incoming):
            shapes += _connection(row, row.source, _MARGIN, left - _ARROW, top + index * _ROW)
        for index, row in enumerate(outgoing):
            right = left + _WORKLOAD
            shapes += _connection(row, row.destination, right + _ARROW, right, top + index * _ROW)
        top += height + _GAP
    template = _TEMPLATE.read_text(encoding="utf-8")
    return template.format(count=len(rows), width=_WIDTH, height=top, shapes="\n".join(shapes))


def label(row: Row) -> str:
    """Return the label of an arrow: number, protocol, and port or what defines it."""
    port = f" {row.port}" if row.port else ""
    return f"{row.number}: {row.protocol}{port}{f', by {row.port_defined_by}' if row.port_defined_by else ''}"


def _legend(rows: Sequence[Row]) -> Iterator[str]:
    for index, name in enumerate(_CLASSIFICATIONS):
        count = sum(row.classification == name for row in rows)
        yield from _arrow(name, f"{name} ({count})", 354 + index * _ARROW, 38, _ARROW - 30)


def _connection(row: Row, peer: Party, peer_left: int, arrow_left: int, top: int) -> Iterator[str]:
    yield _box(peer, peer_left, top + 4, _PEER, _ROW - 8)
    yield from _arrow(row.classification, label(row), arrow_left, top + _ROW // 2 + 6, _ARROW)


def _arrow(classification: str, words: str, left: int, y: int, length: int) -> Iterator[str]:
    yield f'<line class="{classification}" x1="{left}" y1="{y}" x2="{left + length - 8}" y2="{y}"/>'
    yield f'<path class="{classification}" d="M {left + length} {y} l -12 -5 v 10 z"/>'
    yield f'<text x="{left + length // 2}" y="{y - 5}" font-size="13">{escape(words)}</text>'


def _box(party: Party, left: int, top: int, width: int, height: int) -> str:
    kind = "workload" if party in WORKLOAD_PARTIES else "peer"
    return (
        f'<rect class="{kind}" x="{left}" y="{top}" width="{width}" height="{height}" rx="6"/>'
        f'<text x="{left + width // 2}" y="{top + height // 2 + 5}" font-weight="bold">{escape(party)}</text>'
    )
