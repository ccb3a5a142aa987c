"""Redis as managed services have it: single, behind Sentinel, and a Cluster; with TLS, passwords and ACL users."""

import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.certificates import Authority, Issued
from tests.services.servers import DOMAIN, accepts, environment, free_ports, needed, running, until

USER, MASTER = "ixn", "ors-stream"
PLAIN_HOST, TLS_HOST, NODE_HOST, SENTINEL_HOST, CLUSTER_HOST = (
    f"{name}.{DOMAIN}" for name in ("plain", "tls", "node", "sentinel", "cluster")
)
HOSTS = (PLAIN_HOST, TLS_HOST, NODE_HOST, SENTINEL_HOST, CLUSTER_HOST)
SERVER_NAME = "certificate-name.example"
_SLOTS = ("0 5460", "5461 10922", "10923 16383")

Lines = Sequence[str]


@dataclass(frozen=True)
class RedisServers:
    """The ports of the servers, and what their clients need.

    `environ` is that of a process that knows the hosts. `nodes` are a master and its replica.
    """

    environ: Mapping[str, str]
    authority: Authority
    client: Issued
    password: str
    sentinel_password: str
    plain: int
    tls: int
    sentinel: int
    nodes: Sequence[int]
    cluster: Sequence[int]


@contextmanager
def redis_servers(directory: Path) -> Iterator[RedisServers]:
    """Run all servers, and end them with the block."""
    needed("redis-server", "redis-server")
    authority, ports, buses = Authority("Redis CA"), free_ports(8), free_ports(3)
    found = RedisServers(
        environ=environment(HOSTS, directory),
        authority=authority,
        client=authority.client("ixn-node"),
        # With characters that JSON, a URL or a configuration file takes for its own.
        password=secrets.token_urlsafe(12) + "\"'\\ $%/@:é",
        sentinel_password=secrets.token_urlsafe(16),
        plain=ports[0],
        tls=ports[1],
        sentinel=ports[2],
        nodes=ports[3:5],
        cluster=ports[5:],
    )
    _write_certificates(authority, directory)
    with ExitStack() as stack:
        for name, lines in {**_single(found), **_sentinel(found), **_cluster(found, buses)}.items():
            stack.enter_context(_server(name, lines, directory, found.environ))
        for port in ports:
            until(lambda port=port: accepts(port), directory)
        _join(found, buses, directory)
        yield found


def _write_certificates(authority: Authority, directory: Path) -> None:
    (directory / "ca.crt").write_text(authority.certificate, encoding="ascii")
    issued = {"named": authority.server("named", [SERVER_NAME]), "hosts": authority.server("hosts", HOSTS)}
    for name, each in issued.items():
        (directory / f"{name}.crt").write_text(each.certificate, encoding="ascii")
        (directory / f"{name}.key").write_text(each.key, encoding="ascii")


def _single(found: RedisServers) -> Mapping[str, Lines]:
    return {
        "plain": [f"port {found.plain}", f"requirepass {_quoted(found.password)}"],
        "tls": [*_tls(found.tls, "named"), "tls-auth-clients yes", *_acl(found)],
    }


def _sentinel(found: RedisServers) -> Mapping[str, Lines]:
    password = _quoted(found.password)
    tls = ["tls-auth-clients optional", "tls-replication yes"]
    nodes = [
        [
            *_tls(port, "hosts"), *tls, *_acl(found), f"masteruser {USER}", f"masterauth {password}",
            f"replica-announce-ip {NODE_HOST}", f"replica-announce-port {port}",
        ]
        for port in found.nodes
    ]  # fmt: skip
    nodes[1].append(f"replicaof {NODE_HOST} {found.nodes[0]}")
    sentinel = [
        *_tls(found.sentinel, "hosts"), *tls,
        f"requirepass {found.sentinel_password}", f"sentinel sentinel-pass {found.sentinel_password}",
        "sentinel resolve-hostnames yes", "sentinel announce-hostnames yes",
        f"sentinel monitor {MASTER} {NODE_HOST} {found.nodes[0]} 1",
        f"sentinel auth-user {MASTER} {USER}", f"sentinel auth-pass {MASTER} {password}",
    ]  # fmt: skip
    return {"master": nodes[0], "replica": nodes[1], "sentinel": sentinel}


def _cluster(found: RedisServers, buses: Sequence[int]) -> Mapping[str, Lines]:
    password = _quoted(found.password)
    return {
        f"cluster{index}": [
            *_tls(port, "hosts"), "tls-auth-clients optional", "tls-cluster yes",
            f"requirepass {password}", f"masterauth {password}", "cluster-enabled yes", f"cluster-port {bus}",
            f"cluster-announce-hostname {CLUSTER_HOST}", "cluster-preferred-endpoint-type hostname",
        ]
        for index, (port, bus) in enumerate(zip(found.cluster, buses, strict=True))
    }  # fmt: skip


def _tls(port: int, certificate: str) -> Lines:
    files = {"cert-file": f"{certificate}.crt", "key-file": f"{certificate}.key", "ca-cert-file": "ca.crt"}
    return ["port 0", f"tls-port {port}", *(f"tls-{name} ../{file}" for name, file in files.items())]


def _acl(found: RedisServers) -> Lines:
    return ["user default off", f"user {USER} on {_quoted('>' + found.password)} ~* &* +@all"]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@contextmanager
def _server(name: str, lines: Lines, directory: Path, environ: Mapping[str, str]) -> Iterator[None]:
    own = directory / name
    own.mkdir()
    config = own / "redis.conf"
    config.write_text("\n".join(["bind 127.0.0.1", 'save ""', "protected-mode no", *lines, ""]), encoding="utf-8")
    mode = ["--sentinel"] if name == "sentinel" else []
    with running(["redis-server", config, *mode], own, environ):
        yield


def _join(found: RedisServers, buses: Sequence[int], directory: Path) -> None:
    """Make one Cluster of its three nodes."""
    for index, port in enumerate(found.cluster):
        _cli(found, port, directory, f"cluster addslotsrange {_SLOTS[index]}")
        _cli(found, found.cluster[0], directory, f"cluster meet 127.0.0.1 {port} {buses[index]}")
    for index, port in enumerate(found.cluster):
        until(lambda port=port: _is_joined(found, port, directory), directory / f"cluster{index}")


def _is_joined(found: RedisServers, port: int, directory: Path) -> bool:
    info = _cli(found, port, directory, "cluster info")
    return "cluster_state:ok" in info and "cluster_known_nodes:3" in info


def _cli(found: RedisServers, port: int, directory: Path, command: str) -> str:
    words = ["redis-cli", "-p", str(port), "--tls", "--cacert", "ca.crt", *command.split()]
    environ = {**found.environ, "REDISCLI_AUTH": found.password}
    return subprocess.run(words, cwd=directory, env=environ, capture_output=True, text=True, check=True).stdout
