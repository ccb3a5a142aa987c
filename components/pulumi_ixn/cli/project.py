"""A stack of a Pulumi project, as its program sees it: settings, last outputs, state."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from pulumi import automation
from pulumi.automation.events import EngineEvent

from pulumi_ixn.config import Settings, load
from pulumi_ixn.live.cluster import Cluster, ClusterError, Object, connect
from pulumi_ixn.stack_cluster import PREFLIGHT

_IGNORE_CONFLICTS = "PULUMI_K8S_ENABLE_PATCH_FORCE"
"""The environment variable that makes the Kubernetes provider overwrite foreign changes; a preview writes none."""


class CommandError(Exception):
    """An error that ends a command; its text is all that the user sees."""


class _Workspace(automation.LocalWorkspace):
    """A project's directory; the user's current stack stays selected."""

    def select_stack(self, stack_name: str) -> None:
        # Every command of the Automation API names its stack, so none needs to be selected.
        command = ["stack", "--show-name", "--stack", stack_name]
        self.pulumi_command.run(command, self.work_dir, self.env_vars)


@dataclass(frozen=True)
class Project:
    """A stack of the project in `root`, on the engine that PATH has."""

    root: Path
    stack: str

    @cached_property
    def engine(self) -> automation.Stack:
        """The stack for Pulumi's Automation API. Raises CommandError if it does not exist."""
        workspace = _Workspace(work_dir=str(self.root), env_vars=dict(os.environ))
        try:
            return automation.Stack.select(self.stack, workspace)
        except automation.CommandError as error:
            raise CommandError(_last_line(error)) from None

    @cached_property
    def name(self) -> str:
        """The stack's full name: `organization/project/stack`."""
        project = self.engine.workspace.project_settings().name
        *organization, _, stack = f"organization/{project}/{self.stack}".rsplit("/", 3)[-3:]
        return "/".join([*(organization or ["organization"]), project, stack])

    @cached_property
    def settings(self) -> Settings:
        """The stack's settings. Raises ConfigurationError with every issue."""
        values: dict[str, object] = {}
        secret: set[str] = set()
        for key, value in self.engine.get_all_config().items():
            namespace, _, name = key.partition(":")
            if namespace == "ixn":
                values[name] = _parsed(value.value)
                secret |= {name} if value.secret else set()
        return load(values, secret)

    def outputs(self) -> Object:
        """Return the outputs of the last update."""
        return {name: output.value for name, output in self.engine.outputs().items()}

    @cached_property
    def resources(self) -> Sequence[Object]:
        """The resources in the state when they are first asked for; secret values stay encrypted."""
        workspace = self.engine.workspace
        command = ["stack", "export", "--stack", self.stack]
        exported = workspace.pulumi_command.run(command, workspace.work_dir, workspace.env_vars)
        deployment: Object = json.loads(exported.stdout)["deployment"]
        return deployment.get("resources") or []

    def preview(self, on_event: Callable[[EngineEvent], None]) -> None:
        """Preview an update without field conflicts and preflight, and call `on_event` with each event.

        Raises CommandError.
        """
        environ = cast("dict[str, str]", self.engine.workspace.env_vars)
        before = dict(environ)
        environ |= {_IGNORE_CONFLICTS: "true", PREFLIGHT: "false"}
        try:
            self.engine.preview(on_event=on_event)
        except automation.CommandError as error:
            raise CommandError(_last_line(error)) from None
        finally:
            environ.clear()
            environ |= before

    def cluster(self) -> Cluster:
        """Return the stack's cluster. Raises CommandError if the stack renders manifests or has no access."""
        context = self.settings.environment.target.context
        if context is None:
            raise CommandError(f"ixn:target: the stack {self.stack!r} renders manifests and has no cluster")
        try:
            return connect(context, os.environ.get("KUBECONFIG"))
        except ClusterError as error:
            raise CommandError(str(error)) from None


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _last_line(error: automation.CommandError) -> str:
    _, found, message = str(error).rpartition("error: ")
    return message.strip() if found else str(error)
