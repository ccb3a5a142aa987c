from typing import Any

import pytest

from tools.standin.kubernetes.configuration import changed_options, configuration, refused_options


def test_options_come_as_text():
    found = configuration(
        {
            "kubernetes:config:renderYamlToDirectory": "out",
            "kubernetes:config:namespace": "tr",
            "kubernetes:config:enableSecretMutable": "true",
            "kubernetes:config:enableConfigMapMutable": "false",
        }
    )
    assert (found.directory, found.namespace, found.mutable_kinds) == ("out", "tr", {"Secret"})


@pytest.mark.parametrize("options", [{}, {"renderYamlToDirectory": ""}, {"kubeconfig": "x"}])
def test_without_a_directory_it_says_that_it_only_renders_and_which_plugin_to_install(options: dict[str, Any]):
    [(name, reason)] = refused_options(options)
    assert name == "renderYamlToDirectory"
    assert "only renders" in reason
    assert "pulumi plugin install resource kubernetes v4.34.2" in reason


@pytest.mark.parametrize("name", ["cluster", "context", "kubeconfig"])
def test_a_cluster_does_not_go_with_a_directory_in_the_real_plugins_words(name: str):
    refused = refused_options({"renderYamlToDirectory": "out", name: "x"})
    assert refused == [(name, f'"{name}" arg is not compatible with "renderYamlToDirectory" arg')]


def test_the_kubeconfig_the_sdk_fills_in_from_the_environment_is_let_pass(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KUBECONFIG", "/some/where")
    assert refused_options({"renderYamlToDirectory": "out", "kubeconfig": "/some/where"}) == []


def test_another_directory_replaces_every_object():
    assert changed_options({"renderYamlToDirectory": "a"}, {"renderYamlToDirectory": "b"}) == (
        ["renderYamlToDirectory"],
        ["renderYamlToDirectory"],
    )


def test_another_namespace_replaces_nothing():
    assert changed_options({"namespace": "a"}, {"namespace": "b"}) == (["namespace"], [])


def test_with_an_unchanged_cluster_identifier_nothing_replaces():
    options: list[dict[str, Any]] = [
        {"clusterIdentifier": "c", "renderYamlToDirectory": directory} for directory in "ab"
    ]
    assert changed_options(*options) == (["renderYamlToDirectory"], [])


def test_another_cluster_identifier_replaces_but_a_first_one_does_not():
    assert changed_options({"clusterIdentifier": "a"}, {"clusterIdentifier": "b"})[1] == ["clusterIdentifier"]
    assert changed_options({}, {"clusterIdentifier": "b"})[1] == []
