"""Which variables of the user a cluster's programs and clients get."""

from pathlib import Path

import pytest

from tools.cluster.client import Client
from tools.cluster.control_plane import Simulation, running_control_plane
from tools.cluster.environment import of_clients

PROXY = "http://127.0.0.1:9"


def test_cluster_programs_get_no_proxy_and_no_credentials_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a key")
    with running_control_plane(Simulation(nodes=0)) as client:
        directory = str(client.kubeconfig.parent)
        found = [each for each in Path("/proc").glob("[0-9]*") if directory in _read(each / "cmdline")]
        assert found
        for each in found:
            names = {line.partition("=")[0] for line in _read(each / "environ").split("\0")}
            assert not names & {"HTTPS_PROXY", "AWS_SECRET_ACCESS_KEY"}


def test_kubectl_bypasses_the_proxy_for_a_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubectl = tmp_path / "kubectl"
    kubectl.write_text('#!/bin/sh\necho "\\"$NO_PROXY\\""\n')
    kubectl.chmod(0o755)
    monkeypatch.setenv("NO_PROXY", "example.com")
    assert set(str(Client(tmp_path, kubectl).get()).split(",")) >= {"example.com", "198.18.0.0/15"}


@pytest.mark.parametrize("given", [{}, {"no_proxy": "example.com"}, {"NO_PROXY": ""}])
def test_no_proxy_has_no_empty_entry(given: dict[str, str]) -> None:
    assert all(of_clients(given)["NO_PROXY"].split(","))


def _read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""
