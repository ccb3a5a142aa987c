"""The cgroups of a node: one in each hierarchy, which its kubelet uses as the root."""

import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


def create_cgroups(name: str) -> None:
    """Create the cgroup `name`, with all controllers, in each hierarchy."""
    for hierarchy in _hierarchies():
        if (controllers := hierarchy / "cgroup.controllers").exists():
            wanted = " ".join(f"+{each}" for each in controllers.read_text().split())
            (hierarchy / "cgroup.subtree_control").write_text(wanted)
        own = hierarchy / name
        own.mkdir(exist_ok=True)
        if hierarchy.name == "cpuset":  # version 1: a new cpuset is empty, and no process may enter it
            for file in ("cpuset.cpus", "cpuset.mems"):
                (own / file).write_text((hierarchy / file).read_text())


def remove_cgroups(name: str, *, seconds: float = 10) -> None:
    """Remove the cgroup `name`, with those that its kubelet created in it; their processes have ended."""
    deadline = time.monotonic() + seconds
    while left := leftover_cgroups(name):
        for directory in left:
            for each in [*sorted(directory.rglob("*/"), reverse=True), directory]:
                try:
                    each.rmdir()
                except OSError:
                    if time.monotonic() > deadline:
                        raise
        time.sleep(0.05)


def leftover_cgroups(name: str) -> list[Path]:
    """Return the cgroups of this name."""
    return [each for each in (ROOT / name, *ROOT.glob(f"*/{name}")) if each.is_dir()]


def _hierarchies() -> list[Path]:
    if (ROOT / "cgroup.controllers").exists():
        return [ROOT]
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    return [Path(directory) for _, directory, kind, *_ in mounts if kind == "cgroup"]
