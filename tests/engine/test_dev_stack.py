"""The unmodified dev stack: up, up again, destroy."""

import pytest

from tests.engine import table
from tests.engine.project import Project, make_project

SHAPE = {
    "tenant",
    "number",
    "source",
    "destination",
    "protocol",
    "port",
    "endpoints",
    "classification",
    "parameter",
    "absent",
    "rules",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The dev stack, deployed as `make up` does: with a preview first."""
    stack = make_project(tmp_path_factory.mktemp("dev"))
    stack.pulumi("up", "--yes", "--suppress-outputs")
    return stack


def test_a_preview_of_a_fresh_project_writes_no_manifest(project: Project) -> None:
    said = project.pulumi("preview")

    assert "to create" in said.stdout, said
    assert not project.rendered.exists()
    assert project.resources() == []


def test_up_renders_the_objects_of_the_three_workloads(stack: Project) -> None:
    assert stack.manifests().keys() == {
        "Namespace/ixn",
        "StatefulSet/ixn-server-100",
        "Service/ixn-server-100-headless",
        "Deployment/ixn-node-100",
        "ConfigMap/ixn-node-100-settings",
        "Deployment/ixn-vqnode-100",
        "PrometheusRule/ixn-100",
        *(
            f"{kind}/{workload}-100"
            for kind in ("ServiceAccount", "ServiceMonitor", "NetworkPolicy")
            for workload in ("ixn-server", "ixn-node", "ixn-vqnode")
        ),
        *(f"Service/{workload}-{table.DEV_ID}" for workload in ("ixn-server", "ixn-node", "ixn-vqnode")),
    }


def test_a_second_up_has_nothing_to_change(stack: Project) -> None:
    before = stack.files()

    stack.up("--expect-no-changes")

    assert stack.files() == before


def test_the_connections_output_is_the_table_with_the_addresses_of_the_stack(stack: Project) -> None:
    connections = stack.connections()

    assert len(connections) == 19
    assert all(connection.keys() == SHAPE for connection in connections)
    assert connections == table.connections()


def test_destroy_leaves_neither_a_manifest_nor_a_resource(project: Project) -> None:
    with project.edited() as config:
        # Include a Secret, which holds addresses, in what has to be destroyed.
        config["ixn:peers"]["kafka"]["secret"] = {"managed": {}}
    project.up()
    assert "Secret/kafka-shared-secret" in project.manifests()

    project.pulumi("destroy", "--yes")

    assert project.files() == {}
    assert project.resources() == []


def test_the_state_holds_where_each_resource_is_registered_but_no_whole_call_stack(stack: Project) -> None:
    found = [each for each in stack.resources() if each["type"].startswith(("ixn:", "kubernetes:"))]

    assert found
    for each in found:
        assert "/pulumi_ixn/" in each["sourcePosition"]
        assert len(each["stackTrace"]) < 8
