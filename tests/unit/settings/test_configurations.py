"""Whole configurations: refused with the path of what is wrong, or every manifest is valid."""

import json
import runpy
from collections.abc import Iterator

import pulumi
import pytest
from hypothesis import given
from pulumi_ixn.settings import ConfigurationError, load
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.kubernetes_schemas import VERSIONS, complaints
from tests.unit.settings.configurations import CONTEXT, Configuration, configurations
from tests.unit.settings.stacks import CHECKOUT


@pytest.fixture(autouse=True, scope="module")
def kubeconfig() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", json.dumps({"contexts": [{"name": CONTEXT}]}))
        yield


def run(configuration: Configuration) -> Deployment[None]:
    def program() -> None:
        runpy.run_path(str(CHECKOUT / "__main__.py"), run_name="__main__")

    config = {f"ixn:{key}": value for key, value in configuration.values.items()}
    return deploy(program, config=config, secret_keys=[f"ixn:{key}" for key in configuration.secret_keys])


def refusals(configuration: Configuration) -> list[str]:
    try:
        load(configuration.values, configuration.secret_keys)
    except ConfigurationError as error:
        return [mistake.path for mistake in error.mistakes]
    return []


@given(configurations())
def test_a_configuration_is_refused_with_the_right_path_or_all_its_manifests_are_valid(
    configuration: Configuration,
) -> None:
    if configuration.mistakes:
        assert set(configuration.mistakes) <= set(refusals(configuration))
        with pytest.raises(pulumi.RunError):
            run(configuration)
        return

    made = run(configuration)
    manifests = [each for each in made.manifests if "kind" in each]
    wrong = {each["metadata"]["name"]: complaints(each, VERSIONS[-1]) for each in manifests}
    assert {name: found for name, found in wrong.items() if found} == {}
    assert len(manifests) >= 12 * len(configuration.values["tenants"])
    registered = [(each.type, each.name) for each in made.resources]
    assert len(registered) == len(set(registered))


def test_between_a_third_and_two_thirds_are_accepted() -> None:
    accepted: list[bool] = []

    @given(configurations())
    def count(configuration: Configuration) -> None:
        accepted.append(not refusals(configuration))

    count()
    assert len(accepted) >= 200
    assert 0.3 <= sum(accepted) / len(accepted) <= 0.7
