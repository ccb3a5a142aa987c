"""A changed connection or policy runs the Jobs of the connectivity check again, and nothing else does."""

from typing import Any

import pytest
from pulumi_ixn import (
    Absent,
    CidrBlocks,
    CiliumPolicies,
    Dns,
    DnsNames,
    Endpoint,
    Isolation,
    NetworkPolicies,
    NoPolicies,
    Parameter,
    Party,
    Peer,
    PodSelector,
    PortRange,
)
from pulumi_ixn.testing import Deployment

from tests.unit.check.jobs import job, made, template, with_peer
from tests.unit.deployed import WORKLOADS
from tests.unit.samples import LOCATION, host


def run_again(before: Deployment[Any], after: Deployment[Any]) -> set[str]:
    """Return the workloads whose Job a changed tenant replaces: the provider does so when its template changes.

    It must not have another name, or the new Job would run beside the old one.
    """
    changed = {each for each in WORKLOADS if job(before, each)["spec"] != job(after, each)["spec"]}
    assert changed == {each for each in WORKLOADS if template(before, each) != template(after, each)}
    return changed


@pytest.mark.parametrize(
    ("workloads", "changes"),
    [
        ({"server"}, with_peer(Party.CONFIG_SERVER, host("other.voice.svc"))),
        ({"node"}, with_peer(Party.VOICE_RQ, host("rq.voice.svc", 11001))),
        ({"server"}, {"ports": {Parameter.SERVER_CONFIG: 8889}}),
        ({"node"}, {"ports": {Parameter.SERVER_PORT: 7121}}),
        ({"server"}, with_peer(Party.CONFIG_SERVER, Absent())),
        (
            {"server"},
            with_peer(
                Party.CONFIG_SERVER, Peer((PodSelector("infra", {"app": "x"}),), (Endpoint("conf.voice.svc"),))
            ),
        ),
        (
            {"server"},
            with_peer(Party.CONFIG_SERVER, Peer((CidrBlocks(("10.1.0.0/16",)),), (Endpoint("conf.voice.svc"),))),
        ),
        (
            {"server"},
            with_peer(
                Party.CONFIG_SERVER, Peer(LOCATION, (Endpoint("conf.voice.svc"),), target_ports=(PortRange(1, 9),))
            ),
        ),
        (set[str](), {"ports": {Parameter.SERVER_PORTS: 13200}}),
        (set[str](), with_peer(Party.URS, Absent())),
    ],
    ids=[
        "host",
        "port",
        "parameter of a peer",
        "parameter of our own",
        "absence",
        "location",
        "kind of location",
        "ports of the peer's pods",
        "incoming only",
        "absent caller",
    ],
)
def test_a_changed_link_replaces_only_the_job_of_its_workload(
    workloads: set[str], changes: dict[str, Any]
) -> None:
    assert run_again(made(), made(**changes)) == workloads


@pytest.mark.parametrize("isolation", [NoPolicies(), CiliumPolicies(), NetworkPolicies(Dns(ports=(5353,)))])
def test_a_changed_isolation_or_resolver_reruns_every_job(isolation: Isolation) -> None:
    assert run_again(made(), made(isolation=isolation)) == set(WORKLOADS)
    assert run_again(made(isolation=isolation), made(isolation=isolation)) == set()


def test_a_changed_dns_name_location_reruns_the_job() -> None:
    def digest(name: str) -> str:
        there = Peer((DnsNames((name,)),), (Endpoint("conf.example.com"),))
        found = made(isolation=CiliumPolicies(), **with_peer(Party.CONFIG_SERVER, there))
        return template(found, "server")["metadata"]["annotations"]["ixn-pulumi/links"]

    assert digest("a.example.com") == digest("a.example.com")
    assert digest("a.example.com") != digest("b.example.com")
