"""The records of clusters started from this checkout, and whether they run."""

import json
import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.cluster.network import Network
from tools.errors import UserError
from tools.lock import held

CHECKOUT = Path(__file__).parents[2]
NAME_LIMIT = 11
"""With its prefix, a name becomes an interface's, which ends at 15 characters."""


def directory_of(name: str) -> Path:
    """Return the directory of the cluster `name`: all its state."""
    if not re.fullmatch(rf"[a-z][a-z0-9-]{{0,{NAME_LIMIT - 1}}}", name):
        raise UserError(f"cluster name '{name}': expected at most {NAME_LIMIT} of a-z, 0-9, -")
    return CHECKOUT / "build" / "cluster" / name


@dataclass(frozen=True)
class Record:
    """The record in a cluster's directory."""

    name: str
    network: Network | None = None
    """None: a cluster without a real node."""

    pid: int | None = None
    """The process that holds all others."""

    ready: bool = False
    """Whether the start succeeded: an interrupted one leaves an incomplete cluster."""

    def write(self) -> None:
        """Write the record into the cluster's directory."""
        (directory_of(self.name) / "cluster.json").write_text(json.dumps(asdict(self)))

    def running(self) -> bool:
        """Return whether the cluster's process runs, not another one with its PID."""
        try:
            command = Path(f"/proc/{self.pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(directory_of(self.name)) in command


def read_record(name: str) -> Record | None:
    """Return the record of the cluster `name`, running or not; None if there is none."""
    try:
        found = json.loads((directory_of(name) / "cluster.json").read_text())
    except FileNotFoundError:
        return None
    network = Network(**found["network"]) if found["network"] else None
    return Record(found["name"], network, found["pid"], found.get("ready", False))


def is_up(name: str) -> bool:
    """Return whether the cluster `name` is up, with a real node or without."""
    record = read_record(name)
    return record is not None and record.ready and record.running()


@contextmanager
def alone(name: str) -> Generator[None]:
    """Hold the cluster `name` exclusively, so that no other process starts or stops it."""
    directory = directory_of(name)
    directory.parent.mkdir(parents=True, exist_ok=True)
    lock = directory.with_name(f"{name}.lock")  # not in the directory, which is created and removed
    with held(lock, f"waiting for another run that starts or ends cluster {name}"):
        yield


def recorded() -> list[str]:
    """Return the names of all clusters with a record."""
    return [file.parent.name for file in (CHECKOUT / "build" / "cluster").glob("*/cluster.json")]
