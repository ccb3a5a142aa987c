"""The stack `dev` on its own control plane with a simulated node; needs no privilege."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.engine.project import Project, Run, make_project
from tools.cluster.client import Client, Object
from tools.cluster.credentials import CONTEXT
from tools.cluster.objects import STORAGE_CLASS, service_monitor_definition

DATA = Path(__file__).parents[1] / "data"
BASELINE = DATA / "baseline-0.1.0"
SERVER = "ixn-server-100"


class LiveStack:
    """A project whose stack is deployed to the control plane of `client`."""

    def __init__(self, client: Client, directory: Path, *, own_passphrase: bool = False) -> None:
        self.client = client
        project = make_project(directory, own_passphrase=own_passphrase)
        self.project = Project(project.root, {**project.environ, "KUBECONFIG": str(client.kubeconfig)})
        with self.project.edited() as config:
            config["ixn:target"] = {"context": CONTEXT}
            config["ixn:ixnService"]["ixnServer"]["logStorage"]["storageClassName"] = STORAGE_CLASS
        definition = yaml.safe_load((DATA / "servicemonitor.schema.yaml").read_text(encoding="utf-8"))
        client.apply(service_monitor_definition(definition))

    def set_namespace(self, **namespace: Any) -> None:
        """Set `ixn:namespace` in the stack file."""
        with self.project.edited() as config:
            config["ixn:namespace"] = namespace

    def fails(self, *arguments: str) -> Run:
        """Run a `pulumi` command that must fail."""
        run = self.project.run(*arguments, "--stack", self.project.stack)
        assert run.code, run
        return run

    def restore_baseline(self) -> None:
        """Create the objects and the state that 0.1.0 left, each object by the field manager that owns it."""
        state = json.loads((BASELINE / "state.json").read_text(encoding="utf-8"))
        for resource in state["deployment"]["resources"]:
            if resource["type"].startswith("kubernetes:"):
                manager = resource["outputs"]["__fieldManager"]
                text = json.dumps(resource["inputs"])
                self.client.run("apply", "--server-side", f"--field-manager={manager}", "--filename=-", stdin=text)
        self.wait_for_pod()
        self.project.run("stack", "init", self.project.stack, "--secrets-provider", "passphrase").succeeded()
        self.project.pulumi("stack", "import", "--file", str(BASELINE / "state.json"))

    def wait_for_pod(self) -> None:
        """Wait until IXN Server's pod is ready."""
        self.client.run("rollout", "status", f"statefulset/{SERVER}", "--namespace=ixn", "--timeout=60s")

    def exists(self, *reference: str) -> bool:
        """Return whether an object exists."""
        return bool(self.client.run("get", *reference, "--ignore-not-found", "--output=name"))

    def identities(self, *kinds: str, namespace: str = "ixn") -> Mapping[str, str]:
        """Return the uid of each object of these kinds by `Kind/name`."""
        found: list[Object] = self.client.get(",".join(kinds), f"--namespace={namespace}")["items"]
        return {f"{each['kind']}/{each['metadata']['name']}": each["metadata"]["uid"] for each in found}
