"""The paths inside a checkout, and the contents of its stack files."""

import re
from dataclasses import dataclass
from pathlib import Path

DEV_SALT = "v1:8B6v6DLLc0E=:v1:aJqv7/Sh3NtlRPtv:WAtc+l2OP79Z0j429KzsPMgBYjZzSg=="
"""The salt in Pulumi.dev.yaml, made with an empty passphrase: the dev stack holds no secret."""


@dataclass(frozen=True)
class Checkout:
    """A checkout of the project, `root` being the directory that holds Pulumi.yaml."""

    root: Path

    @property
    def state(self) -> Path:
        """The directory of the file backend, unless the user configures another backend."""
        return self.root / "build" / "state"

    def stacks(self) -> list[str]:
        """List the stacks that have a stack file."""
        return sorted(file.name[len("Pulumi.") : -len(".yaml")] for file in self.root.glob("Pulumi.?*.yaml"))

    def state_exists(self, stack: str) -> bool:
        """Return whether the local state contains the stack, compressed or not."""
        return any(self.state.glob(f".pulumi/stacks/*/{short_name(stack)}.json*"))

    def encryption(self, stack: str) -> dict[str, str]:
        """Return how the stack's secrets are encrypted: the keys that Pulumi writes into its stack file."""
        file = self.root / f"Pulumi.{short_name(stack)}.yaml"
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        return dict(re.findall(r"^(encryptionsalt|encryptedkey|secretsprovider): *(\S+)", text, re.MULTILINE))


def short_name(stack: str) -> str:
    """Return the last part of `organization/project/name`."""
    return stack.rsplit("/", 1)[-1]
