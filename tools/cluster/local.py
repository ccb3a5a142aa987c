"""`make up STACK=local`: the stack and its peers on a test cluster, and a live verdict for each connection.

The cluster is this project's own, or the one of IXN_CLUSTER_KUBECONFIG (kind, k3d), whose nodes get the images
from `--archive` or from a registry: IXN_DOUBLE_IMAGE is the double, the others are in the stack file.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pulumi_ixn.cli.connections import show
from pulumi_ixn.config.stack import Settings

from tools.builder import built
from tools.cluster import node, registry
from tools.cluster.client import Client
from tools.cluster.images import Image, write_archive, write_layout
from tools.cluster.node_files import DOUBLE_IMAGE
from tools.cluster.peer_manifests import PeerOptions
from tools.cluster.peers import Peers
from tools.cluster.stack_images import vendor_images
from tools.cluster.stack_links import settings_of
from tools.cluster.stack_peers import apply_surroundings, peers_of_stack
from tools.cluster.verdicts import ABSENT, OK, verdicts
from tools.engine.checkout import Checkout
from tools.engine.invoke import prepare
from tools.errors import UserError, command
from tools.process import capture
from tools.report import say

CHECKOUT = Checkout(Path(__file__).resolve().parents[2])
SECONDS = 60
"""The time limit for the connections to work after the deployment."""


KUBECONFIG, IMAGE = "IXN_CLUSTER_KUBECONFIG", "IXN_DOUBLE_IMAGE"
"""Environment variables that name another cluster, and the double's image in a registry that it can pull from."""


@dataclass(frozen=True)
class Place:
    """The target cluster, and how its nodes get the double."""

    client: Client
    image: str
    registry_credentials: str


def main() -> int:
    """Deploy the stack; return 0 where every connection works."""
    parser = argparse.ArgumentParser(prog="python -m tools.cluster.local")
    parser.add_argument("stack")
    parser.add_argument("--name", default="local", help="the cluster of this project's own")
    parser.add_argument("--archive", type=Path, help="only write the images, for `kind load image-archive`")
    arguments, further = parser.parse_known_args()
    settings = settings_of(CHECKOUT.root / f"Pulumi.{arguments.stack}.yaml")
    if arguments.archive:
        _write_archive(settings, arguments.archive)
        return 0
    started = time.monotonic()
    peers = peers_of_stack(settings)
    if peers.outside:
        raise UserError(f"a peer outside the cluster has no pod that could play it: {peers.outside[0].address}")
    place = _place(settings, arguments.name)
    apply_surroundings(place.client, settings, peers, PeerOptions(image=place.image), place.registry_credentials)
    environ = {**os.environ, "KUBECONFIG": str(place.client.kubeconfig)}
    _forget_previous_cluster(place.client, arguments.stack, environ)
    _pulumi(["up", "--suppress-outputs", "--stack", arguments.stack, *further], environ)
    query = ["stack", "output", "connections", "--json", "--stack", arguments.stack]
    rows: list[dict[str, Any]] = json.loads(_pulumi(query, environ, subprocess.PIPE))
    found = _await_verdicts(place.client, settings, peers, rows)
    show([{**row, "verdict": verdict} for row, verdict in zip(rows, found, strict=True)])
    working = sum(verdict in (OK, ABSENT) for verdict in found)
    say(f"{working} of {len(rows)} connections work, {time.monotonic() - started:.0f} s after the start")
    return 0 if working == len(rows) else 1


def _place(settings: Settings, name: str) -> Place:
    """Return the cluster that the environment names, or this project's own `name`; start it if necessary."""
    if other := os.environ.get(KUBECONFIG):
        kubectl = shutil.which("kubectl")
        if not kubectl:
            raise UserError("kubectl is not on PATH")
        return Place(Client(Path(other), Path(kubectl)), os.environ.get(IMAGE, DOUBLE_IMAGE), "unused:unused")
    cluster = node.start(name)
    directory = cluster.kubeconfig.parent
    registry.push(vendor_images(settings, _double()), directory)
    return Place(cluster.client, DOUBLE_IMAGE, registry.credentials_of(directory))


def _write_archive(settings: Settings, archive: Path) -> None:
    double = Image(os.environ.get(IMAGE, DOUBLE_IMAGE), {"double": _double()}, ("/double",))
    with TemporaryDirectory() as layout:
        write_layout([double, *vendor_images(settings, _double())], Path(layout))
        write_archive(Path(layout), archive)


def _double() -> Path:
    return built(["double"], os.environ)["double"]


def _pulumi(given: Sequence[str], environ: Mapping[str, str], stdout: int | None = None) -> str:
    program, prepared = prepare(CHECKOUT, given, environ)
    command = [program, *given]
    answer = subprocess.run(command, cwd=CHECKOUT.root, env=prepared, stdout=stdout, text=True, check=False)
    if answer.returncode:
        sys.exit(answer.returncode)
    return answer.stdout


def _forget_previous_cluster(client: Client, stack: str, environ: Mapping[str, str]) -> None:
    """Remove the objects of another cluster from the state: that of a previous run, which no longer exists."""
    query = ("stack", "output", "cluster", "--stack", stack)
    program, prepared = prepare(CHECKOUT, query, environ)
    known = capture([program, *query], prepared, CHECKOUT.root).stdout.strip()
    if known and known != client.get("namespace", "kube-system")["metadata"]["uid"]:
        _pulumi(["refresh", "--yes", "--skip-preview", "--suppress-outputs", "--stack", stack], environ)


def _await_verdicts(
    client: Client, settings: Settings, peers: Peers, rows: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Return the verdicts once all connections work, or those at the end of the wait."""
    namespaces = dict.fromkeys([settings.environment.namespace.name, *(each.namespace for each in peers.pods)])
    since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    deadline = time.monotonic() + SECONDS
    while True:
        found = verdicts(client, settings, rows, namespaces, since)
        if set(found) <= {OK, ABSENT} or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


if __name__ == "__main__":
    with command():
        sys.exit(main())
