"""A Cluster of CloudNativePG in a stack that renders manifests, and what the engine refuses to do to it."""

from typing import Any

import pytest

from tests.engine.project import Project, make_project

CLUSTER: dict[str, Any] = {
    "name": "pg",
    "storage": {"size": "20Gi"},
    "backup": {"objectStore": {"created": {"destinationPath": "s3://backups/east"}}},
}
RECOVERY: dict[str, Any] = {"objectStore": {"existing": {"name": "west"}}, "serverName": "pg-west"}


@pytest.fixture
def stack(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = make_project(tmp_path_factory.mktemp("cluster"))
    configure(project, CLUSTER)
    project.up()
    return project


def configure(project: Project, cluster: dict[str, Any]) -> None:
    with project.edited() as config:
        config["ixn:postgresCluster"] = cluster


def test_an_existing_cluster_is_not_restored_from_another(stack: Project) -> None:
    before = stack.manifests()
    configure(stack, {**CLUSTER, "recovery": RECOVERY})

    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        refused = stack.run(*command, "--stack", stack.stack)

        assert refused.code != 0
        assert "nothing would be restored" in refused.output
    assert stack.manifests() == before

    # One of another name is another Cluster, whose manifest is beside the first one's.
    configure(stack, {**CLUSTER, "name": "pg2", "recovery": RECOVERY})
    stack.up()
    assert stack.manifests()["Cluster/pg2"]["spec"]["bootstrap"]["recovery"] == {"source": "source"}


def test_a_restored_cluster_need_not_remember_its_origin(stack: Project) -> None:
    configure(stack, {**CLUSTER, "name": "pg2", "recovery": RECOVERY})
    stack.up()
    configure(stack, {**CLUSTER, "name": "pg2"})

    stack.up()

    assert "bootstrap" not in stack.manifests()["Cluster/pg2"]["spec"]
