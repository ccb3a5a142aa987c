"""Prometheus in the network of its peer's pod, with the configuration that the Prometheus operator writes."""

import base64
import json
import os
import subprocess
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import yaml

from tests.cluster.deployment import Deployment
from tests.prometheus_api import Prometheus
from tools.builder import built
from tools.cluster.client import Client, Object
from tools.cluster.peers import PeerPods
from tools.cluster.waiting import wait_until

PORT = 19090
"""A port on which the pods of peers do not listen."""

MAX_SECONDS = "900"
"""How long a process may run, so that none is left even if the tests are killed."""

NAME = "prometheus"
SCRAPING_ROW = 10

SELECTED = {"matchLabels": {"release": "prometheus"}}
"""The label that the stack `local` gives its ServiceMonitors and PrometheusRules."""


@contextmanager
def running_prometheus(deployment: Deployment, directory: Path) -> Generator[Prometheus]:
    """Run Prometheus while the block runs. Policies see the peer's pod, since it uses that pod's network."""
    client = deployment.cluster.client
    peer = next(each for each in deployment.peers.pods if SCRAPING_ROW in each.dials)
    pod = _pod_of(client, peer)
    address = f"{pod['status']['podIP']}:{PORT}"
    inside = ("timeout", MAX_SECONDS, "nsenter", f"--net=/proc/{_process_of(pod)}/ns/net", "--")
    (directory / "logs").mkdir()
    configuration = directory / "prometheus.yml"
    with ExitStack() as running:

        def start(command: Sequence[str], done: Callable[[Path], bool], stdin: str = "") -> None:
            log = directory / "logs" / Path(command[0]).name
            running.enter_context(_process([*inside, *command], log, stdin))
            wait_until(command[0], lambda: done(log), directory, seconds=30)

        generator = str(built(["scrape-config"], os.environ)["scrape-config"])
        objects = json.dumps({"items": list(_objects(client, peer, directory))})
        start([generator, f"-directory={directory}"], lambda _: configuration.exists(), objects)
        start(
            [
                "prometheus",
                f"--config.file={configuration}",
                f"--storage.tsdb.path={directory / 'data'}",
                f"--web.listen-address={address}",
            ],
            lambda log: b"ready to receive web requests" in log.read_bytes(),
        )
        yield Prometheus(address)


@contextmanager
def _process(command: Sequence[str], log: Path, stdin: str) -> Generator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, text=True
        )
    try:
        assert process.stdin
        with process.stdin as pipe:
            pipe.write(stdin)
        yield
    finally:
        process.terminate()
        process.wait()


def _objects(client: Client, peer: PeerPods, directory: Path) -> Iterator[Object]:
    """Yield a Prometheus, and the objects among which the operator selects."""
    client.apply(*_permissions(peer.namespace))
    (directory / "token").write_text(client.run("create", "token", NAME, f"--namespace={peer.namespace}").strip())
    [cluster] = yaml.safe_load(client.kubeconfig.read_text(encoding="utf-8"))["clusters"]
    (directory / "ca.crt").write_bytes(base64.b64decode(cluster["cluster"]["certificate-authority-data"]))
    yield {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "Prometheus",
        "metadata": {"name": NAME, "namespace": peer.namespace},
        "spec": {
            "version": "v2.42.0",
            "scrapeInterval": "30s",
            "evaluationInterval": "1s",
            "serviceMonitorSelector": SELECTED,
            "serviceMonitorNamespaceSelector": {},
            "ruleSelector": SELECTED,
            "apiserverConfig": {
                "host": cluster["cluster"]["server"],
                "authorization": {"credentialsFile": str(directory / "token")},
                "tlsConfig": {"caFile": str(directory / "ca.crt")},
            },
        },
    }
    yield from client.get("namespaces,servicemonitors,prometheusrules", "--all-namespaces")["items"]


def _permissions(namespace: str) -> list[Object]:
    """Return what Prometheus needs to find targets, as docs/monitoring.md says: in the stack's namespace only."""
    home = {"name": NAME, "namespace": "ixn"}
    kind, group = {"apiVersion": "rbac.authorization.k8s.io/v1"}, "rbac.authorization.k8s.io"
    rule = {"apiGroups": [""], "resources": ["services", "endpoints", "pods"], "verbs": ["get", "list", "watch"]}
    account = {"name": NAME, "namespace": namespace}
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account},
        {**kind, "kind": "Role", "metadata": home, "rules": [rule]},
        {
            **kind,
            "kind": "RoleBinding",
            "metadata": home,
            "roleRef": {"apiGroup": group, "kind": "Role", "name": NAME},
            "subjects": [{"kind": "ServiceAccount", **account}],
        },
    ]


def _pod_of(client: Client, peer: PeerPods) -> Object:
    labels = ",".join(f"{name}={value}" for name, value in peer.labels.items())
    [pod] = client.get("pods", f"--namespace={peer.namespace}", f"--selector={labels}")["items"]
    return pod


def _process_of(pod: Object) -> str:
    """Return the ID of a process of the pod, which the kubelet's cgroups name after it."""
    for cgroup in Path("/proc").glob("[0-9]*/cgroup"):
        try:
            if pod["metadata"]["uid"] in cgroup.read_text(encoding="utf-8"):
                return cgroup.parent.name
        except OSError:
            continue
    raise AssertionError(f"no process of the pod {pod['metadata']['name']}")
