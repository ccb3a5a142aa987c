"""Certificates and keys of a kubeconfig: they serve requests, and no file with them stays."""

import base64
import json
import os
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Generator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn.live.cluster import ClusterError, connect

NAME = ("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory for temporary files."""
    directory = tmp_path / "tmp"
    directory.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    return directory


class Answer(BaseHTTPRequestHandler):
    """Answers every request with an empty list."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"items": []}')

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name in the base class)
        """Log nothing."""


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Generator[dict[str, Any]]:
    """A kubeconfig with a certificate and its key, for an API server that admits no other client."""
    for name in ("server", "client"):
        make_certificate(tmp_path, name)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(tmp_path / "client.crt"))
    context.load_cert_chain(tmp_path / "server.crt", tmp_path / "server.key")
    context.verify_mode = ssl.CERT_REQUIRED
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    cluster = {
        "server": f"https://127.0.0.1:{server.server_port}",
        "certificate-authority-data": encoded(tmp_path / "server.crt"),
    }
    user = {
        "client-certificate-data": encoded(tmp_path / "client.crt"),
        "client-key-data": encoded(tmp_path / "client.key"),
    }
    yield {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "here", "cluster": cluster}],
        "users": [{"name": "here", "user": user}],
        "contexts": [{"name": "here", "context": {"cluster": "here", "user": "here"}}],
    }
    server.shutdown()
    server.server_close()


def make_certificate(directory: Path, name: str) -> None:
    options: Sequence[str] = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", *NAME)
    files = ("-keyout", f"{name}.key", "-out", f"{name}.crt")
    subprocess.run(
        ["openssl", "req", "-x509", "-days", "1", *options, *files], cwd=directory, check=True, capture_output=True
    )


def encoded(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()


@pytest.mark.parametrize("content", [True, False])
def test_a_certificate_and_its_key_are_used_and_stay_in_no_file(
    content: bool, kubeconfig: dict[str, Any], temporary: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(kubeconfig))

    for _ in range(2):  # the client of Kubernetes remembers the names of its files
        cluster = connect("here", json.dumps(kubeconfig) if content else str(file))
        assert [*temporary.iterdir()] == []
        assert cluster.list("/api/v1/pods") == []
    assert [*temporary.iterdir()] == []


def test_an_api_server_of_another_authority_and_an_unknown_client_are_errors(
    kubeconfig: dict[str, Any], tmp_path: Path
) -> None:
    cluster, user = kubeconfig["clusters"][0]["cluster"], kubeconfig["users"][0]["user"]
    authority = cluster["certificate-authority-data"]

    cluster["certificate-authority-data"] = encoded(tmp_path / "client.crt")
    with pytest.raises(ClusterError):
        connect("here", json.dumps(kubeconfig)).list("/api/v1/pods")

    cluster["certificate-authority-data"] = authority
    kubeconfig["users"][0]["user"] = {"token": "t"}
    with pytest.raises(ClusterError):
        connect("here", json.dumps(kubeconfig)).list("/api/v1/pods")

    cluster |= {"insecure-skip-tls-verify": True, "certificate-authority-data": ""}
    kubeconfig["users"][0]["user"] = user
    assert connect("here", json.dumps(kubeconfig)).list("/api/v1/pods") == []


def test_what_killed_processes_left_is_removed(kubeconfig: dict[str, Any], temporary: Path) -> None:
    left, used = temporary / "ixn-kubeconfig-left", temporary / "ixn-kubeconfig-used"
    for each in (left, used):
        each.mkdir()
        (each / "key").touch()
    os.utime(left, (0, 0))

    connect("here", json.dumps(kubeconfig))

    assert [*temporary.iterdir()] == [used]


def test_a_kubeconfig_that_cannot_be_used_is_an_error(kubeconfig: dict[str, Any], temporary: Path) -> None:
    kubeconfig["users"][0]["user"]["client-key-data"] = "bm8ga2V5"

    with pytest.raises(ClusterError, match="'here'"):
        connect("here", json.dumps(kubeconfig))
    assert [*temporary.iterdir()] == []
