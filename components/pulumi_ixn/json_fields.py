"""Changes to the JSON that a Secret of the vendor's format holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from pulumi_ixn.peers import PropertyValue


@dataclass(frozen=True)
class JsonFields:
    """What the image reads under other names than this package assumes, or in addition.

    `renamed` has the name that the image expects by the field's name here; None leaves the field out. `extra` has
    further fields with their values, which may be secret Outputs.
    """

    renamed: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    extra: Mapping[str, pulumi.Input[PropertyValue]] = field(
        default_factory=dict[str, pulumi.Input[PropertyValue]]
    )
