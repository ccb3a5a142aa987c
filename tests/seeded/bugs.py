"""Bugs to seed: each a small change of the library that the suite has to notice."""

from typing import NamedTuple


class Bug(NamedTuple):
    """In `file` of the package, `right` becomes `wrong`; `tests` are those of the suite that should notice."""

    file: str
    right: str
    wrong: str
    tests: str


BUGS = {
    "a port of the table is another": Bug(
        "spec.py", "_TCP, 7122, _INTRA", "_TCP, 7112, _INTRA", "tests/unit/test_spec.py"
    ),
    "a parameter is not looked at": Bug(
        "topology.py",
        "return ports.get(parameter, default_port(parameter))",
        "return default_port(parameter)",
        "tests/unit/test_topology.py",
    ),
    "an absent peer is dialled": Bug(
        "contract/render.py",
        "is None or not facts.link(row).absent",
        "is None or facts.link(row) is not None",
        "tests/unit/test_workloads.py",
    ),
    "the headless Service is polled too": Bug(
        "objects.py",
        "tuple(port for port in workload.ports if port.name != METRICS)",
        "workload.ports",
        "tests/unit/test_tenant.py",
    ),
    "policies select by the labels of Services": Bug(
        "manifests/network_policy.py",
        "policy_labels(workload.identity.party, workload.identity.tenant)",
        "workload.identity.selector",
        "tests/unit/test_isolation.py",
    ),
    "a policy is forgotten for what goes out": Bug(
        "manifests/network_policy.py",
        '["Ingress", "Egress"]',
        '["Ingress"]',
        "tests/unit/test_isolation.py",
    ),
    "an empty list of ports passes": Bug(
        "manifests/allowed.py", "if not ranges:", "if ranges is None:", "tests/unit/test_isolation.py"
    ),
    "a digest of a password can be guessed": Bug(
        "credentials.py",
        "hmac.new(key.encode(), content.encode(), hashlib.sha256)",
        "hashlib.sha256(data[PASSWORD].encode())",
        "tests/unit/test_references.py",
    ),
    "a Secret has not the vendor's name": Bug(
        "redis.py", '"redis-ors-secret", "voice', '"redis-secret", "voice', "tests/unit/test_references.py"
    ),
    "true is a port": Bug(
        "settings/fields.py", "        strict=True,\n", "        strict=False,\n", "tests/unit/config"
    ),
    "labels of the user reach a selector": Bug(
        "manifests/pod.py",
        "{**pod.labels, **identity.pod_labels}",
        "{**identity.pod_labels, **pod.labels}",
        "tests/unit/test_workloads.py",
    ),
    "a tenant's own port is not looked at": Bug(
        "settings/merge.py",
        "merged = dict(shared)",
        "own, merged = {**own, **shared}, dict(shared)",
        "tests/unit/config",
    ),
}
