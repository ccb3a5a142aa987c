"""The JSON Schema for editors accepts the stack files and rejects the bad examples that it can express."""

import copy
from typing import Any

import jsonschema
import pytest
import yaml

from tests.unit.config.bad_examples import EXAMPLES, Bad
from tests.unit.config.stacks import CHECKOUT, STACKS, change, stack_config, stack_file
from tools.docs.schema import stack_file_schema

SCHEMA = stack_file_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def file_of(config: dict[str, Any], secret_keys: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the stack file with `config`, with the values of its secret keys encrypted."""
    values = {key: encrypted(value) if key in secret_keys else value for key, value in config.items()}
    return {"config": {f"ixn:{key}": value for key, value in values.items()}}


def encrypted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: encrypted(each) for key, each in value.items()}
    return {"secure": "v1:cipher:text"} if isinstance(value, str) else value


def test_the_schema_is_a_valid_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_file_is_valid_and_references_its_schema(stack: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(stack_file(stack))] == []
    first, *_ = (CHECKOUT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=docs/stack.schema.json"
    assert (CHECKOUT / "docs/stack.schema.json").is_file()


def test_a_stack_file_of_an_example_is_valid_and_references_the_schema() -> None:
    files = [
        path for path in CHECKOUT.glob("examples/*/Pulumi.*.yaml") if "ixn:tenants" in path.read_text("utf-8")
    ]

    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(text))] == []
        reference = text.partition("\n")[0].removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / reference).resolve() == CHECKOUT / "docs" / "stack.schema.json"


def test_keys_of_pulumi_and_other_packages_are_ignored() -> None:
    config: dict[str, Any] = stack_file("dev")["config"] | {"kubernetes:namespace": "elsewhere"}
    file = {"config": config, "encryptionsalt": "v1:abc", "secretsprovider": "passphrase"}

    assert VALIDATOR.is_valid(file)


def test_an_encrypted_password_is_valid_and_a_plaintext_one_is_not() -> None:
    secrets = {"tenants": {"dev": {"ixnDB": {"password": "x"}}}}
    config = change(stack_config("dev"), {"secrets": secrets})

    assert VALIDATOR.is_valid(file_of(config, frozenset({"secrets"})))
    assert not VALIDATOR.is_valid(file_of(config))


def test_a_tenant_may_add_what_the_environment_lacks() -> None:
    config = stack_config("dev")
    peers = config["peers"]
    shared = {key: peers.pop(key) for key in ("kafka", "orsRedisStream")}
    own = {"ixnService": config.pop("ixnService"), "ixnVQNode": config.pop("ixnVQNode"), "peers": peers}
    config["tenants"]["dev"] |= copy.deepcopy(own)
    config["peers"] = shared

    assert VALIDATOR.is_valid(file_of(config))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_bad_example_is_rejected_unless_a_schema_cannot_express_the_rule(example: Bad) -> None:
    file = file_of(change(stack_config("dev"), example.changes), example.secret_keys)

    assert VALIDATOR.is_valid(file) is bool(example.schema), example.schema
