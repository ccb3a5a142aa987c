"""Access to a cluster with kubectl."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.cluster.environment import of_clients
from tools.errors import UserError

Object = dict[str, Any]
"""A Kubernetes object."""


@dataclass(frozen=True)
class Client:
    """A cluster's kubeconfig and the kubectl to use it with."""

    kubeconfig: Path
    kubectl: Path

    def run(self, *arguments: str, stdin: str | None = None, seconds: float = 120) -> str:
        """Run kubectl and return what it prints; raises UserError with its message if it fails."""
        command = [str(self.kubectl), f"--kubeconfig={self.kubeconfig}", *arguments]
        environ = of_clients(os.environ)
        ended = subprocess.run(
            command, env=environ, input=stdin, capture_output=True, text=True, timeout=seconds, check=False
        )
        if ended.returncode:
            raise UserError(f"kubectl {' '.join(arguments)}: {ended.stderr.strip()}")
        return ended.stdout

    def get(self, *arguments: str) -> Object:
        """Return what `kubectl get` finds."""
        return json.loads(self.run("get", "--output=json", *arguments))

    def apply(self, *objects: Object) -> None:
        """Apply the objects, server-side."""
        self.apply_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))

    def apply_text(self, manifests: str) -> None:
        """Apply the manifests, server-side."""
        self.run("apply", "--server-side", "--filename=-", stdin=manifests)

    def ready(self) -> bool:
        """Return whether the API server responds and is ready."""
        try:
            return self.run("get", "--raw=/readyz", "--request-timeout=2s") == "ok"
        except UserError:
            return False
