"""A Cluster of CloudNativePG on a real API server that validates it by the operator's own schemas.

No operator runs: the test says that the Cluster is ready, as the operator would.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.cluster.definitions import definition
from tests.cluster.live_stack import LiveStack
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


def install(client: Client, kinds: Iterator[str] | list[str]) -> None:
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


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStack]:
    with running_control_plane() as client:
        made = LiveStack(client, tmp_path_factory.mktemp("cluster"))
        with made.project.edited() as config:
            config["ixn:postgresCluster"] = SETTINGS
        yield made


def test_preflight_names_the_operator_and_then_its_plugin(stack: LiveStack) -> None:
    missing = stack.project.ixn(*UP)
    assert missing.code
    assert "ixn:postgresCluster: the cluster has no Cluster (postgresql.cnpg.io/v1)" in missing.output

    install(stack.client, ["cnpg-cluster", "cnpg-scheduledbackup"])
    missing = stack.project.ixn(*UP)
    assert "ixn:postgresCluster: the cluster has no ObjectStore (barmancloud.cnpg.io/v1)" in missing.output


def test_up_waits_until_the_cluster_is_ready(stack: LiveStack) -> None:
    install(stack.client, list(KINDS))
    with operator(stack) as too_early:
        stack.project.ixn(*UP).succeeded()

    assert too_early == [False]
    assert stack.client.get(CLUSTER, IN)["spec"]["plugins"][0]["isWALArchiver"] is True
    assert stack.exists(BACKUP, IN)
    assert stack.exists(STORE, IN)


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
