"""Run the Job that provisions a database as the kubelet would: its command, environment and files."""

import functools
import os
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pulumi_ixn import Credentials, DatabaseReference, DatabaseReferenceArgs
from pulumi_ixn.testing import Deployment, deploy

from tests.postgres.server import ADMIN, ADMIN_PASSWORD, PATH, Server
from tests.unit.deployed import env_of
from tests.unit.provisioning.jobs import job, provisioned

USER = 500
"""The user and group id of the pod, which no file of an image needs to know."""

Secrets = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Ran:
    """What a run did. `arguments` are those of every process that was seen in it, joined."""

    status: int
    output: str
    seconds: float
    arguments: str


@dataclass(frozen=True)
class Workload:
    """A workload's database: its role and password; the name of the Job's objects, and the stack that has them."""

    database: str
    role: str
    password: str = "the password of the workload"
    name: str = "ixn-server-100-db"
    stack: str = "test"

    def provision(
        self,
        server: Server,
        *,
        administrator: tuple[str, str] = (ADMIN, ADMIN_PASSWORD),
        host: str = "127.0.0.1",
        deadline: int = 20,
        ca: str = "",
        shell: tuple[str, ...] = ("/bin/sh",),
        **how: Any,
    ) -> Ran:
        """Run the Job; `how` are settings of how the database is provisioned.

        The manifest's host and port are replaced, since no setting can name a loopback address, and its deadline;
        `shell` is what an image may have at /bin/sh.
        """
        found = self.manifests(**how)
        secrets: Secrets = {
            "postgres-admin": {"username": administrator[0], "password": administrator[1]},
            "login": {"username": self.role, "password": self.password},
            "postgres-ca": {"ca.crt": ca or server.certificates.ca},
        }
        changed = {"PGHOST": host, "PGPORT": str(server.port), "DEADLINE": str(deadline)}
        return run_pod(found, job(found, self.name)["spec"]["template"]["spec"], secrets, changed, shell)

    def manifests(self, **how: Any) -> Deployment[Any]:
        """Return the manifests of the database, whose login is in the existing Secret `login`."""
        return _manifests(self.database, self.name, self.stack, tuple(how.items()))

    def mark(self) -> str:
        """Return the line by which the role and the database are this workload's."""
        return env_of(job(self.manifests(), self.name)["spec"]["template"])["MARK"]

    def sql(self, server: Server, statements: str, database: str = "") -> list[str]:
        """Run statements as the role, over TCP."""
        return server.sql_as(self.role, self.password, database or self.database, statements)


@functools.cache
def _manifests(name: str, job_name: str, stack: str, how: tuple[tuple[str, Any], ...]) -> Deployment[Any]:
    database = replace(provisioned(name, **dict(how)), credentials=Credentials.existing("login"))
    args = DatabaseReferenceArgs("ixn", database, job_name=job_name)
    return deploy(lambda: DatabaseReference("db", args) and None, stack=stack)


def run_pod(
    found: Deployment[Any], pod: Any, secrets: Secrets, changed: Mapping[str, str], shell: tuple[str, ...]
) -> Ran:
    """Run the only container of a pod, under its user id; `changed` are variables to replace."""
    (container,) = pod["containers"]
    with _mounts(found, pod, secrets) as mounts:
        env = {each["name"]: _value(each, secrets) for each in container["env"]}
        env = {**{name: _mounted(value, mounts) for name, value in env.items()}, **changed}
        assert container["command"][0] == "/bin/sh"
        return _run([*shell, *(_mounted(each, mounts) for each in container["command"][1:])], env)


@contextmanager
def _mounts(found: Deployment[Any], pod: Any, secrets: Secrets) -> Iterator[Mapping[str, str]]:
    """Yield a directory with the content of its volume for each mount path."""
    volumes = {each["name"]: each for each in pod["volumes"]}
    with tempfile.TemporaryDirectory(prefix="ixn-pod-") as directory:
        Path(directory).chmod(0o755)
        mounts: dict[str, str] = {}
        for mount in pod["containers"][0]["volumeMounts"]:
            folder = Path(directory) / mount["name"]
            folder.mkdir(mode=0o755)
            for name, text in _files(found, volumes[mount["name"]], secrets).items():
                (folder / name).write_text(text, encoding="utf-8")
            mounts[mount["mountPath"]] = str(folder)
        yield mounts


def _files(found: Deployment[Any], volume: Any, secrets: Secrets) -> Mapping[str, str]:
    if "configMap" in volume:
        return found.manifest("ConfigMap", volume["configMap"]["name"])["data"]
    secret = volume["secret"]
    return {each["path"]: secrets[secret["secretName"]][each["key"]] for each in secret["items"]}


def _value(variable: Any, secrets: Secrets) -> str:
    if "valueFrom" in variable:
        ref = variable["valueFrom"]["secretKeyRef"]
        return secrets[ref["name"]][ref["key"]]
    # As the kubelet: '$$' is a '$', and '$(NAME)' a variable.
    return re.sub(r"\$\$|\$\(\w+\)", lambda match: "$" if match[0] == "$$" else f"<{match[0]}>", variable["value"])


def _mounted(text: str, mounts: Mapping[str, str]) -> str:
    for path, folder in mounts.items():
        if text.startswith(f"{path}/"):
            return folder + text.removeprefix(path)
    return text


def _run(command: list[str], env: Mapping[str, str]) -> Ran:
    user = USER if os.geteuid() == 0 else None
    begun = time.monotonic()
    # A session of its own has no terminal, as a container has none.
    with subprocess.Popen(
        command,
        env={"PATH": PATH, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    ) as process:
        seen: set[str] = set()
        watcher = threading.Thread(target=_watch, args=(process, seen))
        watcher.start()
        output, _ = process.communicate(timeout=120)
        watcher.join()
    return Ran(process.returncode, output.decode(), time.monotonic() - begun, "\n".join(seen))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _watch(process: "subprocess.Popen[bytes]", seen: set[str]) -> None:
    """Collect the arguments of every process of the session, while it lasts."""
    while process.poll() is None:
        for each in Path("/proc").iterdir():
            if not each.name.isdigit():
                continue
            try:
                _, _, fields = _text(each / "stat").rpartition(")")
                if fields.split()[3] == str(process.pid):  # the session
                    seen.add(_text(each / "cmdline").replace("\0", " "))
            except OSError:  # it has ended
                continue
        time.sleep(0.005)
