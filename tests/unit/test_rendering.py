"""Secret values stay out of rendered manifests in programs; tests/unit/config has the settings of a stack."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_kubernetes as k8s
import pytest
from pulumi_ixn import Credentials
from pulumi_ixn.testing import Deployment, deploy, unknown
from pulumi_ixn.validation import InvalidInputs

from tests.unit import samples
from tests.unit.samples import database, kafka, redis

MANAGED = Credentials.managed("ixn", "hunter2")
WITH_A_PASSWORD = {
    "managed database": (database, MANAGED),
    "generated database": (database, Credentials.generated("ixn")),
    "managed Redis": (redis, MANAGED),
    "generated Redis": (redis, Credentials.generated()),
}
WITHOUT = {
    "existing database": (database, Credentials.existing("db")),
    "existing Redis": (redis, Credentials.existing()),
    "Kafka's addresses": (kafka, Credentials.managed()),
}


def provider(directory: pulumi.Input[str] | None = "build/rendered") -> k8s.Provider:
    return k8s.Provider("kubernetes", render_yaml_to_directory=directory, kubeconfig="")


def made(
    make: Callable[..., Any], preview: bool, directory: Callable[[], pulumi.Input[str] | None], **args: Any
) -> Deployment[None]:
    """Deploy a reference as a child of a component with a provider, as `Ixn` registers it."""

    def program() -> None:
        parent = pulumi.ComponentResource(
            "test:index:Parent", "parent", None, pulumi.ResourceOptions(providers=[provider(directory())])
        )
        make(opts=pulumi.ResourceOptions(parent=parent), **args)

    return deploy(program, preview=preview)


@pytest.mark.parametrize("case", WITH_A_PASSWORD)
def test_a_password_is_not_rendered_and_the_error_says_what_to_use(case: str, preview: bool) -> None:
    make, credentials = WITH_A_PASSWORD[case]

    with pytest.raises(
        InvalidInputs, match=r"'build/rendered', in plain text: use Credentials\.existing or Credentials\.external"
    ) as caught:
        made(make, preview, lambda: "build/rendered", credentials=credentials)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("case", WITHOUT)
def test_references_and_addresses_are_rendered(case: str, preview: bool) -> None:
    make, credentials = WITHOUT[case]

    made(make, preview, lambda: "build/rendered", credentials=credentials)


@pytest.mark.parametrize("case", WITH_A_PASSWORD)
def test_a_password_is_written_to_a_cluster(case: str, preview: bool) -> None:
    make, credentials = WITH_A_PASSWORD[case]
    found = made(make, preview, lambda: None, credentials=credentials)

    assert len(found.of_type("kubernetes:core/v1:Secret")) == 1


def test_secret_addresses_of_kafka_are_not_rendered(preview: bool) -> None:
    endpoints = pulumi.Output.secret([samples.Endpoint("kafka.infra.svc", 9092)])

    with pytest.raises(InvalidInputs, match="'build/rendered', in plain text"):
        made(kafka, preview, lambda: "build/rendered", credentials=Credentials.managed(), endpoints=endpoints)


def test_the_directory_and_the_password_may_be_unknown_in_a_preview() -> None:
    credentials = Credentials.managed(unknown(str), pulumi.Output.secret(unknown(str)))

    with pytest.raises(InvalidInputs, match="in plain text"):
        made(database, True, lambda: "build/rendered", credentials=credentials)
    # It is checked in the update.
    made(database, True, lambda: unknown(str), credentials=credentials)


def test_the_configuration_of_the_default_provider_counts(preview: bool) -> None:
    config = {"kubernetes:renderYamlToDirectory": "manifests"}

    with pytest.raises(InvalidInputs, match="'manifests', in plain text"):
        deploy(lambda: database(credentials=MANAGED) and None, preview=preview, config=config)
    deploy(lambda: kafka(credentials=Credentials.managed()) and None, preview=preview, config=config)


def test_a_tenant_whose_secrets_would_be_rendered_is_rejected(preview: bool) -> None:
    def program() -> None:
        args = samples.ixn_args(
            database=samples.Database(samples.Endpoint("pg", 5432), "ixn", samples.LOCATION, MANAGED)
        )
        samples.Ixn("east", args, pulumi.ResourceOptions(provider=provider()))

    with pytest.raises(InvalidInputs, match="east-server-db: would write a secret value"):
        deploy(program, preview=preview)
