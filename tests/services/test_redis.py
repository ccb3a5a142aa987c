"""A client that reads nothing but what an IXN Node's pod reads works with each form of Redis."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn.testing import Deployment

from tests.services import redis_servers as at
from tests.services.pods import Secrets, deployed, mount
from tests.services.redis_servers import RedisServers, redis_servers
from tests.services.servers import client

CA = {"name": "redis-ca", "key": "bundle.pem"}
CLIENT = {"existing": {"name": "redis-client", "certificateKey": "node.crt", "privateKey": "node.key"}}
SECRET = "mnt/env-secrets/redis-secrets/voice-redis-ors-stream"


@dataclass(frozen=True)
class Form:
    """A form of Redis: its settings and secret values, and the user as whom clients log in."""

    peer: Callable[[RedisServers], Mapping[str, Any]]
    secrets: Callable[[RedisServers], Mapping[str, Any]]
    user: str = "default"


def verified(**peer: Any) -> dict[str, Any]:
    return {"tls": True, "rejectUnauthorized": True, "certificates": {"ca": CA}, **peer}


def password(servers: RedisServers) -> Mapping[str, Any]:
    return {"password": servers.password}


FORMS = {
    "single": Form(
        lambda servers: {"endpoints": [f"{at.PLAIN_HOST}:{servers.plain}"], "cluster": False},
        password,
    ),
    "mutual TLS with a server name, and an ACL user": Form(
        lambda servers: verified(
            endpoints=[f"{at.TLS_HOST}:{servers.tls}"],
            cluster=False,
            serverName=at.SERVER_NAME,
            username=at.USER,
            certificates={"ca": CA, "client": CLIENT},
        ),
        password,
        at.USER,
    ),
    "TLS that is not verified": Form(
        lambda servers: {
            "endpoints": [f"{at.CLUSTER_HOST}:{servers.cluster[0]}"],
            "advertised": [f"{at.CLUSTER_HOST}:{port}" for port in servers.cluster],
            "tls": True,
        },
        password,
    ),
    "Sentinel": Form(
        lambda servers: verified(
            endpoints=[f"{at.SENTINEL_HOST}:{servers.sentinel}"],
            advertised=[f"{at.NODE_HOST}:{port}" for port in servers.nodes],
            cluster=False,
            username=at.USER,
            sentinel={"master": at.MASTER},
        ),
        lambda servers: {"password": servers.password, "sentinelPassword": servers.sentinel_password},
        at.USER,
    ),
    "Cluster": Form(
        lambda servers: verified(
            endpoints=[f"{at.CLUSTER_HOST}:{servers.cluster[0]}"],
            advertised=[f"{at.CLUSTER_HOST}:{port}" for port in servers.cluster],
        ),
        password,
    ),
}


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServers]:
    with redis_servers(tmp_path_factory.mktemp("redis")) as found:
        yield found


def of_operator(servers: RedisServers) -> Secrets:
    """Return the Secrets of certificates, which exist before the stack."""
    return {
        "redis-ca": {"bundle.pem": servers.authority.certificate},
        "redis-client": {"node.crt": servers.client.certificate, "node.key": servers.client.key},
    }


def stack(form: Form, servers: RedisServers, directory: Path) -> Deployment[None]:
    location = [{"pods": {"namespace": "infra", "labels": {"app": "redis"}}}]
    peer = {**form.peer(servers), "locations": location, "secret": {"managed": {}}}
    secrets = {"orsRedisStream": form.secrets(servers)}
    return deployed({"peers.orsRedisStream": peer, "secrets": secrets}, directory / "kubeconfig")


def pod(form: Form, servers: RedisServers, directory: Path) -> Path:
    """Mount what the pod reads, but for the Secrets of its other peers."""
    others = {"ixn-node-db-secret-100": {"username": "", "password": ""}}
    found = stack(form, servers, directory)
    return mount(found, "node", {**of_operator(servers), **others}, directory / "pod")


@pytest.mark.parametrize("name", FORMS)
def test_a_client_works_with_what_the_pod_reads(name: str, servers: RedisServers, tmp_path: Path) -> None:
    root = pod(FORMS[name], servers, tmp_path)

    answer = client("redis_client.py", root, servers.environ)

    assert answer.get("same") is True, answer
    assert answer["user"] == FORMS[name].user


@pytest.mark.parametrize("name", FORMS)
def test_the_server_refuses_another_password(name: str, servers: RedisServers, tmp_path: Path) -> None:
    root = pod(FORMS[name], servers, tmp_path)
    change(root, "password", "another")

    error = client("redis_client.py", root, servers.environ)["error"]

    assert "WRONGPASS" in error or "invalid username-password pair" in error


UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
NO_LOGIN = "invalid username-password pair"
WITHOUT = {
    "mutual TLS with a server name, and an ACL user": {
        "servername": ("another.example", "Hostname mismatch"),
        "caFile": (None, UNTRUSTED),
        "certFile": (None, "ConnectionError"),
        "username": ("default", NO_LOGIN),
    },
    "Sentinel": {
        "name": ("another", "No master found for 'another'"),
        "sentinelPassword": ("another", "AuthenticationError"),
        "caFile": (None, "ConnectionError"),
        "username": (None, NO_LOGIN),
    },
    "Cluster": {"caFile": (None, UNTRUSTED)},
}
"""Fields of the JSON: a value with which clients fail (None removes the field), and how they fail."""


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in WITHOUT for field in WITHOUT[name]])
def test_each_field_is_needed(name: str, field: str, servers: RedisServers, tmp_path: Path) -> None:
    root, (value, expected) = pod(FORMS[name], servers, tmp_path), WITHOUT[name][field]
    change(root, field, value)

    assert expected in client("redis_client.py", root, servers.environ)["error"]


def change(root: Path, field: str, value: object) -> None:
    """Change a field of the mounted JSON; None removes it, and the field that only goes with it."""
    file = root / SECRET
    fields = json.loads(file.read_text(encoding="utf-8"))
    pair = ("certFile", "keyFile") if field == "certFile" else (field,)
    for each in pair:
        assert fields.pop(each, None) is not None
        if value is not None:
            fields[each] = value
    file.write_text(json.dumps(fields), encoding="utf-8")
