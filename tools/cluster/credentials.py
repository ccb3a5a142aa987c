"""The keys, certificate and token of a cluster, generated when it starts."""

import base64
import json
import secrets
import subprocess
from collections.abc import Sequence
from pathlib import Path

CERTIFICATE = "pki/apiserver.crt"
KEY = "pki/apiserver.key"
SERVICE_ACCOUNT_KEY = "pki/service-accounts.key"
TOKENS = "pki/tokens.csv"


def make_credentials(directory: Path, server: str, addresses: Sequence[str]) -> Path:
    """Make the cluster's credentials in `directory`; return its kubeconfig, whose user is a cluster administrator.

    The API server's certificate is self-signed and thereby its own certificate authority.
    """
    (directory / "pki").mkdir(mode=0o700, exist_ok=True)
    names = ",".join(["DNS:localhost", "DNS:kubernetes.default.svc", *(f"IP:{each}" for each in addresses)])
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", KEY]
    subject = ["-subj", "/CN=kube-apiserver", "-addext", f"subjectAltName={names}"]
    _openssl(directory, "req", "-x509", "-days", "30", *key, *subject, "-out", CERTIFICATE)
    _openssl(directory, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", SERVICE_ACCOUNT_KEY)
    token = secrets.token_hex(16)
    _private(directory / TOKENS, f"{token},admin,admin,system:masters\n")
    authority = base64.b64encode((directory / CERTIFICATE).read_bytes()).decode()
    kubeconfig = directory / "kubeconfig"
    _private(kubeconfig, json.dumps(_kubeconfig(server, authority, token), indent=1))
    return kubeconfig


CONTEXT = "ixn-cluster"
"""The context of the kubeconfig."""


def _kubeconfig(server: str, authority: str, token: str) -> dict[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": CONTEXT, "cluster": {"server": server, "certificate-authority-data": authority}}],
        "users": [{"name": CONTEXT, "user": {"token": token}}],
        "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": CONTEXT}}],
        "current-context": CONTEXT,
    }


def _private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text)


def _openssl(directory: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)
