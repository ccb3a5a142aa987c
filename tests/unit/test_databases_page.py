"""The settings in docs/databases.md are valid."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_ixn.config import load

from tests.unit.config.stacks import stack_config
from tests.unit.markdown import Block, blocks

PAGE = Path(__file__).parents[2] / "docs" / "databases.md"
SETTINGS = [block for block in blocks(PAGE, "yaml") if block.text.startswith("ixn:")]


@pytest.mark.parametrize("block", SETTINGS, ids=lambda block: f"line {block.line}")
def test_each_example_of_settings_is_valid(block: Block) -> None:
    found: dict[str, Any] = yaml.safe_load(block.text)
    settings = {key.removeprefix("ixn:"): value for key, value in found.items()}

    assert load({**stack_config("dev"), **settings}).environment.postgres_cluster
