"""Any number of tenants of the dev stack, as stack config."""

import copy
import uuid
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).parents[1]


def config(count: int) -> dict[str, Any]:
    """Return the dev stack's config with `count` tenants instead of one."""
    dev: dict[str, Any] = yaml.safe_load((CHECKOUT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]
    several = copy.deepcopy(dev)
    several["ixn:tenants"] = {
        f"t{n}": {"id": str(uuid.UUID(int=n + 1)), "sid": str(1000 + n)} for n in range(count)
    }
    return several
