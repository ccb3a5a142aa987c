"""The reference page of the stack config: a table for each top-level key, a row for each key below it."""

from collections.abc import Iterable
from pathlib import Path

from pulumi_ixn.config.explain import fields_of
from pulumi_ixn.config.peer_models import InboundPeer
from pulumi_ixn.config.stack import StackFile
from pulumi_ixn.config.tenants import TENANT_KEYS
from pydantic.fields import FieldInfo

from tools.docs.keys import Key, keys_of

_PIPE = "\\|"

_TEMPLATE = Path(__file__).parent / "templates" / "settings.md"

_HEAD = "| key | type | unit | default | meaning |\n|---|---|---|---|---|\n"


def settings_text() -> str:
    """Return the page as the text of its file."""
    sections = [_section(name, field) for name, field in fields_of(StackFile).items()]
    locations = keys_of("locations", fields_of(InboundPeer)["locations"])
    return _TEMPLATE.read_text(encoding="utf-8").format(settings="\n".join(sections), locations=_table(locations))


def _section(name: str, field: FieldInfo) -> str:
    description = field.description or ""
    keys = [key for key in keys_of(f"ixn:{name}", field) if not _is_elsewhere(key)]
    return f"## ixn:{name}\n\n{description[:1].upper()}{description[1:]}.\n\n{_table(keys)}"


def _is_elsewhere(key: Key) -> bool:
    overrides = tuple(f"ixn:tenants.<tenant>.{name}" for name in TENANT_KEYS)
    return ".locations[]" in key.path or key.path.startswith(overrides)


def _table(keys: Iterable[Key]) -> str:
    rows = ((f"`{key.path}`", key.type, key.unit, key.default, key.meaning) for key in keys)
    return _HEAD + "".join(f"| {' | '.join(cell.replace('|', _PIPE) for cell in row)} |\n" for row in rows)
