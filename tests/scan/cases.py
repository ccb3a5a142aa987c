"""The manifests to scan: every stack and example, the settings that no stack uses, and one that must be found."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from tests.compare import mocks
from tests.compare.cases import Case, cases_of
from tests.scan.findings import Cases, Manifest

CHECKOUT = Path(__file__).parents[2]
PLANTED = "planted"
"""The case whose manifests every scanner must object to."""

_KEDA: dict[str, Any] = {
    "maxReplicas": 6,
    "minReplicas": 2,
    "serverAddress": "http://prometheus.monitoring.svc:9090",
    "threshold": 200,
    "fallback": {"failureThreshold": 3, "replicas": 3},
}
_CHECK = {"image": {"repository": "tools/busybox", "tag": "1.37"}}

_PROVISIONED: dict[str, Any] = {
    "administrator": {"name": "postgres-admin"},
    "image": {"repository": "tools/postgres", "tag": "15.14"},
    "tls": {"mode": "verify-full", "ca": {"name": "postgres-ca"}},
}


def rendered() -> Cases:
    """Return the manifests of the cases."""
    cases = [*cases_of(CHECKOUT)]
    cases.append(_with_options(next(each for each in cases if each.name == "dev")))
    found = {case.name: [*mocks.generate(CHECKOUT, case).values()] for case in cases}
    return {**found, PLANTED: planted()}


def planted() -> list[Manifest]:
    """Return the manifests that every scanner must object to."""
    return [*yaml.safe_load_all((Path(__file__).parent / "planted.yaml").read_text(encoding="utf-8"))]


def _with_options(dev: Case) -> Case:
    """Return the stack with what is off by default."""
    config: dict[str, Any] = {**dev.config, "ixn:connectivityCheck": _CHECK}
    service = config["ixn:ixnService"]
    server = {**service["ixnServer"], "disruptionBudget": {"maxUnavailable": 0}}
    node = {**service["ixnNode"], "autoscaling": {"hpa": {"minReplicas": 2, "maxReplicas": 6}}}
    config["ixn:ixnService"] = {"ixnServer": server, "ixnNode": node}
    config["ixn:ixnVQNode"] = {**config["ixn:ixnVQNode"], "autoscaling": {"keda": _KEDA}}
    peers = config["ixn:peers"]
    node_db = {"cloudNativePG": {"cluster": "pg", "role": "node", "roleSecret": "node"}, "name": "ixn-node"}
    config["ixn:peers"] = {**peers, "ixnDB": {**peers["ixnDB"], "provisioned": _PROVISIONED}, "ixnNodeDB": node_db}
    return replace(dev, name="options", config=config)
