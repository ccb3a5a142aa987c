"""The report about a machine that cannot run a node."""

import os
from pathlib import Path

import pytest

from tools.cluster import preflight
from tools.cluster.record import CHECKOUT
from tools.errors import UserError


def test_all_missing_requirements_are_in_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "SYSTEM_PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    environ = {"PATH": str(tmp_path), "IXN_TOOLS_CACHE": str(tmp_path)}
    with pytest.raises(UserError) as caught:
        preflight.check_machine(environ, ("kubelet", "etcd"))
    message = str(caught.value)
    for expected in ("root", "containerd", "runc", "ipset", "iproute2", "Go", "kubelet, etcd"):
        assert expected in message


def test_go_is_not_required_for_built_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = tmp_path / "kubelet"
    binary.touch()
    monkeypatch.setattr(preflight, "binary", lambda program, environ: binary)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(UserError) as caught:
        preflight.check_machine({"PATH": str(tmp_path)}, ("kubelet",))
    assert "Go" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="kernel features are tried as root")
def test_a_missing_kernel_feature_is_detected_by_trying_it(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = {"what works": "true", "what does not": "iptables -A FORWARD -m nonsense -j ACCEPT"}
    monkeypatch.setattr(preflight, "KERNEL", tried)
    missing = preflight.missing_kernel_features()
    assert "what does not" in missing
    assert "what works" not in missing


@pytest.mark.parametrize("package", [*preflight.PACKAGES, preflight.CNI_PACKAGE])
@pytest.mark.parametrize("place", ["docs/cluster.md", ".ci/run"])
def test_every_package_is_installed_in_ci_and_documented(package: str, place: str) -> None:
    assert package in (CHECKOUT / place).read_text(encoding="utf-8").split()
