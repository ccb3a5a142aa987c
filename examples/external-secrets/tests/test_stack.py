"""The stack as its file describes it, on mocks: where each Secret comes from, and what reads it."""

import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_ixn.testing import Deployment, deploy

PROGRAM = Path(__file__).parents[1]
STORES = {"vault": "ClusterSecretStore", "west": "SecretStore"}


@cache
def run() -> Deployment[None]:
    config = yaml.safe_load((PROGRAM / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]

    def program() -> None:
        runpy.run_path(str(PROGRAM))

    return deploy(program, project="external-secrets", stack="dev", config=config)


def external_secrets() -> dict[str, Any]:
    return {each["metadata"]["name"]: each for each in run().manifests if each["kind"] == "ExternalSecret"}


def keys(name: str) -> set[tuple[str, str, str]]:
    """Return store, key and property of the values of an ExternalSecret."""
    spec = external_secrets()[name]["spec"]
    store = spec["secretStoreRef"]
    assert STORES[store["name"]] == store["kind"]
    return {(store["name"], each["remoteRef"]["key"], each["remoteRef"]["property"]) for each in spec["data"]}


def test_every_secret_comes_from_a_store() -> None:
    assert set(external_secrets()) == {
        "kafka-shared-secret",
        "redis-ors-secret",
        *(f"ixn-{which}db-secret-{sid}" for sid in (100, 200) for which in ("", "node-")),
    }
    assert not [each for each in run().manifests if each["kind"] == "Secret"]
    assert not [made.name for made in run().resources if made.secret or made.type.startswith("random:")]


@pytest.mark.parametrize(
    ("name", "store", "key"),
    [
        ("ixn-db-secret-100", "vault", "ixn/east/db"),
        ("ixn-node-db-secret-100", "vault", "ixn/east/node-db"),
        ("ixn-db-secret-200", "west", "db"),
        ("ixn-node-db-secret-200", "west", "node-db"),
    ],
)
def test_each_database_has_a_login_of_its_own(name: str, store: str, key: str) -> None:
    assert keys(name) == {(store, key, "username"), (store, key, "password")}


def test_the_file_of_kafka_is_in_the_store_and_that_of_redis_is_assembled() -> None:
    assert keys("kafka-shared-secret") == {("vault", "ixn/kafka", "json")}
    assert keys("redis-ors-secret") == {("vault", "ixn/redis", "password")}
    (text,) = external_secrets()["redis-ors-secret"]["spec"]["target"]["template"]["data"].values()
    assert '"username": "ixn"' in text
    assert '"password": {{ .password | toJson }}' in text


def test_the_pods_restart_when_the_operator_changes_a_secret() -> None:
    workloads = [each for each in run().manifests if each["kind"] in ("Deployment", "StatefulSet")]

    assert len(workloads) == 6
    for each in workloads:
        assert each["metadata"]["annotations"]["secret.reloader.stakater.com/auto"] == "true"


def test_the_stores_of_the_settings_are_those_in_the_file_for_kubectl() -> None:
    found = [*yaml.safe_load_all((PROGRAM / "stores.yaml").read_text(encoding="utf-8"))]

    stores = {each["metadata"]["name"]: each for each in found if each["kind"].endswith("SecretStore")}
    assert {name: each["kind"] for name, each in stores.items()} == STORES
    namespace = run().manifest("ExternalSecret", "ixn-db-secret-200")["metadata"]["namespace"]
    assert stores["west"]["metadata"]["namespace"] == namespace
    (made,) = (each for each in found if each["kind"] == "Namespace")
    assert made["metadata"]["name"] == namespace
