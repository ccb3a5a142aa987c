"""A whole Kubernetes node in its own namespaces: control plane, kubelet, containers, DNS, enforced policies.

`start` and `stop` are what the tests and `make cluster` call.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from tools.builder import built
from tools.cluster import cgroups, network
from tools.cluster.addons import install_addons
from tools.cluster.client import Client
from tools.cluster.environment import of_programs
from tools.cluster.node_files import PROGRAMS, write_node_files
from tools.cluster.node_init import ATTACHED, DETACHED, MOUNTED
from tools.cluster.preflight import check_machine
from tools.cluster.record import CHECKOUT, Record, alone, directory_of, is_up, read_record, recorded
from tools.errors import UserError

_NAMESPACES = ("--mount", "--pid", "--net", "--uts", "--ipc")


@dataclass(frozen=True)
class Cluster:
    """A running cluster of one node."""

    name: str
    client: Client
    network: network.Network
    pid: int

    @property
    def kubeconfig(self) -> Path:
        """The kubeconfig of its administrator."""
        return self.client.kubeconfig

    @property
    def node_ip(self) -> str:
        """The node's address."""
        return self.network.node_ip

    @property
    def host_ip(self) -> str:
        """The machine's address in the node's network."""
        return self.network.host_ip

    @property
    def outside_ip(self) -> str:
        """An address of the machine outside the node's network."""
        return self.network.outside_ip

    def exec(self, *command: str, stdin: bytes | None = None, seconds: float = 120) -> str:
        """Run a command in the node's namespaces and return what it prints; raises UserError if it fails."""
        enter = ["nsenter", f"--target={self.pid}", *_NAMESPACES, "--", *command]
        ended = subprocess.run(enter, input=stdin, capture_output=True, timeout=seconds, check=False)
        if ended.returncode:
            raise UserError(f"{' '.join(command)}: {ended.stderr.decode(errors='replace').strip()}")
        return ended.stdout.decode(errors="replace")

    def import_images(self, archive: Path) -> None:
        """Import an OCI archive into the node's container runtime."""
        self.exec("ctr", "--namespace=k8s.io", "images", "import", "-", stdin=archive.read_bytes())


def find(name: str) -> Cluster | None:
    """Return the node `name` if it is up."""
    record = read_record(name)
    return _cluster_of(record) if record and record.ready else None


def start(name: str, environ: Mapping[str, str] = os.environ) -> Cluster:
    """Start the node `name` and wait until pods, DNS and policies work; return it if it is up already.

    Raises UserError if the machine lacks something or the node does not come up, and then leaves nothing behind.
    """
    _sweep()
    with alone(name):
        if cluster := find(name):
            return cluster
        cluster, lifeline = _bring_up(name, environ, DETACHED)
    lifeline.close()
    return cluster


@contextmanager
def running_node(name: str, environ: Mapping[str, str] = os.environ) -> Generator[Cluster]:
    """Run the node `name` while the block runs; if this process is killed, the node ends, too."""
    _sweep()
    with alone(name):
        cluster, lifeline = _bring_up(name, environ, ATTACHED)
    try:
        yield cluster
    finally:
        stop(name)
        lifeline.close()


def stop(name: str) -> None:
    """End the cluster `name` and remove its state and whatever it made outside its namespaces."""
    with alone(name):
        remove(name)


def remove(name: str, *, keep_logs: bool = False) -> None:
    """Stop the cluster; the caller holds its lock."""
    record = read_record(name)
    if record and record.pid and record.running():
        # As process 1 it takes its namespaces with it: every process, mount, interface and rule in them.
        os.kill(record.pid, signal.SIGKILL if record.network else signal.SIGTERM)
        while record.running():
            time.sleep(0.02)
    if record and record.network:
        network.disconnect(record.network)
        cgroups.remove_cgroups(record.network.interface)
    directory = directory_of(name)
    if keep_logs and (logs := directory / "logs").exists():
        shutil.copytree(logs, directory.with_name(f"{name}-logs"), dirs_exist_ok=True)
    shutil.rmtree(directory, ignore_errors=True)


def _sweep() -> None:
    """Remove the remains of clusters that were killed together with the process that used them."""
    for name in filter(_is_dead, recorded()):
        with alone(name):
            if _is_dead(name):  # another run may have started it in the meantime
                remove(name)


def _is_dead(name: str) -> bool:
    record = read_record(name)
    return record is not None and record.pid is not None and not record.running()


def _cluster_of(record: Record) -> Cluster | None:
    """Return the node if its first process runs, usable or not."""
    if not record.running() or not record.network or not record.pid:
        return None
    directory = directory_of(record.name)
    client = Client(directory / "kubeconfig", directory / "bin" / "kubectl")
    return Cluster(record.name, client, record.network, record.pid)


def _bring_up(name: str, environ: Mapping[str, str], mode: bytes) -> tuple[Cluster, IO[bytes]]:
    """Start a node; return it and the pipe whose end stops an attached node."""
    if is_up(name):
        raise UserError(f"cluster {name} is up already")
    remove(name)
    check_machine(environ, PROGRAMS)
    built(PROGRAMS, environ)  # the first build takes minutes: choose a network after it
    chosen = network.choose_network(name)
    try:
        record, lifeline = _launch(Record(name, chosen), environ, mode)
        cluster = _cluster_of(record)
        if not cluster:
            raise UserError(f"cluster {name}: its first process ended at once")  # noqa: TRY301 (cleaned up below)
        install_addons(cluster)
        replace(record, ready=True).write()
    except BaseException:
        remove(name, keep_logs=True)
        raise
    return cluster, lifeline


def _launch(record: Record, environ: Mapping[str, str], mode: bytes) -> tuple[Record, IO[bytes]]:
    directory = directory_of(record.name)
    directory.mkdir(parents=True)
    assert record.network
    record.write()
    write_node_files(directory, record.network, environ)
    cgroups.create_cgroups(record.network.interface)
    command = ["unshare", *_NAMESPACES, "--fork", "--kill-child", sys.executable, "-m", "tools.cluster.node_init"]
    with (directory / "logs" / "init").open("wb") as log:
        unshare = subprocess.Popen(
            [*command, str(directory)],
            cwd=CHECKOUT,
            env=of_programs(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    assert unshare.stdin
    assert unshare.stdout
    with unshare.stdout as answer:
        if answer.readline() != MOUNTED:
            raise UserError(f"the node's namespaces: {(directory / 'logs' / 'init').read_text().strip()}")
    pid = int(Path(f"/proc/{unshare.pid}/task/{unshare.pid}/children").read_text())
    launched = replace(record, pid=pid)
    launched.write()
    network.connect(record.network, pid)
    unshare.stdin.write(mode)
    unshare.stdin.flush()
    return launched, unshare.stdin
