"""A network sandbox for the connectivity check, with peers that listen and peers that do not.

Run as a program in its own network and mount namespaces (`Sandbox`), it exits when its input closes.
"""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LISTENING, CLOSED, DROPPED = 7001, 7002, 7003
"""TCP ports of 127.0.0.1 and ::1: the first has a listener, packets to the last are dropped by a rule."""

PEER, SILENT = "peer.test", "silent.test"
"""The only name that resolves, and one that the resolver does not answer."""

NEEDED = {"nft": "nftables", "unshare": "util-linux", "nsenter": "util-linux", "mount": "mount"}
"""Programs, and the Debian packages that they are in."""

_RULES = f"""
table inet sandbox {{
    chain input {{
        type filter hook input priority 0;
        tcp dport {DROPPED} drop
    }}
}}
"""
_A_RECORD = struct.pack("!2H", 1, 1)
_READY = "ready"
_UNSHARE = ("unshare", "--user", "--map-root-user", "--net", "--mount")
_NSENTER = ("nsenter", "--preserve-credentials", "--user", "--net", "--mount")
_CONNECTIONS = 2048
"""The backlog: more connections than all tests open, since nobody accepts them and the kernel drops the excess."""

_SIOCSIFFLAGS, _IFF_UP = 0x8914, 0x1


@dataclass(frozen=True)
class Ran:
    """The result of a command in the sandbox; `seconds` is its duration."""

    status: int
    lines: list[str]
    errors: str
    seconds: float


class Sandbox:
    """A running sandbox; raises RuntimeError with the output if the machine does not support it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [*_UNSHARE, sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said = _pipe(self._process.stdout).readline()
        if said.strip() != _READY:
            raise RuntimeError(f"no namespaces of its own for the test: {said}{self._process.communicate()[0]}")

    def run(self, command: Sequence[str], env: Mapping[str, str], timeout: float = 60) -> Ran:
        """Run a command in the sandbox with only these variables, for at most `timeout` seconds."""
        pairs = [f"{name}={value}" for name, value in env.items()]
        enter = [*_NSENTER, "--target", str(self._process.pid), "--", "env", "-i"]
        began = time.monotonic()
        ran = subprocess.run(
            [*enter, *pairs, *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout.splitlines(), ran.stderr, time.monotonic() - began)

    def end(self) -> None:
        """Stop the sandbox."""
        self._process.communicate(timeout=10)


def missing() -> list[str]:
    """Return the Debian packages that this machine lacks."""
    return sorted({package for program, package in NEEDED.items() if shutil.which(program, path=_path()) is None})


def _path() -> str:
    # Directories that are not on an ordinary user's PATH; their programs work in a user namespace.
    return f"{os.environ['PATH']}:/usr/sbin:/sbin"


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def _begin() -> list[socket.socket]:
    os.environ["PATH"] = _path()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))
    subprocess.run(["nft", "--file", "-"], input=_RULES, text=True, check=True, timeout=10)
    _instead("/etc/resolv.conf", "nameserver 127.0.0.1\n")
    _instead("/etc/nsswitch.conf", "hosts: files dns\n")
    # A connection is established once the kernel accepts it.
    return [
        socket.create_server(("127.0.0.1", LISTENING), backlog=_CONNECTIONS),
        socket.create_server(("::1", LISTENING), family=socket.AF_INET6, backlog=_CONNECTIONS),
    ]


def _instead(path: str, text: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        ours = Path(directory, "file")
        ours.write_text(text, encoding="ascii")
        ours.chmod(0o644)
        subprocess.run(["mount", "--bind", str(ours), os.path.realpath(path)], check=True, timeout=10)


def _answer(query: bytes) -> bytes | None:
    """Return a name server's answer to a query; nothing for the name that it does not answer."""
    labels: list[str] = []
    at = 12
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode("ascii"))
        at += 1 + length
    name = ".".join(labels)
    if name == SILENT:
        return None
    question = query[12 : at + 5]
    has_address = name == PEER and question[-4:] == _A_RECORD
    flags = 0x8180 if name == PEER else 0x8183
    reply = query[:2] + struct.pack("!5H", flags, 1, int(has_address), 0, 0) + question
    # A pointer to the name in the question, at byte 12; the TTL is 0.
    return reply + b"\xc0\x0c" + _A_RECORD + struct.pack("!IH4B", 0, 4, 127, 0, 0, 1) if has_address else reply


def _answer_all(server: socket.socket) -> None:
    while True:
        query, client = server.recvfrom(512)
        if (reply := _answer(query)) is not None:
            server.sendto(reply, client)


def _live() -> None:
    listeners = _begin()
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    threading.Thread(target=_answer_all, args=(server,), daemon=True).start()
    print(_READY, flush=True)
    sys.stdin.read()
    for each in listeners:
        each.close()


if __name__ == "__main__":
    _live()
