"""The little geometry that the diagram needs: boxes, straight lines between them, and what text takes up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """A point of the picture, in pixels; y grows downwards."""

    x: float
    y: float


@dataclass(frozen=True)
class Box:
    """A rectangle, by its upper left corner and its size, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def center(self) -> Point:
        """Its middle."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)


@dataclass(frozen=True)
class Line:
    """A straight line, from where it starts to where its arrowhead is."""

    start: Point
    end: Point

    @property
    def vertical(self) -> bool:
        """Whether it runs up or down."""
        return self.start.x == self.end.x


def straight(source: Box, destination: Box, at: float) -> Line | None:
    """Return the level or upright line from `source` to `destination`, each by its facing edge.

    `at` is the y of a level line, the x of an upright one. None where there is no such line.
    """
    if _within(at, source.x, source.right) and _within(at, destination.x, destination.right):
        ends = _facing(source.y, source.bottom, destination.y, destination.bottom)
        return ends and Line(Point(at, ends[0]), Point(at, ends[1]))
    if _within(at, source.y, source.bottom) and _within(at, destination.y, destination.bottom):
        ends = _facing(source.x, source.right, destination.x, destination.right)
        return ends and Line(Point(ends[0], at), Point(ends[1], at))
    return None


def centered(middle: Point, width: float, height: float) -> Box:
    """Return the box of that size around `middle`."""
    return Box(middle.x - width / 2, middle.y - height / 2, width, height)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return what `text` takes up at a font size, in pixels: about that of DejaVu Sans, a wide font."""
    return round(len(text) * size * (0.72 if bold else 0.62), 1)


def _within(value: float, low: float, high: float) -> bool:
    return low < value < high


def _facing(low: float, high: float, other_low: float, other_high: float) -> tuple[float, float] | None:
    if high < other_low:
        return high, other_low
    if other_high < low:
        return low, other_high
    return None
