"""kubectl, as a deployment script uses it: server-side apply, then a wait for the rollouts."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cluster.contender import Command, Contender
from benchmarks.cluster.stack import NAMESPACE
from tools.cluster.client import Client, Object
from tools.cluster.environment import of_clients

WORKLOADS = ("Deployment", "StatefulSet")


def contender(client: Client, directory: Path, objects: Sequence[Object]) -> Contender:
    """Return `kubectl apply` and `kubectl rollout status`, both again, and `kubectl delete`, of `objects`."""
    text = "\n---\n".join(map(json.dumps, objects))

    def kubectl(*arguments: str, stdin: str = "") -> Command:
        words = [client.kubectl, f"--kubeconfig={client.kubeconfig}", *arguments]
        return Command(words, of_clients(os.environ), directory, stdin)

    apply = kubectl("apply", "--server-side", "--filename=-", stdin=text)
    rollout = kubectl("rollout", "status", *_workloads(objects), f"--namespace={NAMESPACE}", "--timeout=10m")
    # As Pulumi deletes: an object is gone once the objects that it owns are.
    delete = kubectl("delete", "--filename=-", "--cascade=foreground", "--wait", stdin=text)
    return Contender(first=[apply, rollout], again=[apply, rollout], delete=[delete])


def _workloads(objects: Sequence[Object]) -> list[str]:
    return [f"{each['kind'].lower()}/{each['metadata']['name']}" for each in objects if each["kind"] in WORKLOADS]
