"""A real PostgreSQL server in the cluster, in a namespace of its own, and a pod that connects to it."""

import secrets
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pulumi_ixn import Image as ImageReference

from tests.cluster.postgres_image import USER, postgres_image
from tests.services.certificates import Authority, Issued
from tools.cluster import registry
from tools.cluster.client import Client, Object
from tools.cluster.images import write_archive, write_layout
from tools.cluster.node import Cluster
from tools.cluster.peer_manifests import namespace

NAMESPACE, NAME, PORT = "databases", "postgres", 5432
LABELS = {"app": NAME}
HOST = f"{NAME}.{NAMESPACE}.svc"
LOCATIONS = [{"pods": {"namespace": NAMESPACE, "labels": LABELS}}]
"""The locations of a peer that is this server."""

CA_SECRET = "postgres-ca"
"""The Secret in the tenants' namespace with the CA of the server's certificate, which is for HOST."""

ADMIN, ADMIN_SECRET = "ixn-admin", "postgres-admin"
"""A login with CREATEDB and CREATEROLE only, and its Secret in the tenants' namespace."""

IMAGE = "localhost/postgres:1"
"""In the node. Its programs are those of JOB_IMAGE, which is in the registry of the stack `local`."""

JOB_IMAGE = ImageReference("tools/postgres", "15", "registry.example.com")

_CLIENT = "client"
_VOLUME, _TLS = "/var/lib/postgresql", "/tls"
_SECONDS = 60
_PSQL = ("psql", "-X", "-w", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1")

_START = f"""
set -e
data={_VOLUME}/data
if ! [ -f "$data/PG_VERSION" ]; then
    initdb --pgdata="$data" --encoding=UTF8 --locale=C --no-sync --auth-local=trust --auth-host=scram-sha-256
    echo 'host all all all scram-sha-256' >>"$data/pg_hba.conf"
fi
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories={_VOLUME} -c fsync=off \\
    -c ssl=on -c ssl_cert_file={_TLS}/tls.crt -c ssl_key_file={_TLS}/tls.key \\
    -c log_connections=on -c log_line_prefix='%m [%p] %q%u@%d '
"""


@dataclass(frozen=True)
class Postgres:
    """A running server. No password is in an argument list of its methods."""

    client: Client

    def sql(self, statements: str, database: str = "postgres") -> list[str]:
        """Run statements as the superuser, and return the lines of the results.

        Raises UserError with the server's message.
        """
        return self._exec(NAME, (*_PSQL, f"--dbname={database}"), statements)

    def sql_as(self, user: str, password: str, statements: str, database: str = "postgres") -> list[str]:
        """Run statements as another user, from another pod, with a password."""
        psql = f'IFS= read -r PGPASSWORD; export PGPASSWORD; exec "$@" --host={HOST}'
        command = ("/bin/sh", "-c", psql, "-", *_PSQL, f"--username={user}", f"--dbname={database}")
        return self._exec(_CLIENT, command, f"{password}\n{statements}")

    def log(self) -> str:
        """Return what the server has logged, each connection included."""
        return self.client.run("logs", NAME, f"--namespace={NAMESPACE}")

    def set_administrator(self, password: str, tenants: str) -> None:
        """Give the administrator a password, in the server and in its Secret in the namespace `tenants`."""
        self.sql(f"ALTER ROLE \"{ADMIN}\" PASSWORD '{password}'")
        self.write_administrator(password, tenants)

    def write_administrator(self, password: str, tenants: str) -> None:
        """Write the administrator's Secret in the namespace `tenants`; the server does not learn the password."""
        self.client.apply(secret(ADMIN_SECRET, tenants, {"username": ADMIN, "password": password}))

    def _exec(self, pod: str, command: tuple[str, ...], stdin: str) -> list[str]:
        inside = ("exec", "--stdin", pod, f"--namespace={NAMESPACE}", "--")
        return self.client.run(*inside, *command, stdin=stdin).splitlines()


@contextmanager
def running_postgres(cluster: Cluster, directory: Path, tenants: str) -> Generator[Postgres]:
    """Run the server while the block runs, with the Secrets of its clients in the namespace `tenants`.

    That namespace is made if it is missing. `directory`, which exists, is for the images.
    """
    client = cluster.client
    _import(cluster, directory)
    registry.push([postgres_image(JOB_IMAGE.reference, directory)], cluster.kubeconfig.parent)
    authority = Authority("PostgreSQL CA")
    client.apply(
        namespace(tenants, "restricted"),
        secret(CA_SECRET, tenants, {"ca.crt": authority.certificate}),
        *_objects(authority.server(NAME, [HOST])),
    )
    try:
        ready = ("wait", "--for=condition=Ready", "pod", "--all", f"--namespace={NAMESPACE}")
        client.run(*ready, f"--timeout={_SECONDS}s")
        server = Postgres(client)
        server.sql(f'CREATE ROLE "{ADMIN}" LOGIN CREATEDB CREATEROLE')
        server.set_administrator(secrets.token_urlsafe(), tenants)
        yield server
    finally:
        client.run("delete", "namespace", NAMESPACE, f"--timeout={_SECONDS}s")


def secret(name: str, namespace: str, content: Mapping[str, str]) -> Object:
    """Return a Secret."""
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": dict(content)}


def bare_pod(name: str, namespace: str, labels: Object, **container: object) -> Object:
    """Return a pod that the standard `restricted` admits; by default, it sleeps, and has the image's programs."""
    metadata = {"name": name, "namespace": namespace, "labels": labels}
    spec = _pod({"name": name, "command": ["sleep", "3600"], **container})
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def _import(cluster: Cluster, directory: Path) -> None:
    layout, archive = directory / "layout", directory / "image.tar"
    write_layout([postgres_image(IMAGE, directory)], layout)
    write_archive(layout, archive)
    cluster.import_images(archive)


def _objects(issued: Issued) -> Iterator[Object]:
    yield namespace(NAMESPACE, "restricted")
    yield secret(NAME, NAMESPACE, {"tls.crt": issued.certificate, "tls.key": issued.key})
    metadata = {"name": NAME, "namespace": NAMESPACE, "labels": LABELS}
    spec = {"selector": LABELS, "ports": [{"port": PORT}]}
    yield {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}
    yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": _server()}
    yield bare_pod(_CLIENT, NAMESPACE, {"app": _CLIENT})


def _server() -> Object:
    container: Object = {
        "name": NAME,
        "command": ["/bin/sh", "-c", _START],
        "env": [{"name": "PGHOST", "value": _VOLUME}, {"name": "PGUSER", "value": "postgres"}],
        # The last line of the file once it accepts connections; a probe that connects would be in the log.
        "readinessProbe": {
            "exec": {"command": ["grep", "-q", "^ready", f"{_VOLUME}/data/postmaster.pid"]},
            "periodSeconds": 1,
        },
        "ports": [{"containerPort": PORT}],
        "volumeMounts": [{"name": "data", "mountPath": _VOLUME}, {"name": "tls", "mountPath": _TLS}],
    }
    # The server refuses a key that others may read.
    key = {"secretName": NAME, "defaultMode": 0o440}
    return {**_pod(container), "volumes": [{"name": "data", "emptyDir": {}}, {"name": "tls", "secret": key}]}


def _pod(container: Object) -> Object:
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 1,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "image": IMAGE,
                "imagePullPolicy": "Never",
                "resources": {"requests": {"cpu": "20m", "memory": "64Mi"}},
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"]},
                    "readOnlyRootFilesystem": True,
                },
                **container,
            }
        ],
    }
