"""Regenerate every page: `python -m tools.docs`."""

from collections.abc import Callable, Mapping

from tools.dashboards.all import FILES as DASHBOARDS
from tools.docs.connections_page import connections_text
from tools.docs.dev_stack import CHECKOUT
from tools.docs.diagram import diagram_text
from tools.docs.golden import golden_text
from tools.docs.metrics_page import metrics_text
from tools.docs.runbooks_page import runbooks_text
from tools.docs.schema import schema_text
from tools.docs.settings_page import settings_text

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/connections.md": connections_text,
    "docs/connections.svg": diagram_text,
    "docs/metrics.md": metrics_text,
    "docs/runbooks/README.md": runbooks_text,
    "docs/settings.md": settings_text,
    "docs/stack.schema.json": schema_text,
    "tests/data/dev-manifests.yaml": golden_text,
    **DASHBOARDS,
}
"""The functions that generate the files, by path in the checkout."""

if __name__ == "__main__":
    for path, text in PAGES.items():
        (CHECKOUT / path).write_text(text(), encoding="utf-8")
        print(path)
