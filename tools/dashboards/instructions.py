"""Whether IXN Node processes the instructions of ORS; two dashboards show it."""

from tools.dashboards.model import State
from tools.dashboards.panels import states
from tools.dashboards.promql import or_none

_EXPR = """min by (tenant) (clamp_max(
  (ixnnode_instructions_processing_queue_concurrency_limit{@}
    > bool sum without (type) (ixnnode_instructions_processing_queue_size{@}))
  + (increase(ixnnode_all_instructions_received_total{@}[5m]) > bool 0),
1))"""

PROCESSING = states(
    "Processing instructions of ORS",
    or_none(_EXPR, 'up{@,container="ixn-node"}'),
    about="Stuck: the instructions that wait have reached the limit, at which IXN Node reads no more of them, and "
    "none was received for five minutes.",
    values=(State(0, "stuck", "red"), State(1, "ok", "green")),
)
