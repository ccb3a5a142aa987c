"""Record what release 0.1.0 deploys, by the real engine and plugin on a real API server.

    python -m tests.cluster.baseline

Writes the state and the objects to tests/data/baseline-0.1.0. They are the starting point of the upgrade tests.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tools.builder import built
from tools.cluster.client import Client
from tools.cluster.control_plane import running_control_plane
from tools.cluster.credentials import CONTEXT
from tools.cluster.objects import STORAGE_CLASS, monitoring_definitions

COMMIT = "a80d00a"
STACK = "dev"
NAMESPACE = "ixn"
DATA = Path(__file__).parents[1] / "data"
BASELINE = DATA / "baseline-0.1.0"
CHECKOUT = Path(__file__).parents[2]


def main() -> None:
    """Deploy the release to a control plane of its own, and record the result."""
    with TemporaryDirectory(prefix="ixn-baseline-") as directory, running_control_plane() as client:
        project, home = Path(directory, "project"), Path(directory, "home")
        _check_out(project)
        _edit_stack(project / f"Pulumi.{STACK}.yaml")
        # With a kubeconfig at the default place, no path and no token gets into the state.
        (home / ".kube").mkdir(parents=True)
        (home / ".kube" / "config").write_bytes(client.kubeconfig.read_bytes())
        client.apply(*monitoring_definitions(DATA))
        environ = _environment(project, home)
        _pulumi(project, environ, "stack", "init", STACK, "--secrets-provider", "passphrase")
        started = time.monotonic()
        _pulumi(project, environ, "up", "--yes", "--skip-preview", "--stack", STACK)
        print(f"up: {time.monotonic() - started:.1f} s")
        _record(client, json.loads(_pulumi(project, environ, "stack", "export", "--stack", STACK)))


def _check_out(project: Path) -> None:
    project.mkdir()
    archive = subprocess.run(["git", "archive", COMMIT], cwd=CHECKOUT, check=True, capture_output=True)
    subprocess.run(["tar", "--extract"], cwd=project, input=archive.stdout, check=True)


def _edit_stack(file: Path) -> None:
    """Deploy to the cluster instead of rendering, with a storage class for the logs."""
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    config = content["config"]
    config["ixn:target"] = {"context": CONTEXT}
    config["ixn:ixnService"]["ixnServer"]["logStorage"]["storageClassName"] = STORAGE_CLASS
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def _environment(project: Path, home: Path) -> dict[str, str]:
    programs = built(["pulumi", "pulumi-language-python", "pulumi-resource-kubernetes"], os.environ)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "KUBE"))}
    return {
        **inherited,
        "HOME": str(home),
        "PATH": os.pathsep.join([*(str(each.parent) for each in programs.values()), inherited.get("PATH", "")]),
        "PULUMI_BACKEND_URL": home.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_PYTHON_CMD": sys.executable,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PYTHONPATH": str(project / "components"),
    }


def _pulumi(project: Path, environ: Mapping[str, str], *arguments: str) -> str:
    command = ["pulumi", "--non-interactive", *arguments]
    ended = subprocess.run(command, cwd=project, env=environ, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        sys.exit(f"pulumi {' '.join(arguments)}:\n{ended.stdout}")
    return ended.stdout


def _record(client: Client, state: dict[str, Any]) -> None:
    for resource in state["deployment"]["resources"]:
        for where in ("sourcePosition", "stackTrace"):  # paths of this machine
            resource.pop(where, None)
    BASELINE.mkdir(exist_ok=True)
    (BASELINE / "state.json").write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")
    kinds = client.run("api-resources", "--namespaced", "--verbs=list", "--output=name").split()
    kept = ",".join(sorted(kind for kind in kinds if not kind.startswith("events")))
    shown = ("--show-managed-fields", "--ignore-not-found")
    found = client.get(kept, f"--namespace={NAMESPACE}", *shown)["items"]
    # The cluster's own certificate is in every namespace.
    objects = [each for each in found if each["metadata"]["name"] != "kube-root-ca.crt"]
    objects.insert(0, client.get("namespace", NAMESPACE, *shown))
    (BASELINE / "objects.yaml").write_text(yaml.safe_dump_all(objects, sort_keys=False), encoding="utf-8")
    print(f"recorded {len(state['deployment']['resources'])} resources and {len(objects)} objects")


if __name__ == "__main__":
    main()
