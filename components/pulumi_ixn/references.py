"""What a container gets of a neighbour beside its address: its Secret and its properties."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import pulumi

from pulumi_ixn.neighbours import Neighbour

Property: TypeAlias = str | int | bool


@dataclass(frozen=True)
class SecretRef:
    """A Secret of the namespace, whoever wrote it.

    `keys` says under which key each value stands (`username`, `password`). `version` is any text that
    changes when the content does, so that pods roll; None where nobody tells.
    """

    name: pulumi.Input[str]
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    version: pulumi.Input[str] | None = None


@dataclass(frozen=True)
class Reference:
    """A neighbour as a workload needs it: where it is, its Secret, and properties such as a database's name."""

    neighbour: Neighbour
    secret: SecretRef
    properties: Mapping[str, pulumi.Input[Property]] = field(default_factory=dict[str, pulumi.Input[Property]])
