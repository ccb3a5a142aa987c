"""Stack files for tests: the dev stack, changed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tools.cluster.peers import Peers, peers_of
from tools.cluster.stack_links import links_of, settings_of

CHECKOUT = Path(__file__).parents[4]

Change = Callable[[dict[str, Any]], None]


def changed_stack(directory: Path, change: Change) -> Path:
    """Write the dev stack's file into `directory`, changed, and return its path."""
    content = yaml.safe_load((CHECKOUT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))
    change(content["config"])
    file = directory / "Pulumi.changed.yaml"
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return file


def peers_in(stack_file: Path) -> Peers:
    """Return the peers of a stack file."""
    return peers_of(link for links in links_of(settings_of(stack_file)).values() for link in links)
