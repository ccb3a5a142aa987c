"""`make clean`: removes build/ and .venv, unless build/state is all that knows of objects in a cluster.

Runs on the bare interpreter: the environment may be what is broken.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def main(root: Path) -> None:
    """Remove what is made, or leave with the stacks that have objects in a cluster."""
    live = [
        file.name.partition(".json")[0]
        for file in sorted(root.glob("build/state/.pulumi/stacks/*/*.json*"))
        if file.suffix not in (".bak", ".attrs") and has_live_objects(file)
    ]
    if live:
        sys.exit(
            f"error: build/state holds the only record of deployed objects (stacks: {', '.join(live)}): "
            "destroy them first (make destroy STACK=...), or remove build/ yourself"
        )
    for name in ("build", ".venv"):
        shutil.rmtree(root / name, ignore_errors=True)


def has_live_objects(file: Path) -> bool:
    """Tell whether a state file has resources outside itself; one that is compressed or damaged counts."""
    try:
        latest: Any = json.loads(file.read_bytes())["checkpoint"]["latest"] or {}
        resources: list[Any] = latest.get("resources") or []
        rendering = {
            f"{each['urn']}::{each['id']}"
            for each in resources
            if each["type"] == "pulumi:providers:kubernetes" and "renderYamlToDirectory" in each["inputs"]
        }
        return any(
            each["custom"]
            and not each["type"].startswith(("pulumi:", "random:"))
            and each.get("provider") not in rendering
            for each in resources
        )
    except (ValueError, KeyError, TypeError):
        return True


if __name__ == "__main__":
    main(ROOT)
