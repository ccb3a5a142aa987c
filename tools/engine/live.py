"""`python -m tools.engine.live STATE`: fail if a stack of the local state has objects on a cluster.

Imports the standard library only: `make clean` runs without an environment, too.
"""

import gzip
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.errors import UserError

PROVIDER = "pulumi:providers:kubernetes"


def check_clean(state: Path) -> None:
    """Raise UserError that lists the stacks with objects on a cluster, and those whose state cannot be read."""
    found = [f"{file.name.partition('.json')[0]}: {what}" for file in _files(state) if (what := _live(file))]
    if found:
        lines = "\n  ".join(sorted(found))
        raise UserError(
            f"stacks of {state} are deployed:\n  {lines}\n"
            "Delete what they deployed first, with `make destroy STACK=<stack>` (docs/operations.md, Teardown)."
        )


def _files(state: Path) -> Iterator[Path]:
    """Yield the checkpoint of each stack: `<stack>.json`, or compressed; `.bak` is its previous version."""
    for file in state.glob(".pulumi/stacks/**/*.json*"):
        if file.suffix in (".json", ".gz", ".zst"):
            yield file


def _live(file: Path) -> str | None:
    if file.suffix == ".zst":
        return "a compressed state, which cannot be read here"
    try:
        content = file.read_bytes()
        text = gzip.decompress(content) if file.suffix == ".gz" else content
        latest: Mapping[str, Any] = json.loads(text)["checkpoint"].get("latest") or {}
        count = len(_objects(latest.get("resources") or []))
    except (OSError, EOFError, ValueError, KeyError, AttributeError, TypeError) as error:
        return f"its state cannot be read: {error}"
    return f"{count} objects" if count else None


def _objects(resources: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the resources that are objects on a cluster: not those of a provider that renders manifests."""
    providers = [each for each in resources if each["type"] == PROVIDER]
    rendering = {
        f"{each['urn']}::{each['id']}" for each in providers if "renderYamlToDirectory" in each.get("inputs", {})
    }
    return [
        each
        for each in resources
        if each["type"].startswith("kubernetes:")
        and not each.get("external")
        and each["provider"] not in rendering
    ]


if __name__ == "__main__":
    try:
        check_clean(Path(sys.argv[1]))
    except UserError as error:
        sys.exit(f"error: {error}")
