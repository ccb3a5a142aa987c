"""A stack on the node whose databases Jobs provision, and what could be seen while these Jobs ran."""

import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cluster import connecting
from tests.cluster.deployment import Deployment, make_deployment
from tests.cluster.locations import command_line, sampled_processes
from tests.cluster.matrix import DNS, DNS_PORT, Connection, Pod, Target, targets_at
from tests.cluster.postgres import (
    ADMIN_SECRET,
    CA_SECRET,
    HOST,
    JOB_IMAGE,
    LABELS,
    LOCATIONS,
    NAMESPACE,
    PORT,
    Postgres,
    bare_pod,
    running_postgres,
)
from tests.engine.project import Run
from tools.cluster.client import Client, Object
from tools.cluster.node_files import DOUBLE_IMAGE

HOME = "provisioned"
"""The namespace of the tenants."""

DATABASES = {"ixn-server-100-db": "ixn-100", "ixn-node-100-db": "ixn-node-100"}
"""The names of the database and of its role, by the name of the Job without its digest."""

DECOY, DECOY_PORT = f"{NAMESPACE}/decoy", 9999
_JOB_NAME = "app.kubernetes.io/name=ixn-database-provisioning"
_OF_CONTROLLER = ("controller-uid", "job-name")
_SECONDS = 120


def provisioned(config: dict[str, Any], annotations: dict[str, str] | None = None, ca: str = CA_SECRET) -> None:
    """Change a stack so that Jobs make its databases.

    `annotations` are those of the pods of IXN Server's Job. That of IXN Node verifies the server by the CA in the
    Secret `ca`.
    """
    config["ixn:namespace"]["name"] = HOME
    for peer, name in zip(("ixnDB", "ixnNodeDB"), DATABASES.values(), strict=True):
        config["ixn:peers"][peer] = {
            "endpoint": f"{HOST}:{PORT}",
            "name": name,
            "locations": LOCATIONS,
            "secret": {"generated": {"username": name}},
            "provisioned": {
                "administrator": {"name": ADMIN_SECRET},
                "image": {"repository": JOB_IMAGE.repository, "tag": JOB_IMAGE.tag},
            },
        }
    config["ixn:peers"]["ixnDB"]["provisioned"]["podAnnotations"] = annotations or {}
    config["ixn:peers"]["ixnNodeDB"]["provisioned"]["tls"] = {"mode": "verify-full", "ca": {"name": ca}}


@contextmanager
def beside_postgres(deployment: Deployment, directory: Path, home: str) -> Generator[tuple[Deployment, Postgres]]:
    """Make a stack whose tenants are in the namespace `home`, beside a running server, for the block.

    The namespace takes along all that the stack has in it.
    """
    cluster = deployment.cluster
    made = make_deployment(cluster, deployment.double, directory)
    made.real = frozenset({NAMESPACE})
    with made.outside, running_postgres(cluster, directory, home) as postgres:
        try:
            yield made, postgres
        finally:
            cluster.client.run("delete", "namespace", home, "--wait=false")


@dataclass(frozen=True)
class Reach:
    """What a pod with the labels of a Job's pods reached among `tried` targets, and what it has to."""

    connected: set[Connection]
    expected: set[Connection]
    tried: int


@dataclass(frozen=True)
class Observed:
    """The first update, and what was seen while its Jobs ran.

    `arguments` are the argument lists of all processes. `jobs` had begun, and `controllers` existed: StatefulSets
    and Deployments.
    """

    run: Run
    arguments: set[bytes]
    jobs: set[str]
    controllers: set[str]
    reach: Reach


def deploy_observed(stack: Deployment, postgres: Postgres) -> Observed:
    """Deploy the stack; hold its Jobs while their surroundings are looked at."""
    client = stack.cluster.client
    stack.configure(provisioned)
    stack.apply_peers()
    client.run("label", "namespace", HOME, "pod-security.kubernetes.io/warn=restricted", "--overwrite")
    with sampled_processes(command_line) as seen, ThreadPoolExecutor(1) as threads:
        with held(postgres):
            update = threads.submit(stack.project.up)
            waiting = "application_name = 'ixn-pulumi' AND wait_event = 'advisory'"
            until(lambda: update.done() or _count(postgres, waiting) == len(DATABASES))
            assert not update.done(), update.result()
            begun = {job_of(each) for each in jobs(client)}
            controllers = client.get("statefulsets,deployments", f"--namespace={HOME}")["items"]
            reach = _reach(stack)
        run = update.result()
    stack.await_workloads()
    return Observed(run, seen[command_line], begun, {each["metadata"]["name"] for each in controllers}, reach)


@contextmanager
def held(postgres: Postgres) -> Generator[None]:
    """Hold the locks that let one Job at a time work on a database."""
    locks = ", ".join(f"pg_advisory_lock(hashtextextended('ixn-pulumi {name}', 0))" for name in DATABASES.values())
    holder = "SET application_name = 'holder'"
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holder'"
    with ThreadPoolExecutor(1) as threads:
        holding = threads.submit(postgres.sql, f"{holder}; SELECT {locks}; SELECT pg_sleep({_SECONDS})")
        until(lambda: _count(postgres, "application_name = 'holder' AND wait_event = 'PgSleep'") == 1)
        try:
            yield
        finally:
            postgres.sql(end)
            holding.exception()  # its connection has ended


def jobs(client: Client) -> list[Object]:
    """Return the Jobs that provision databases."""
    return client.get("jobs", f"--namespace={HOME}", f"--selector={_JOB_NAME}")["items"]


def job_of(found: Object) -> str:
    """Return the name of a Job without its digest."""
    return found["metadata"]["name"].rpartition("-")[0]


def _reach(stack: Deployment) -> Reach:
    """Dial everything from a pod with the labels of a Job's pods, until the policy is in force."""
    client = stack.cluster.client
    (job, *_) = jobs(client)
    labels = job["spec"]["template"]["metadata"]["labels"]
    with twin(client, {key: each for key, each in labels.items() if not key.endswith(_OF_CONTROLLER)}) as source:
        targets = _targets(stack)
        allowed = {(f"{NAMESPACE}/postgres", PORT), (DECOY, PORT), (DNS, DNS_PORT)}
        expected = {
            Connection(source.workload, each.destination, each.port) for each in targets if allowed & each.behind
        }
        connected: set[Connection] = set()
        for _ in connecting.attempts():
            connected = connecting.connect_from_pod(client, source, targets)
            if connected == expected:
                break
    return Reach(connected, expected, len(targets))


@contextmanager
def twin(client: Client, labels: Object) -> Generator[Pod]:
    """Run a pod with the labels of a Job's pods, and a decoy with those of the database's, which is no endpoint.

    Without those that the Job controller adds: it would adopt the pod, and delete it as one too many.
    """
    never = {"readinessGates": [{"conditionType": "example.com/never"}]}
    listening = {"name": "LISTEN", "value": f"{PORT},{DECOY_PORT}"}
    double: dict[str, Any] = {"image": DOUBLE_IMAGE, "command": ["/double"], "env": [listening]}
    decoy = bare_pod("decoy", NAMESPACE, LABELS, **double)
    decoy["spec"] |= never
    client.apply(bare_pod("twin", HOME, labels, **double), decoy)
    try:
        until(lambda: _runs(client, "twin", HOME) and _runs(client, "decoy", NAMESPACE))
        yield Pod(f"{HOME}/twin", "twin", address(client, "twin", HOME), ())
    finally:
        for name, namespace in (("twin", HOME), ("decoy", NAMESPACE)):
            client.run("delete", "pod", name, f"--namespace={namespace}", "--timeout=60s")


def _targets(stack: Deployment) -> Sequence[Target]:
    """Return all listeners of the cluster, those of the database and of the decoy among them."""
    client = stack.cluster.client
    database = f"{NAMESPACE}/postgres"
    pods = connecting.running_pods(client)
    agent_ports = {port for each in stack.peers.pods if each.node_agent for port in each.ports}
    return [
        *connecting.all_targets(stack.cluster, pods, sorted(agent_ports), stack.outside_ports()),
        *targets_at(address(client, "postgres", NAMESPACE), database, [PORT]),
        *targets_at(address(client, "decoy", NAMESPACE), DECOY, [PORT, DECOY_PORT]),
        Target(f"{HOST}:{PORT}", f"service {database}", PORT, frozenset({(database, PORT)})),
    ]


def address(client: Client, pod: str, namespace: str) -> str:
    """Return the address of a pod."""
    return client.get("pod", pod, f"--namespace={namespace}")["status"]["podIP"]


def _runs(client: Client, pod: str, namespace: str) -> bool:
    return client.get("pod", pod, f"--namespace={namespace}")["status"]["phase"] == "Running"


def _count(postgres: Postgres, condition: str) -> int:
    (found,) = postgres.sql(f"SELECT count(*) FROM pg_stat_activity WHERE {condition}")
    return int(found)


def until(done: Callable[[], bool]) -> None:
    """Wait for a condition, for at most two minutes."""
    end = time.monotonic() + _SECONDS
    while not done():
        assert time.monotonic() < end
        time.sleep(0.2)
