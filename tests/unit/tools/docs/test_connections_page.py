"""The page of the connections: the table, the rules of the stack dev, and how to read them."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from pulumi_ixn.spec import CONNECTIONS, Row

from tools.docs.connections_page import connections_text, table
from tools.docs.dev_stack import DevStack, dev_stack
from tools.docs.policy_tables import policy_tables


@pytest.fixture(scope="module")
def dev() -> DevStack:
    return dev_stack()


@pytest.fixture(scope="module")
def page() -> str:
    return connections_text()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|\n").split("|")]


def rows_of(text: str) -> Mapping[int, list[str]]:
    return {int(row[0]): row for row in map(cells, text.splitlines()) if row[0].isdigit()}


@pytest.mark.parametrize("row", CONNECTIONS, ids=lambda row: row.number)
def test_each_row_of_the_table_is_complete(row: Row, page: str) -> None:
    _, source, destination, protocol, port, classification, _, carries, _ = rows_of(page)[row.number]

    assert (source, destination, protocol, classification) == (
        row.source,
        row.destination,
        row.protocol,
        row.classification,
    )
    assert str(row.port or "") in port
    assert (row.port_defined_by or "") in port
    assert carries == (row.carries or "")


def test_the_page_has_nineteen_rows_in_the_order_of_the_table(page: str) -> None:
    assert list(rows_of(page)) == list(range(1, 20))


def test_a_row_has_the_config_key_of_its_port(page: str) -> None:
    keys = {number: row[6] for number, row in rows_of(page).items()}

    for row in CONNECTIONS:
        if row.parameter:
            assert keys[row.number] == f"`ixn:{row.parameter}`"
    others = {number: keys[number] for number in (6, 7, 13, 15, 16, 17, 19)}
    assert others == {
        6: "`ixn:peers.kafka`",
        7: "`ixn:peers.kafka`",
        13: "`ixn:peers.voiceRQ`",
        15: "`ixn:peers.orsRedisStream`",
        16: "`ixn:peers.ixnDB`",
        17: "`ixn:peers.ixnNodeDB`",
        19: "`ixn:peers.pulseStatServers`",
    }


def test_a_row_between_two_workloads_names_a_rule_of_each(page: str) -> None:
    rules = {number: re.sub("-[0-9a-f]{8}`", "`", row[8]) for number, row in rows_of(page).items()}
    assert rules[2] == "`ixn-server-100` ingress[0]<br>`ixn-node-100` egress[1]"
    assert rules[19] == "`ixn-server-100` egress[3]"


def test_each_named_rule_is_in_the_policy_at_that_index_with_the_port_of_the_row(dev: DevStack) -> None:
    for made in dev.connections:
        assert made["rules"]
        for rule in made["rules"]:
            direction, index = rule["rule"].rstrip("]").split("[")
            ports = dev.policies[rule["policy"]][direction][int(index)]["ports"]
            assert [port["port"] for port in ports] == [made["port"]]


def test_a_row_without_a_rule_is_marked(dev: DevStack) -> None:
    row = CONNECTIONS[0]
    text = table([row], [{**dev.connections[0], "rules": []}])

    assert rows_of(text)[1][8] == "no rule"


def test_each_policy_rule_is_listed_with_its_connection(dev: DevStack, page: str) -> None:
    section = page.split("## The policies of the stack dev")[1].split("## How to read it", maxsplit=1)[0]
    rules = [cells(line) for line in section.splitlines() if line.startswith(("| ingress[", "| egress["))]

    assert len(rules) == sum(len(spec[way]) for spec in dev.policies.values() for way in ("ingress", "egress"))
    reasons = [rule[3] for rule in rules]
    for row in CONNECTIONS:
        row_reason = f"{row.number}: {row.source} to {row.destination}"
        assert reasons.count(row_reason) == len(dev.connections[row.number - 1]["rules"])
    assert reasons.count("none: DNS") == 3
    assert [
        "egress[0]",
        "pods `app=consul`, `component=client` in `consul`<br>addresses `10.0.0.0/16`",
        "TCP 8500",
        "1: IXN Node to Consul DaemonSet",
    ] in rules


def test_a_rule_without_a_row_is_an_error(dev: DevStack) -> None:
    extra = {"from": [], "ports": [{"protocol": "TCP", "port": 22}]}
    name, spec = next(each for each in dev.policies.items() if each[0].startswith("ixn-node-100-"))
    policies = {**dev.policies, name: {**spec, "ingress": [*spec["ingress"], extra]}}

    with pytest.raises(ValueError, match=rf"{name}: ingress\[1\]"):
        policy_tables(replace(dev, policies=policies))


def test_a_workload_port_without_a_parameter_is_an_error(dev: DevStack) -> None:
    with pytest.raises(ValueError, match="connection 2: "):
        table([replace(CONNECTIONS[1], parameter=None)], dev.connections)


def test_a_changed_row_changes_the_table(dev: DevStack) -> None:
    text = table([replace(CONNECTIONS[2], port=7199, carries="less")], dev.connections)

    assert rows_of(text)[3][4] == "7199"
    assert rows_of(text)[3][7] == "less"


def test_the_page_explains_what_the_rules_do_not_show(page: str) -> None:
    reading = page.split("## How to read it")[1]

    for about in ("Kubelet probes", "Enforcement", "DNS", "Cilium", "None", "The pod's own node"):
        assert f"**{about}.**" in reading
    probes = "IXN at 13131 and 7120; IXN Node at 13133; IXN VQ Node at 13139 and 7122"
    assert probes in " ".join(reading.split())
    assert "`k8s-app=kube-dns` in `kube-system`" in reading


def test_the_page_shows_the_diagram(page: str) -> None:
    assert "](connections.svg)" in page
