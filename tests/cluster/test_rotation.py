"""Rotations on a real node: pods log in with the password that they started with, and none of them fails."""

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.cluster.deployment import Deployment
from tests.cluster.logging_in import TABLE, logging_in
from tests.cluster.postgres import Postgres
from tests.cluster.postgres_image import needs_postgres
from tests.cluster.provisioned import DATABASES, beside_postgres, provisioned, until
from tools.cluster import registry
from tools.cluster.stack_images import vendor_images
from tools.cluster.stack_links import settings_of

pytestmark = needs_postgres

HOME = "rotation"
"""The namespace of the tenants."""

SERVER, NODE = DATABASES.values()
WORKLOADS = {SERVER: "ixn-server", NODE: "ixn-node"}
PODS = {SERVER: 1, NODE: 2}
"""During a rollout of IXN Node, old and new ones log in."""

LOGINS = 20
"""What each pod does at least."""


def at_home(config: dict[str, Any]) -> None:
    """Change a stack so that Jobs make its databases."""
    provisioned(config)
    config["ixn:namespace"]["name"] = HOME


@dataclass(frozen=True)
class Run:
    """A container: its login, how many logins succeeded and failed, and whether the last one of its life did."""

    login: str
    logins: int
    failed: int
    ended: int


@dataclass
class Stack:
    """The stack, whose workloads log in to their databases all the time, and how often all pods were replaced."""

    deployment: Deployment
    postgres: Postgres
    generations: int = 0

    def deploy(self, rotation: int, **generated: Any) -> None:
        """Deploy the stack with a rotation, and other settings of the generated passwords."""

        def change(config: dict[str, Any]) -> None:
            at_home(config)
            config["ixn:ixnService"]["ixnNode"]["replicas"] = PODS[NODE]
            for peer in ("ixnDB", "ixnNodeDB"):
                config["ixn:peers"][peer]["secret"]["generated"] |= {"rotation": rotation, **generated}

        self.deployment.configure(change)
        self.deployment.project.up()
        self.deployment.await_workloads()
        self.generations += 1
        until(self.settled)

    def settled(self) -> bool:
        """Return whether only the pods of the last generation run, and each of all has logged in often."""
        for database, count in PODS.items():
            selector = f"--selector=app.kubernetes.io/name={WORKLOADS[database]}"
            pods = self.deployment.cluster.client.get("pods", f"--namespace={HOME}", selector)["items"]
            logins = [each.logins for each in self.runs(database)]
            if (len(pods), len(logins)) != (count, self.generations * count) or min(logins) < LOGINS:
                return False
        return True

    def runs(self, database: str) -> list[Run]:
        """Return what the containers of a workload have done."""
        columns = "login, count(*), max(failed), bool_or(is_last)::int"
        lines = self.postgres.sql(f"SELECT {columns} FROM {TABLE} GROUP BY run, login", database)
        return [Run(login, *map(int, numbers)) for login, *numbers in (line.split("|") for line in lines)]


@pytest.fixture(scope="module")
def stack(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    """The stack after its first update."""
    directory = tmp_path_factory.mktemp("rotation")
    with beside_postgres(deployment, directory, HOME) as (made, postgres):
        made.configure(at_home)
        made.apply_peers()
        images = vendor_images(settings_of(made.project.stack_file), made.double)
        registry.push(
            [logging_in(each.name, made.double, directory) for each in images if "vq_node" not in each.name],
            made.cluster.kubeconfig.parent,
        )
        found = Stack(made, postgres)
        found.deploy(0)
        yield found


def test_no_login_fails_in_rotations(stack: Stack) -> None:
    for rotation in (1, 2):
        stack.deploy(rotation)

    for database, pods in PODS.items():
        runs = stack.runs(database)
        assert Counter(each.login for each in runs) == {database: 2 * pods, f"{database}-2": pods}
        assert sum(each.ended for each in runs) == 2 * pods
        assert [each for each in runs if each.failed] == []
        print(f"{database}: {sum(each.logins for each in runs)} logins of {len(runs)} pods, none failed")


@pytest.mark.full
def test_logins_fail_if_a_password_is_replaced_without_a_rotation(stack: Stack) -> None:
    stack.deploy(2, length=40)

    for database, pods in PODS.items():
        assert sum(each.failed > 0 or not each.ended for each in stack.runs(database)) > pods
