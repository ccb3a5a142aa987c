"""The manifests of the Jobs that check a tenant's connections before it goes live."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks
from pulumi_ixn import (
    OPENSHIFT,
    Absent,
    CidrBlocks,
    CiliumPolicies,
    ConnectivityCheck,
    ConnectivityCheckArgs,
    ConnectivityCheckOptions,
    Dns,
    DnsNames,
    Endpoint,
    Image,
    Isolation,
    NetworkPolicies,
    NoPolicies,
    Parameter,
    Party,
    Peer,
    PodSelector,
    PortRange,
    Tenant,
    resolve,
    workload_peers,
)
from pulumi_ixn.check.job import script
from pulumi_ixn.testing import UNKNOWN, Deployment, deploy, unknown
from pulumi_ixn.validation import InvalidInputs
from pulumi_ixn.values import MAX_SID_LENGTH

from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tests.unit.samples import LOCATION, NAMESPACE, PEERS, TENANT, host, ixn, kafka

IMAGE = Image("tools/busybox", "1.37", "registry.example.com")
OPTIONS = ConnectivityCheckOptions(IMAGE)
WORKLOADS = ("server", "node", "vqnode")
SERVER = f"ixn-server-{TENANT.id}.ixn.svc"


def made(preview: bool = False, options: ConnectivityCheckOptions = OPTIONS, **changes: Any) -> Deployment[None]:
    return deploy(lambda: ixn(connectivity_check=options, **changes) and None, preview=preview)


def with_peer(party: Party, peer: Peer | Absent) -> dict[str, Any]:
    return {"peers": {**PEERS, party: peer}}


def jobs(found: Deployment[Any]) -> dict[str, Mapping[str, Any]]:
    return {each["metadata"]["name"]: each for each in found.manifests if each.get("kind") == "Job"}


def job(found: Deployment[Any], workload: str) -> Mapping[str, Any]:
    return jobs(found)[f"ixn-{workload}-100-check"]


def template(found: Deployment[Any], workload: str) -> Mapping[str, Any]:
    return job(found, workload)["spec"]["template"]


def container(found: Deployment[Any], workload: str) -> Mapping[str, Any]:
    (only,) = template(found, workload)["spec"]["containers"]
    return only


def env(found: Deployment[Any], workload: str) -> dict[str, Any]:
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container(found, workload)["env"]}


def targets(found: Deployment[Any], workload: str) -> list[str]:
    return env(found, workload)["TARGETS"].split("\n")


def run_again(before: Deployment[Any], after: Deployment[Any]) -> set[str]:
    """Return the workloads whose Job a changed tenant replaces: the provider does so when its template changes.

    It must not have another name, or the new Job would run beside the old one.
    """
    changed = {each for each in WORKLOADS if job(before, each)["spec"] != job(after, each)["spec"]}
    assert changed == {each for each in WORKLOADS if template(before, each) != template(after, each)}
    return changed


def test_no_job_exists_by_default(preview: bool) -> None:
    found = deploy(lambda: ixn() and None, preview=preview)

    assert jobs(found) == {}
    assert found.of_type("ixn:index:ConnectionCheck") == []


def test_each_workload_has_its_own_job(preview: bool) -> None:
    found = made(preview)

    assert set(jobs(found)) == {f"ixn-{each}-100-check" for each in WORKLOADS}
    names = {each.name for each in found.of_type("kubernetes:batch/v1:Job")}
    assert names == {f"east-check-{each}" for each in WORKLOADS}


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


@pytest.mark.parametrize("workload", WORKLOADS)
def test_the_pod_shares_the_policy_of_its_workload_and_backs_no_service(workload: str, preview: bool) -> None:
    # Custom labels do not make it one either.
    found = made(preview, replace(OPTIONS, labels={"team": "x"}))
    labels = template(found, workload)["metadata"]["labels"]

    assert labels["team"] == "x"
    own = found.policy(f"ixn-{workload}-100")
    policy = own["spec"]["podSelector"]["matchLabels"]
    assert policy.items() <= labels.items()
    others = [
        each["spec"]["podSelector"]["matchLabels"]
        for each in found.manifests
        if each.get("kind") == "NetworkPolicy" and each != own
    ]
    assert len(others) == 2
    services = [each["spec"]["selector"] for each in found.manifests if each.get("kind") == "Service"]
    assert services
    controllers = ("StatefulSet", "Deployment")
    selectors = [
        each["spec"]["selector"]["matchLabels"] for each in found.manifests if each.get("kind") in controllers
    ]
    assert not [each for each in (*others, *services, *selectors) if each.items() <= labels.items()]


@pytest.mark.parametrize("workload", WORKLOADS)
def test_the_pod_uses_the_service_account_of_its_workload_without_a_token(workload: str, preview: bool) -> None:
    found = made(preview)
    spec = template(found, workload)["spec"]

    assert (
        found.manifest("ServiceAccount", spec["serviceAccountName"])["metadata"]["name"] == f"ixn-{workload}-100"
    )
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False


@pytest.mark.parametrize("workload", WORKLOADS)
def test_the_pod_meets_the_restricted_standard(workload: str, preview: bool) -> None:
    found = made(preview)

    assert template(found, workload)["spec"]["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 500,
        "runAsGroup": 500,
        "fsGroup": 500,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert container(found, workload)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert "volumes" not in template(found, workload)["spec"]


def test_openshift_assigns_the_user_id() -> None:
    found = made(options=replace(OPTIONS, security=OPENSHIFT))

    assert template(found, "node")["spec"]["securityContext"] == {
        "runAsNonRoot": True,
        "runAsGroup": 0,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def test_the_image_and_its_pull_settings_are_as_configured() -> None:
    options = replace(OPTIONS, image_pull_policy="Always", image_pull_secrets=("pull",), annotations={"a": "b"})
    found = made(options=options)

    assert container(found, "node")["image"] == "registry.example.com/tools/busybox:1.37"
    assert container(found, "node")["imagePullPolicy"] == "Always"
    assert template(found, "node")["spec"]["imagePullSecrets"] == [{"name": "pull"}]
    assert template(found, "node")["metadata"]["annotations"]["a"] == "b"
    assert "imagePullSecrets" not in template(made(), "node")["spec"]


def test_a_failed_job_reports_its_results_and_runs_again_on_the_next_up() -> None:
    found = job(made(), "node")

    assert container(made(), "node")["terminationMessagePolicy"] == "FallbackToLogsOnError"
    assert found["metadata"]["annotations"]["pulumi.com/replaceUnready"] == "true"
    assert found["spec"]["template"]["spec"]["restartPolicy"] == "Never"
    # If the cluster deleted the Job, the next refresh would create it again.
    assert "ttlSecondsAfterFinished" not in found["spec"]


@pytest.mark.parametrize("deadline", [1, 10, 60])
def test_the_job_deadline_leaves_time_for_every_row(deadline: int) -> None:
    found = made(options=replace(OPTIONS, deadline=deadline))

    spec = job(found, "node")["spec"]
    assert env(found, "node")["DEADLINE"] == str(deadline)
    assert spec["backoffLimit"] == 1
    # The guard of a connection waits one more second for a client that does not end at once.
    slowest = 2 * len(targets(found, "node")) * (deadline + 1)
    assert slowest < spec["activeDeadlineSeconds"] < slowest + 300


def test_the_pulumi_timeout_covers_the_job_deadline() -> None:
    # The provider's default timeout is ten minutes, after which it shows no results.
    brokers = tuple(Endpoint(f"b{n}.infra.svc", 9092) for n in range(30))
    options = replace(OPTIONS, deadline=60)
    found = deploy(lambda: ixn(connectivity_check=options, kafka=kafka(endpoints=brokers)) and None)

    for each in jobs(found).values():
        patience = int(each["metadata"]["annotations"]["pulumi.com/timeoutSeconds"])
        assert each["spec"]["activeDeadlineSeconds"] < patience < each["spec"]["activeDeadlineSeconds"] + 300
    assert job(found, "vqnode")["spec"]["activeDeadlineSeconds"] > 3600


def test_failed_connections_are_in_the_termination_message() -> None:
    assert env(made(), "node")["FAILURES"] == container(made(), "node")["terminationMessagePath"]


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


def test_jobs_exist_without_policies(preview: bool) -> None:
    assert len(jobs(made(preview, isolation=NoPolicies()))) == 3


@pytest.mark.parametrize("name", ["two words", "$(NODE_IP)", "[::1]", "a\nb", ""])
def test_an_invalid_address_is_rejected_with_its_row(name: str) -> None:
    with pytest.raises(InvalidInputs, match=r"peers\.config_server\.endpoints"):
        made(**with_peer(Party.CONFIG_SERVER, host(name)))


@pytest.mark.parametrize("deadline", [0, -1, 61, True, 1.5, "10"])
def test_a_deadline_out_of_range_is_rejected(deadline: Any) -> None:
    with pytest.raises(InvalidInputs, match=r"connectivity_check\.deadline: "):
        made(options=replace(OPTIONS, deadline=deadline))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_jobs_are_valid(version: str) -> None:
    options = replace(OPTIONS, image_pull_secrets=("pull",), labels={"a": "b"}, annotations={"c": "d"})

    assert [validation_errors(each, version) for each in jobs(made(options=options)).values()] == [[], [], []]


def test_the_script_contains_nothing_that_the_kubelet_expands() -> None:
    found = container(made(), "node")
    shell, option, text = found["command"]

    assert (shell, option, text) == ("/bin/sh", "-c", script())
    # In a command the kubelet replaces `$$` with `$`, and `$(NAME)` if NAME is a variable of the container.
    assert "$$" not in text
    assert not {f"$({each['name']})" for each in found["env"]} & set(re.findall(r"\$\([^)]*\)", text))


def alone(opts: pulumi.ResourceOptions | None = None, tenant: Tenant = TENANT) -> ConnectivityCheck:
    filled = {party: host("x.example.com", 1) for party in (Party.KAFKA, Party.IXN_DB, Party.IXN_NODE_DB)}
    theirs = {**PEERS, **filled, Party.ORS_REDIS_STREAM: Absent()}
    links = resolve(workload_peers(tenant, NAMESPACE), theirs)
    return ConnectivityCheck("one", ConnectivityCheckArgs(tenant, NAMESPACE, links, OPTIONS), opts)


def test_the_check_works_without_the_workload_components(preview: bool) -> None:
    found = deploy(lambda: alone() and None, preview=preview)

    # The event loop determines the order of registrations.
    assert {(each.type, each.name) for each in found.resources} == {
        ("ixn:index:ConnectionCheck", "one"),
        *(("kubernetes:batch/v1:Job", f"one-{each}") for each in WORKLOADS),
    }


def test_the_longest_sid_fits_into_the_job_name_label() -> None:
    found = deploy(lambda: alone(tenant=Tenant(TENANT.id, "x" * MAX_SID_LENGTH)) and None)

    assert [len(name) <= 63 for name in jobs(found)] == [True] * 3


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is registered, by the last part of its URN: type and name."""
    found: dict[str, Any] = {}
    register = mocks.MockMonitor.RegisterResource

    def registered(self: mocks.MockMonitor, request: Any) -> Any:
        found[f"{request.type}::{request.name}"] = request
        return register(self, request)

    monkeypatch.setattr(mocks.MockMonitor, "RegisterResource", registered)
    return found


def test_jobs_are_children_of_the_check_and_the_check_of_the_tenant(
    preview: bool, requests: dict[str, Any]
) -> None:
    made(preview)

    assert requests["ixn:index:ConnectionCheck::east-check"].parent.endswith("ixn:index:Ixn::east")
    for each in WORKLOADS:
        parent = requests[f"kubernetes:batch/v1:Job::east-check-{each}"].parent
        assert parent.endswith("ixn:index:ConnectionCheck::east-check")


def kind_and_name(urn: str) -> tuple[str, str]:
    *_, types, name = urn.split("::")
    return types.rpartition(":")[2], name


def test_a_job_depends_on_its_account_policy_and_destination_workload(
    preview: bool, requests: dict[str, Any]
) -> None:
    made(preview)

    waits = {
        each: {kind_and_name(urn) for urn in requests[f"kubernetes:batch/v1:Job::east-check-{each}"].dependencies}
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
