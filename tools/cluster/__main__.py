"""`make cluster` and `make cluster-down`."""

import argparse
import time

from tools.cluster import fake, node
from tools.cluster.record import directory_of, is_up
from tools.errors import UserError, command
from tools.report import say


def main() -> None:
    """Start or stop the cluster that the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m tools.cluster")
    parser.add_argument("command", choices=["up", "down"])
    parser.add_argument("--name", default="local")
    parser.add_argument(
        "--fake-nodes", type=int, default=0, help="simulate this many nodes instead of running one"
    )
    arguments = parser.parse_args()
    with command():
        if arguments.command == "down":
            down(arguments.name)
        else:
            up(arguments.name, arguments.fake_nodes)


def up(name: str, fake_nodes: int) -> None:
    """Start the cluster, if it is not up already, and show what runs."""
    if fake_nodes < 0:
        raise UserError(f"FAKE_NODES={fake_nodes}: expected 0 or more")
    started = time.monotonic()
    already = is_up(name)
    client = fake.start(name, fake_nodes) if fake_nodes else node.start(name).client
    say(f"cluster {name} is up{' already' if already else f' after {time.monotonic() - started:.0f} s'}")
    say(client.run("get", "nodes,pods", "--all-namespaces").rstrip())
    say(f"logs: {directory_of(name) / 'logs'}; to end it: make cluster-down NAME={name}")
    say(f"export KUBECONFIG={client.kubeconfig}")


def down(name: str) -> None:
    """Stop the cluster."""
    node.stop(name)
    say(f"cluster {name} is down")


main()
