"""An independent analyzer finds that a database's Job reaches it and DNS, and that nothing reaches the Job."""

from dataclasses import replace
from pathlib import Path

from pulumi_ixn import DatabaseReference, DatabaseReferenceArgs, Party
from pulumi_ixn.testing import deploy

from tests.isolation.analyzer import Allowed, allowed
from tests.isolation.cases import KINDS, Case, Manifest, actual, expected
from tests.isolation.peers import DNS, manifests
from tests.isolation.test_policies import rendered
from tests.unit.provisioning.jobs import job, provisioned

PORT = 5432


def provisioning(case: Case) -> tuple[list[Manifest], str]:
    """Return the Job and its policy, and the name of the Job."""
    database = replace(provisioned(), locations=case.where[Party.IXN_DB].peer.locations)
    args = DatabaseReferenceArgs("ixn", database, job_name="ixn-server-100-db")
    found = deploy(lambda: DatabaseReference("db", args) and None)
    made = job(found)
    return [made, *(each for each in found.manifests if each["kind"] in KINDS)], f"ixn/{made['metadata']['name']}"


def test_the_job_of_a_database_reaches_it_and_dns_and_nothing_else(netpolicy: Path, tmp_path: Path) -> None:
    case = Case()
    objects, name = provisioning(case)
    theirs = manifests(case.where, dict.fromkeys(case.where, PORT))

    found = allowed(netpolicy, [*rendered(case), *objects, *theirs], tmp_path / "manifests")

    assert {each for each in found if name in (each.source, each.destination)} == {
        Allowed(name, case.where[Party.IXN_DB].name, "TCP", PORT),
        Allowed(name, DNS, "TCP", 53),
        Allowed(name, DNS, "UDP", 53),
    }


def test_the_job_changes_nothing_for_the_workloads(netpolicy: Path, tmp_path: Path) -> None:
    case = Case()
    objects, name = provisioning(case)

    found = actual(netpolicy, case, [*rendered(case), *objects], tmp_path / "manifests")

    assert {each for each in found if name not in (each.source, each.destination)} == expected(case)
