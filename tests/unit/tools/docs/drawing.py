"""The picture as a reader sees it: parsed from the SVG alone, and measured by the tests' own rules."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SVG = "{http://www.w3.org/2000/svg}"
HEAD = 12
"""How long an arrowhead is."""


@dataclass(frozen=True)
class Area:
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Area", apart: float = 0) -> bool:
        """Tell whether the two have anything in common, or are less than `apart` from each other."""
        return (
            self.left < other.right + apart
            and other.left < self.right + apart
            and self.top < other.bottom + apart
            and other.top < self.bottom + apart
        )

    def holds(self, other: "Area") -> bool:
        """Tell whether `other` lies inside."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def on_edge(self, x: float, y: float) -> bool:
        """Tell whether a point lies on the border."""
        across, down = self.left <= x <= self.right, self.top <= y <= self.bottom
        return (across and y in (self.top, self.bottom)) or (down and x in (self.left, self.right))


@dataclass(frozen=True)
class Words:
    """A line of text, and the room that it takes."""

    text: str
    area: Area
    size: float
    style: str


@dataclass(frozen=True)
class Node:
    """The box of one party."""

    area: Area
    ours: bool
    words: tuple[Words, ...]

    @property
    def inside(self) -> Area:
        """The box without a margin."""
        box = self.area
        return Area(box.left + 4, box.top + 4, box.right - 4, box.bottom - 4)

    @property
    def name(self) -> str:
        return " ".join(each.text for each in self.words if "bold" in each.style)


@dataclass(frozen=True)
class Arrow:
    """One connection: its line, and the tag on it."""

    style: str
    start: tuple[float, float]
    end: tuple[float, float]
    marker: str
    tag: Area
    badge: Area
    number: Words
    label: Words
    title: str

    @property
    def area(self) -> Area:
        """The line, as broad as its arrowhead."""
        (x, y), (to_x, to_y) = self.start, self.end
        broad = (5, 0) if x == to_x else (0, 5)
        return Area(
            min(x, to_x) - broad[0], min(y, to_y) - broad[1], max(x, to_x) + broad[0], max(y, to_y) + broad[1]
        )

    @property
    def head(self) -> Area:
        """The arrowhead."""
        (x, y), (to_x, to_y) = self.start, self.end
        back = (to_x - _sign(to_x - x) * HEAD, to_y - _sign(to_y - y) * HEAD)
        return Area(min(to_x, back[0]), min(to_y, back[1]), max(to_x, back[0]), max(to_y, back[1]))


@dataclass(frozen=True)
class Drawing:
    """The whole picture; `words` are those that stand in no box and on no tag."""

    canvas: Area
    frame: Area
    nodes: Mapping[str, Node]
    arrows: Mapping[int, Arrow]
    keys: Mapping[str, str]
    words: tuple[Words, ...]
    styles: str


def drawing(svg: str) -> Drawing:
    """Read an SVG; it fails where that is not well-formed, or an element lacks what it should have."""
    root = ET.fromstring(svg)
    groups = root.findall(f"{SVG}g")
    nodes = [_node(group) for group in groups if "node" in group.attrib["class"].split()]
    arrows = {
        int(group.attrib["id"].removeprefix("connection-")): _arrow(group)
        for group in groups
        if "connection" in group.attrib["class"].split()
    }
    keys = [group for group in groups if "key" in group.attrib["class"].split()]
    free = [*root.findall(f"{SVG}text"), *(text for key in keys for text in key.findall(f"{SVG}text"))]
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    (frame,) = (rect for rect in root.findall(f"{SVG}rect") if rect.get("class") == "frame")
    assert len(nodes) + len(arrows) + len(keys) == len(groups)
    return Drawing(
        Area(left, top, width, height),
        _area(frame),
        {node.name: node for node in nodes},
        arrows,
        {key.attrib["class"].split()[1]: "".join(key.itertext()) for key in keys},
        tuple(_words(text) for text in free),
        root.findtext(f"{SVG}style") or "",
    )


def collisions(found: Drawing) -> Iterator[str]:
    """Yield what overlaps, is crossed, sticks out of where it belongs, or hides an arrowhead."""
    nodes, words = list(found.nodes.items()), list(found.words)
    labels = [(each.text, each.area) for each in words] + [(f"tag {n}", a.tag) for n, a in found.arrows.items()]
    boxes = [(name, node.area) for name, node in nodes]
    lines = [(f"arrow {number}", arrow.area) for number, arrow in found.arrows.items()]
    for index, (name, area) in enumerate(labels):
        yield from (f"{name} / {other}" for other, at in labels[index + 1 :] if area.overlaps(at, 2))
        yield from (f"{name} / {other}" for other, at in boxes if area.overlaps(at, 2))
        yield from (f"{name} / {other}" for other, at in lines if area.overlaps(at) and name[3:] != other[5:])
    for index, (name, area) in enumerate(boxes):
        yield from (f"{name} / {other}" for other, at in boxes[index + 1 :] if area.overlaps(at, 8))
        yield from (f"{name} / {other}" for other, at in lines if area.overlaps(at))
    for index, (name, area) in enumerate(lines):
        yield from (f"{name} / {other}" for other, at in lines[index + 1 :] if area.overlaps(at, 12))
    for name, area in (*labels, *boxes):
        yield from [f"{name} off the canvas"] if not found.canvas.holds(area) else []
    for name, node in nodes:
        yield from (f"{each.text} outside of {name}" for each in node.words if not node.inside.holds(each.area))
        yield from (
            f"{name} lines"
            for one, two in zip(node.words, node.words[1:], strict=False)
            if one.area.overlaps(two.area)
        )
    for number, arrow in found.arrows.items():
        yield from [f"number {number} outside"] if not arrow.badge.holds(arrow.number.area) else []
        rest = Area(arrow.badge.right, arrow.tag.top, arrow.tag.right, arrow.tag.bottom)
        yield from [f"label {number} outside"] if not rest.holds(arrow.label.area) else []
        yield from [f"arrowhead {number} hidden"] if arrow.tag.overlaps(arrow.head) else []


def _node(group: ET.Element) -> Node:
    (rect,) = group.findall(f"{SVG}rect")
    texts = tuple(_words(text) for text in group.findall(f"{SVG}text"))
    return Node(_area(rect), "ours" in group.attrib["class"].split(), texts)


def _arrow(group: ET.Element) -> Arrow:
    (path,) = group.findall(f"{SVG}path")
    _, x, y, _, to_x, to_y = path.attrib["d"].split()
    tag, badge = group.findall(f"{SVG}rect")
    number, label = (_words(text) for text in group.findall(f"{SVG}text"))
    return Arrow(
        group.attrib["class"].split()[1],
        (float(x), float(y)),
        (float(to_x), float(to_y)),
        path.attrib["marker-end"],
        _area(tag),
        _area(badge),
        number,
        label,
        group.findtext(f"{SVG}title") or "",
    )


def _area(rect: ET.Element) -> Area:
    x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
    return Area(x, y, x + width, y + height)


def _words(text: ET.Element) -> Words:
    words, style = text.text or "", text.get("class", "")
    x, y, size = (float(text.attrib[name]) for name in ("x", "y", "font-size"))
    # About as wide as DejaVu Sans, a wide one among the usual fonts, sets it.
    width = len(words) * size * (0.72 if "bold" in style else 0.62)
    left = x if "left" in style else x - width / 2
    return Words(words, Area(left, y - size * 0.75, left + width, y + size * 0.22), size, style)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
