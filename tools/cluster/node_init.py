"""Process 1 of a node's namespaces: mount what the node must not share with the machine, then run its programs.

Started by `tools.cluster.node`. All mounts end with the namespace.
"""

import os
import subprocess
import sys
from pathlib import Path

from tools.cluster.supervisor import end_with_stdin, supervise

MOUNTED = b"mounted\n"
"""The message that this process writes once its mounts exist."""

ATTACHED, DETACHED = b"attached\n", b"detached\n"
"""The message that it reads once the network exists: whether to end with the process that started it."""

CLUSTER = Path("/run/cluster")
"""The cluster's directory as the node's programs see it: short, since paths of sockets are limited."""

# kubelet would set these for the whole machine if they differ. It gets files with the expected values.
_TUNABLES = {
    "vm/overcommit_memory": 1,
    "vm/panic_on_oom": 0,
    "kernel/panic": 10,
    "kernel/panic_on_oops": 1,
    "kernel/keys/root_maxkeys": 1_000_000,
    "kernel/keys/root_maxbytes": 25_000_000,
}
_NETWORK = ("net/ipv4/ip_forward", "net/bridge/bridge-nf-call-iptables")


def main(directory: Path) -> None:
    """Set the namespaces up, report it, wait for the network, and supervise the programs."""
    _mount("--make-rshared", "/")  # kubelet's mounts have to reach the containers
    _mount("-t", "proc", "proc", "/proc")
    _mount_own_directories(directory)
    for name, value in _TUNABLES.items():
        wanted = CLUSTER / "tunables" / name.replace("/", ".")
        wanted.parent.mkdir(exist_ok=True)
        wanted.write_text(f"{value}\n")
        _mount("--bind", str(wanted), f"/proc/sys/{name}")
    for name in _NETWORK:
        Path("/proc/sys", name).write_text("1")
    sys.stdout.buffer.write(MOUNTED)
    sys.stdout.buffer.flush()
    mode = sys.stdin.buffer.readline()
    if mode == ATTACHED:
        end_with_stdin()
    if mode in (ATTACHED, DETACHED):  # neither, if the process that started this one has ended
        supervise(CLUSTER)


def _mount_own_directories(directory: Path) -> None:
    """Mount the node's own /run, /var/log and writable copy of /var/lib."""
    opened = os.open(directory, os.O_PATH)  # it may be in /run
    _mount("-t", "tmpfs", "tmpfs", "/run")
    for path in (CLUSTER, Path("/run/netns"), Path("/run/lock")):
        path.mkdir()
    _mount("--bind", f"/proc/self/fd/{opened}", str(CLUSTER), pass_fds=(opened,))
    os.close(opened)
    for name in ("log", "lib-changes", "lib-work"):
        (CLUSTER / "var" / name).mkdir(parents=True, exist_ok=True)
    _mount("--bind", str(CLUSTER / "var/log"), "/var/log")
    layers = f"lowerdir=/var/lib,upperdir={CLUSTER}/var/lib-changes,workdir={CLUSTER}/var/lib-work"
    _mount("-t", "overlay", "overlay", "-o", layers, "/var/lib")


def _mount(*arguments: str, pass_fds: tuple[int, ...] = ()) -> None:
    subprocess.run(["mount", *arguments], check=True, pass_fds=pass_fds)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
