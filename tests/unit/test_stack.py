"""The program of a stack, on mocks."""

import copy
import functools
import json
import runpy
from typing import Any

import pulumi
import pytest
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.config.stacks import CHECKOUT, program, stack_file
from tests.unit.messages import HOLDS_A_SECRET

SECOND = {"id": "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "sid": "200"}
THIRD = {"id": "0b9a4c1e-52f7-4a2d-8f0e-6d1b7c3e9a01", "sid": "300"}


def dev_config() -> dict[str, Any]:
    return stack_file("dev")["config"]


def run(config: dict[str, Any], preview: bool = False, secret_keys: tuple[str, ...] = ()) -> Deployment[None]:
    return deploy(program, preview=preview, stack="dev", config=config, secret_keys=secret_keys)


@functools.cache
def dev(preview: bool = False) -> Deployment[None]:
    """Run the unchanged dev stack, once for all tests."""
    return run(dev_config(), preview)


def names(found: Deployment[None]) -> list[tuple[str, str]]:
    return sorted((each["kind"], each["metadata"]["name"]) for each in found.manifests)


def test_main_deploys_the_configured_tenants() -> None:
    def main() -> None:
        runpy.run_path(str(CHECKOUT / "__main__.py"), run_name="__main__")

    assert names(deploy(main, stack="dev", config=dev_config())) == names(dev())


def test_the_dev_stack_has_one_tenant_and_no_secret(preview: bool) -> None:
    found = dev(preview)

    assert [made.name for made in found.of_type("ixn:index:Ixn")] == ["dev"]
    assert "Secret" not in {each["kind"] for each in found.manifests}
    assert not any(made.secret for made in found.resources)


def test_the_dev_stack_uses_the_vendor_requests_and_limits() -> None:
    found = dev()

    resources = {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]["containers"][0]["resources"]
        for each in found.manifests
        if each["kind"] in ("StatefulSet", "Deployment")
    }
    assert resources == {
        "ixn-server-100": {
            "requests": {"cpu": "100m", "memory": "512Mi"},
            "limits": {"cpu": "200m", "memory": "2Gi"},
        },
        "ixn-node-100": {
            "requests": {"cpu": "40m", "memory": "128Mi"},
            "limits": {"cpu": "300m", "memory": "320Mi"},
        },
        "ixn-vqnode-100": {
            "requests": {"cpu": "30m", "memory": "128Mi"},
            "limits": {"cpu": "300m", "memory": "160Mi"},
        },
    }


def test_unset_resources_use_the_vendor_defaults() -> None:
    config = copy.deepcopy(dev_config())
    for workload in (
        config["ixn:ixnService"]["ixnServer"],
        config["ixn:ixnService"]["ixnNode"],
        config["ixn:ixnVQNode"],
    ):
        del workload["resources"]

    found = run(config)
    assert names(found) == names(dev())
    assert found.manifest("StatefulSet", "ixn-server-100") == dev().manifest("StatefulSet", "ixn-server-100")


def test_each_stack_renders_to_its_own_directory() -> None:
    (provider,) = dev().of_type("pulumi:providers:kubernetes")

    assert provider.inputs["renderYamlToDirectory"] == "build/rendered/dev"
    # Otherwise changed data is delete-then-create.
    assert provider.inputs["enableSecretMutable"] == "true"
    assert provider.inputs["enableConfigMapMutable"] == "true"


def test_only_a_managed_namespace_is_created(preview: bool) -> None:
    found = run({**dev_config(), "ixn:namespace": {"name": "shared", "create": False}}, preview)

    assert ("Namespace", "ixn") in names(dev(preview))
    assert "Namespace" not in {kind for kind, _ in names(found)}
    assert {each["metadata"]["namespace"] for each in found.manifests} == {"shared"}


def test_a_second_tenant_adds_only_its_own_objects(preview: bool) -> None:
    config = dev_config()
    both = {**config, "ixn:tenants": {**config["ixn:tenants"], "second": SECOND}}
    before, after = dev(preview), run(both, preview)

    first = {name: after.manifest(*name) for name in names(before)}
    assert first == {name: before.manifest(*name) for name in names(before)}
    assert len(names(after)) == 2 * len(names(before)) - 1  # the namespace is shared


def test_tenant_settings_override_the_environment() -> None:
    config = dev_config()
    own = {**SECOND, "ixnService": {"ixnServer": {"port": 7130}}}
    found = run({**config, "ixn:tenants": {**config["ixn:tenants"], "second": own}})

    ports = {
        name: found.manifest("Service", f"ixn-server-{id}")["spec"]["ports"][0]["port"]
        for name, id in (("dev", config["ixn:tenants"]["dev"]["id"]), ("second", SECOND["id"]))
    }
    assert ports == {"dev": 7120, "second": 7130}


def test_a_password_of_the_stack_stays_secret(preview: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", json.dumps({"contexts": [{"name": "here"}]}))
    config = copy.deepcopy(dev_config())
    config["ixn:target"] = {"context": "here"}
    config["ixn:peers"]["ixnDB"]["secret"] = {"managed": {"username": "ixn"}}
    config["ixn:secrets"] = {"tenants": {"dev": {"ixnDB": {"password": "hunter2"}}}}
    found = run(config, preview, secret_keys=("ixn:secrets",))

    (secret,) = found.of_type("kubernetes:core/v1:Secret")
    assert secret.secret
    assert secret.inputs["stringData"] == {"username": "ixn", "password": "hunter2"}
    assert [made.name for made in found.resources if "hunter2" in str(made.inputs)] == ["dev-server-db"]


def test_a_misplaced_secret_value_is_rejected_and_not_shown() -> None:
    config = dev_config()
    config["ixn:peers"]["ixnDB"]["name"] = "hunter2"

    with pytest.raises(pulumi.RunError, match=f"ixn:peers: {HOLDS_A_SECRET}") as caught:
        run(config, secret_keys=("ixn:peers",))
    assert "hunter2" not in str(caught.value)


def test_too_deeply_nested_text_is_reported_as_a_string() -> None:
    with pytest.raises(pulumi.RunError, match=r"ixn:openshift: "):
        run({**dev_config(), "ixn:openshift": "[" * 10_000})


def test_all_configuration_issues_are_one_error(preview: bool) -> None:
    config = dev_config()
    config["ixn:ixnService"]["ixnServer"]["port"] = 0
    del config["ixn:peers"]["urs"]

    with pytest.raises(pulumi.RunError) as caught:
        run(config, preview)
    assert "has 2 errors" in str(caught.value)
    assert "ixn:ixnService.ixnServer.port: 0 " in str(caught.value)
    assert "ixn:peers.urs: " in str(caught.value)


@pytest.mark.parametrize(
    ("isolation", "kinds"),
    [(None, {"NetworkPolicy"}), ("cilium", {"CiliumNetworkPolicy"}), ("none", set[str]())],
)
def test_isolation_is_on_by_default(isolation: str | None, kinds: set[str], preview: bool) -> None:
    config = dev_config() | ({"ixn:isolation": isolation} if isolation else {})
    found = {kind for kind, _ in names(run(config, preview))}

    assert {kind for kind in found if kind.endswith("NetworkPolicy")} == kinds


@pytest.mark.parametrize("given", [None, "kubernetes", "cilium", "none"])
def test_the_outputs_report_the_isolation(
    given: str | None, preview: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported: dict[str, Any] = {}
    monkeypatch.setattr(pulumi, "export", exported.__setitem__)
    config = dev_config()
    if given is not None:
        config["ixn:isolation"] = given

    run(config, preview)

    assert exported.keys() == {"connections", "isolation", "namespace"}
    assert exported["isolation"] == (given or "kubernetes")


def test_tenant_keys_with_a_common_prefix_give_distinct_resource_names(preview: bool) -> None:
    config = dev_config()
    found = run(
        {**config, "ixn:tenants": {**config["ixn:tenants"], "dev-node": SECOND, "dev-server": THIRD}}, preview
    )

    registered = [(made.type, made.name) for made in found.resources if made.type.startswith("ixn:")]
    assert len(registered) == len(set(registered)) == 2 + 3 * 6
