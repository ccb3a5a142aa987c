import os
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tools.standin.kubernetes.rendering import render, rendered_path, rendered_text, unrender

DEPLOYMENT: dict[str, Any] = {
    "kind": "Deployment",
    "apiVersion": "apps/v1",
    "metadata": {"namespace": "tr", "name": "dep"},
    "spec": {
        "template": {
            "metadata": {"labels": {"a": "b"}},
            "spec": {"containers": [{"name": "c", "image": "busybox"}]},
        },
        "replicas": 1,
        "selector": {"matchLabels": {"a": "b"}},
    },
}
RECORDED_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: dep
  namespace: tr
spec:
  replicas: 1
  selector:
    matchLabels:
      a: b
  template:
    metadata:
      labels:
        a: b
    spec:
      containers:
      - image: busybox
        name: c
"""
CONFIG_MAP: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "cm", "namespace": "tr"},
    "data": {"k": "1"},
}
RECORDED_CONFIG_MAP = """\
apiVersion: v1
data:
  k: "1"
kind: ConfigMap
metadata:
  name: cm
  namespace: tr
"""

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("obj", "text"), [(DEPLOYMENT, RECORDED_DEPLOYMENT), (CONFIG_MAP, RECORDED_CONFIG_MAP)])
def test_the_text_is_the_one_the_real_plugin_wrote(obj: dict[str, Any], text: str):
    assert rendered_text(obj) == text


@pytest.mark.parametrize("text", ["yes", "no", "y", "1e3", "0x1f", ".5", "null", "~", "1_000", "2024-01-01", ""])
def test_a_string_that_some_reader_takes_for_something_else_is_in_double_quotes(text: str):
    assert rendered_text({"k": text}) == f'k: "{text}"\n'


@pytest.mark.parametrize("text", ["a\rb", "a\x85b", "a\u2028b", "a\u2029\nb"])
def test_an_unusual_line_break_reads_back_the_same(text: str):
    assert yaml.safe_load(rendered_text({text: text})) == {text: text}


def test_several_lines_are_a_block():
    assert rendered_text({"k": "a\nb\n"}) == "k: |\n  a\n  b\n"


@given(PLAIN)
def test_what_is_written_reads_back_the_same(value: Any):
    assert yaml.safe_load(rendered_text({"k": value})) == {"k": value}


@pytest.mark.parametrize(
    ("api_version", "kind", "namespace", "path"),
    [
        ("apps/v1", "Deployment", "tr", "out/1-manifest/apps_v1-deployment-tr-x.yaml"),
        ("v1", "ConfigMap", "tr", "out/1-manifest/v1-configmap-tr-x.yaml"),
        ("v1", "Namespace", None, "out/1-manifest/v1-namespace-default-x.yaml"),
        (
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            None,
            "out/0-crd/apiextensions.k8s.io_v1-customresourcedefinition-default-x.yaml",
        ),
        (
            "example.com/v1",
            "CustomResourceDefinition",
            "tr",
            "out/1-manifest/example.com_v1-customresourcedefinition-tr-x.yaml",
        ),
    ],
)
def test_the_path_tells_api_version_kind_namespace_and_name(
    api_version: str, kind: str, namespace: str | None, path: str
):
    metadata: dict[str, Any] = {"name": "x"} if namespace is None else {"name": "x", "namespace": namespace}
    assert rendered_path({"apiVersion": api_version, "kind": kind, "metadata": metadata}, "./out") == path


def test_files_and_directories_are_their_owners_alone_whatever_the_umask(project: Path):
    before = os.umask(0)
    try:
        render(CONFIG_MAP, "deep/out")
    finally:
        os.umask(before)
    modes = {path.relative_to(project): stat.S_IMODE(path.stat().st_mode) for path in project.rglob("*")}
    assert modes == {
        Path("deep"): 0o700,
        Path("deep/out"): 0o700,
        Path("deep/out/0-crd"): 0o700,
        Path("deep/out/1-manifest"): 0o700,
        Path("deep/out/1-manifest/v1-configmap-tr-cm.yaml"): 0o600,
    }


def test_rendering_again_replaces_the_file(project: Path):
    render({**CONFIG_MAP, "data": {"k": "long" * 1000}}, "out")
    path = render(CONFIG_MAP, "out")
    assert (project / path).read_text() == RECORDED_CONFIG_MAP


def test_deleting_leaves_the_directories_and_does_not_mind_a_missing_file(project: Path):
    render(CONFIG_MAP, "out")
    assert unrender(CONFIG_MAP, "out") == unrender(CONFIG_MAP, "out") == "out/1-manifest/v1-configmap-tr-cm.yaml"
    assert sorted(path.name for path in (project / "out").rglob("*")) == ["0-crd", "1-manifest"]
