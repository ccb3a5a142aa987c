"""The unmodified program of the README."""

import functools
import re
from pathlib import Path
from typing import Any

from pulumi_ixn import ConnectivityCheckOptions, Image
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES, Parameter, default_port
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.markdown import blocks

README = Path(__file__).parents[2] / "README.md"
TENANT = "9350e2fc-a1dd-4c65-8d40-1f75a2e080dd"


@functools.cache
def run(preview: bool = False) -> Deployment[Any]:
    def program() -> Any:
        names: dict[str, Any] = {"__name__": "__main__"}
        blocks(README, after="A test runs this example")[0].run(names)
        return names["east"].connections

    config = {"team:redisPassword": "hunter2"}
    return deploy(program, preview=preview, project="team", config=config, secret_keys=("team:redisPassword",))


def test_the_program_creates_a_complete_tenant(preview: bool) -> None:
    found = run(preview)

    made = {each.type.removeprefix("ixn:index:") for each in found.resources if each.type.startswith("ixn:")}
    assert made == {"Ixn", "IxnServer", "IxnNode", "IxnVqNode", "Database", "KafkaReference", "RedisReference"}
    assert found.manifest("StatefulSet", "ixn-server-100")["spec"]["serviceName"] == "ixn-server-100-headless"
    assert found.manifest("Service", f"ixn-server-{TENANT}")["spec"]["ports"][0]["port"] == 7120


def test_the_program_has_the_nineteen_connections() -> None:
    found = {row["number"]: row for row in run().result}

    assert list(found) == list(range(1, 20))
    assert found[6]["endpoints"] == ["kafka.example.com:9093"]
    assert [number for number, row in found.items() if row["absent"]] == [18, 19]


def test_the_password_is_in_one_secret_and_marked_secret(preview: bool) -> None:
    holders = [each for each in run(preview).resources if "hunter2" in str(each.inputs)]

    assert [(each.name, each.secret) for each in holders] == [("east-redis", True)]


def test_the_port_table_matches_the_connections() -> None:
    found = re.findall(r"\| `ixn:([\w.]+)` \| (\d+) \| ([\d, ]+) \|", README.read_text(encoding="utf-8"))

    numbers = {each: [str(row.number) for row in CONNECTIONS if row.parameter is each] for each in Parameter}
    assert found == [(each, str(default_port(each)), ", ".join(rows)) for each, rows in numbers.items()]


def test_the_connectivity_check_section_is_accurate() -> None:
    text = README.read_text(encoding="utf-8")
    deadline = ConnectivityCheckOptions(Image("tools/busybox", "1.37")).deadline

    assert sum(row.source in WORKLOAD_PARTIES for row in CONNECTIONS) == 11
    assert "the eleven outgoing connections" in text
    assert f"within `deadline` ({deadline} seconds)" in text
