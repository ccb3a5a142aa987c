"""A cluster without real nodes that stays up: a control plane on loopback, and kwok; for tests of scale."""

import os
from collections.abc import Mapping

from tools.cluster import control_plane, node
from tools.cluster.client import Client
from tools.cluster.record import Record, directory_of, read_record
from tools.cluster.supervisor import write_programs


def start(name: str, nodes: int, environ: Mapping[str, str] = os.environ) -> Client:
    """Start the cluster `name` with fake nodes, and wait until it answers; return it if it is up already."""
    simulation = control_plane.Simulation(nodes, volumes=100)
    directory = directory_of(name)
    if (record := read_record(name)) and record.running():
        return Client(directory / "kubeconfig", control_plane.kubectl(environ))
    node.stop(name)
    directory.mkdir(parents=True)
    try:
        client, commands = control_plane.prepare(directory, simulation, environ)
        write_programs(directory, commands)
        supervisor = control_plane.start_supervisor(directory, attached=False)
        Record(name, pid=supervisor.pid).write()
        control_plane.complete(client, simulation)
    except BaseException:
        node.stop(name, keep_logs=True)
        raise
    return client
