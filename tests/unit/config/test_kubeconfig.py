"""A stack that deploys to a context reports in one line that the kubeconfig lacks it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi_ixn.config.kubeconfig import missing_context
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.config.stacks import program, stack_file

Write = Callable[..., Path]


def content(*contexts: str) -> str:
    entries = [{"name": name, "context": {"cluster": name, "user": name}} for name in contexts]
    return yaml.safe_dump({"apiVersion": "v1", "kind": "Config", "contexts": entries})


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def file(name: str, *contexts: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content(*contexts), encoding="utf-8")
        return path

    return file


def test_an_existing_context_raises_no_issue(tmp_path: Path, write: Write) -> None:
    write(".kube/config", "other", "ixn")

    assert missing_context("ixn", None, tmp_path) is None
    assert missing_context("ixn", "", tmp_path) is None
    assert missing_context("ixn", content("ixn"), Path("nowhere")) is None
    assert missing_context("ixn", '{"contexts": [{"name": "ixn"}]}', Path("nowhere")) is None


def test_every_file_in_kubeconfig_is_searched_before_the_default_one(tmp_path: Path, write: Write) -> None:
    write(".kube/config", "home")
    files = os.pathsep.join(map(str, [write("a", "one"), tmp_path / "missing", write("b", "two")]))

    assert missing_context("two", files, tmp_path) is None
    assert missing_context("one", files, tmp_path) is None
    assert "contexts: one, two" in str(missing_context("home", files, tmp_path))


def test_a_missing_context_is_reported_with_the_available_ones(tmp_path: Path, write: Write) -> None:
    file = write(".kube/config", "b", "a")

    message = str(missing_context("ixn", None, tmp_path))
    assert all(part in message for part in ("ixn:target.context", "'ixn'", str(file), "a, b"))


def test_a_missing_kubeconfig_is_reported(tmp_path: Path) -> None:
    message = str(missing_context("ixn", None, tmp_path))
    assert all(part in message for part in ("'ixn'", "no kubeconfig", str(tmp_path / ".kube/config")))


@pytest.mark.parametrize("text", ["contexts:", "contexts: [null, 3, {name: 4}]", "just text\n", "", "[]\n"])
def test_a_malformed_kubeconfig_has_no_contexts(text: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(text, encoding="utf-8")

    assert "contexts: none" in str(missing_context("ixn", str(tmp_path / "config"), tmp_path))


def test_a_kubeconfig_that_is_not_yaml_is_reported(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("{", encoding="utf-8")

    assert "not YAML" in str(missing_context("ixn", str(tmp_path / "config"), tmp_path))


def run(stack: str) -> Deployment[Any]:
    return deploy(program, stack=stack, config=stack_file(stack)["config"])


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_a_missing_context_stops_the_program_before_any_resource(
    stack: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(write("config", "elsewhere")))

    with pytest.raises(pulumi.RunError) as caught:
        run(stack)
    message = str(caught.value)
    assert message.startswith(
        f"stack {stack}: ixn:target.context is 'ixn-{stack}', which is not in the kubeconfig"
    )
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_the_program_deploys_to_the_configured_context(
    stack: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(write("config", f"ixn-{stack}")))

    (provider,) = run(stack).of_type("pulumi:providers:kubernetes")
    assert provider.inputs["context"] == f"ixn-{stack}"
    assert "renderYamlToDirectory" not in provider.inputs


@pytest.mark.parametrize("several", [False, True])
def test_kubeconfig_paths_are_left_to_the_provider_and_stay_out_of_the_state(
    several: bool, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [*([write("one", "elsewhere")] if several else []), write("two", "ixn-prod")]
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join(map(str, files)))

    (provider,) = run("prod").of_type("pulumi:providers:kubernetes")
    assert provider.inputs["kubeconfig"] == ""


def test_kubeconfig_content_is_passed_on_as_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", content("ixn-prod"))

    (provider,) = run("prod").of_type("pulumi:providers:kubernetes")
    assert provider.inputs["kubeconfig"] == content("ixn-prod")
    assert provider.secret


def test_a_stack_that_renders_manifests_needs_no_kubeconfig(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "missing"))

    assert run("dev").manifests
