"""Which resources the engine must not delete, which it deletes first, and which fields it leaves alone."""

import json
from typing import Any

import pytest
from pulumi_ixn import Credentials, Database, Endpoint, Hpa, IxnArgs, Kafka, Redis, testing
from pulumi_ixn.validation import InvalidInputs

from tests.unit import samples
from tests.unit.config.stacks import change, program, stack_config
from tests.unit.registrations import Registrations, registrations

__all__ = ["registrations"]

SECRETS = {
    ("Secret", "east-server-db"),
    ("RandomPassword", "east-server-db-password"),
    ("Secret", "east-kafka"),
    ("Secret", "east-redis"),
}


def args(**changes: Any) -> IxnArgs:
    """Return a tenant that creates the Secrets of its own services."""
    postgres, kafka, redis = (Endpoint(f"{name}.infra.svc", 5432) for name in ("postgres", "kafka", "redis"))
    return samples.ixn_args(
        database=Database(postgres, "ixn", samples.LOCATION, Credentials.generated("ixn")),
        kafka=Kafka((kafka,), samples.LOCATION, Credentials.managed()),
        redis=Redis((redis,), samples.LOCATION, Credentials.managed(password="hunter2")),
        **changes,
    )


def protected(registrations: Registrations) -> set[tuple[str, str]]:
    return {(each.type.rpartition(":")[2], each.name) for each in registrations.all.values() if each.protect}


def deploy_stack(name: str, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> testing.Deployment[None]:
    config = change(stack_config(name), {key.replace("__", "."): value for key, value in changes.items()})
    contexts = [{"name": config["target"].get("context")}]
    monkeypatch.setenv("KUBECONFIG", json.dumps({"contexts": contexts}))
    return testing.deploy(program, stack=name, config={f"ixn:{key}": value for key, value in config.items()})


def test_a_tenant_is_not_protected_by_default(registrations: Registrations) -> None:
    testing.deploy(lambda: samples.Ixn("east", args()) and None)

    assert protected(registrations) == set()


def test_protect_applies_to_the_stateful_set_the_secrets_and_their_passwords_and_to_no_component(
    registrations: Registrations, preview: bool
) -> None:
    testing.deploy(lambda: samples.Ixn("east", args(protect=True)) and None, preview=preview)

    assert protected(registrations) == {("StatefulSet", "east-server"), *SECRETS}


def test_an_output_does_not_determine_the_protection() -> None:
    with pytest.raises(InvalidInputs, match="protect: must be a plain value"):
        testing.deploy(lambda: samples.Ixn("east", args(protect=testing.unknown(bool))) and None)


def test_only_the_stateful_set_is_deleted_before_it_is_replaced(registrations: Registrations) -> None:
    testing.deploy(lambda: samples.Ixn("east", args()) and None)

    first = [each.name for each in registrations.all.values() if each.delete_before_replace]
    assert first == ["east-server"]


def test_the_replicas_of_an_autoscaler_are_left_alone(registrations: Registrations) -> None:
    pods = {
        "node": samples.pod(replicas=None),
        "vq_node": samples.pod(replicas=None, autoscaling=Hpa(max_replicas=4)),
    }
    testing.deploy(lambda: samples.Ixn("east", args(**pods)) and None)

    ignored = {each.name: each.ignore_changes for each in registrations.all.values() if each.ignore_changes}
    assert ignored == {"east-node": ("spec.replicas",), "east-vqnode": ("spec.replicas",)}


@pytest.mark.parametrize(("name", "generated"), [("staging", "acceptance"), ("prod", "training")])
def test_a_stack_on_a_cluster_is_protected_by_default_and_its_objects_are_marked(
    name: str, generated: str, registrations: Registrations, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = deploy_stack(name, monkeypatch, peers__kafka__secret={"managed": {}})

    databases = {f"{generated}-server-db", f"{generated}-node-db"}
    objects = {("StatefulSet", f"{key}-server") for key in stack_config(name)["tenants"]}
    objects |= {("Secret", each) for each in ("kafka", *databases)}
    assert protected(registrations) == objects | {("RandomPassword", f"{each}-password") for each in databases}
    marked = [
        each for each in found.manifests if "ixn-pulumi/protected" in each["metadata"].get("annotations", {})
    ]
    assert sorted(each["kind"] for each in marked) == sorted(kind for kind, _ in objects)


def test_rendered_manifests_are_not_protected(
    registrations: Registrations, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = deploy_stack("dev", monkeypatch, protect=True)

    assert protected(registrations) == set()
    assert "ixn-pulumi/" not in json.dumps([each["metadata"].get("annotations", {}) for each in found.manifests])


def test_a_tenant_overrides_the_protection_of_its_stack(
    registrations: Registrations, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy_stack("prod", monkeypatch, protect=False, tenants__west__protect=True)
    assert protected(registrations) == {("StatefulSet", "west-server")}

    registrations.all.clear()
    deploy_stack("prod", monkeypatch, tenants__training__protect=False, peers__kafka__secret={"managed": {}})
    shared = {("Secret", "kafka")}
    assert protected(registrations) == {("StatefulSet", "east-server"), ("StatefulSet", "west-server"), *shared}
