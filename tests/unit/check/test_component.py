"""The component of the connectivity check: parents, dependencies, and use without the workloads."""

import pulumi
from pulumi_ixn import (
    ConnectivityCheck,
    ConnectivityCheckArgs,
    Tenant,
    resolve,
    workload_peers,
)
from pulumi_ixn.testing import deploy
from pulumi_ixn.values import MAX_SID_LENGTH

from tests.unit.check.jobs import OPTIONS, jobs, made
from tests.unit.deployed import WORKLOADS
from tests.unit.registrations import Registrations, registrations
from tests.unit.samples import ALL_PEERS, NAMESPACE, TENANT

__all__ = ["registrations"]

JOB = "kubernetes:batch/v1:Job"


def alone(opts: pulumi.ResourceOptions | None = None, tenant: Tenant = TENANT) -> ConnectivityCheck:
    links = resolve(workload_peers(tenant, NAMESPACE), ALL_PEERS)
    return ConnectivityCheck("one", ConnectivityCheckArgs(tenant, NAMESPACE, links, OPTIONS), opts)


def test_the_check_works_without_the_workload_components(preview: bool) -> None:
    found = deploy(lambda: alone() and None, preview=preview)

    # The event loop determines the order of registrations.
    assert {(each.type, each.name) for each in found.resources} == {
        ("ixn:index:ConnectionCheck", "one"),
        *((JOB, f"one-{each}") for each in WORKLOADS),
    }


def test_the_longest_sid_fits_into_the_job_name_label() -> None:
    found = deploy(lambda: alone(tenant=Tenant(TENANT.id, "x" * MAX_SID_LENGTH)) and None)

    assert [len(name) <= 63 for name in jobs(found)] == [True] * 3


def test_jobs_are_children_of_the_check_and_the_check_of_the_tenant(
    preview: bool, registrations: Registrations
) -> None:
    made(preview, connectivity_check=OPTIONS)

    check = registrations.one("ixn:index:ConnectionCheck", "east-check")
    assert check in registrations.children(registrations.one("ixn:index:Ixn", "east"))
    assert {(each.type, each.name) for each in registrations.children(check)} == {
        (JOB, f"east-check-{each}") for each in WORKLOADS
    }


def kind_and_name(urn: str) -> tuple[str, str]:
    *_, types, name = urn.split("::")
    return types.rpartition(":")[2], name


def test_a_job_depends_on_its_account_policy_and_destination_workload(
    preview: bool, registrations: Registrations
) -> None:
    made(preview, connectivity_check=OPTIONS)

    waits = {
        each: {kind_and_name(urn) for urn in registrations.one(JOB, f"east-check-{each}").dependencies}
        for each in WORKLOADS
    }
    for each in WORKLOADS:
        policies = [name for kind, name in waits[each] if kind == "NetworkPolicy"]
        assert ("ServiceAccount", f"east-{each}") in waits[each]
        assert any(name.startswith(f"east-{each}-") for name in policies)
    # Row 2: the server must listen. No Job waits for its own workload, whose pods may never become ready.
    assert ("StatefulSet", "east-server") in waits["node"]
    assert ("StatefulSet", "east-server") not in waits["server"]
    assert not [name for each in WORKLOADS for kind, name in waits[each] if kind == "Deployment"]
