import asyncio
from pathlib import Path
from typing import Any

import pytest
from pulumi.provider.experimental import provider as sdk
from pulumi.provider.experimental.property_value import PropertyValue

from tools.standin.kubernetes.provider import KubernetesProvider
from tools.standin.plugin.errors import StandinError
from tools.standin.plugin.values import UNKNOWN, plain_object, property_values

CONFIG_MAP = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "cm", "namespace": "tr"},
    "data": {"k": "1"},
}
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "sec", "namespace": "tr"}}


class Messages(list[tuple[str, str, bool]]):
    """The messages the engine was sent: severity, text, and whether passing."""

    async def log(self, severity: str, urn: str, message: str, *, passing: bool = False) -> None:
        assert urn.startswith("urn:pulumi:")
        self.append((severity, message, passing))


class Plugin:
    """The provider, asked as the engine asks it, with the answers as plain values."""

    def __init__(self, **options: str) -> None:
        self.messages = Messages()
        self._provider = KubernetesProvider(self.messages)
        variables = {f"kubernetes:config:{name}": value for name, value in options.items()}
        asyncio.run(self._provider.configure(sdk.ConfigureRequest(variables, {}, True, False)))

    def urn(self, obj: dict[str, Any]) -> str:
        return f"urn:pulumi:s::p::kubernetes:core/v1:{obj.get('kind', 'ConfigMap')}::logical"

    def check(self, obj: dict[str, Any], old: dict[str, Any] | None = None) -> dict[str, PropertyValue]:
        given = {key: value for key, value in obj.items() if isinstance(value, PropertyValue)}
        inputs = property_values({key: value for key, value in obj.items() if key not in given}) | given
        request = sdk.CheckRequest(self.urn(obj), property_values(old or {}), inputs, b"seed")
        return asyncio.run(self._provider.check(request)).inputs or {}

    def create(self, inputs: dict[str, PropertyValue], *, preview: bool = False) -> sdk.CreateResponse:
        urn = self.urn(plain_object(inputs))
        return asyncio.run(self._provider.create(sdk.CreateRequest(urn, inputs, 0, preview)))

    def update(
        self, state: dict[str, PropertyValue], inputs: dict[str, PropertyValue]
    ) -> dict[str, PropertyValue]:
        request = sdk.UpdateRequest(self.urn(plain_object(inputs)), "tr/cm", state, inputs, 0, [], False)
        return asyncio.run(self._provider.update(request)).properties

    def delete(self, state: dict[str, PropertyValue]) -> None:
        asyncio.run(self._provider.delete(sdk.DeleteRequest(self.urn(plain_object(state)), "tr/cm", state, 0)))

    def read(self, state: dict[str, PropertyValue]) -> sdk.ReadResponse:
        return asyncio.run(self._provider.read(sdk.ReadRequest(self.urn({}), "tr/cm", state, {})))


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plugin:
    monkeypatch.chdir(tmp_path)
    return Plugin(renderYamlToDirectory="out")


def files() -> list[str]:
    return sorted(str(path) for path in Path().rglob("*.yaml"))


def test_without_a_directory_it_refuses_to_be_configured():
    with pytest.raises(StandinError, match="only renders"):
        Plugin()


def test_api_version_and_kind_are_filled_in_from_the_type(plugin: Plugin):
    checked = plain_object(plugin.check({"metadata": {"name": "x"}}))
    assert checked == {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}


def test_an_object_is_created_updated_and_deleted_as_recorded(plugin: Plugin):
    created = plugin.create(plugin.check(CONFIG_MAP))
    assert created.resource_id == "tr/cm"
    assert files() == ["out/1-manifest/v1-configmap-tr-cm.yaml"]
    updated = plugin.update(created.properties, plugin.check({**CONFIG_MAP, "data": {"k": "2"}}))
    assert '"2"' in Path(files()[0]).read_text()
    assert updated["__fieldManager"] == created.properties["__fieldManager"]
    plugin.delete(updated)
    assert files() == []
    assert plugin.messages == [
        ("info", "rendered out/1-manifest/v1-configmap-tr-cm.yaml", True),
        ("info", "rendered out/1-manifest/v1-configmap-tr-cm.yaml", True),
        ("info", "deleted out/1-manifest/v1-configmap-tr-cm.yaml", True),
    ]


def test_a_secret_is_warned_of_before_and_after_in_the_recorded_words(plugin: Plugin):
    state = plugin.create(plugin.check({**SECRET, "stringData": {"k": "one"}})).properties
    assert "k: b25l" in Path("out/1-manifest/v1-secret-tr-sec.yaml").read_text()
    assert state["data"].is_secret
    assert plugin.messages == [
        ("warning", "rendered YAML will contain a secret value in plaintext", False),
        (
            "warning",
            "rendered file out/1-manifest/v1-secret-tr-sec.yaml contains a secret value in plaintext",
            False,
        ),
        ("info", "rendered out/1-manifest/v1-secret-tr-sec.yaml", True),
    ]


def test_a_secret_in_another_object_is_warned_of_too(plugin: Plugin):
    plugin.check({**CONFIG_MAP, "data": PropertyValue({"k": PropertyValue("s3", is_secret=True)})})
    assert [severity for severity, _, _ in plugin.messages] == ["warning"]


def test_a_preview_writes_nothing_and_keeps_unknowns(plugin: Plugin):
    checked = plugin.check({**SECRET, "stringData": {"k": UNKNOWN}})
    answer = plugin.create(checked, preview=True)
    assert plain_object(answer.properties)["stringData"] == {"k": UNKNOWN}
    assert answer.properties["stringData"].is_secret
    assert not Path("out").exists()


def test_refresh_does_not_look_at_the_files(plugin: Plugin):
    state = plugin.create(plugin.check(CONFIG_MAP)).properties
    Path(files()[0]).unlink()
    assert plugin.read(state).properties == state


def test_a_default_namespace_goes_into_namespaced_objects_only(plugin: Plugin):
    plugin = Plugin(renderYamlToDirectory="out", namespace="given")
    namespaced, own, cluster = (
        plain_object(plugin.check(obj))["metadata"]
        for obj in ({"metadata": {"name": "x"}}, CONFIG_MAP, {"kind": "Namespace", "metadata": {"name": "x"}})
    )
    assert namespaced == {"name": "x", "namespace": "given"}
    assert own == {"name": "cm", "namespace": "tr"}
    assert cluster == {"name": "x"}


def test_a_name_made_once_stays_on_the_next_run(plugin: Plugin):
    first: dict[str, Any] = plain_object(plugin.check({"data": {"k": "1"}}))
    second: dict[str, Any] = plain_object(plugin.check({"data": {"k": "2"}}, old=first))
    assert first["metadata"]["name"].startswith("logical-")
    assert second["metadata"] == first["metadata"]
