"""Where everything stands in the diagram, in pixels: move things here, and the tests tell what they hit.

Our three workloads stand side by side, so that each neighbour has a place from which a straight line reaches
every workload that it talks to, and no line crosses another.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi_ixn.spec import Party

from tools.docs.diagram_geometry import Box, Point

WIDTH, HEIGHT = 1220, 836


@dataclass(frozen=True)
class Lane:
    """The way of one connection: the x of an upright line or the y of a level one, and where its tag is."""

    at: float
    tag: float


FRAME = Box(268, 322, 934, 286)
"""Around what this package runs."""

TITLE = Point(20, 40)
FRAME_TITLE = Point(523, 342)
LEGEND = Point(20, 84)
FOOTNOTE = Point(20, 668)

_FAR, _TOP, _OURS, _BOTTOM = 70, 160, 370, 736
"""The upper edges of the rows of boxes, from Prometheus down to what we call."""
_HEIGHT, _OUR_HEIGHT = 64, 210
_LEFT, _LEFT_WIDTH = 20, 116

BOXES: Mapping[Party, Box] = {
    Party.PROMETHEUS: Box(280, _FAR, 908, 44),
    Party.CONSUL: Box(274, _TOP, 124, _HEIGHT),
    Party.GWS_IXN_SERVICE: Box(574, _TOP, 122, _HEIGHT),
    Party.PULSE_STAT_SERVERS: Box(746, _TOP, 134, _HEIGHT),
    Party.STAT_SERVER: Box(906, _TOP, 124, _HEIGHT),
    Party.URS: Box(1092, _TOP, 96, _HEIGHT),
    Party.VOICE_RQ: Box(_LEFT, 372, _LEFT_WIDTH, 60),
    Party.VOICE_CONFIG: Box(_LEFT, 445, _LEFT_WIDTH, 60),
    Party.ORS_REDIS_STREAM: Box(_LEFT, 518, _LEFT_WIDTH, 60),
    Party.IXN_NODE: Box(290, _OURS, 160, _OUR_HEIGHT),
    Party.IXN: Box(596, _OURS, 362, _OUR_HEIGHT),
    Party.IXN_VQ_NODE: Box(980, _OURS, 200, _OUR_HEIGHT),
    Party.IXN_NODE_DB: Box(295, _BOTTOM, 150, _HEIGHT),
    Party.CONFIG_SERVER: Box(570, _BOTTOM, 130, _HEIGHT),
    Party.IXN_DB: Box(725, _BOTTOM, 130, _HEIGHT),
    Party.KAFKA: Box(880, _BOTTOM, 240, _HEIGHT),
}

_UPPER, _LOWER = 254, 293
_UNDER = 668

LANES: Mapping[int, Lane] = {
    1: Lane(330, _UPPER),
    11: Lane(424, _LOWER),
    3: Lane(635, _UPPER),
    12: Lane(712, _LOWER),
    18: Lane(782, _UPPER),
    19: Lane(852, _LOWER),
    4: Lane(930, _UPPER),
    9: Lane(1000, _LOWER),
    10: Lane(1070, _UPPER),
    8: Lane(1140, _LOWER),
    13: Lane(402, 206),
    14: Lane(475, 206),
    15: Lane(548, 206),
    2: Lane(475, 520),
    17: Lane(370, _UNDER),
    5: Lane(635, _UNDER),
    16: Lane(790, _UNDER),
    6: Lane(918, _UNDER),
    7: Lane(1050, _UNDER),
}
"""By the number of the row."""
