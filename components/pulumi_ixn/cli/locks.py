"""The locks of a stack whose state is in files: which engine holds one, and whether it still runs."""

import json
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ATTRIBUTES = ".attrs"
"""The suffix of the attributes (a checksum, a content type) that the engine keeps beside each of its files."""


@dataclass(frozen=True)
class Lock:
    """A lock file, and the process that wrote it."""

    file: Path
    pid: int
    host: str
    user: str
    since: str

    def remove(self) -> None:
        """Remove the lock, and the attributes that the engine keeps beside each of its files."""
        for each in (self.file, self.file.with_name(f"{self.file.name}{ATTRIBUTES}")):
            each.unlink(missing_ok=True)

    def __str__(self) -> str:
        return f"process {self.pid} of {self.user} on {self.host}, since {self.since}"

    @property
    def local(self) -> bool:
        """Whether the process is, or was, on this host."""
        return self.host == socket.gethostname()

    @property
    def held(self) -> bool:
        """Whether the process still runs; for a local lock only."""
        return _runs(self.pid)


def locks(backend: str, stack: str) -> Sequence[Lock]:
    """Return the locks of a stack, `organization/project/stack`; none for a backend that is not a directory."""
    directory = state_directory(backend)
    if directory is None:
        return ()
    files = sorted((directory / ".pulumi" / "locks" / stack).glob("*.json"))
    return [lock for lock in map(_read, files) if lock]


def state_directory(backend: str) -> Path | None:
    """Return the directory of a backend that is one, such as `file:///var/state`; else None."""
    url = urlsplit(backend)
    # `~` and `.` come out as the host of `file://~/state`.
    return Path(unquote(f"{url.netloc}{url.path}")).expanduser() if url.scheme == "file" else None


def _read(file: Path) -> Lock | None:
    """Return the lock; None if its holder has just removed it."""
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Lock(file, content["pid"], content["hostname"], content["username"], content["timestamp"])


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        # Another program may have the number now, and a killed process has it until its parent notices.
        name, _, status = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
    except OSError:
        return True  # a system without /proc
    return name.startswith("pulumi") and status.split()[0] != "Z"
