"""A stack whose engine can be killed, behind a proxy; and what must be true after its recovery."""

import difflib
import json
import os
import pprint
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pulumi_ixn.manifests.pod import CHECKSUM
from pulumi_ixn.ownership import Owner

from tests.cluster.guide import follow
from tests.cluster.live_stack import LiveStack
from tests.cluster.proxy import Proxy
from tests.engine.project import Run
from tools.cluster.client import Client
from tools.cluster.stack_links import settings_of
from tools.cluster.stack_secrets import secrets_of
from tools.engine import invoke
from tools.engine.checkout import Checkout

KINDS = (
    "configmaps,deployments,networkpolicies,persistentvolumeclaims,poddisruptionbudgets,secrets,serviceaccounts,"
    "servicemonitors,prometheusrules,services,statefulsets"
)
"""What a stack consists of, and the claims that its StatefulSet makes."""

BY_CLUSTER = ("ConfigMap/kube-root-ca.crt", "ServiceAccount/default")
"""What is in each namespace without a stack."""

_SET_BY_SERVER = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "uid", "finalizers")
_ADDRESSES = ("clusterIP", "clusterIPs", "volumeName")
UP = ("up", "--yes", "--skip-preview", "--suppress-outputs", "--refresh=false")


class InterruptedStack(LiveStack):
    """The stack `dev` in a namespace of its own, with generated passwords; its API server is the proxy."""

    def __init__(
        self, client: Client, proxy: Proxy, directory: Path, namespace: str, *, server_side: bool
    ) -> None:
        generated = {"generated": {"username": "ixn"}}
        super().__init__(client, directory, secrets=dict.fromkeys(("ixnDB", "ixnNodeDB"), generated))
        self.proxy, self.namespace = proxy, namespace
        variables = {"KUBECONFIG": str(proxy.kubeconfig), "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY": str(server_side)}
        self.project = replace(self.project, environ={**self.project.environ, **variables})
        self.set_namespace(name=namespace)

    def change_versions(self) -> None:
        """Change the version of each workload, which its objects have as a label."""
        with self.project.edited() as config:
            service = config["ixn:ixnService"]
            for workload in (service["ixnServer"], service["ixnNode"], config["ixn:ixnVQNode"]):
                workload["image"]["tag"] = "100.0.999.0000"

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command of the engine, in a session of its own."""
        program, environ = self.prepared()
        return self._popen([str(program), *arguments, "--stack", self.project.stack], environ)

    def prepared(self) -> tuple[Path, Mapping[str, str]]:
        """Return the engine, and its environment; create the stack if it does not exist."""
        arguments = ("up", "--stack", self.project.stack)
        return invoke.prepare(Checkout(self.project.root), arguments, self.project.environ)

    def _popen(self, command: list[str], environ: Mapping[str, str]) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            command,
            cwd=self.project.root,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @contextmanager
    def running_up(self) -> "Generator[subprocess.Popen[str]]":
        """Run `pulumi up` while the block runs, and kill what is left of it."""
        process = self.start(*UP)
        try:
            yield process
        finally:
            kill_session(process.pid)
            process.communicate()

    def tear_attributes(self) -> None:
        """Leave the attributes of the state's file as an engine does that is killed while it writes them."""
        (file,) = (self.project.root / "build" / "state").rglob(f"{self.project.stack}.json.attrs")
        file.write_text("")
        assert "EOF" in self.fails("stack", "export").output

    def provide_secrets(self) -> None:
        """Create the Secrets that the stack expects to exist in its namespace, once there is one."""
        if self.exists("namespace", self.namespace):
            self.client.apply(*secrets_of(settings_of(self.project.stack_file), "user:password"))

    def objects(self) -> dict[str, Any]:
        """Return the objects of the stack by kind and name."""
        items = self.client.get(KINDS, f"--namespace={self.namespace}", "--show-managed-fields")["items"]
        found = {f"{each['kind']}/{each['metadata']['name']}": each for each in items}
        namespaces = {f"Namespace/{self.namespace}": self.client.get("namespace", self.namespace)} if found else {}
        return {**namespaces, **{name: each for name, each in found.items() if name not in BY_CLUSTER}}

    def uids(self) -> dict[str, str]:
        """Return the uids of the objects."""
        return {name: each["metadata"]["uid"] for name, each in self.objects().items()}

    def contents(self) -> dict[str, Any]:
        """Return what two stacks with the same settings have in common."""
        plain = {name: _comparable(each) for name, each in self.objects().items()}
        return {_renamed(name, self.namespace): _renamed(each, self.namespace) for name, each in plain.items()}

    def state(self) -> dict[str, Any]:
        """Return the exported state."""
        return json.loads(self.project.pulumi("stack", "export").stdout)["deployment"]

    def recover(self) -> Run:
        """Recover and update once, without a preview; return what `ixn recover` printed."""
        recovered = self.project.ixn("recover", "--yes").succeeded()
        assert "pending_operations" not in self.state()
        self.project.pulumi(*UP)
        return recovered

    def recover_by_guide(self) -> Run:
        """Run the commands of the guide; return what `ixn recover` printed."""
        recovered, _ = follow(self, "An update that was interrupted", 0)
        return recovered

    def assert_recovers(
        self, reference: Mapping[str, Any] | None, urns: Counter[str], *, by_guide: bool = False
    ) -> str:
        """Recover, update once, and compare with an undisturbed run; return what `ixn recover` printed.

        Without `reference`, the contents of the objects are not compared. `by_guide` runs the commands of
        docs/operations.md.
        """
        self.provide_secrets()
        before = self.uids()
        recovered = self.recover_by_guide() if by_guide else self.recover()
        assert "Traceback" not in recovered.output
        self.provide_secrets()
        after = self.uids()
        assert {name: after.get(name) for name in before} == before, "something was recreated or deleted"
        if reference is not None:
            _assert_equal(self.contents(), reference)
        state = self.state()
        assert "pending_operations" not in state
        _assert_equal(Counter(each["urn"] for each in state["resources"]), urns)
        # Otherwise there is an orphan, or a record of another object.
        recorded = [each["outputs"]["metadata"]["uid"] for each in state["resources"] if _kubernetes(each)]
        made = [each["metadata"]["uid"] for each in self.objects().values() if Owner.of(each["metadata"])]
        _assert_equal(sorted(recorded), sorted(made))
        self.project.pulumi(*UP, "--expect-no-changes")
        assert self.uids() == after
        return recovered.output


def kill_session(leader: int) -> None:
    """Kill all processes of a session, as a machine that stops does: plugins have process groups of their own."""
    deadline = time.monotonic() + 10
    while members := _members(leader):
        assert time.monotonic() < deadline, f"processes {members} do not end"
        for each in members:
            try:
                os.kill(each, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.05)


def _members(session: int) -> list[int]:
    status = {each: _status(each) for each in _processes()}
    return [pid for pid, fields in status.items() if fields and int(fields[3]) == session and fields[0] != "Z"]


def _processes() -> list[int]:
    return [int(each.name) for each in Path("/proc").glob("[0-9]*")]


def _status(pid: int) -> list[str]:
    """Return the state, parent, process group, session and so on of a process; none if it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def _runs_in(pid: int, directory: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == directory
    except OSError:
        return False


@contextmanager
def stopped(client: Client, program: str) -> Generator[None]:
    """Stop a program of the control plane while the block runs; its supervisor starts it again."""
    directory = client.kubeconfig.parent.resolve()
    (pid,) = [each for each in _processes() if _runs_in(each, directory) and _name(each) == program]
    supervisor = int(_status(pid)[1])
    os.kill(supervisor, signal.SIGSTOP)
    try:
        os.kill(pid, signal.SIGKILL)
        yield
    finally:
        os.kill(supervisor, signal.SIGCONT)


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


def _assert_equal(found: object, expected: object) -> None:
    """Fail with the lines that differ."""
    known, other = (pprint.pformat(each, width=150).splitlines() for each in (expected, found))
    assert found == expected, "\n".join(difflib.unified_diff(known, other, "expected", "found", lineterm="", n=8))


def _kubernetes(resource: Mapping[str, Any]) -> bool:
    return resource["type"].startswith("kubernetes:")


def _comparable(item: Mapping[str, Any]) -> dict[str, Any]:
    metadata = {key: value for key, value in item["metadata"].items() if key not in _SET_BY_SERVER}
    found = {key: value for key, value in item.items() if key not in ("status", "spec", "data")}
    if "spec" in item:
        found["spec"] = {key: value for key, value in item["spec"].items() if key not in _ADDRESSES}
    if "data" in item:
        # Passwords are generated.
        found["data"] = sorted(item["data"]) if item["kind"] == "Secret" else item["data"]
    return _without_digests({**found, "metadata": metadata})


def _without_digests(value: Any) -> Any:
    """Leave out the values of annotations that depend on generated passwords, and on the namespace."""
    if isinstance(value, dict):
        return {key: "" if key.startswith(CHECKSUM) else _without_digests(each) for key, each in value.items()}
    return [_without_digests(each) for each in value] if isinstance(value, list) else value


def _renamed(value: Any, namespace: str) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(each, namespace) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, namespace) for each in value]
    return re.sub(rf"\b{namespace}\b", "NAMESPACE", value) if isinstance(value, str) else value
