"""Helm, with a chart of the same objects."""

import os
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cluster.chart import write_chart
from benchmarks.cluster.contender import Command, Contender
from benchmarks.cluster.stack import NAMESPACE
from tools.builder import built
from tools.cluster.client import Client, Object
from tools.cluster.environment import of_clients

RELEASE = "ixn"


def contender(client: Client, directory: Path, objects: Sequence[Object]) -> Contender:
    """Return `helm install`, `helm upgrade` and `helm uninstall`, each with `--wait`, of a chart of `objects`."""
    chart = directory / "chart"
    write_chart(chart, objects)
    program = built(["helm"], os.environ)["helm"]
    homes = {f"HELM_{name}_HOME": str(directory / name.lower()) for name in ("CACHE", "CONFIG", "DATA")}
    environ = {**of_clients(os.environ), **homes}
    common = ("--wait", "--timeout=10m", f"--namespace={NAMESPACE}", f"--kubeconfig={client.kubeconfig}")

    def helm(*arguments: str) -> Command:
        return Command([program, *arguments, *common], environ, directory)

    return Contender(
        first=[helm("install", RELEASE, str(chart))],
        again=[helm("upgrade", RELEASE, str(chart))],
        # As Pulumi deletes: an object is gone once the objects that it owns are.
        delete=[helm("uninstall", RELEASE, "--cascade=foreground")],
    )
