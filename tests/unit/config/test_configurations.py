"""Complete configurations: rejected with the right path, or every manifest is valid."""

import json
from collections.abc import Iterator

import pulumi
import pytest
from hypothesis import Phase, given, settings
from pulumi_ixn.config import ConfigurationError, load
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.config.configurations import CONTEXT, Configuration, configurations
from tests.unit.config.stacks import program
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors

LEAST_OBJECTS = 11
"""A tenant without monitoring and isolation: three accounts, three workloads, four Services, a ConfigMap."""

FUZZ = settings.get_current_profile_name() == "fuzz"

EXAMPLES = settings().max_examples if FUZZ else 40
"""The number of configurations; generating them takes most of the time."""

RENDERED_EACH = 1 if FUZZ else 3
"""One of this many accepted configurations is run, at half a second each; `make fuzz` runs them all."""


@pytest.fixture(autouse=True, scope="module")
def kubeconfig() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", json.dumps({"contexts": [{"name": CONTEXT}]}))
        yield


def run(configuration: Configuration) -> Deployment[None]:
    config = {f"ixn:{key}": value for key, value in configuration.values.items()}
    return deploy(program, config=config, secret_keys=[f"ixn:{key}" for key in configuration.secret_keys])


def rejections(configuration: Configuration) -> list[str]:
    try:
        load(configuration.values, configuration.secret_keys)
    except ConfigurationError as error:
        return [issue.path for issue in error.issues]
    return []


def check(configuration: Configuration) -> bool:
    """Return whether `configuration` is accepted, after asserting that this is correct."""
    rejected = rejections(configuration)
    if configuration.issues:
        assert set(configuration.issues) <= set(rejected)
    else:
        assert rejected == []
    return not rejected


def check_manifests(configuration: Configuration) -> None:
    made = run(configuration)
    manifests = [each for each in made.manifests if "kind" in each]
    wrong = {each["metadata"]["name"]: validation_errors(each, VERSIONS[-1]) for each in manifests}
    assert {name: found for name, found in wrong.items() if found} == {}
    assert len(manifests) >= LEAST_OBJECTS * len(configuration.values["tenants"])
    registered = [(each.type, each.name) for each in made.resources]
    assert len(registered) == len(set(registered))


def test_a_configuration_is_rejected_with_the_right_path_or_gives_valid_manifests() -> None:
    accepted: list[bool] = []

    # Shrinking takes minutes for little: the message names the manifest and the path in it.
    @settings(max_examples=EXAMPLES, phases=(Phase.explicit, Phase.reuse, Phase.generate))
    @given(configurations())
    def look(configuration: Configuration) -> None:
        accepted.append(check(configuration))
        if accepted[-1] and sum(accepted) % RENDERED_EACH == 0:
            check_manifests(configuration)

    look()
    assert len(accepted) >= EXAMPLES
    # Otherwise one half of this test would check next to nothing.
    assert 0.3 <= sum(accepted) / len(accepted) <= 0.7


def test_an_invalid_configuration_stops_the_program_before_any_resource() -> None:
    wrong = Configuration({"zzz": 1}, frozenset())

    with pytest.raises(pulumi.RunError, match=r"ixn: .*'zzz'"):
        run(wrong)
