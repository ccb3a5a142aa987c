"""examples/external-secrets as its page says: a stack that is rendered, and a copy of it for a cluster."""

import shutil
from collections.abc import Iterator

import pytest
import yaml

from tests.engine.project import Project, project_at
from tests.engine.wheels import CHECKOUT, NOT_SOURCES

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("example") / "external-secrets"
    shutil.copytree(CHECKOUT / "examples" / "external-secrets", root, ignore=NOT_SOURCES)
    project = project_at(root, passphrase="")
    project.up()
    return project


def rendered(project: Project) -> Iterator[dict[str, object]]:
    return (yaml.safe_load(text) for text in project.files().values())


def test_the_stack_renders_external_secrets_and_no_secret(example: Project) -> None:
    kinds = [each["kind"] for each in rendered(example)]

    assert kinds.count("ExternalSecret") == 6
    assert not {"Secret", "Namespace"} & set(kinds)


def test_each_tenant_has_its_connections(example: Project) -> None:
    rows = example.connections()

    assert [(row["tenant"], row["number"]) for row in rows] == [
        (tenant, number) for tenant in ("east", "west") for number in range(1, 20)
    ]


def test_there_is_nothing_to_do_after_one_update(example: Project) -> None:
    example.pulumi("preview", "--expect-no-changes")


def test_a_copy_of_the_stack_is_set_to_a_cluster(example: Project) -> None:
    shutil.copyfile(example.stack_file, example.root / "Pulumi.prod.yaml")
    example.run("stack", "init", "prod").succeeded()
    on_prod = ("--stack", "prod", "--path")
    example.run("config", "rm", *on_prod, "ixn:target.render").succeeded()
    example.run("config", "set", *on_prod, "ixn:target.context", "my-cluster").succeeded()

    content = yaml.safe_load((example.root / "Pulumi.prod.yaml").read_text(encoding="utf-8"))
    assert content["config"]["ixn:target"] == {"context": "my-cluster"}
    # No machine has such a context: the settings are valid as far as they go without a cluster.
    stopped = example.run("preview", "--stack", "prod")
    assert stopped.code
    assert "ixn:target.context" in stopped.output
