from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi_ixn import Absent, Alerts, Image, LogStorage, Monitoring, Party, Tenant
from pulumi_ixn.components.connections import Connection
from pulumi_ixn.monitoring import SCRAPE_LABELS
from pulumi_ixn.monitoring.alerts import ALERTS
from pulumi_ixn.spec import CONNECTIONS, Parameter
from pulumi_ixn.testing import Deployment, deploy
from pulumi_ixn.validation import InvalidInputs

from tests.unit.deployed import made
from tests.unit.samples import PEERS, TENANT, ixn, kafka, pod, redis

SERVICES = {
    f"ixn-server-{TENANT.id}": {"server-default": 7120, "metrics": 13131},
    f"ixn-node-{TENANT.id}": {"metrics": 13133},
    f"ixn-vqnode-{TENANT.id}": {"vqnode-default": 7122, "metrics": 13139},
    "ixn-server-100-headless": {"server-default": 7120},
}
NAMES = {
    ("StatefulSet", "ixn-server-100"),
    ("Deployment", "ixn-node-100"),
    ("Deployment", "ixn-vqnode-100"),
    ("ConfigMap", "ixn-node-100-settings"),
    ("PrometheusRule", "ixn-100"),
    *(
        (kind, f"ixn-{each}-100")
        for kind in ("ServiceAccount", "ServiceMonitor")
        for each in ("server", "node", "vqnode")
    ),
    *(("Service", name) for name in SERVICES),
}


def rows(**changes: Any) -> dict[int, Connection]:
    return {row["number"]: row for row in made(**changes).result}


def service_ports(deployment: Deployment[Any]) -> dict[str, dict[str, int]]:
    services = [each for each in deployment.manifests if each["kind"] == "Service"]
    return {
        each["metadata"]["name"]: {port["name"]: port["port"] for port in each["spec"]["ports"]}
        for each in services
    }


def test_a_tenant_has_three_workloads_and_their_resources(preview: bool) -> None:
    found = made(preview)

    policies = {each["metadata"]["name"] for each in found.manifests if each["kind"] == "NetworkPolicy"}
    assert policies == {
        found.policy(f"ixn-{each}-100")["metadata"]["name"] for each in ("server", "node", "vqnode")
    }
    others = [each for each in found.manifests if each["kind"] != "NetworkPolicy"]
    assert {(each["kind"], each["metadata"]["name"]) for each in others} == NAMES
    for component in ("Ixn", "IxnServer", "IxnNode", "IxnVqNode"):
        assert len(found.of_type(f"ixn:index:{component}")) == 1


def test_services_have_the_ports_of_the_table(preview: bool) -> None:
    assert service_ports(made(preview)) == SERVICES


def test_every_service_targets_a_named_port_of_its_workload(preview: bool) -> None:
    found = made(preview)
    workloads = [each for each in found.manifests if each["kind"] in ("StatefulSet", "Deployment")]
    ports = {
        tuple(sorted(each["spec"]["selector"]["matchLabels"].items())): {
            port["name"]: port["containerPort"]
            for port in each["spec"]["template"]["spec"]["containers"][0]["ports"]
        }
        for each in workloads
    }

    for service in (each for each in found.manifests if each["kind"] == "Service"):
        selected = ports[tuple(sorted(service["spec"]["selector"].items()))]
        assert all(selected[port["targetPort"]] == port["port"] for port in service["spec"]["ports"])


def test_the_connections_are_the_nineteen_rows_with_their_addresses() -> None:
    found = rows()

    assert list(found) == list(range(1, 20))
    server, vq_node, node = (f"{name}-{TENANT.id}.ixn.svc" for name in ("ixn-server", "ixn-vqnode", "ixn-node"))
    assert {number: row["endpoints"] for number, row in found.items()} == {
        1: ["status.hostIP:8500"],
        **{number: [f"{server}:7120"] for number in (2, 3, 4, 18)},
        5: ["conf.voice.svc:8888"],
        6: ["kafka.infra.svc:9092"],
        7: ["kafka.infra.svc:9092"],
        8: [f"{vq_node}:7122"],
        9: [f"{vq_node}:7122"],
        10: [f"{vq_node}:13139"],
        11: [f"{node}:13133"],
        12: [f"{server}:13131"],
        13: ["rq.voice.svc:11000"],
        14: ["voice-config.voice.svc:8888"],
        15: ["redis.infra.svc:6379"],
        16: ["postgres.infra.svc:5432"],
        17: ["postgres.infra.svc:5432"],
        19: ["pulse.pulse.svc:2060"],
    }
    for row in CONNECTIONS:
        said = found[row.number]
        assert said["tenant"] == "east"
        assert not said["absent"]
        assert (said["source"], said["destination"], said["protocol"]) == (
            row.source,
            row.destination,
            row.protocol,
        )
        assert (said["classification"], said["parameter"]) == (row.classification, row.parameter)
        assert [said["port"]] == [int(at.rpartition(":")[2]) for at in said["endpoints"]]


def test_the_row_of_an_absent_peer_is_marked_absent() -> None:
    row = rows(peers={**PEERS, Party.URS: Absent()})[8]

    assert (row["absent"], row["endpoints"], row["port"]) == (True, [], None)


@pytest.mark.parametrize(
    ("parameter", "services"),
    [
        (
            Parameter.SERVER_PORT,
            {(f"ixn-server-{TENANT.id}", "server-default"), ("ixn-server-100-headless", "server-default")},
        ),
        (Parameter.SERVER_PORTS, {(f"ixn-server-{TENANT.id}", "metrics")}),
        (Parameter.SERVER_CONFIG, set()),
        (Parameter.NODE_PORTS, {(f"ixn-node-{TENANT.id}", "metrics")}),
        (Parameter.NODE_CONF, set()),
        (Parameter.NODE_CONSUL, set()),
        (Parameter.VQ_NODE_DEFAULT, {(f"ixn-vqnode-{TENANT.id}", "vqnode-default")}),
        (Parameter.VQ_NODE_HEALTH, {(f"ixn-vqnode-{TENANT.id}", "metrics")}),
    ],
)
def test_a_changed_port_updates_the_services_of_its_workload(
    parameter: Parameter, services: set[tuple[str, str]]
) -> None:
    found = service_ports(made(ports={parameter: 20001}))

    assert {
        (name, port) for name, ports in found.items() for port, number in ports.items() if number == 20001
    } == services


def test_service_monitors_can_be_disabled(preview: bool) -> None:
    kinds = {each["kind"] for each in made(preview, monitoring=Monitoring(enabled=False)).manifests}

    assert "ServiceMonitor" not in kinds


def test_an_absent_prometheus_has_no_service_monitors_and_no_alerts() -> None:
    kinds = {each["kind"] for each in made(peers={**PEERS, Party.PROMETHEUS: Absent()}).manifests}

    assert not {"ServiceMonitor", "PrometheusRule"} & kinds


@pytest.mark.parametrize(
    "monitoring",
    [Monitoring(enabled=False), Monitoring(alerts=Alerts(enabled=False))],
    ids=["monitoring", "alerts"],
)
def test_alerts_can_be_disabled(monitoring: Monitoring, preview: bool) -> None:
    kinds = {each["kind"] for each in made(preview, monitoring=monitoring).manifests}

    assert "PrometheusRule" not in kinds
    assert ("ServiceMonitor" in kinds) is monitoring.enabled


def test_the_alerts_are_those_of_the_tenant_s_peers_namespace_and_volumes(preview: bool) -> None:
    peers = {**PEERS, Party.CONFIG_SERVER: Absent()}
    monitoring = Monitoring(labels={"release": "x"}, alerts=Alerts(labels={"team": pulumi.Output.from_input("y")}))
    found = made(
        preview,
        peers=peers,
        namespace=pulumi.Output.from_input("voice"),
        monitoring=monitoring,
        log_storage=LogStorage("20Gi", "fast"),
    )

    rule = found.manifest("PrometheusRule", "ixn-100")
    assert rule["metadata"]["namespace"] == "voice"
    assert rule["metadata"]["labels"].items() >= {"release": "x", "app.kubernetes.io/part-of": "ixn"}.items()
    alerts = {each["alert"]: each for group in rule["spec"]["groups"] for each in group["rules"]}
    assert set(ALERTS) - set(alerts) == {"IxnConfigServerDown", "IxnCertificateExpiring"}
    assert {each["labels"]["team"] for each in alerts.values()} == {"y"}
    assert {each["labels"]["namespace"] for each in alerts.values()} == {"voice"}
    assert 'persistentvolumeclaim=~"(logs-ixn-server-100)-[0-9]+"' in alerts["IxnLogVolumeFilling"]["expr"]


def test_monitoring_labels_are_on_every_service_monitor_and_service(preview: bool) -> None:
    found = made(preview, monitoring=Monitoring(interval="15s", path="/stats", labels={"release": "x"}))
    monitors = [each for each in found.manifests if each["kind"] == "ServiceMonitor"]
    services = [each for each in found.manifests if each["kind"] == "Service"]

    assert len(monitors) == 3
    for monitor in monitors:
        assert monitor["metadata"]["labels"]["release"] == "x"
        [endpoint] = monitor["spec"]["endpoints"]
        assert {"port": "metrics", "path": "/stats", "interval": "15s"}.items() <= endpoint.items()
        wanted = monitor["spec"]["selector"]["matchLabels"].items()
        polled = [
            (service["metadata"]["name"], port["name"])
            for service in services
            if wanted <= service["metadata"]["labels"].items()
            for port in service["spec"]["ports"]
            if port["name"] == "metrics"
        ]
        assert len(polled) == 1


def test_service_monitors_set_the_labels_that_the_vendors_queries_select_by(preview: bool) -> None:
    found = made(preview)
    monitors = [each for each in found.manifests if each["kind"] == "ServiceMonitor"]
    labels = [
        {each["targetLabel"]: each["replacement"] for each in endpoint["relabelings"]}
        for monitor in monitors
        for endpoint in monitor["spec"]["endpoints"]
    ]

    assert labels == [{"tenant": "100", "service": "ixn", "servicename": "ixn"}] * 3
    # The Prometheus operator sets the others; it would rename or replace them if the ServiceMonitor set them, too.
    assert labels[0].keys() == set(SCRAPE_LABELS) - {"container", "instance", "job", "namespace", "pod"}


def test_the_container_label_is_that_of_the_vendors_queries(preview: bool) -> None:
    containers = [
        container["name"]
        for each in made(preview).manifests
        if each["kind"] in ("StatefulSet", "Deployment")
        for container in each["spec"]["template"]["spec"]["containers"]
        if any(port["name"] == "metrics" for port in container["ports"])
    ]

    assert sorted(containers) == ["ixn-node", "ixn-server", "ixn-vqnode"]


def test_selectors_are_only_name_and_instance_and_match_the_pods(preview: bool) -> None:
    for each in made(preview).manifests:
        if each["kind"] not in ("StatefulSet", "Deployment"):
            continue
        selector = each["spec"]["selector"]["matchLabels"]
        assert set(selector) == {"app.kubernetes.io/name", "app.kubernetes.io/instance"}
        assert selector.items() <= each["spec"]["template"]["metadata"]["labels"].items()


def test_policies_select_by_a_label_that_no_service_uses(preview: bool) -> None:
    found = made(preview)
    workloads = [each for each in found.manifests if each["kind"] in ("StatefulSet", "Deployment")]

    labels = [each["spec"]["template"]["metadata"]["labels"]["ixn-pulumi/policy"] for each in workloads]
    assert sorted(labels) == ["ixn-node-100", "ixn-server-100", "ixn-vqnode-100"]
    assert all("ixn-pulumi/policy" not in str(each) for each in found.manifests if each["kind"] == "Service")


def test_tenants_share_only_references(preview: bool) -> None:
    def program() -> None:
        shared = {"kafka": kafka(), "redis": redis()}
        ixn("east", **shared)
        other = Tenant("7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "200")
        ixn("west", **shared, tenant=other, database=Absent(), node_database=Absent())

    found = deploy(program, preview=preview)

    assert len(found.of_type("ixn:index:KafkaReference")) == 1
    names = [(each["kind"], each["metadata"]["name"]) for each in found.manifests]
    policies = 3
    assert len(names) == len(set(names)) == 2 * (len(NAMES) + policies)


LATE: list[Any] = [100, 1.1, None]


@pytest.mark.parametrize("given", LATE)
@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda given: {"tenant": Tenant(given, "100")}, "tenant.id"),
        (lambda given: {"tenant": Tenant(TENANT.id, given)}, "tenant.sid"),
        (lambda given: {"node": pod(image=Image(given, "1.0"))}, "node.image.repository"),
        (lambda given: {"node": pod(image=Image("ixn", given))}, "node.image.tag"),
        (lambda given: {"node": pod(image=Image("ixn", "1.0", given or "://"))}, "node.image.registry"),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_name_parts_must_be_plain_strings(
    change: Callable[[Any], dict[str, Any]], path: str, given: object, late: bool
) -> None:
    with pytest.raises(InvalidInputs) as caught:
        deploy(lambda: ixn(**change(pulumi.Output.from_input(given) if late else given)))

    assert [issue.path for issue in caught.value.issues] == [path]
