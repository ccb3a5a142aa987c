"""The examples of docs/scheduling.md are valid, and its figures are those of the contracts."""

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_ixn import PodArgs
from pulumi_ixn.config import load
from pulumi_ixn.config.merge import merge
from pulumi_ixn.contract import NODE_CONTRACT, SERVER_CONTRACT, VQ_NODE_CONTRACT
from pulumi_ixn.testing import deploy

from tests.unit.config.stacks import stack_config
from tests.unit.markdown import Block, blocks
from tests.unit.samples import ixn

PAGE = Path(__file__).parents[2] / "docs" / "scheduling.md"
TEXT = PAGE.read_text(encoding="utf-8")


def settings(block: Block) -> dict[str, Any]:
    """Return the settings of a block: whole paths, or the keys of IXN VQ Node."""
    found = yaml.safe_load(textwrap.dedent(block.text))
    if all(key.startswith("ixn:") for key in found):
        return {key.removeprefix("ixn:"): value for key, value in found.items()}
    return {"ixnVQNode": found}


@pytest.mark.parametrize("block", blocks(PAGE, "yaml"), ids=lambda block: f"line {block.line}")
def test_each_example_of_settings_is_valid(block: Block) -> None:
    assert load(merge(stack_config("dev"), settings(block)))


@pytest.mark.parametrize("block", blocks(PAGE, "python"), ids=lambda block: f"line {block.line}")
def test_each_example_of_a_program_is_valid(block: Block) -> None:
    names: dict[str, Any] = {}
    block.run(names)
    pods: dict[str, Any] = {name: each for name, each in names.items() if isinstance(each, PodArgs)}

    assert "vq_node" in pods
    assert deploy(lambda: ixn(**pods)).manifest("Deployment", "ixn-vqnode-100")


@pytest.mark.parametrize(
    ("workload", "contract"),
    [("IXN VQ Node", VQ_NODE_CONTRACT), ("IXN Node", NODE_CONTRACT), ("IXN Server", SERVER_CONTRACT)],
)
def test_the_table_of_graceful_shutdown_is_that_of_the_contracts(workload: str, contract: Any) -> None:
    (found,) = re.findall(rf"\| {workload} \| (\d+) s \| (\d+) s \|", TEXT)

    assert found == (str(contract.shutdown.pre_stop), str(contract.shutdown.grace))


def test_the_scratch_directories_are_those_of_the_contracts() -> None:
    for contract in (VQ_NODE_CONTRACT, NODE_CONTRACT, SERVER_CONTRACT):
        for scratch in contract.scratch.values():
            assert f"`{scratch.path}`, {scratch.size_limit}" in TEXT
