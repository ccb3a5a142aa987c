"""The analyzer finds that the policies of each example allow its connections, at both ends, and no more."""

import functools
import re
from pathlib import Path

import pytest
from pulumi_ixn import Party, PodSelector

from tests.compare import mocks
from tests.compare.cases import examples_of
from tests.isolation.analyzer import Allowed
from tests.isolation.cases import KINDS, Manifest, actual, expected
from tests.isolation.examples import EXAMPLES, IN_CLUSTER
from tests.isolation.peers import workload
from tests.unit.config.stacks import CHECKOUT

POSTGRES, STATUS = 5432, 8000
"""Ports of CloudNativePG's pods: of the database, and of the instance manager."""


@functools.cache
def rendered(name: str) -> list[Manifest]:
    """Return the objects of an example that determine connectivity; Jobs without the digests of their names."""
    (case,) = (each for each in examples_of(CHECKOUT) if each.name == name)
    found = [each for each in mocks.generate(CHECKOUT, case).values() if each["kind"] in KINDS]
    return [_named_without_digest(each) if each["kind"] == "Job" else each for each in found]


def _named_without_digest(job: Manifest) -> Manifest:
    name = re.sub(r"-[0-9a-f]{7}$", "", job["metadata"]["name"])
    return {**job, "metadata": {**job["metadata"], "name": name}}


def connections(name: str) -> set[Allowed]:
    example = EXAMPLES[name]
    return set(example.others).union(*map(expected, example.tenants))


def found_in(name: str, objects: list[Manifest], netpolicy: Path, directory: Path) -> set[Allowed]:
    return actual(netpolicy, EXAMPLES[name].tenants[0], objects, directory)


def test_every_example_is_analyzed() -> None:
    assert {each.name for each in examples_of(CHECKOUT)} == EXAMPLES.keys()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_allows_exactly_the_table_and_dns(name: str, netpolicy: Path, tmp_path: Path) -> None:
    assert found_in(name, rendered(name), netpolicy, tmp_path / "manifests") == connections(name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_without_one_of_its_policies_an_example_is_open(name: str, netpolicy: Path, tmp_path: Path) -> None:
    policies = [each for each in rendered(name) if each["kind"] == "NetworkPolicy"]
    # That of PostgreSQL restricts pods that its operator creates: see below.
    dropped = [each for each in policies if each["metadata"]["namespace"] != "databases"]

    for index, policy in enumerate(dropped):
        others = [each for each in rendered(name) if each is not policy]
        more = found_in(name, others, netpolicy, tmp_path / f"{index}") - connections(name)
        assert more, policy["metadata"]["name"]
    assert len(dropped) >= 6


def created_by_the_operator() -> list[Manifest]:
    """Return what stands for the pods of in-cluster's Cluster, and for the operator."""
    (selector,) = IN_CLUSTER[Party.IXN_DB].peer.locations
    assert isinstance(selector, PodSelector)
    return [
        *workload("databases", "postgres", selector.labels, POSTGRES),
        *workload("cnpg-system", "operator", {"app.kubernetes.io/name": "cloudnative-pg"}, 9443),
    ]


def test_postgres_admits_its_clients_and_the_operator(netpolicy: Path, tmp_path: Path) -> None:
    name, at = "in-cluster/dev", IN_CLUSTER[Party.IXN_DB].name
    objects = [*rendered(name), *created_by_the_operator()]
    restricted = found_in(name, objects, netpolicy, tmp_path / "restricted")
    policy = next(each for each in objects if each["kind"] == "NetworkPolicy" and each["metadata"]["name"] == "pg")
    without = [each for each in objects if each is not policy]
    open_to_all = found_in(name, without, netpolicy, tmp_path / "open")

    wanted = {each for each in connections(name) if each.destination == at}
    wanted |= {Allowed("cnpg-system/operator", at, "TCP", port) for port in (POSTGRES, STATUS)}
    assert {each for each in restricted if each.destination == at} == wanted
    assert {each for each in open_to_all if each.destination == at} - wanted
