"""How the diagram looks: its colours, for light and for dark, and a pattern for each classification."""

from collections.abc import Mapping
from dataclasses import dataclass

FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"


@dataclass(frozen=True)
class Palette:
    """The colours of one scheme; `classes` by classification."""

    card: str
    box: str
    ours: str
    border: str
    text: str
    quiet: str
    classes: Mapping[str, str]


LIGHT = Palette(
    card="#ffffff",
    box="#f3f5f8",
    ours="#e4ecf7",
    border="#5b6675",
    text="#14181f",
    quiet="#454f5c",
    classes={"intra-cluster": "#0a58c2", "ingress": "#0f7038", "egress": "#b03a06"},
)

DARK = Palette(
    card="#12161c",
    box="#1d232c",
    ours="#1f2d42",
    border="#8e9aab",
    text="#f0f3f7",
    quiet="#b9c3d0",
    classes={"intra-cluster": "#79b4ff", "ingress": "#5fd08a", "egress": "#ffa166"},
)

PATTERNS: Mapping[str, str] = {"intra-cluster": "none", "ingress": "9 4", "egress": "2 3"}
"""The dashes of each classification, so that it is told without colour too."""


def stylesheet() -> str:
    """Return the style sheet: the light scheme, and the dark one for who prefers it."""
    patterns = "".join(f".{name} .line {{ stroke-dasharray: {dashes}; }}\n" for name, dashes in PATTERNS.items())
    return (
        f"text {{ font-family: {FONT}; text-anchor: middle; }}\n"
        ".left { text-anchor: start; }\n.bold { font-weight: bold; }\n"
        ".line { fill: none; stroke-width: 2; }\n"
        ".node rect { stroke-width: 1.5; }\n"
        ".frame { fill: none; stroke-width: 1.5; stroke-dasharray: 7 5; }\n"
        f".tag {{ stroke-width: 1.5; }}\n{patterns}{_rules(LIGHT)}"
        f"@media (prefers-color-scheme: dark) {{\n{_rules(DARK)}}}\n"
    )


def _rules(palette: Palette) -> str:
    rules = {
        ".card, .tag": f"fill: {palette.card}",
        ".node rect": f"fill: {palette.box}; stroke: {palette.border}",
        ".ours rect": f"fill: {palette.ours}",
        ".frame": f"stroke: {palette.border}",
        "text": f"fill: {palette.text}",
        ".quiet": f"fill: {palette.quiet}",
        ".number": f"fill: {palette.card}",
    }
    for name, color in palette.classes.items():
        rules[f".{name} .line, .{name} .tag"] = f"stroke: {color}"
        rules[f".{name} .badge, .{name} .dot, .head-{name}"] = f"fill: {color}"
    return "".join(f"{selector} {{ {rule}; }}\n" for selector, rule in rules.items())
