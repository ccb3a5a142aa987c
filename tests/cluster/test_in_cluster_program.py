"""The program of examples/in-cluster, deployed by the real engine to a real API server with a simulated node.

No operator runs: the test reports the Cluster, the databases and their roles as ready, as CloudNativePG would.
"""

import json
import secrets
import shutil
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import yaml

from tests.cluster.definitions import definition
from tests.engine.project import Project, project_at
from tests.engine.wheels import CHECKOUT, NOT_SOURCES
from tools.cluster.client import Client
from tools.cluster.control_plane import running_control_plane
from tools.cluster.credentials import CONTEXT
from tools.cluster.objects import monitoring_definitions

DATA = CHECKOUT / "tests" / "data"
GROUP = "postgresql.cnpg.io"
CONDITION = {"type": "Ready", "status": "True", "reason": "ClusterIsReady", "message": ""}
STATUS = {
    "Cluster": {"conditions": [{**CONDITION, "lastTransitionTime": "2026-11-30T12:00:00Z"}]},
    "Database": {"applied": True},
    "DatabaseRole": {"applied": True},
}
"""What the operator reports of each kind."""


def install(client: Client) -> None:
    """Install the operator's definitions, with their schemas, and those of Prometheus."""
    client.apply(*monitoring_definitions(DATA))
    for kind in STATUS:
        crd = definition(kind, GROUP, "v1")
        version = crd["spec"]["versions"][0]
        text = (DATA / f"cnpg-{kind.lower()}.schema.yaml").read_text(encoding="utf-8")
        version |= {"schema": {"openAPIV3Schema": yaml.safe_load(text)}, "subresources": {"status": {}}}
        client.apply(crd)


@contextmanager
def operator(client: Client) -> Generator[None]:
    """Report each object of the operator as ready once it exists."""
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(0.5):
            for kind, status in STATUS.items():
                where = (f"{kind.lower()}s.{GROUP}", "--namespace=databases")
                for each in client.get(*where)["items"]:
                    if not each.get("status"):
                        patch = (
                            "--subresource=status",
                            "--type=merge",
                            f"--patch={json.dumps({'status': status})}",
                        )
                        client.run("patch", where[0], each["metadata"]["name"], where[1], *patch)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Project, Client]]:
    root = tmp_path_factory.mktemp("example") / "in-cluster"
    shutil.copytree(CHECKOUT / "examples" / "in-cluster", root, ignore=NOT_SOURCES)
    with running_control_plane() as client:
        install(client)
        project = project_at(root, passphrase=secrets.token_urlsafe())
        project = replace(project, environ={**project.environ, "KUBECONFIG": str(client.kubeconfig)})
        with project.edited() as config:
            config["in-cluster:context"] = CONTEXT
        with operator(client):
            project.up()
        yield project, client


def test_each_tenant_has_its_connections(example: tuple[Project, Client]) -> None:
    project, _ = example

    assert [(row["tenant"], row["number"]) for row in project.connections()] == [
        (tenant, number) for tenant in ("east", "west") for number in range(1, 20)
    ]


def test_the_servers_and_their_clients_have_the_same_generated_passwords(example: tuple[Project, Client]) -> None:
    _, client = example

    passwords = set[str]()
    for name, workload in (("ixn-db-secret", "server"), ("ixn-node-db-secret", "node")):
        for sid in (100, 200):
            pods = client.get("secret", f"{name}-{sid}", "--namespace=ixn")["data"]
            assert pods == client.get("secret", f"ixn-{workload}-{sid}-db", "--namespace=databases")["data"]
            passwords.add(pods["password"])
    assert len(passwords) == 4


def test_there_is_nothing_to_do_after_one_update_and_nothing_stays_after_destroy(
    example: tuple[Project, Client],
) -> None:
    project, client = example
    project.pulumi("preview", "--expect-no-changes")

    project.pulumi("destroy", "--yes", "--skip-preview")

    names = {each["metadata"]["name"] for each in client.get("namespaces")["items"]}
    assert not names & {"ixn", "databases", "kafka", "redis"}
