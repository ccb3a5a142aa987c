"""`python -m tools.engine.live STATE`: fail if a stack of the local state has objects on a cluster.

Imports the standard library only: `make clean` runs without an environment, too.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tools.errors import UserError, command


def check_clean(state: Path) -> None:
    """Raise UserError that lists the stacks with objects on a cluster, and those whose state cannot be read."""
    files = (file for file in state.glob(".pulumi/stacks/**/*.json*") if file.suffix in (".json", ".gz", ".zst"))
    found = [f"{file.name.partition('.json')[0]}: {what}" for file in files if (what := _live(file))]
    if found:
        raise UserError(
            "\n  ".join([f"stacks of {state} are deployed:", *sorted(found)])
            + "\nDelete what they deployed first: `make destroy STACK=<stack>` (docs/operations.md)."
        )


def _live(file: Path) -> str | None:
    """Return what a stack has on a cluster; None if nothing, as with a provider that renders manifests."""
    try:
        latest: Any = json.loads(file.read_bytes())["checkpoint"]["latest"] or {}
        resources: list[Any] = latest.get("resources") or []
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return "its state is compressed or damaged, and cannot be read"
    providers = [each for each in resources if "renderYamlToDirectory" in each.get("inputs", {})]
    rendering = {f"{each['urn']}::{each['id']}" for each in providers}
    objects = [each for each in resources if each["type"].startswith("kubernetes:") and not each.get("external")]
    count = sum(each["provider"] not in rendering for each in objects)
    return f"{count} objects" if count else None


if __name__ == "__main__":
    with command():
        check_clean(Path(sys.argv[1]))
