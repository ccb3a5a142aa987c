"""The variables of the dashboards."""

from tools.dashboards.model import Variable

DATASOURCE = "datasource"
"""The variable that selects the Prometheus data source; each dashboard has it."""

SELECTOR = 'namespace=~"$namespace",tenant=~"$tenant"'
"""The label matchers for which `{@` stands."""

_LABELS = {
    "client_type": "Client type",
    "request": "Request",
    "router": "Router",
    "strategy": "Strategy",
    "queue": "Queue",
    "logger": "Event logger",
    "ors": "ORS node",
    "command": "Redis command",
}


def tenants(container: str = "", *, one: bool = False, **more: str) -> tuple[Variable, ...]:
    """Return the variables namespace and tenant, of the tenants whose `container` is scraped, and `more` by name.

    With `one`, one tenant is selected at a time.
    """
    selector = f'service="ixn",container="{container}"' if container else 'service="ixn"'
    return (
        Variable("namespace", "Namespace", f"label_values(up{{{selector}}}, namespace)"),
        Variable(
            "tenant",
            "Tenant",
            f'label_values(up{{{selector},namespace=~"$namespace"}}, tenant)',
            several=not one,
        ),
        *(Variable(name, _LABELS[name], expanded(query)) for name, query in more.items()),
    )


def expanded(query: str) -> str:
    """Return a query with the label matchers for which `{@` stands."""
    return query.replace("{@", f"{{{SELECTOR}")
