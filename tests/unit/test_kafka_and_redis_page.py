"""The page on Kafka and Redis: its settings load, its programs run, and its tables are the package's data."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from pulumi_ixn.config import load
from pulumi_ixn.contract import KAFKA_CERTIFICATES, KAFKA_JSON, REDIS_CERTIFICATES, REDIS_JSON, FromVendor
from pulumi_ixn.testing import deploy

from tests.unit.config.stacks import CHECKOUT, change, stack_config
from tests.unit.markdown import Block, blocks

PAGE = CHECKOUT / "docs" / "kafka-and-redis.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| (the vendor|assumption) \|", re.MULTILINE)
SECRETS = {
    "kafka": {"password": "hunter2", "jsonFields": {"api.key": "hunter3"}},
    "orsRedisStream": {"password": "hunter2", "sentinelPassword": "hunter3"},
}
PASSWORDS = {f"ixn:{name}Password": "hunter2" for name in ("kafka", "redis", "sentinel")}


def used(peer: Mapping[str, Any], secrets: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the secret values that a peer uses."""
    uses = {"password": "sasl" in peer or "cluster" in peer, "sentinelPassword": True, "jsonFields": True}
    return {key: value for key, value in secrets.items() if uses[key]}


@pytest.mark.parametrize("block", blocks(PAGE, "yaml"), ids=lambda block: f"line {block.line}")
def test_the_settings_load(block: Block) -> None:
    ((name, peer),) = yaml.safe_load(block.text)["ixn:peers"].items()
    config = change(stack_config("dev"), {"target": {"context": "here"}})
    config["peers"][name] = peer
    config["secrets"] = {name: used(peer, SECRETS[name])}

    assert load(config, frozenset({"secrets"}))


@pytest.mark.parametrize("block", blocks(PAGE), ids=lambda block: f"line {block.line}")
def test_the_programs_run(block: Block) -> None:
    found = deploy(lambda: block.run({}), project="ixn", config=PASSWORDS, secret_keys=list(PASSWORDS))

    assert {each["kind"] for each in found.manifests} >= {"Secret"}


def test_the_tables_are_those_of_the_package() -> None:
    expected = {
        name: "the vendor" if isinstance(origin, FromVendor) else "assumption"
        for name, origin in {**KAFKA_JSON, **REDIS_JSON}.items()
    }

    assert dict(ROW.findall(TEXT)) == expected


def test_the_page_names_the_directories_of_the_certificates() -> None:
    assert KAFKA_CERTIFICATES in TEXT
    assert REDIS_CERTIFICATES in TEXT


def test_the_commands_name_settings() -> None:
    paths = re.findall(r"--path '(ixn:[^']+)'", TEXT)

    assert len(paths) == 4
    for path in paths:
        assert path.split(".")[1] in SECRETS
