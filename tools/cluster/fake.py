"""A cluster without real nodes that stays up: a control plane on loopback, and kwok; for tests of scale."""

import os
from collections.abc import Mapping
from dataclasses import replace

from tools.cluster import control_plane, node
from tools.cluster.client import Client
from tools.cluster.record import Record, alone, directory_of, is_up
from tools.cluster.supervisor import write_programs
from tools.errors import UserError


def start(name: str, nodes: int, environ: Mapping[str, str] = os.environ) -> Client:
    """Start the cluster `name` with fake nodes, and wait until it responds; return it if it is already running."""
    with alone(name):
        if node.find(name):
            raise UserError(f"cluster {name} is up already, with a real node: give another NAME")
        if is_up(name):
            return Client(directory_of(name) / "kubeconfig", control_plane.kubectl(environ))
        node.remove(name)
        try:
            return _start(Record(name), control_plane.Simulation(nodes, volumes=100), environ)
        except BaseException:
            node.remove(name, keep_logs=True)
            raise


def _start(record: Record, simulation: control_plane.Simulation, environ: Mapping[str, str]) -> Client:
    directory = directory_of(record.name)
    directory.mkdir(parents=True)
    client, commands = control_plane.prepare(directory, simulation, environ)
    write_programs(directory, commands)
    supervisor = control_plane.start_supervisor(directory, environ, attached=False)
    record = replace(record, pid=supervisor.pid)
    record.write()
    control_plane.complete(client, simulation)
    replace(record, ready=True).write()
    return client
