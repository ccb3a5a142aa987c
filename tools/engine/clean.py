"""`make clean`: removes build/ and .venv, unless build/ is all that knows of a cluster or of objects in one.

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
    if running := [file.parent.name for file in root.glob("build/cluster/*/cluster.json") if is_running(file)]:
        sys.exit(f"error: clusters are running: {', '.join(running)}; end them first (make cluster-down NAME=...)")
    for name in ("build", ".venv"):
        shutil.rmtree(root / name, ignore_errors=True)


def is_running(record: Path) -> bool:
    """Tell whether the first process of a test cluster is there."""
    return Path(f"/proc/{json.loads(record.read_bytes())['pid']}").exists()


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
