"""The connections that each Job of the connectivity check tries."""

import pytest
from pulumi_ixn import (
    Absent,
    Endpoint,
    Parameter,
    Party,
    Peer,
)
from pulumi_ixn.testing import UNKNOWN, deploy, unknown
from pulumi_ixn.validation import InvalidInputs

from tests.unit.check.jobs import OPTIONS, container, env, jobs, made, targets, with_peer
from tests.unit.deployed import WORKLOADS
from tests.unit.samples import LOCATION, PEERS, TENANT, host, ixn, kafka

SERVER = f"ixn-server-{TENANT.id}.ixn.svc"


def test_a_job_checks_every_outbound_row_of_its_workload() -> None:
    found = made()

    assert targets(found, "server") == [
        "5 conf.voice.svc 8888",
        "6 kafka.infra.svc 9092",
        "16 postgres.infra.svc 5432",
        "19 pulse.pulse.svc 2060",
    ]
    assert targets(found, "node") == [
        "1 $(NODE_IP) 8500",
        f"2 {SERVER} 7120",
        "13 rq.voice.svc 11000",
        "14 voice-config.voice.svc 8888",
        "15 redis.infra.svc 6379",
        "17 postgres.infra.svc 5432",
    ]
    assert targets(found, "vqnode") == ["7 kafka.infra.svc 9092"]


def test_the_node_address_is_defined_before_the_targets_that_use_it() -> None:
    variables = container(made(), "node")["env"]

    assert variables[0] == {"name": "NODE_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}}
    assert [each["name"] for each in variables].index("TARGETS") > 0
    assert "NODE_IP" not in env(made(), "server")


def test_every_endpoint_and_advertised_listener_is_checked() -> None:
    def program() -> None:
        brokers = (Endpoint("b0.infra.svc", 9093), Endpoint("kafka.infra.svc", 9092))
        bootstrap = (Endpoint("kafka.infra.svc", 9092), Endpoint("fd00::7", 9092))
        ixn(connectivity_check=OPTIONS, kafka=kafka(endpoints=bootstrap, advertised=brokers))

    assert targets(deploy(program), "vqnode") == [
        "7 kafka.infra.svc 9092",
        "7 fd00::7 9092",
        "7 b0.infra.svc 9093",
    ]


def test_rows_of_absent_peers_are_not_checked(preview: bool) -> None:
    found = made(preview, **with_peer(Party.CONFIG_SERVER, Absent()))

    assert [line.split()[0] for line in targets(found, "server")] == ["6", "16", "19"]


def test_a_workload_without_outbound_rows_has_no_job(preview: bool) -> None:
    assert set(jobs(made(preview, kafka=Absent()))) == {"ixn-server-100-check", "ixn-node-100-check"}


def test_unknown_addresses_do_not_change_the_resources() -> None:
    def program() -> None:
        ports = {parameter: unknown(int) for parameter in Parameter}
        name, port = unknown(str), unknown(int)
        somewhere = {party: Peer(LOCATION, (Endpoint(name),)) for party in (Party.CONFIG_SERVER,)}
        peers = {**PEERS, **somewhere, Party.VOICE_RQ: Peer(LOCATION, (Endpoint(name, port),))}
        ixn(connectivity_check=OPTIONS, ports=ports, peers=peers, namespace=unknown(str))

    found = deploy(program, preview=True)

    assert set(jobs(found)) == {f"ixn-{each}-100-check" for each in WORKLOADS}
    for workload in ("server", "node"):
        assert env(found, workload)["TARGETS"] == UNKNOWN
        assert env(found, workload)["DEADLINE"] == "10"
    known = jobs(made())
    for name, each in jobs(found).items():
        assert each["spec"].keys() == known[name]["spec"].keys()
        assert each["spec"]["template"]["spec"].keys() == known[name]["spec"]["template"]["spec"].keys()


def test_an_unknown_list_of_addresses_does_not_change_the_resources() -> None:
    def program() -> None:
        ixn(connectivity_check=OPTIONS, **with_peer(Party.VOICE_RQ, Peer(LOCATION, unknown(tuple))))

    assert env(deploy(program, preview=True), "node")["TARGETS"] == UNKNOWN


@pytest.mark.parametrize("name", ["two words", "$(NODE_IP)", "[::1]", "a\nb", ""])
def test_an_invalid_address_is_rejected_with_its_row(name: str) -> None:
    with pytest.raises(InvalidInputs, match=r"peers\.config_server\.endpoints"):
        made(**with_peer(Party.CONFIG_SERVER, host(name)))
