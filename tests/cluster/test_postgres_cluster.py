"""A Cluster of CloudNativePG on a real API server that validates it by the operator's own schemas.

No operator runs: the test says that the Cluster is ready, as the operator would.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.cluster.definitions import definition
from tests.cluster.live_stack import LiveStack
from tests.engine.project import Run
from tools.cluster.client import Client, Object
from tools.cluster.control_plane import running_control_plane

DATA = Path(__file__).parents[1] / "data"
UP = ("up", "--yes", "--skip-preview", "--suppress-outputs")
IN = "--namespace=ixn"
CLUSTER = "cluster.postgresql.cnpg.io/pg"
BACKUP, STORE = "scheduledbackup.postgresql.cnpg.io/pg-backup", "objectstore.barmancloud.cnpg.io/pg-backup"
KINDS = {
    "cnpg-cluster": ("Cluster", "postgresql.cnpg.io"),
    "cnpg-scheduledbackup": ("ScheduledBackup", "postgresql.cnpg.io"),
    "objectstore": ("ObjectStore", "barmancloud.cnpg.io"),
}
SETTINGS = {
    "name": "pg",
    "storage": {"size": "1Gi"},
    "backup": {
        "objectStore": {"created": {"destinationPath": "s3://backups/east"}},
        "volumeSnapshots": {"schedule": "0 0 * * * *", "className": "csi"},
    },
}
READY = {"status": {"conditions": [{"type": "Ready", "status": "True", "reason": "ClusterIsReady", "message": "",
                                    "lastTransitionTime": "2026-11-30T12:00:00Z"}]}}  # fmt: skip
SECONDS = 60


def install(client: Client, *kinds: str) -> None:
    """Install the definitions, with their schemas and the status as a subresource."""
    for file in kinds:
        kind, group = KINDS[file]
        crd: Object = definition(kind, group, "v1")
        version = crd["spec"]["versions"][0]
        text = (DATA / f"{file}.schema.yaml").read_text(encoding="utf-8")
        version["schema"]["openAPIV3Schema"] = yaml.safe_load(text)
        version["subresources"] = {"status": {}}
        client.apply(crd)


@contextmanager
def operator(stack: LiveStack) -> Iterator[list[bool]]:
    """Report the Cluster as ready a while after it exists; yield whether the backups existed before that."""
    too_early: list[bool] = []

    def run() -> None:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if stack.exists(CLUSTER, IN):
                time.sleep(3)
                too_early.append(stack.exists(BACKUP, IN))
                patch = json.dumps(READY)
                stack.client.run("patch", CLUSTER, IN, "--subresource=status", "--type=merge", f"--patch={patch}")
                return
            time.sleep(0.2)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield too_early
    finally:
        thread.join()


@dataclass(frozen=True)
class Deployed:
    """The stack, and the updates that were refused before the operator and its plugin were installed.

    `backups_too_early`: whether the backups existed before the Cluster was ready.
    """

    stack: LiveStack
    without_operator: Run
    without_plugin: Run
    backups_too_early: list[bool]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with running_control_plane() as client:
        stack = LiveStack(client, tmp_path_factory.mktemp("cluster"))
        with stack.project.edited() as config:
            config["ixn:postgresCluster"] = SETTINGS
        without_operator = stack.project.ixn(*UP)
        install(client, "cnpg-cluster", "cnpg-scheduledbackup")
        without_plugin = stack.project.ixn(*UP)
        install(client, *KINDS)
        with operator(stack) as too_early:
            stack.project.ixn(*UP).succeeded()
        yield Deployed(stack, without_operator, without_plugin, too_early)


@pytest.fixture
def stack(deployed: Deployed) -> LiveStack:
    return deployed.stack


def test_preflight_names_the_operator_and_then_its_plugin(deployed: Deployed) -> None:
    for refused, missing in (
        (deployed.without_operator, "Cluster (postgresql.cnpg.io/v1)"),
        (deployed.without_plugin, "ObjectStore (barmancloud.cnpg.io/v1)"),
    ):
        assert refused.code
        assert f"ixn:postgresCluster: the cluster has no {missing}" in refused.output


def test_up_waits_until_the_cluster_is_ready(deployed: Deployed) -> None:
    client = deployed.stack.client

    assert deployed.backups_too_early == [False]
    assert client.get(CLUSTER, IN)["spec"]["plugins"][0]["isWALArchiver"] is True
    assert deployed.stack.exists(BACKUP, IN)
    assert deployed.stack.exists(STORE, IN)


def test_there_is_no_drift_and_nothing_to_do(stack: LiveStack) -> None:
    assert stack.project.ixn("drift", "--json").succeeded().stdout.strip() == "[]"
    stack.project.ixn(*UP, "--expect-no-changes").succeeded()


def test_the_cluster_and_its_backups_outlive_the_stack_and_return_to_it(stack: LiveStack) -> None:
    references = (CLUSTER, STORE, BACKUP, "scheduledbackup.postgresql.cnpg.io/pg-snapshots")
    before = {each: stack.client.get(each, IN)["metadata"]["uid"] for each in references}

    stack.project.ixn("destroy", "--yes").succeeded()

    assert not stack.exists("statefulset/ixn-server-100", IN)
    assert {each: stack.client.get(each, IN)["metadata"]["uid"] for each in references} == before

    stack.project.ixn("recover", "--yes").succeeded()
    stack.project.ixn(*UP).succeeded()
    assert {each: stack.client.get(each, IN)["metadata"]["uid"] for each in references} == before
