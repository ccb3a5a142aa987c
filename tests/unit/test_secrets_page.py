"""The examples of docs/secrets.md are valid, and each source of a Secret is in its table."""

import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_ixn.config import load
from pulumi_ixn.config.merge import merge
from pulumi_ixn.config.services import DatabaseSecret, KafkaSecret, RedisSecret
from pulumi_ixn.testing import deploy

from tests.unit.config.stacks import stack_config
from tests.unit.markdown import Block, blocks
from tests.unit.samples import database, ixn, redis

PAGE = Path(__file__).parents[2] / "docs" / "secrets.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("block", blocks(PAGE, "yaml"), ids=lambda block: f"line {block.line}")
def test_each_example_of_settings_is_valid(block: Block) -> None:
    found = yaml.safe_load(textwrap.dedent(block.text))
    settings = {key.removeprefix("ixn:"): value for key, value in found.items()}

    assert load({**merge(stack_config("dev"), settings), "target": {"context": "here"}})


@pytest.mark.parametrize("block", blocks(PAGE, "python"), ids=lambda block: f"line {block.line}")
def test_each_example_of_a_program_is_valid(block: Block) -> None:
    names: dict[str, Any] = {}
    block.run(names)
    found = deploy(
        lambda: ixn(
            database=database(credentials=names["database_credentials"]),
            redis=redis(credentials=names["redis_credentials"]),
        )
    )

    assert len([each for each in found.manifests if each["kind"] == "ExternalSecret"]) == 2


def test_each_source_is_in_the_table() -> None:
    sources = {key for model in (DatabaseSecret, KafkaSecret, RedisSecret) for key in model.model_fields}

    assert {line.split("`")[1] for line in TEXT.splitlines() if line.startswith("| `")} >= sources
