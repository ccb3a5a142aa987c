"""A griffe extension: the modules whose names are for programs. `griffe check` takes all others for public too."""

from typing import Final

import griffe

PUBLIC: Final = frozenset(
    {
        "pulumi_ixn",
        "pulumi_ixn.config",
        "pulumi_ixn.contract",
        "pulumi_ixn.policies",
        "pulumi_ixn.stack",
        "pulumi_ixn.testing",
    }
)


class PublicModules(griffe.Extension):
    """Marks the other modules as private. What a public module exports from them is compared all the same."""

    def on_module(self, *, mod: griffe.Module, **_: object) -> None:
        """Mark a module once it is loaded."""
        mod.public = mod.path in PUBLIC
