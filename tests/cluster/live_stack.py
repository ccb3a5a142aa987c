"""The stack `dev` on its own control plane with a simulated node, in an existing namespace; needs no privilege."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.engine.project import Project, Run, make_project
from tools.cluster.client import Client, Object
from tools.cluster.credentials import CONTEXT
from tools.cluster.objects import STORAGE_CLASS, monitoring_definitions
from tools.cluster.stack_links import settings_of
from tools.cluster.stack_secrets import secrets_of

DATA = Path(__file__).parents[1] / "data"
BASELINE = DATA / "baseline-0.1.0"
SERVER = "ixn-server-100"


class LiveStack:
    """A project whose stack is deployed to the control plane of `client`.

    It can be destroyed unless `protect`. Without `server_side_apply`, the plugin does not adopt existing objects.
    `secrets` are the settings of Secrets by peer; without one, a peer's Secret exists already.
    """

    def __init__(
        self,
        client: Client,
        directory: Path,
        *,
        protect: bool = False,
        server_side_apply: bool = True,
        own_passphrase: bool = False,
        secrets: Mapping[str, Any] | None = None,
    ) -> None:
        self.client = client
        project = make_project(directory, own_passphrase=own_passphrase)
        environ = {**project.environ, "KUBECONFIG": str(client.kubeconfig)}
        environ["PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY"] = str(server_side_apply).lower()
        self.project = Project(project.root, environ)
        with self.project.edited() as config:
            config["ixn:target"] = {"context": CONTEXT}
            config["ixn:protect"] = protect
            config["ixn:namespace"] = {"name": "ixn", "create": False}
            config["ixn:ixnService"]["ixnServer"]["logStorage"]["storageClassName"] = STORAGE_CLASS
            for peer, source in (secrets or {}).items():
                config["ixn:peers"][peer]["secret"] = source
        client.apply(*monitoring_definitions(DATA))
        self.provide("ixn")

    def provide(self, namespace: str) -> None:
        """Create a namespace with the Secrets that the stack expects to exist in it."""
        settings = settings_of(self.project.stack_file)
        secrets = [*secrets_of(settings, "user:password")]
        for each in secrets:
            each["metadata"]["namespace"] = namespace
        metadata = {"name": namespace}
        self.client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}, *secrets)

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
        self.set_namespace(name="ixn")
        state = json.loads((BASELINE / "state.json").read_text(encoding="utf-8"))
        for resource in state["deployment"]["resources"]:
            if resource["type"].startswith("kubernetes:"):
                manager = resource["outputs"]["__fieldManager"]
                apply = ("apply", "--server-side", f"--field-manager={manager}", "--filename=-", "--output=json")
                made = json.loads(self.client.run(*apply, stdin=json.dumps(resource["inputs"])))
                resource["outputs"]["metadata"]["uid"] = made["metadata"]["uid"]
        self.wait_for_pod()
        restored = self.project.root / "baseline.json"
        restored.write_text(json.dumps(state), encoding="utf-8")
        self.project.run("stack", "init", self.project.stack, "--secrets-provider", "passphrase").succeeded()
        self.project.pulumi("stack", "import", "--file", str(restored))

    def wait_for_pod(self) -> None:
        """Wait until IXN Server's pod is ready."""
        self.client.run("rollout", "status", f"statefulset/{SERVER}", "--namespace=ixn", "--timeout=60s")

    def exists(self, *reference: str) -> bool:
        """Return whether an object exists."""
        return bool(self.client.run("get", *reference, "--ignore-not-found", "--output=name"))

    def policy(self, workload: str, namespace: str = "ixn") -> str:
        """Return the reference of the only NetworkPolicy of a workload, such as `ixn-node-100`."""
        found = self.client.get("networkpolicies", f"--namespace={namespace}")["items"]
        names = [each["metadata"]["name"] for each in found]
        (name,) = (each for each in names if each.startswith(f"{workload}-"))
        return f"networkpolicy/{name}"

    def identities(self, *kinds: str, namespace: str = "ixn") -> Mapping[str, str]:
        """Return the uid of each object of these kinds by `Kind/name`."""
        found: list[Object] = self.client.get(",".join(kinds), f"--namespace={namespace}")["items"]
        return {f"{each['kind']}/{each['metadata']['name']}": each["metadata"]["uid"] for each in found}
