"""The places inside a checkout."""

import re
from dataclasses import dataclass
from pathlib import Path

from tools.errors import UserError


@dataclass(frozen=True)
class Checkout:
    """A checkout of the project, `root` being the directory that holds Pulumi.yaml."""

    root: Path

    @property
    def build(self) -> Path:
        """What git ignores and anybody may delete as a whole."""
        return self.root / "build"

    @property
    def state(self) -> Path:
        """Where the file backend is, unless the user has a backend of his own."""
        return self.build / "state"

    @property
    def passphrase(self) -> Path:
        """The file with the generated passphrase of the local state."""
        return self.build / "passphrase"

    @property
    def stack_project(self) -> Path:
        """A bare project of the same name, in which stacks are created: the engine writes their salt there."""
        return self.build / "stack-project"

    @property
    def python(self) -> Path:
        """The interpreter that runs the program and the stand-ins."""
        return self.root / ".venv" / "bin" / "python"

    def stack_file(self, stack: str) -> Path:
        """Return the tracked file of a stack, which may be given as `organization/project/name`."""
        return self.root / f"Pulumi.{short_name(stack)}.yaml"

    def state_file(self, stack: str) -> Path:
        """Return where the file backend keeps a stack."""
        return self.state / ".pulumi" / "stacks" / self.project_name() / f"{short_name(stack)}.json"

    def stacks(self) -> list[str]:
        """List the stacks that have a tracked file."""
        return sorted(
            path.name.split(".", 1)[1].removesuffix(".yaml") for path in self.root.glob("Pulumi.?*.yaml")
        )

    def project_name(self) -> str:
        """Read the name in Pulumi.yaml. Raises UserError where there is none."""
        project = self.root / "Pulumi.yaml"
        try:
            text = project.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise UserError(f"{project} is missing: this is no Pulumi project") from None
        found = re.search(r"^name:\s*['\"]?([\w.-]+)", text, re.MULTILINE)
        if not found:
            raise UserError(f"{project} states no name")
        return found[1]


def short_name(stack: str) -> str:
    """Return the last part of `organization/project/name`."""
    return stack.rsplit("/", 1)[-1]
