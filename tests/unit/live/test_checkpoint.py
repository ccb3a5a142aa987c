import json
from typing import Any

from pulumi_ixn.live.checkpoint import MASKED, UNKNOWN, is_secret, recorded

from tests.unit.live.states import config_map, live


def secret_resource(**inputs: Any) -> dict[str, Any]:
    metadata = {"name": "login", "namespace": "ixn"}
    return {
        **config_map("login"),
        "inputs": {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, **inputs},
    }


def plain(value: Any) -> Any:
    assert is_secret(value)
    return json.loads(value["plaintext"])


def test_the_inputs_are_recorded_beside_the_object_as_the_provider_does() -> None:
    planned = config_map("settings")

    outputs = recorded(planned, live("settings", data={"port": "7120"}))["outputs"]

    assert outputs["__inputs"] == planned["inputs"]
    assert outputs["__initialApiVersion"] == "v1"
    assert outputs["data"] == {"port": "7120"}


def test_the_manager_that_last_applied_the_object_stays_its_manager() -> None:
    managers = [
        ("kubectl", "Apply", "3"),
        ("pulumi-kubernetes-1", "Apply", "1"),
        ("pulumi-kubernetes-2", "Apply", "2"),
    ]
    item = live("settings")
    item["metadata"]["managedFields"] = [
        {"manager": manager, "operation": operation, "time": time} for manager, operation, time in managers
    ]

    assert recorded(config_map("settings"), item)["outputs"]["__fieldManager"] == "pulumi-kubernetes-2"
    assert recorded(config_map("other"), live("other"))["outputs"]["__fieldManager"] == "pulumi-kubernetes"


def test_an_object_without_a_namespace_has_its_name_as_id() -> None:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ixn"}}
    assert recorded({"urn": "n", "inputs": namespace}, namespace)["id"] == "ixn"


def test_masked_and_unknown_inputs_are_taken_from_the_object() -> None:
    planned = config_map("settings")
    planned["inputs"] |= {"data": {"port": MASKED, "host": "h"}, "items": [{"a": UNKNOWN}, "b"], "gone": UNKNOWN}
    item = live("settings", data={"port": "7120", "host": "other"}, items=[{"a": 1, "c": 2}])

    inputs = recorded(planned, item)["inputs"]

    assert inputs["data"] == {"port": "7120", "host": "h"}
    assert inputs["items"] == [{"a": 1}, "b"]
    assert inputs["gone"] is None


def test_the_data_of_a_secret_is_secret_everywhere() -> None:
    item = {**live("login"), "kind": "Secret", "data": {"password": "cGxhbnRlZA=="}}
    item["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] = "cGxhbnRlZA=="

    for planned in (secret_resource(stringData=MASKED), secret_resource(stringData={"password": MASKED})):
        found = recorded(planned, item)
        assert "stringData" not in found["inputs"]
        for value in (found["inputs"]["data"], found["outputs"]["data"], found["outputs"]["__inputs"]["data"]):
            assert plain(value) == {"password": "cGxhbnRlZA=="}
        assert is_secret(
            found["outputs"]["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"]
        )


def test_encrypted_inputs_stay_as_they_are() -> None:
    encrypted = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    item = {**live("login"), "kind": "Secret", "data": {"password": "cGxhbnRlZA=="}}

    found = recorded(secret_resource(stringData=encrypted), item)

    assert found["inputs"]["stringData"] == encrypted
    assert "data" not in found["inputs"]


def test_what_is_secret_in_the_inputs_is_secret_in_the_outputs() -> None:
    encrypted = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    planned = config_map("settings")
    planned["inputs"] |= {"data": {"a": encrypted, "b": "plain"}, "items": [encrypted]}

    outputs = recorded(planned, live("settings", data={"a": "x", "b": "plain"}, items=["y"]))["outputs"]

    assert plain(outputs["data"]["a"]) == "x"
    assert outputs["data"]["b"] == "plain"
    assert plain(outputs["items"][0]) == "y"
