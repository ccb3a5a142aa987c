"""The vendor's table for a tenant, with the peer addresses of the dev stack."""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "data" / "connections.csv"

DEV_ID, DEV_SID = "9350e2fc-a1dd-4c65-8d40-1f75a2e080dd", "100"

HOSTS = {
    "Consul DaemonSet": "status.hostIP",
    "IXN": "ixn-server-{id}.ixn.svc",
    "IXN Node": "ixn-node-{id}.ixn.svc",
    "IXN VQ Node": "ixn-vqnode-{id}.ixn.svc",
    "Config Server": f"tenant-{DEV_ID}.voice.svc",
    "Kafka": "kafka.infra.svc",
    "Voice RQ": "voice-rq.voice.svc",
    "Voice config": "voice-config.voice.svc",
    "ORS Redis Stream": "redis.infra.svc",
    "IXN DB": "postgres.infra.svc",
    "IXN Node DB": "postgres.infra.svc",
    "Pulse Stat Server(s)": "pulse-statserver.pulse.svc",
}
"""By destination; the workloads' Services are named after the tenant's id."""

PORTS_OF_OTHERS = {
    "Kafka": 9092,
    "Voice RQ": 11000,
    "ORS Redis Stream": 6379,
    "IXN DB": 5432,
    "IXN Node DB": 5432,
}
"""The dev stack's ports that the table does not define."""


WORKLOADS = {"IXN": "ixn-server", "IXN Node": "ixn-node", "IXN VQ Node": "ixn-vqnode"}
"""The workloads with the prefix of their names; a policy's name begins with that of its workload."""


def rows() -> list[dict[str, str]]:
    """Return the table's rows; a blank cell is an empty string."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def parameters() -> dict[str, int]:
    """Return the port parameters with the table's own ports."""
    return {row["parameter"]: int(row["port"]) for row in rows() if row["parameter"]}


@dataclass(frozen=True)
class Tenant:
    """A tenant of the stack: its key, id and sid."""

    key: str
    id: str
    sid: str


DEV = Tenant("dev", DEV_ID, DEV_SID)


def connections(
    tenant: Tenant = DEV, *, ports: Mapping[str, int] | None = None, absent: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Return the expected output for a tenant.

    `ports` are the configured parameters; `absent` are the peers that were declared absent.
    """
    return [_connection(row, tenant, ports or {}, absent) for row in rows()]


def _connection(
    row: dict[str, str], tenant: Tenant, ports: Mapping[str, int], absent: Collection[str]
) -> dict[str, Any]:
    destination = row["destination"]
    gone = _gone(row, absent)
    port = ports.get(row["parameter"]) or int(row["port"] or PORTS_OF_OTHERS[destination])
    host = HOSTS[destination].format(id=tenant.id)
    return {
        "tenant": tenant.key,
        "number": int(row["number"]),
        "source": row["source"],
        "destination": destination,
        "protocol": row["protocol"],
        "port": None if gone else port,
        "endpoints": [] if gone else [f"{host}:{port}"],
        "classification": row["classification"],
        "parameter": row["parameter"] or None,
        "absent": gone,
        "rules": [] if gone else _rules(row, tenant, absent),
    }


def _gone(row: dict[str, str], absent: Collection[str]) -> bool:
    return row["source"] in absent or row["destination"] in absent


def _rules(row: dict[str, str], tenant: Tenant, absent: Collection[str]) -> list[dict[str, str]]:
    """Return the rules that allow a row: one for each workload, numbered in the order of the table."""
    rules: list[dict[str, str]] = []
    for party, workload in WORKLOADS.items():
        for direction, end in (("egress", "source"), ("ingress", "destination")):
            own = [each["number"] for each in rows() if each[end] == party and not _gone(each, absent)]
            if row["number"] in own:
                rule = f"{direction}[{own.index(row['number'])}]"
                rules.append({"policy": f"{workload}-{tenant.sid}", "rule": rule})
    return rules
