"""The program of the stack dev, run on mocks from the checkout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pulumi
import yaml
from pulumi.runtime import get_root_resource
from pulumi.runtime.stack import Stack
from pulumi_ixn import stack
from pulumi_ixn.components.connections import Connection
from pulumi_ixn.testing import deploy

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class DevStack:
    """Its rows of the output `connections`, its NetworkPolicies' specs by name, and all of its manifests."""

    connections: Sequence[Connection]
    policies: Mapping[str, Mapping[str, Any]]
    manifests: Sequence[Mapping[str, Any]]


def dev_stack() -> DevStack:
    """Run the program of the stack dev, which has one tenant."""
    config = yaml.safe_load((CHECKOUT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]
    made = deploy(_program, stack="dev", config=config)
    manifests = [each for each in made.manifests if "kind" in each]
    policies = {each["metadata"]["name"]: each["spec"] for each in manifests if each["kind"] == "NetworkPolicy"}
    # Registrations run concurrently, so their order is not significant.
    return DevStack(made.result, dict(sorted(policies.items())), manifests)


def _program() -> pulumi.Output[Sequence[Connection]]:
    stack.deploy(stack.stack_settings())
    # Where the engine would find what the program exported.
    return cast("Stack", get_root_resource()).outputs["connections"]
