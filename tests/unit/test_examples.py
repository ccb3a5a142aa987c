"""Each example is complete, its manifests are valid, and no secret value is where it does not belong."""

import functools
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from tests.compare import mocks
from tests.compare.cases import Case, examples_of
from tests.unit.config.stacks import CHECKOUT
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors

EXAMPLES = {case.name: case for case in examples_of(CHECKOUT)}
RENDERED = ("external-secrets/dev", "platform-team/dev")
"""The examples that need no cluster: the others are deployed, with passwords."""

PARTS = ("README.md", "requirements.txt", ".gitignore", "tests")


@functools.cache
def manifests(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the objects of an example by `Kind/namespace/name`, as in an update on mocks."""
    return mocks.generate(CHECKOUT, EXAMPLES[name])


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> Case:
    return EXAMPLES[request.param]


def test_every_directory_of_examples_is_an_example() -> None:
    found = {path.name for path in (CHECKOUT / "examples").iterdir() if path.is_dir()}

    assert {case.project.name for case in EXAMPLES.values()} == found - {"__pycache__"}


def test_an_example_is_complete_and_the_front_page_lists_it(example: Case) -> None:
    assert [part for part in PARTS if not (example.project / part).exists()] == []
    assert f"](examples/{example.project.name})" in (CHECKOUT / "README.md").read_text(encoding="utf-8")


def test_no_two_examples_have_a_module_of_the_same_name() -> None:
    # Their tests run in one process, which imports a module by its name once.
    names = [path.name for case in EXAMPLES.values() for path in case.project.glob("*.py")]

    others = [name for name in names if name != "__main__.py"]
    assert len(others) == len(set(others))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_is_valid(example: Case, version: str) -> None:
    found = {name: validation_errors(each, version) for name, each in manifests(example.name).items()}

    assert len(found) > 40
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_every_file_for_kubectl_is_valid() -> None:
    files = [path for path in CHECKOUT.glob("examples/*/*.yaml") if not path.name.startswith("Pulumi.")]

    assert files
    for path in files:
        for each in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            for version in VERSIONS:
                assert validation_errors(each, version) == [], (path.name, each["kind"])


def test_secret_values_are_in_secrets_only(example: Case) -> None:
    others = {name: each for name, each in manifests(example.name).items() if each["kind"] != "Secret"}

    # What mocks return for a generated password; an identifier may be made of one, too.
    assert [name for name, each in others.items() if re.search(r"generated-\S*-password", json.dumps(each))] == []


@pytest.mark.parametrize("name", RENDERED)
def test_rendered_secrets_hold_addresses_and_certificates_only(name: str) -> None:
    """Allow what is known not to be secret, since every value of a Secret looks secret to the engine."""
    for secret in (each for each in manifests(name).values() if each["kind"] == "Secret"):
        for text in secret["stringData"].values():
            if not re.fullmatch(r"-----BEGIN CERTIFICATE-----\n\S+\n-----END CERTIFICATE-----\n", text):
                fields = json.loads(text)
                assert not [field for field in fields if "password" in field.lower()], secret["metadata"]
