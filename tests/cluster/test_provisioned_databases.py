"""Databases that Jobs provision on a real node, in a namespace that enforces the standard `restricted`."""

import secrets
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from pulumi_ixn.naming import POLICY_LABEL

from tests.cluster import connecting
from tests.cluster.connecting import connect_from_pod, running_pods
from tests.cluster.deployment import Deployment
from tests.cluster.locations import command_line, logs, objects, sampled_processes
from tests.cluster.matrix import Target
from tests.cluster.postgres import (
    ADMIN,
    ADMIN_SECRET,
    HOST,
    NAMESPACE,
    PORT,
    Postgres,
    bare_pod,
    secret,
)
from tests.cluster.postgres_image import needs_postgres
from tests.cluster.provisioned import (
    DATABASES,
    HOME,
    Observed,
    beside_postgres,
    deploy_observed,
    job_of,
    jobs,
    provisioned,
    until,
)
from tests.cluster.secret_values import secret_values
from tests.engine.leaks import everything, locations_of
from tests.engine.project import Run
from tests.services.certificates import Authority
from tools.cluster.client import Client
from tools.errors import UserError

pytestmark = needs_postgres

SERVER_JOB, NODE_JOB = DATABASES
WORKLOADS = {SERVER_JOB: "ixn-server", NODE_JOB: "ixn-node"}
SECRETS = {SERVER_JOB: "ixn-db-secret-100", NODE_JOB: "ixn-node-db-secret-100"}


@dataclass
class Stack:
    """The stack and its server, what was seen of the first update, and what later ones left behind.

    The server does not accept the password `wrong`; `planted` is no secret.
    """

    deployment: Deployment
    postgres: Postgres
    observed: Observed
    wrong: str = field(default_factory=secrets.token_urlsafe)
    planted: str = field(default_factory=lambda: f"planted-{secrets.token_hex(8)}")
    runs: list[Run] = field(default_factory=list[Run])
    arguments: set[bytes] = field(default_factory=set[bytes])
    kept: dict[str, bytes] = field(default_factory=dict[str, bytes])

    @property
    def client(self) -> Client:
        return self.deployment.cluster.client

    def update(self, *arguments: str) -> Run:
        """Run an update that may fail."""
        project = self.deployment.project
        with sampled_processes(command_line) as seen:
            run = project.run("up", "--yes", "--skip-preview", "--stack", project.stack, *arguments)
        self.arguments |= seen[command_line]
        self.runs.append(run)
        return run

    def job_uids(self) -> Mapping[str, str]:
        """Return the UID of each Job that has succeeded."""
        return {
            job_of(each): each["metadata"]["uid"] for each in jobs(self.client) if each["status"].get("succeeded")
        }


@pytest.fixture(scope="module")
def stack(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    with beside_postgres(deployment, tmp_path_factory.mktemp("provisioned"), HOME) as (made, postgres):
        observed = deploy_observed(made, postgres)
        yield Stack(made, postgres, observed, runs=[observed.run], arguments=observed.arguments)


def test_each_role_owns_its_database_and_no_other_role_connects(stack: Stack) -> None:
    assert stack.job_uids().keys() == DATABASES.keys()
    passwords = {
        name: secret_values(stack.client, SECRETS[job], HOME)["password"] for job, name in DATABASES.items()
    }
    owners = stack.postgres.sql(
        "SELECT datname, pg_get_userbyid(datdba), has_database_privilege('public', oid, 'CONNECT')"
        " FROM pg_database WHERE datname LIKE 'ixn-%'"
    )
    assert set(owners) == {f"{name}|{name}|f" for name in passwords}
    for name, password in passwords.items():
        stack.postgres.sql_as(name, password, "CREATE TABLE interactions (id text)", name)
        (other,) = passwords.keys() - {name}
        with pytest.raises(UserError, match="permission denied for database"):
            stack.postgres.sql_as(name, password, "SELECT 1", other)


def test_the_standard_restricted_admits_the_jobs_without_a_warning(stack: Stack) -> None:
    labels = stack.client.get("namespace", HOME)["metadata"]["labels"]
    assert [labels[f"pod-security.kubernetes.io/{each}"] for each in ("enforce", "warn")] == ["restricted"] * 2
    privileged = bare_pod("privileged", HOME, {})
    del privileged["spec"]["securityContext"]
    with pytest.raises(UserError, match="violates PodSecurity"):
        stack.client.apply(privileged)

    assert "PodSecurity" not in stack.observed.run.output


def test_the_workloads_start_after_their_jobs(stack: Stack) -> None:
    assert stack.observed.jobs == DATABASES.keys()
    assert stack.observed.controllers.isdisjoint(f"{name}-100" for name in WORKLOADS.values())
    for job in jobs(stack.client):
        selector = f"--selector=app.kubernetes.io/name={WORKLOADS[job_of(job)]}"
        pods = stack.client.get("pods", f"--namespace={HOME}", selector)["items"]
        assert pods
        assert all(each["metadata"]["creationTimestamp"] >= job["status"]["completionTime"] for each in pods)


def test_a_pod_of_a_job_reaches_the_database_and_dns_and_nothing_else(stack: Stack) -> None:
    reach = stack.observed.reach

    assert connecting.differences(reach.expected, reach.connected) == ""
    assert len(reach.expected) >= 5  # the database, its decoy and its Service, DNS and its Service
    assert reach.tried > 10 * len(reach.expected)


def test_the_policies_stay_but_select_nothing_that_runs(stack: Stack) -> None:
    """A pod that somebody gives their label would be admitted, as would a next Job's."""
    client, namespace = stack.client, f"--namespace={HOME}"
    policies = client.get("networkpolicies", namespace)["items"]
    selectors = [each["spec"]["podSelector"] for each in policies]
    for job in DATABASES:
        assert {"matchLabels": {POLICY_LABEL: job}} in selectors
        selected = client.get("pods", namespace, f"--selector={POLICY_LABEL}={job}")["items"]
        assert "Succeeded" in {each["status"]["phase"] for each in selected} <= {"Succeeded", "Failed"}
    pods = {each.workload: each for each in running_pods(client)}
    database = [Target(f"{HOST}:{PORT}", "database", PORT, frozenset())]
    assert connect_from_pod(client, pods[f"{HOME}/ixn-server-100"], database)
    assert not connect_from_pod(client, pods[f"{HOME}/ixn-vqnode-100"], database)


def test_the_jobs_use_tls(stack: Stack) -> None:
    lines = [each for each in stack.postgres.log().splitlines() if "application_name=ixn-pulumi" in each]

    assert lines
    assert all("SSL enabled" in each for each in lines)


def logins(stack: Stack) -> int:
    """Return how often Jobs have logged in."""
    return stack.postgres.log().count("application_name=ixn-pulumi")


def test_a_second_update_changes_nothing_and_runs_no_job(stack: Stack) -> None:
    before, logged_in = stack.job_uids(), logins(stack)
    assert logged_in > 0

    stack.update("--expect-no-changes").succeeded()

    assert stack.job_uids() == before
    assert logins(stack) == logged_in


def workload_pods(stack: Stack) -> set[str]:
    selector = "--selector=app.kubernetes.io/name in (ixn-server, ixn-node, ixn-vqnode)"
    found = stack.client.get("pods", f"--namespace={HOME}", selector)["items"]
    assert len(found) >= len(DATABASES)
    return {each["metadata"]["uid"] for each in found}


def test_a_wrong_password_and_another_ca_are_shown_and_the_right_ones_are_enough(stack: Stack) -> None:
    password = secret_values(stack.client, ADMIN_SECRET, HOME)["password"]
    pods, annotations = workload_pods(stack), {"planted": stack.planted}
    stack.client.apply(secret("another-ca", HOME, {"ca.crt": Authority("another").certificate}))
    stack.postgres.write_administrator(stack.wrong, HOME)
    stack.deployment.configure(lambda config: provisioned(config, annotations, "another-ca"))

    failed = stack.update("--diff")

    assert failed.code != 0
    assert f'password authentication failed for user "{ADMIN}"' in failed.output
    assert "certificate verify failed" in failed.output
    assert "Traceback" not in failed.output
    assert stack.job_uids() == {}
    stack.kept |= {f"failed: {name}": each for name, each in left_behind(stack).items()}

    stack.postgres.write_administrator(password, HOME)
    stack.deployment.configure(lambda config: provisioned(config, annotations))
    stack.update().succeeded()

    assert stack.job_uids().keys() == DATABASES.keys()
    assert len(jobs(stack.client)) == len(DATABASES)
    assert workload_pods(stack) == pods
    stack.deployment.await_workloads()


def left_behind(stack: Stack) -> dict[str, bytes]:
    """Return what the tests' namespaces have."""
    return {
        f"{namespace}: {name}": content
        for namespace in (HOME, NAMESPACE)
        for name, content in {
            **objects(stack.client, f"--namespace={namespace}"),
            **logs(stack.client, namespace),
        }.items()
    }


@pytest.fixture(scope="module")
def searched(stack: Stack) -> dict[str, bytes]:
    """All that the updates left behind, and a pod that has `planted` wherever a pod can have it."""
    text, client, project = stack.planted, stack.client, stack.deployment.project
    how: dict[str, Any] = {
        "command": ["/bin/sh", "-c", f"echo {text}; sleep 2; exit 1"],
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }
    pod = bare_pod(text, HOME, {}, **how)
    pod["spec"]["restartPolicy"] = "Never"
    with sampled_processes(command_line) as seen:
        client.apply(pod)
        phase = ("pod", text, f"--namespace={HOME}")
        until(lambda: client.get(*phase)["status"]["phase"] == "Failed")
    stack.arguments |= seen[command_line]
    (status,) = client.get(*phase)["status"]["containerStatuses"]
    found = {
        "termination message": status["state"]["terminated"]["message"].encode(),
        "argument lists": b"\n".join(stack.arguments),
        **left_behind(stack),
        **stack.kept,
        **everything(client.kubeconfig.parent / "logs", project.root),
    }
    runs = [*stack.runs, project.pulumi("stack", "output", "--json"), project.pulumi("stack", "export")]
    return {**found, **{f"output {number}": run.output.encode() for number, run in enumerate(runs)}}


def test_the_processes_of_the_jobs_are_among_the_argument_lists(stack: Stack) -> None:
    lists = [each.split(b"\0") for each in stack.observed.arguments]

    assert [each for each in lists if each[0] == b"psql" and b"/provision/provision.sql" in each]


def test_passwords_are_in_their_secrets_only(stack: Stack, searched: Mapping[str, bytes]) -> None:
    for name in (*SECRETS.values(), ADMIN_SECRET):
        password = secret_values(stack.client, name, HOME)["password"]

        found = {each.removeprefix("failed: ") for each in locations_of(password, searched)}

        assert found == {f"{HOME}: Secret/{name}"}
    assert locations_of(stack.wrong, searched) == {f"failed: {HOME}: Secret/{ADMIN_SECRET}"}


@pytest.mark.parametrize(
    "kind",
    [
        "argument lists",
        "termination message",
        "output ",
        f"{HOME}: Pod/planted-",
        f"{HOME}: Pod/{SERVER_JOB}-",
        f"{HOME}: Job/{SERVER_JOB}-",
        f"{HOME}: Event/",
        f"{HOME}: log of planted-",
        f"failed: {HOME}: Pod/{SERVER_JOB}-",
        "project/",
    ],
)
def test_the_search_finds_what_is_no_secret(stack: Stack, searched: Mapping[str, bytes], kind: str) -> None:
    assert [each for each in locations_of(stack.planted, searched) if each.startswith(kind)]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (f"{HOME}: log of {SERVER_JOB}-", b"can use the database"),
        (f"failed: {HOME}: log of {SERVER_JOB}-", b"password authentication failed"),
        (f"{NAMESPACE}: log of postgres", b"connection authorized"),
        ("logs/kubelet", b""),
        ("logs/containerd", b""),
    ],
)
def test_the_search_reads_each_log(searched: Mapping[str, bytes], kind: str, text: bytes) -> None:
    assert [each for each, content in searched.items() if each.startswith(kind) and content and text in content]
