"""A Kubernetes control plane alone: a real API server and its controllers on loopback; needs no privilege.

kwok can simulate nodes: it reports every pod that is scheduled to one as running.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.builder import built
from tools.cluster.client import Client
from tools.cluster.credentials import make_credentials
from tools.cluster.environment import of_programs
from tools.cluster.network import SERVICE_CIDR
from tools.cluster.record import CHECKOUT
from tools.cluster.supervisor import Commands, write_programs
from tools.cluster.templates import command_lines, manifest, numbered
from tools.cluster.waiting import wait_until

CONTROL_PLANE = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Simulation:
    """The simulated objects in addition to the control plane."""

    nodes: int = 1
    """How many nodes kwok simulates; with none, every pod stays Pending."""

    volumes: int = 4
    """The number of available volumes of the default storage class."""

    audited: bool = False
    """Whether the API server records each request in `logs/audit` of the cluster's directory."""


ONE_NODE = Simulation()


@contextmanager
def running_control_plane(
    simulation: Simulation = ONE_NODE, environ: Mapping[str, str] = os.environ
) -> Generator[Client]:
    """Run a control plane while the block runs; it ends with this process in any case."""
    with TemporaryDirectory(prefix="ixn-control-plane-") as directory:
        client, commands = prepare(Path(directory), simulation, environ)
        write_programs(Path(directory), commands)
        supervisor = start_supervisor(Path(directory), environ, attached=True)
        try:
            complete(client, simulation)
            yield client
        finally:
            supervisor.terminate()
            supervisor.communicate()


def prepare(directory: Path, simulation: Simulation, environ: Mapping[str, str]) -> tuple[Client, Commands]:
    """Make the credentials of a control plane in `directory`; return its client and its programs."""
    programs = built([*CONTROL_PLANE, *(["kwok"] if simulation.nodes else [])], environ)
    files = ["control-plane", "loopback"]
    files += ["fake-nodes"] * bool(simulation.nodes) + ["audit"] * simulation.audited
    port = free_port()
    values: dict[str, object] = {"address": LOOPBACK, "port": port, "service_cidr": SERVICE_CIDR}
    if simulation.audited:
        (directory / "audit-policy.yaml").write_text(manifest("audit-policy"))
    if simulation.nodes:
        values["kwok"] = programs["kwok"].parent
    kubeconfig = make_credentials(directory, f"https://{LOOPBACK}:{port}", [LOOPBACK])
    return Client(kubeconfig, programs["kubectl"]), command_lines(programs, tuple(files), values)


def start_supervisor(directory: Path, environ: Mapping[str, str], *, attached: bool) -> subprocess.Popen[bytes]:
    """Start the programs of `directory`; attached ones end with this process."""
    command: Sequence[str] = [sys.executable, "-m", "tools.cluster.supervisor", str(directory)]
    with (directory / "logs" / "supervisor").open("wb") as log:
        return subprocess.Popen(
            [*command, "--attached"] if attached else command,
            cwd=CHECKOUT,
            env=of_programs(environ),
            stdin=subprocess.PIPE if attached else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # an interrupt at the terminal is for the user of the cluster
        )


def complete(client: Client, simulation: Simulation) -> None:
    """Wait for the API server, then create the volumes and the simulated nodes."""
    wait_until("the API server", client.ready, client.kubeconfig.parent)
    client.apply_text(manifest("storage"))
    for name, count in (("volume", simulation.volumes), ("fake-node", simulation.nodes)):
        if count:
            client.apply_text(numbered(name, count))


def kubectl(environ: Mapping[str, str]) -> Path:
    """Return kubectl of the cluster's version."""
    return built(["kubectl"], environ)["kubectl"]


def free_port() -> int:
    """Return an unused loopback port."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        return listener.getsockname()[1]
