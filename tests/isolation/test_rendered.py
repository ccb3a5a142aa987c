"""The isolation test on manifests that the real engine renders for a stack."""

import copy
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from pulumi_ixn import Party
from pulumi_ixn.spec import Parameter

from tests.engine.project import Project, make_project
from tests.isolation.analyzer import Allowed
from tests.isolation.cases import KINDS, Case, Manifest, actual, expected
from tests.isolation.stacks import case_of

pytestmark = pytest.mark.engine

TARGET_PORT = 21000
SERVER_PORT = 7125


class Stack(NamedTuple):
    """The case of the stack file, and the rendered manifests."""

    case: Case
    manifests: list[Manifest]


def brought_up(project: Project, **ports: int) -> Stack:
    project.up()
    config = yaml.safe_load(project.stack_file.read_text(encoding="utf-8"))["config"]
    rendered = [each for each in project.manifests().values() if each["kind"] in KINDS]
    return Stack(case_of(config, {Parameter[name]: port for name, port in ports.items()}), rendered)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The dev stack as it is."""
    return brought_up(make_project(tmp_path_factory.mktemp("shipped")))


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The dev stack with a second tenant, a Service that maps Voice RQ's port, and another port of IXN."""
    project = make_project(tmp_path_factory.mktemp("changed"))
    with project.edited() as config:
        config["ixn:tenants"]["second"] = {"id": "3c2b7f6e-58d1-4b0a-9c39-0f6a1b7d2e45", "sid": "200"}
        config["ixn:peers"]["voiceRQ"]["targetPorts"] = [{"first": TARGET_PORT}]
        config["ixn:ixnService"]["ixnServer"]["port"] = SERVER_PORT
    return brought_up(project, SERVER_PORT=SERVER_PORT)


def test_the_dev_stack_allows_exactly_the_table_and_dns(shipped: Stack, netpolicy: Path, tmp_path: Path) -> None:
    found = actual(netpolicy, shipped.case, shipped.manifests, tmp_path / "manifests")

    assert found == expected(shipped.case)
    # The nineteen, one more to Consul for the nodes, and DNS by two protocols for three workloads.
    assert len(found) == 19 + 1 + 3 * 2


def test_two_tenants_in_one_namespace_have_their_own_connections_only(
    changed: Stack, netpolicy: Path, tmp_path: Path
) -> None:
    found = actual(netpolicy, changed.case, changed.manifests, tmp_path / "manifests")

    assert found == expected(changed.case)
    assert not [each for each in found if {"100", "200"} <= {each.source[-3:], each.destination[-3:]}]
    rq = changed.case.where[Party.VOICE_RQ].name
    for sid in ("100", "200"):
        assert Allowed(f"ixn/ixn-node-{sid}", rq, "TCP", TARGET_PORT) in found
        assert Allowed(f"ixn/ixn-node-{sid}", f"ixn/ixn-server-{sid}", "TCP", SERVER_PORT) in found


def test_dropping_a_rendered_rule_removes_its_connection(shipped: Stack, netpolicy: Path, tmp_path: Path) -> None:
    broken: Any = copy.deepcopy(shipped.manifests)
    (policy,) = (
        each
        for each in broken
        if each["kind"] == "NetworkPolicy" and each["metadata"]["name"].startswith("ixn-server-100-")
    )
    del policy["spec"]["egress"][0]

    missing = expected(shipped.case) - actual(netpolicy, shipped.case, broken, tmp_path / "manifests")
    config_server = shipped.case.where[Party.CONFIG_SERVER].name
    assert missing == {Allowed("ixn/ixn-server-100", config_server, "TCP", 8888)}
