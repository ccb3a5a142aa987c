"""A stack deployed on the test cluster by the real engine, with its peers."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from pulumi_ixn.naming import SERVER, WORKLOADS, workload_name
from pulumi_ixn.spec import Parameter, default_port

from tests.cluster import connecting
from tests.cluster.matrix import Connection, Pod, Target, expected_of, expected_rows, union, wanted
from tests.cluster.outside import listening
from tests.engine.project import CHECKOUT, Project, project_at
from tests.isolation.cases import Case
from tests.isolation.stacks import case_of
from tools.cluster import registry
from tools.cluster.node import Cluster
from tools.cluster.peer_manifests import PeerOptions
from tools.cluster.peers import PeerPods, Peers
from tools.cluster.stack_images import check_image, vendor_images
from tools.cluster.stack_links import settings_of
from tools.cluster.stack_peers import apply_surroundings, peers_of_stack, wait_for_rollouts

Change = Callable[[dict[str, Any]], None]

STRAY_PORT = 9999
"""A port on which every peer listens and that no row of the table uses."""


def unchanged(_: dict[str, Any]) -> None:
    """Leave the stack as it is."""


@dataclass
class Deployment:
    """A stack on the cluster. `outside` holds the processes that act as external peers.

    The test itself runs the peers in the namespaces `real`, in place of doubles.
    """

    cluster: Cluster
    project: Project
    double: Path
    agent: Literal["hostPort", "hostNetwork"] = "hostPort"
    outside: ExitStack = field(default_factory=ExitStack)
    real: frozenset[str] = frozenset()

    def config(self) -> dict[str, Any]:
        """Return the stack file's configuration."""
        return yaml.safe_load(self.project.stack_file.read_text(encoding="utf-8"))["config"]

    def deploy(self, change: Change = unchanged, agent: Literal["hostPort", "hostNetwork"] = "hostPort") -> None:
        """Deploy the checkout's stack `local`, changed, with its peers, and wait until all pods are ready."""
        self.agent = agent
        self.configure(change)
        self.apply_peers()
        self.project.up()
        self.await_workloads()

    def configure(self, change: Change) -> None:
        """Write the checkout's stack file, changed."""
        shutil.copyfile(CHECKOUT / "Pulumi.local.yaml", self.project.stack_file)
        with self.project.edited() as config:
            change(config)

    def apply_peers(self) -> None:
        """Start the peers of the stack and unrelated pods; push its images to the registry."""
        settings, client = settings_of(self.project.stack_file), self.cluster.client
        directory = self.cluster.kubeconfig.parent
        images = vendor_images(settings, self.double)
        if busybox := shutil.which("busybox"):
            images += check_image(settings, Path(busybox))
        registry.push(images, directory)
        peers = self.peers
        options = PeerOptions(extra_ports=frozenset(self.peer_ports), node_agent=self.agent)
        apply_surroundings(client, settings, peers, options, registry.credentials_of(directory))
        self.outside.close()
        self.outside.enter_context(listening(self.double, self.outside_ports(), directory))
        wait_for_rollouts(client, peers)

    def await_workloads(self) -> None:
        """Wait until the pods of every workload of every tenant are ready and the only ones."""
        for home, tenant in self.case.homes():
            for workload in WORKLOADS:
                kind = "statefulset" if workload is SERVER else "deployment"
                name = f"{kind}/{workload_name(workload, tenant)}"
                self.cluster.client.run("rollout", "status", name, f"--namespace={home}", "--timeout=120s")

    @property
    def peers(self) -> Peers:
        """The peers of the stack file, and unrelated pods that differ by label, namespace, or both."""
        found = peers_of_stack(settings_of(self.project.stack_file))
        home = self.config()["ixn:namespace"]["name"]
        strangers = [
            PeerPods(home, {"app": "stranger"}),
            PeerPods("voice", {"app": "stranger"}),
            PeerPods("strangers", {"app": "gws-ixn"}),
            PeerPods("strangers", {"app": "kafka"}),
        ]
        return Peers(
            [each for each in (*found.pods, *strangers) if each.namespace not in self.real],
            [each for each in found.services if each.namespace not in self.real],
            found.outside,
        )

    @property
    def peer_ports(self) -> set[int]:
        """All peer ports; each pod of a peer listens on all of them."""
        found = peers_of_stack(settings_of(self.project.stack_file))
        listeners = (*found.pods, *found.outside)
        return {STRAY_PORT, *(port for each in listeners for port in each.ports)}

    def outside_ports(self) -> dict[str, set[int]]:
        """Return the listening ports by address outside the cluster."""
        return {each.address: self.peer_ports for each in self.peers.outside}

    @property
    def case(self) -> Case:
        """The expected connections of the stack file, as the isolation tests read it."""
        config = self.config()
        return case_of(config, dict(_changed_ports(config)))

    def rows(self) -> Mapping[int, set[Connection]]:
        """Return the connections that must succeed by row, on the pods' own ports."""
        return expected_rows(self.case, agent_on_host=self.agent == "hostNetwork")

    def ours(self) -> set[str]:
        """Return the names of the workloads of all tenants."""
        return {
            f"{home}/{workload_name(workload, tenant)}"
            for home, tenant in self.case.homes()
            for workload in WORKLOADS
        }

    def restarts(self) -> dict[str, int]:
        """Return how often the containers of each pod in the stack's namespace were restarted."""
        home = next(self.case.homes())[0]
        pods = self.cluster.client.get("pods", f"--namespace={home}")["items"]
        return {
            pod["metadata"]["name"]: sum(each["restartCount"] for each in pod["status"]["containerStatuses"])
            for pod in pods
        }


class Matrix:
    """All pairs to test, of one or more stacks, in the current state of the cluster."""

    def __init__(self, cluster: Cluster, deployments: Sequence[Deployment]) -> None:
        self._cluster = cluster
        self._double = deployments[0].double
        self.ours = {name for each in deployments for name in each.ours()}
        self._outside = {at: ports for each in deployments for at, ports in each.outside_ports().items()}
        pods = connecting.running_pods(cluster.client)
        agents = [found for each in deployments for found in each.peers.pods if found.node_agent]
        agent_ports = {port for each in agents for port in each.ports}
        self.targets = connecting.all_targets(cluster, pods, sorted(agent_ports), self._outside)
        doubles = [pod for pod in pods if not pod.on_host and not pod.workload.startswith("kube-system/")]
        sources = {pod.workload: pod for pod in doubles}
        assert self.ours <= sources.keys(), f"not running: {self.ours - sources.keys()}"
        self._pods: Mapping[str, Pod] = sources
        self.tested: dict[str, list[Target]] = {name: wanted(name, self.targets, self.ours) for name in sources}
        # Service names do not resolve outside the cluster.
        by_address = [each for each in self.targets if not each.destination.startswith("service ")]
        self.tested |= {f"outside/{at}": wanted(f"outside/{at}", by_address, self.ours) for at in self._outside}

    def connected(self) -> set[Connection]:
        """Try every pair and return the connections that succeed."""
        from_pods = {name: self.tested[name] for name in self._pods}
        found = connecting.connect_all(self._cluster.client, self._pods, from_pods)
        for at in self._outside:
            found |= connecting.connect_from_outside(self._double, at, self.tested[f"outside/{at}"])
        return found

    def everything(self) -> set[Connection]:
        """Return the connections of all tested pairs."""
        return {
            Connection(source, target.destination, target.port)
            for source, targets in self.tested.items()
            for target in targets
        }

    def expected(self, rows: Iterable[set[Connection]]) -> set[Connection]:
        """Return which pairs must connect if the rows do."""
        return expected_of({each for found in rows for each in found}, self.tested)

    def differences(self, expected: set[Connection]) -> str:
        """Retry until the connections are as expected; return the remaining differences."""
        found = ""
        for _ in connecting.attempts():
            found = connecting.differences(expected, self.connected())
            if not found:
                break
        return found


def matrix_of(*deployments: Deployment) -> tuple[Matrix, set[Connection]]:
    """Return all pairs to test and those that must connect by the table."""
    matrix = Matrix(deployments[0].cluster, deployments)
    return matrix, matrix.expected([union(each.rows()) for each in deployments])


def make_deployment(cluster: Cluster, double: Path, directory: Path) -> Deployment:
    """Make a project with the checkout's stack `local` in `directory`, for the cluster."""
    root = directory / "project"
    root.mkdir(parents=True)
    for name in ("Pulumi.yaml", "Pulumi.local.yaml", "__main__.py"):
        shutil.copyfile(CHECKOUT / name, root / name)
    project = project_at(root)
    environ = {**project.environ, "KUBECONFIG": str(cluster.kubeconfig)}
    return Deployment(cluster, Project(root, environ, "local"), double)


def _changed_ports(config: Mapping[str, Any]) -> Iterator[tuple[Parameter, int]]:
    for parameter in Parameter:
        value: Any = {key.removeprefix("ixn:"): each for key, each in config.items()}
        for part in parameter.split("."):
            value = value.get(part, {})
        if value and value != default_port(parameter):
            yield parameter, value
