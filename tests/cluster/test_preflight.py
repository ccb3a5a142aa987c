"""What stops a change before it starts, on a real API server, with the real engine and `ixn`."""

import json
import socket
import threading
import time
from collections.abc import Generator
from dataclasses import replace
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster import deployer
from tests.cluster.definitions import definition
from tests.cluster.guide import follow
from tests.cluster.live_stack import LiveStack
from tests.engine.project import Project
from tools.cluster.client import Client
from tools.cluster.control_plane import LOOPBACK, Simulation, running_control_plane

ROLES = [*yaml.safe_load_all(files("pulumi_ixn").joinpath("live", "role.yaml").read_text("utf-8"))]
CILIUM = definition("CiliumNetworkPolicy", "cilium.io", "v2")
SCALED_OBJECT = definition("ScaledObject", "keda.sh", "v1alpha1")
CERTIFICATE = definition("Certificate", "cert-manager.io", "v1")
EXTERNAL_SECRET = definition("ExternalSecret", "external-secrets.io", "v1")
OPERATED = ("postgresql.cnpg.io", "barmancloud.cnpg.io")
"""Whose objects are only done once their operator says so, so that no test creates them."""

KEDA = {"maxReplicas": 4, "serverAddress": "http://prometheus:9090", "threshold": 100}
CHECK = {"image": {"repository": "busybox", "tag": "1.37"}}

_numbers = count()


@pytest.fixture(scope="module")
def client() -> Generator[Client]:
    """A control plane that records who did what."""
    with running_control_plane(Simulation(volumes=20, audited=True)) as running:
        yield running


@pytest.fixture
def namespace() -> str:
    """A namespace of the test's own."""
    return f"ixn-{next(_numbers)}"


@pytest.fixture
def stack(client: Client, tmp_path: Path, namespace: str) -> LiveStack:
    """A stack in an existing namespace with its Secrets, before its first update."""
    made = LiveStack(client, tmp_path)
    made.provide(namespace)
    made.set_namespace(name=namespace, create=False)
    return made


@pytest.fixture
def deployers(stack: LiveStack, client: Client, tmp_path: Path) -> Project:
    """The project, with the credentials of the service account, which the stack's commands use from now on."""
    kubeconfig = deployer.make_deployer(client, tmp_path)
    environ = {**stack.project.environ, "KUBECONFIG": str(kubeconfig)}
    stack.project = replace(stack.project, environ=environ)
    return stack.project


def external(interval: str) -> dict[str, Any]:
    """Return the source of a login in a secret store, which is read at an interval."""
    keys = {name: {"key": f"ixn/{name}"} for name in ("username", "password")}
    store = {"name": "vault"}
    return {"external": {"store": store, "name": "from-vault", "refreshInterval": interval, "keys": keys}}


def issued(name: str) -> dict[str, Any]:
    """Return the settings of a client certificate of cert-manager with this common name."""
    return {"client": {"certManager": {"issuer": {"name": "ca"}, "commonName": name}}}


def test_the_role_of_the_package_is_sufficient_and_minimal(
    stack: LiveStack, deployers: Project, client: Client, namespace: str
) -> None:
    client.apply(CILIUM, SCALED_OBJECT, CERTIFICATE, EXTERNAL_SECRET)
    deployer.grant(client, ROLES, namespace)
    client.run("delete", "secret", "ixn-db-secret-100", f"--namespace={namespace}")
    with deployers.edited() as config:
        config["ixn:connectivityCheck"] = CHECK
        config["ixn:ixnService"]["ixnNode"]["autoscaling"] = {"hpa": {"maxReplicas": 4}}
        config["ixn:ixnVQNode"]["autoscaling"] = {"keda": KEDA}
        config["ixn:peers"]["ixnDB"]["secret"] = {"generated": {"username": "ixn"}}
        config["ixn:peers"]["ixnNodeDB"]["secret"] = external("1h")
        config["ixn:peers"]["kafka"] |= {"tls": True, "certificates": issued("ixn")}
    deployers.up()

    with deployers.edited() as config:
        # Changes each kind of object.
        config["ixn:ixnService"]["ixnServer"]["port"] = 7121
        config["ixn:ixnService"]["ixnNode"]["image"]["tag"] = "2.0"
        config["ixn:ixnVQNode"]["image"]["tag"] = "2.0"
        config["ixn:peers"]["ixnDB"]["secret"] = {"generated": {"username": "other"}}
        config["ixn:peers"]["ixnNodeDB"]["secret"] = external("2h")
        config["ixn:peers"]["kafka"]["certificates"] = issued("other")
        config["ixn:isolation"] = "cilium"
    deployers.up()
    everything_else(deployers)
    follow(stack, "Before a change: preflight", 1)
    in_namespace = deployer.used(audit_of(client))

    # A Role can only be granted in a namespace that exists.
    deployer.grant(client, [{**ROLES[0], "kind": "ClusterRole", "metadata": {"name": "everywhere"}}])
    with deployers.edited() as config:
        config["ixn:namespace"] = {"name": f"{namespace}-created"}
    deployers.up()
    deployers.ixn("refresh", "--yes").succeeded()
    in_cluster = {each for each in deployer.used(audit_of(client)) if each[2] == "namespaces"}
    deployers.ixn("destroy", "--yes").succeeded()
    client.run("delete", "clusterrolebinding", "everywhere")

    role, identity, creator = ROLES
    granted = deployer.granted([role, identity], namespace)
    operated = {each for each in granted if each[1] in OPERATED}
    assert sorted(in_namespace - granted) == []
    assert sorted(granted - operated - in_namespace) == []
    # The provider treats all custom resources alike.
    assert {verb for *_, verb in operated} == {verb for *_, kind, verb in granted if kind == "externalsecrets"}
    created = {("", *rest) for where, *rest in in_cluster if where == f"{namespace}-created"}
    assert created == deployer.granted([creator], namespace)


def everything_else(project: Project) -> None:
    """Run the commands of `ixn` that change nothing."""
    for command in ("preflight", "status", "drift", "adopt", "recover", "connections"):
        run = project.ixn(command).succeeded()
        assert "not read, since" not in run.output
        assert "not checked:" not in run.output
    project.ixn("status", "--drift", "--bundle", "bundle.tar.gz").succeeded()


def test_a_missing_permission_is_an_error_and_not_a_hang(
    stack: LiveStack, deployers: Project, client: Client, namespace: str
) -> None:
    deployers.run("stack", "init", "dev", "--secrets-provider", "passphrase").succeeded()
    follow(stack, "Permissions", 0)
    deployer.bind(client, ROLES[:2], namespace)
    follow(stack, "Before a change: preflight", 0)

    role = yaml.safe_load(json.dumps(ROLES[0]))
    role["rules"][0]["verbs"].remove("watch")
    deployer.grant(client, [role], namespace)

    for arguments in (("preview",), ("up", "--yes", "--skip-preview")):
        run = deployers.run(*arguments, "--stack", "dev")
        assert run.code
        assert f"services in the namespace {namespace}: " in run.output
        assert "may not watch" in run.output
        assert "Traceback" not in run.output
    assert deployers.ixn("preflight").code == 1
    assert stack.identities("services", namespace=namespace) == {}


def test_all_problems_are_found_before_the_first_update(stack: LiveStack, client: Client, namespace: str) -> None:
    of_namespace = f"--namespace={namespace}"
    client.run("delete", "secret", "ixn-db-secret-100", of_namespace)
    client.run("patch", "secret", "kafka-shared-secret", of_namespace, "--type=json", "--patch", REMOVE_KEY)
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "small", "namespace": namespace}}
    client.apply({**quota, "spec": {"hard": {"pods": "2"}}})
    client.run("create", "configmap", "ixn-node-100-settings", of_namespace)
    with stack.project.edited() as config:
        config["ixn:isolation"] = "cilium"
    client.run("delete", "crd", CILIUM["metadata"]["name"], "--ignore-not-found")

    stack.project.run("stack", "init", "dev", "--secrets-provider", "passphrase").succeeded()
    checked = stack.project.ixn("preflight")
    run = stack.fails("preview")

    assert checked.code == 1
    found = (
        f"Secret {namespace}/ixn-db-secret-100: ",
        f"Secret {namespace}/kafka-shared-secret: lacks the key 'kafka-secrets'",
        f"ResourceQuota {namespace}/small: pods: ",
        f"ConfigMap {namespace}/ixn-node-100-settings: exists",
        "ixn:isolation: the cluster has no CiliumNetworkPolicy",
    )
    for each in found:
        assert each in checked.stdout
        assert each in run.output
    assert "5 problems" in run.output
    assert "Traceback" not in run.output


REMOVE_KEY = json.dumps([{"op": "remove", "path": "/data/kafka-secrets"}])


def test_a_second_stack_on_the_same_names_changes_nothing(
    stack: LiveStack, client: Client, tmp_path: Path, namespace: str
) -> None:
    stack.project.up()
    before = stack.identities("services", "statefulsets", "deployments", namespace=namespace)
    versions = resource_versions(client, namespace)

    second = replace(stack.project, stack="second")
    second.stack_file.write_bytes(stack.project.stack_file.read_bytes())
    second.run("stack", "init", "second", "--secrets-provider", "passphrase").succeeded()
    run = second.run("up", "--yes", "--skip-preview", "--stack", "second")

    assert run.code
    assert "organization/ixn/dev" in run.output
    assert "1 problem:" in run.output
    assert second.ixn("adopt", "--yes").code
    assert stack.identities("services", "statefulsets", "deployments", namespace=namespace) == before
    assert resource_versions(client, namespace) == versions
    assert stack.project.ixn("preflight").code == 0


def test_a_renamed_stack_keeps_its_objects_once_they_are_adopted(stack: LiveStack, namespace: str) -> None:
    stack.project.up()
    before = stack.identities("services", "statefulsets", "deployments", namespace=namespace)
    stack.project.pulumi("stack", "rename", "renamed")
    renamed = replace(stack.project, stack="renamed")

    run = renamed.run("preview", "--stack", "renamed")
    assert run.code
    assert "ixn adopt --from organization/ixn/dev" in run.output
    renamed.ixn("adopt", "--from", "organization/ixn/dev", "--yes").succeeded()
    renamed.up()

    assert stack.identities("services", "statefulsets", "deployments", namespace=namespace) == before
    assert renamed.ixn("adopt", "--yes").stdout == "renamed: nothing to adopt\n"


def test_adopted_objects_of_helm_have_the_annotations_of_the_stack(
    stack: LiveStack, client: Client, namespace: str
) -> None:
    metadata = {
        "name": "ixn-server-100",
        "namespace": namespace,
        "annotations": {"meta.helm.sh/release-name": "voice", "meta.helm.sh/release-namespace": namespace},
    }
    client.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata})
    stack.project.run("stack", "init", "dev", "--secrets-provider", "passphrase").succeeded()
    assert "Helm release 'voice'" in stack.fails("preview").output

    adopted, _, preview = follow(stack, "Adopting objects", 0)

    assert "ixn recover" in adopted.stdout
    assert "name=voice" in adopted.stdout
    assert "ixn-server-100" in preview.stdout
    annotations = client.get("serviceaccount", "ixn-server-100", f"--namespace={namespace}")["metadata"][
        "annotations"
    ]
    assert annotations["ixn-pulumi/stack"] == "organization/ixn/dev"


def test_a_wrong_cluster_does_not_change_the_state(stack: LiveStack) -> None:
    stack.project.up()
    state, outputs = deployed(stack.project), stack.project.outputs()
    with running_control_plane(Simulation(nodes=0)) as other:
        wrong = replace(stack.project, environ={**stack.project.environ, "KUBECONFIG": str(other.kubeconfig)})
        for arguments in (("preview",), ("up", "--yes", "--skip-preview")):
            run = wrong.run(*arguments, "--stack", "dev")
            assert run.code
            assert "ixn:target.context" in run.output
            assert "1 problem:" in run.output
        for command in ("preflight", "refresh", "destroy"):
            run = wrong.ixn(command, *(["--yes"] if command != "preflight" else []))
            assert run.code
            assert "ixn:target.context" in run.output
        assert wrong.ixn("refresh", "--new-cluster", "--yes", stdin="n\n").code
        assert deployed(stack.project) == state
        assert stack.project.outputs() == outputs

        wrong.ixn("refresh", "--new-cluster", "--yes", stdin="y\n").succeeded()
        assert deployed(stack.project) == {}


def test_an_api_server_that_never_answers_is_an_error_in_bounded_time(stack: LiveStack, tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as listener:
        threading.Thread(target=accept_all, args=(listener,), daemon=True).start()
        content = yaml.safe_load(stack.client.kubeconfig.read_text(encoding="utf-8"))
        content["clusters"][0]["cluster"]["server"] = f"https://{LOOPBACK}:{listener.getsockname()[1]}"
        kubeconfig = tmp_path / "kubeconfig"
        kubeconfig.write_text(json.dumps(content), encoding="utf-8")
        dead = replace(stack.project, environ={**stack.project.environ, "KUBECONFIG": str(kubeconfig)})
        started = time.monotonic()
        run = dead.run("preview", "--stack", "dev")

    assert run.code
    assert "does not respond" in run.output
    assert time.monotonic() - started < 45


def test_applied_manifests_are_pruned_of_the_previous_policy_by_the_commands_of_the_guide(
    stack: LiveStack, namespace: str
) -> None:
    with stack.project.edited() as config:
        config["ixn:target"] = {"render": True}
    here = {"build/rendered/prod": str(stack.project.rendered), "--namespace ixn": f"--namespace {namespace}"}
    follow(stack, "Changing a port", 0, here)
    policy, before = stack.policy("ixn-vqnode-100", namespace), stack.identities(*APPLIED, namespace=namespace)

    stack.project.set("ixn:ixnVQNode.ports.default", "7127")
    follow(stack, "Changing a port", 0, here)

    assert stack.policy("ixn-vqnode-100", namespace) != policy
    after = stack.identities(*APPLIED, namespace=namespace)
    assert {name for name in before if name not in after} == {policy.replace("networkpolicy", "NetworkPolicy")}


APPLIED = ("networkpolicies", "services", "serviceaccounts", "configmaps", "deployments", "statefulsets")


def deployed(project: Project) -> dict[str, Any]:
    """Return the Kubernetes objects in the state, by URN."""
    found = [each for each in project.resources() if each["type"].startswith("kubernetes:")]
    return {each["urn"]: each["outputs"] for each in found}


def audit_of(client: Client) -> Path:
    """Return the API server's record of requests."""
    return client.kubeconfig.parent / "logs" / "audit"


def accept_all(listener: socket.socket) -> None:
    """Accept connections and never answer."""
    accepted: list[socket.socket] = []
    while True:
        try:
            accepted.append(listener.accept()[0])
        except OSError:
            return


def resource_versions(client: Client, namespace: str) -> dict[str, Any]:
    """Return the version of each object that a client, not the control plane, changes."""
    kinds = "services,serviceaccounts,configmaps,networkpolicies,servicemonitors,prometheusrules"
    found = client.get(kinds, f"--namespace={namespace}")["items"]
    return {each["metadata"]["uid"]: each["metadata"]["resourceVersion"] for each in found}
