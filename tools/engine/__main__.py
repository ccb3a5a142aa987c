"""`python -m tools.engine`, run from the root of the checkout: how make and tools/pulumi get in."""

from tools.engine.cli import app

app(prog_name="tools.engine")
