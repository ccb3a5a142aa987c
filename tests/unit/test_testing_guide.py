"""The tests of docs/testing.md, as they stand there: pytest collects them from here."""

from pathlib import Path

from tests.unit.markdown import blocks

for block in blocks(Path(__file__).parents[2] / "docs" / "testing.md"):
    block.run(globals())
