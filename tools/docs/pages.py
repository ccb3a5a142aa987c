"""The generated pages: what makes the text of each."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.docs.connections_page import connections_text
from tools.docs.diagram import diagram_text
from tools.docs.golden import golden_text
from tools.docs.schema import schema_text
from tools.docs.settings_page import settings_text

CHECKOUT = Path(__file__).resolve().parents[2]

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/connections.md": connections_text,
    "docs/connections.svg": diagram_text,
    "docs/settings.md": settings_text,
    "docs/stack.schema.json": schema_text,
    "tests/data/dev-manifests.yaml": golden_text,
}
"""By their path in the checkout."""
