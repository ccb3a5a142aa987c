"""Servers on loopback, under host names that exist for them and for their clients alone."""

import functools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

DOMAIN = "services.example"
"""The domain of the servers' hosts: an address of loopback is none that the package accepts."""

_SECONDS = 180
"""For a server to answer, or for a client to end: two brokers on a loaded machine take more than a minute."""

_CLIENTS = Path(__file__).parent


def needed(name: str, package: str) -> str:
    """Return the path of a program of Debian's `package`; skip the test if the machine lacks it."""
    return shutil.which(name) or missing(f"needs {name} (Debian: {package})")


def missing(reason: str) -> Any:
    """Skip the test for what the machine lacks; with CI=true, fail it."""
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        pytest.fail(reason)
    pytest.skip(reason)


@functools.cache
def _resolver() -> str:
    """Return the library that resolves the hosts in a process that it is preloaded into."""
    found = sorted(Path("/usr/lib").glob("*/libnss_wrapper.so"))
    return str(found[0]) if found else missing("needs libnss_wrapper.so (Debian: libnss-wrapper)")


def environment(hosts: Sequence[str], directory: Path) -> Mapping[str, str]:
    """Return the environment of a process for which `hosts` are on loopback."""
    file = directory / "hosts"
    file.write_text("".join(f"127.0.0.1 {host}\n" for host in ("localhost", *hosts)), encoding="utf-8")
    return {"PATH": os.environ["PATH"], "LD_PRELOAD": _resolver(), "NSS_WRAPPER_HOSTS": str(file)}


@contextmanager
def running(command: Sequence[str | Path], directory: Path, environ: Mapping[str, str]) -> Iterator[None]:
    """Run a server in `directory`, and end it with the block."""
    log = (directory / "log").open("ab")
    with log, subprocess.Popen(command, cwd=directory, env=environ, stdout=log, stderr=log) as process:
        try:
            yield
        finally:
            process.kill()


def free_ports(count: int) -> list[int]:
    """Return ports that nothing listens on."""
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in servers]
    for server in servers:
        server.close()
    return ports


def until(condition: Callable[[], bool], directory: Path) -> None:
    """Wait until a server in `directory` is as it should be; show its log if it takes too long."""
    end = time.monotonic() + _SECONDS
    while not condition():
        if time.monotonic() > end:
            logs = sorted(directory.rglob("log"))
            log = "\n".join(each.read_text("utf-8", errors="replace")[-2000:] for each in logs)
            pytest.fail(f"not within {_SECONDS} s:\n{log}")
        time.sleep(0.1)


def accepts(port: int) -> bool:
    """Return whether something listens on a port of loopback."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def client(program: str, root: Path, environ: Mapping[str, str]) -> Any:
    """Run a client with what is mounted below `root`, and return what it read; `error` says what failed."""
    command = [sys.executable, _CLIENTS / program, root]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=_SECONDS, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {"error": done.stderr}
