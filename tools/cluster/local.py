"""`make up STACK=local`: the stack and its peers on a test cluster, and the live verdict of each connection."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pulumi_ixn.settings.stack import Settings

from tools.builder import built
from tools.cluster import node, registry
from tools.cluster.node_files import DOUBLE_IMAGE
from tools.cluster.peer_manifests import PeerOptions
from tools.cluster.peers import Peers
from tools.cluster.stack_images import vendor_images
from tools.cluster.stack_links import settings_of
from tools.cluster.stack_peers import apply_surroundings, peers_of_stack
from tools.cluster.verdicts import ABSENT, OK, verdicts
from tools.engine import connections
from tools.engine.checkout import Checkout
from tools.engine.invoke import prepare
from tools.errors import UserError
from tools.process import exit_on_sigterm
from tools.report import say

CHECKOUT = Checkout(Path(__file__).resolve().parents[2])
SECONDS = 60
"""How long the connections may take to come up after the deployment."""


def main() -> int:
    """Deploy the stack; return 0 where every connection works."""
    parser = argparse.ArgumentParser(prog="python -m tools.cluster.local")
    parser.add_argument("stack")
    arguments, further = parser.parse_known_args()
    started = time.monotonic()
    cluster = node.start("local")
    settings = settings_of(CHECKOUT.root / f"Pulumi.{arguments.stack}.yaml")
    peers = peers_of_stack(settings)
    if peers.outside:
        raise UserError(f"a peer outside the cluster has no pod that could play it: {peers.outside[0].address}")
    directory = cluster.kubeconfig.parent
    registry.push(vendor_images(settings, built(["double"], os.environ)["double"]), directory)
    options = PeerOptions(image=DOUBLE_IMAGE)
    apply_surroundings(cluster.client, settings, peers, options, registry.credentials_of(directory))
    environ = {**os.environ, "KUBECONFIG": str(cluster.kubeconfig)}
    _pulumi(["up", "--suppress-outputs", "--stack", arguments.stack, *further], environ)
    query = ["stack", "output", "connections", "--json", "--stack", arguments.stack]
    rows: list[dict[str, Any]] = json.loads(_pulumi(query, environ, subprocess.PIPE))
    found = _await_verdicts(cluster, settings, peers, rows)
    connections.show([{**row, "verdict": verdict} for row, verdict in zip(rows, found, strict=True)])
    working = sum(verdict in (OK, ABSENT) for verdict in found)
    say(f"{working} of {len(rows)} connections work, {time.monotonic() - started:.0f} s after the start")
    return 0 if working == len(rows) else 1


def _pulumi(given: Sequence[str], environ: Mapping[str, str], stdout: int | None = None) -> str:
    program, prepared = prepare(CHECKOUT, given, environ)
    command = [program, *given]
    answer = subprocess.run(command, cwd=CHECKOUT.root, env=prepared, stdout=stdout, text=True, check=False)
    if answer.returncode:
        sys.exit(answer.returncode)
    return answer.stdout


def _await_verdicts(
    cluster: node.Cluster, settings: Settings, peers: Peers, rows: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Return the verdicts once all connections work, or those at the end of the wait."""
    namespaces = dict.fromkeys([settings.environment.namespace.name, *(each.namespace for each in peers.pods)])
    since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    deadline = time.monotonic() + SECONDS
    while True:
        found = verdicts(cluster.client, settings, rows, namespaces, since)
        if set(found) <= {OK, ABSENT} or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


if __name__ == "__main__":
    exit_on_sigterm()
    try:
        sys.exit(main())
    except UserError as error:
        sys.exit(f"error: {error}")
