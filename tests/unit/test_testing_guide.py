"""The unmodified tests of docs/testing.md, which pytest collects from here."""

from pathlib import Path

from tests.unit.markdown import blocks

for block in blocks(Path(__file__).parents[2] / "docs" / "testing.md"):
    block.run(globals())
