"""Code blocks of a page, to be run unmodified."""

from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the line of the page that its text begins at."""

    page: Path
    language: str
    text: str
    line: int

    @property
    def code(self) -> CodeType:
        """The block compiled, so that a traceback shows the lines of the page."""
        return compile("\n" * (self.line - 1) + self.text, str(self.page), "exec")

    def run(self, names: dict[str, Any]) -> None:
        """Run the block with `names` as its global names."""
        exec(self.code, names)


def blocks(page: Path, language: str = "python", after: str = "") -> list[Block]:
    """Return the blocks of a language, in the page's order; those after the text `after`, if given."""
    found: list[Block] = []
    opened: tuple[str, int] | None = None
    lines = page.read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if after in line)
    for number, line in enumerate(lines[first:], first + 1):
        if not line.startswith("```"):
            continue
        if opened is None:
            opened = (line.removeprefix("```"), number)
        else:
            name, start = opened
            found.append(Block(page, name, "\n".join(lines[start : number - 1]), start + 1))
            opened = None
    return [block for block in found if block.language == language]
