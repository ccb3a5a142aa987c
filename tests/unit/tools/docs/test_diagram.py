"""The diagram of the connections: it shows the table, whole and legibly, and follows it."""

import re
from dataclasses import replace
from typing import Any

import pytest
from pulumi_ixn.spec import CONNECTIONS, OURS, Party, Row

from tests.unit.tools.docs.drawing import collisions, drawing
from tools.docs import diagram_layout
from tools.docs.diagram_geometry import Box
from tools.docs.diagram_layout import Lane
from tools.docs.diagram_style import DARK, LIGHT, PATTERNS, Palette
from tools.docs.diagram_svg import diagram_text

BY_NUMBER = {row.number: row for row in CONNECTIONS}
CLASSIFICATIONS = {row.classification for row in CONNECTIONS}


def changed(number: int, /, **changes: Any) -> tuple[Row, ...]:
    return tuple(replace(row, **changes) if row.number == number else row for row in CONNECTIONS)


def test_every_party_has_a_box_and_only_our_workloads_stand_in_the_frame() -> None:
    found = drawing(diagram_text())

    assert set(found.nodes) == {str(party) for party in Party}
    assert {name for name, node in found.nodes.items() if node.ours} == {str(party) for party in OURS}
    for node in found.nodes.values():
        assert found.frame.holds(node.area) if node.ours else not found.frame.overlaps(node.area)


def test_there_is_one_arrow_for_each_row() -> None:
    found = drawing(diagram_text())

    assert list(found.arrows) == [row.number for row in CONNECTIONS]
    assert len(found.arrows) == 19


@pytest.mark.parametrize("row", CONNECTIONS, ids=lambda row: row.number)
def test_an_arrow_runs_from_its_source_to_its_destination_with_its_number_and_classification(row: Row) -> None:
    found = drawing(diagram_text())
    arrow = found.arrows[row.number]

    assert found.nodes[row.source].area.on_edge(*arrow.start)
    assert found.nodes[row.destination].area.on_edge(*arrow.end)
    assert arrow.style == row.classification
    assert arrow.marker == f"url(#head-{row.classification})"
    assert f'<marker id="head-{row.classification}"' in diagram_text()
    assert arrow.number.text == str(row.number)
    assert arrow.label.text == " ".join(
        [row.protocol, *([str(row.port)] if row.port else []), *(["*"] if row.port_defined_by else [])]
    )
    assert arrow.title.startswith(f"{row.number}: {row.source} to {row.destination}, {row.protocol}")


def test_a_tag_sits_on_its_own_arrow() -> None:
    for arrow in drawing(diagram_text()).arrows.values():
        (x, y), (to_x, to_y) = arrow.start, arrow.end
        middle = ((arrow.tag.left + arrow.tag.right) / 2, (arrow.tag.top + arrow.tag.bottom) / 2)
        assert min(x, to_x) <= middle[0] <= max(x, to_x)
        assert min(y, to_y) <= middle[1] <= max(y, to_y)


def test_nothing_overlaps_and_no_arrow_meets_another_or_a_box_that_is_not_its_own() -> None:
    assert list(collisions(drawing(diagram_text()))) == []


@pytest.mark.parametrize(
    ("what", "key", "value", "told"),
    [
        ("LANES", 12, Lane(782, 254), "tag 12 / tag 18"),
        ("LANES", 12, Lane(782, 254), "arrow 18 / arrow 12"),
        ("LANES", 10, Lane(1020, 254), "StatServer / arrow 10"),
        ("LANES", 9, Lane(1000, 254), "tag 4 / tag 9"),
        ("LANES", 13, Lane(402, 140), "tag 13 / Voice RQ"),
        ("LANES", 14, Lane(475, 195), "arrowhead 14 hidden"),
        ("LANES", 11, Lane(424, 341), "One IXN tenant / tag 11"),
        ("BOXES", Party.IXN_DB, Box(680, 736, 150, 64), "Config Server / IXN DB"),
        ("BOXES", Party.URS, Box(1092, 760, 96, 64), "Kafka / URS"),
        ("BOXES", Party.VOICE_RQ, Box(20, 372, 40, 60), "Voice outside of Voice RQ"),
        ("BOXES", Party.URS, Box(1130, 160, 96, 64), "URS off the canvas"),
    ],
)
def test_the_measuring_notices_what_is_moved_onto_something(
    what: str, key: Any, value: Any, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(getattr(diagram_layout, what), key, value)
    found = {frozenset(each.split(" / ")) for each in collisions(drawing(diagram_text()))}

    assert frozenset(told.split(" / ")) in found


def test_the_legend_counts_each_classification_and_draws_it_in_its_own_pattern() -> None:
    found = drawing(diagram_text())
    counts = {name: [row.classification for row in CONNECTIONS].count(name) for name in CLASSIFICATIONS}

    assert {name: text.strip() for name, text in found.keys.items()} == {
        name: f"{name} ({count})" for name, count in counts.items()
    }
    assert len(set(PATTERNS.values())) == len(CLASSIFICATIONS)
    assert all(
        f".{name} .line {{ stroke-dasharray: {PATTERNS[name]}; }}" in found.styles for name in CLASSIFICATIONS
    )


def test_the_note_tells_of_each_port_that_others_define() -> None:
    note = {each.text for each in drawing(diagram_text()).words}

    assert {"6, 7: Kafka configuration", "13: RQ service", "15: Redis configuration"} <= note
    assert {"16, 17: DBMS configuration", "19: Config Server"} <= note


def test_each_of_our_boxes_tells_where_it_listens_and_for_whom() -> None:
    nodes = drawing(diagram_text()).nodes
    told = {str(party): [each.text for each in nodes[party].words][-2:] for party in OURS}

    assert told == {
        "IXN": ["7120 for 2, 3, 4, 18", "13131 for 12"],
        "IXN Node": ["listens at", "13133 for 11"],
        "IXN VQ Node": ["7122 for 8, 9", "13139 for 10"],
    }


def test_a_changed_port_changes_the_tag_and_the_box() -> None:
    found = drawing(diagram_text(changed(12, port=14000)))

    assert found.arrows[12].label.text == "HTTP 14000"
    assert "14000 for 12" in [each.text for each in found.nodes["IXN"].words]


def test_a_changed_classification_changes_the_arrow_and_the_legend() -> None:
    found = drawing(diagram_text(changed(5, classification="egress")))

    assert found.arrows[5].style == "egress"
    assert found.keys["egress"].strip() == "egress (7)"


def test_a_connection_that_turns_around_is_drawn_the_other_way() -> None:
    row = BY_NUMBER[1]
    before = drawing(diagram_text()).arrows[1]
    after = drawing(diagram_text(changed(1, source=row.destination, destination=row.source))).arrows[1]

    assert (after.start, after.end) == (before.end, before.start)


def test_a_row_that_is_gone_takes_its_arrow_and_its_lonely_neighbour_along() -> None:
    found = drawing(diagram_text([row for row in CONNECTIONS if row.number != 15]))

    assert 15 not in found.arrows
    assert "ORS Redis Stream" not in found.nodes


@pytest.mark.parametrize("rows", [changed(1, destination=Party.KAFKA), changed(1, number=20)])
def test_a_row_that_the_layout_has_no_way_for_is_refused(rows: tuple[Row, ...]) -> None:
    with pytest.raises(ValueError, match=r"no straight way from IXN Node to .*diagram_layout\.py"):
        diagram_text(rows)


def test_it_has_a_title_and_describes_each_row_for_those_who_do_not_see_it() -> None:
    text = diagram_text()

    assert '<title id="title">The 19 connections of an IXN tenant</title>' in text
    description = text.split('<desc id="description">')[1].split("</desc>")[0]
    for row in CONNECTIONS:
        assert f"{row.number}: {row.source} to {row.destination}, " in description


def test_it_stands_alone_and_is_the_same_each_time() -> None:
    text = diagram_text()

    assert text == diagram_text()
    assert not re.search(r"@import|@font-face|<script|<image|<use|href|url\((?!#)", text)


def test_its_text_is_legible_where_it_is_shown_a_thousand_pixels_wide() -> None:
    found = drawing(diagram_text())
    words = [*found.words, *(each for node in found.nodes.values() for each in node.words)]
    words += [each for arrow in found.arrows.values() for each in (arrow.number, arrow.label)]

    assert min(each.size for each in words) * 1000 / found.canvas.right > 11


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_its_colours_can_be_told_from_what_is_behind_them(palette: Palette) -> None:
    for color in palette.classes.values():
        # Lines and tags on the card; the number, in the card's colour, on the badge.
        assert contrast(color, palette.card) >= 4.5
    for behind in (palette.card, palette.box, palette.ours):
        assert contrast(palette.text, behind) >= 7
        assert contrast(palette.quiet, behind) >= 4.5
    assert contrast(palette.border, palette.card) >= 3


def test_both_schemes_are_in_the_picture_and_the_background_is_its_own() -> None:
    text = diagram_text()
    light, dark = text.split("@media (prefers-color-scheme: dark)")

    assert all(color in light for color in (LIGHT.card, LIGHT.text, *LIGHT.classes.values()))
    assert all(color in dark for color in (DARK.card, DARK.text, *DARK.classes.values()))
    assert '<rect class="card" x="0" y="0" width="1220" height="836"' in text


def contrast(one: str, two: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it, 1 to 21."""
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
