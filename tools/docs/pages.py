"""The generated pages: what makes the text of each."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.docs.schema import schema_text
from tools.docs.settings_page import settings_text

CHECKOUT = Path(__file__).resolve().parents[2]

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/settings.md": settings_text,
    "docs/stack.schema.json": schema_text,
}
"""By their path in the checkout."""
