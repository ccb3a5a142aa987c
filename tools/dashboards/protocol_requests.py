"""The requests that clients send to IXN Server over the IXN protocol."""

from tools.dashboards.model import Dashboard, Row
from tools.dashboards.panels import chart
from tools.dashboards.variables import tenants

_TOTAL = "ixn_health_info_client_protocol_request_total"
_CLIENTS = '{@,client_type_name=~"$client_type"}'
_NAMED = '{@,client_type_name=~"$client_type",protocol_request_name=~"$request"}'

PROTOCOL_REQUESTS = Dashboard(
    "ixn-protocol-requests",
    "IXN Protocol Requests",
    "Requests that clients send to IXN Server over the IXN protocol, by type of client and name.",
    tenants(
        "ixn-server",
        client_type=f"label_values({_TOTAL}{{@}}, client_type_name)",
        request=f"label_values({_TOTAL}{_CLIENTS}, protocol_request_name)",
    ),
    (
        Row(
            "All requests",
            (
                chart(
                    "Requests, total",
                    f"sum by (tenant, client_type_name) ({_TOTAL}{_CLIENTS})",
                    about="Requests received, by type of client.",
                    width=12,
                ),
                chart(
                    "Requests, rate",
                    f"sum by (tenant, client_type_name) (rate({_TOTAL}{_CLIENTS}[$__rate_interval]))",
                    about="Requests received, by type of client. Per second.",
                    width=12,
                ),
            ),
        ),
        Row(
            "Requests by name",
            (
                chart("Requests by name, total", f"{_TOTAL}{_NAMED}", width=12),
                chart("Requests by name, rate", f"rate({_TOTAL}{_NAMED}[$__rate_interval])", width=12),
            ),
        ),
    ),
)
