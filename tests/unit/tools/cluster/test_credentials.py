"""The credentials of a cluster."""

import json
import stat
import subprocess
from pathlib import Path

from tools.cluster.credentials import CERTIFICATE, make_credentials


def test_credentials_are_readable_only_by_their_owner(tmp_path: Path) -> None:
    kubeconfig = make_credentials(tmp_path, "https://127.0.0.1:6443", ["127.0.0.1"])
    assert stat.S_IMODE(kubeconfig.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "pki").stat().st_mode) == 0o700


def test_each_start_creates_new_credentials(tmp_path: Path) -> None:
    texts: list[str] = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        texts.append(make_credentials(tmp_path / name, "https://127.0.0.1:6443", ["127.0.0.1"]).read_text())
    users = [json.loads(text)["users"][0]["user"]["token"] for text in texts]
    assert len(set(users)) == 2


def test_the_certificate_is_for_the_addresses_of_the_server(tmp_path: Path) -> None:
    make_credentials(tmp_path, "https://198.18.0.2:6443", ["198.18.0.2", "10.96.0.1"])
    shown = subprocess.run(
        ["openssl", "x509", "-in", CERTIFICATE, "-noout", "-ext", "subjectAltName"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "198.18.0.2" in shown
    assert "10.96.0.1" in shown
