"""Check the requirements of a node by trying them; report everything that is missing together."""

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.builder import binary
from tools.cluster.cgroups import ROOT as CGROUPS
from tools.cluster.record import CHECKOUT
from tools.errors import UserError
from tools.programs import PROGRAMS

PACKAGES = {
    "containerd": ("containerd", "containerd-shim-runc-v2", "ctr"),
    "runc": ("runc",),
    "iptables": ("iptables",),
    "ipset": ("ipset",),
    "conntrack": ("conntrack",),
    "iproute2": ("ip",),
    "util-linux": ("unshare", "nsenter", "setpriv"),
    "mount": ("mount",),
    "openssl": ("openssl",),
}
"""Debian's packages, and the programs in them that the node runs."""

CNI_PACKAGE = "containernetworking-plugins"
_CNI_DIRECTORIES = (Path("/usr/lib/cni"), Path("/opt/cni/bin"))
_CNI_PLUGINS = ("bridge", "host-local", "loopback", "portmap")
_CONTROLLERS = ("cpu", "cpuset", "memory", "pids")

SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"

# Tried in namespaces that end with the command. kube-proxy, kube-router and the CNI plugins need these.
KERNEL = {
    "namespaces of all kinds": "true",
    "bridges": "ip link add br0 type bridge && ip link add ve0 master br0 type veth peer name ve1",
    "filtering of bridged packets (module br_netfilter)": "test -e /proc/sys/net/bridge/bridge-nf-call-iptables",
    "iptables matches: conntrack, comment, mark, addrtype, multiport, statistic": (
        "iptables -A FORWARD -m conntrack --ctstate RELATED -m comment --comment x -m mark --mark 1/1 -j ACCEPT"
        " && iptables -A FORWARD -m addrtype --src-type LOCAL -p tcp -m multiport --dports 1,2 -j REJECT"
        " && iptables -A FORWARD -m statistic --mode random --probability 0.5 -j ACCEPT"
    ),
    "iptables match: physdev": "iptables -A FORWARD -m physdev --physdev-is-bridged -j ACCEPT",
    "iptables target: NFLOG": "iptables -A FORWARD -j NFLOG --nflog-group 100",
    "iptables nat: DNAT, MASQUERADE": (
        "iptables -t nat -A PREROUTING -p tcp -j DNAT --to-destination 198.18.0.1:1"
        " && iptables -t nat -A POSTROUTING -j MASQUERADE --random-fully"
    ),
    "ipset": "ipset create s hash:ip timeout 0 && iptables -A FORWARD -m set --match-set s src -j ACCEPT",
}


def check_machine(environ: Mapping[str, str], needed: tuple[str, ...]) -> None:
    """Raise UserError with everything that the machine lacks for a node."""
    packages = missing_packages(environ)
    lacking = [
        *([f"root privileges: run it as root, not as user {os.geteuid()}"] if os.geteuid() else []),
        *([f"Debian packages: apt-get install --no-install-recommends {' '.join(packages)}"] if packages else []),
        *_missing_go(environ, needed),
    ]
    if not os.geteuid() and not packages:
        lacking += [f"kernel feature: {feature}" for feature in missing_kernel_features()]
    elif lacking:
        lacking.append("(kernel features are checked once the rest is present)")
    if lacking:
        raise UserError("\n  ".join(["this machine cannot run a node. It lacks", *lacking]))


def missing_packages(environ: Mapping[str, str]) -> list[str]:
    """Return the Debian packages of which a program is missing."""
    path = f"{environ.get('PATH', '')}:{SYSTEM_PATH}"
    found = {name: [shutil.which(program, path=path) for program in each] for name, each in PACKAGES.items()}
    lacking = [name for name, programs in found.items() if not all(programs)]
    return lacking if cni_plugins() else [*lacking, CNI_PACKAGE]


def cni_plugins() -> Path | None:
    """Return the directory of the CNI plugins."""
    complete = (each for each in _CNI_DIRECTORIES if all((each / name).exists() for name in _CNI_PLUGINS))
    return next(complete, None)


def missing_kernel_features() -> list[str]:
    """Return the missing kernel features, trying each in its own namespaces."""
    lacking = [what for what, command in KERNEL.items() if not _works(command)]
    with TemporaryDirectory(dir=CHECKOUT) as directory:
        layers = [Path(directory, name) for name in ("lower", "upper", "work", "merged")]
        for layer in layers:
            layer.mkdir()
        lower, upper, work, merged = layers
        mount = f"mount -t overlay overlay -o lowerdir={lower},upperdir={upper},workdir={work} {merged}"
        lacking += [] if _works(mount) else [f"overlayfs in {CHECKOUT}"]
    version_2 = CGROUPS / "cgroup.controllers"
    present = version_2.read_text().split() if version_2.exists() else [each.name for each in CGROUPS.glob("*")]
    lacking += [f"cgroup controller {each}" for each in _CONTROLLERS if each not in present]
    return lacking if Path("/dev/kmsg").exists() else [*lacking, "/dev/kmsg"]


def _works(command: str) -> bool:
    unshare = ["unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "sh", "-c", command]
    return subprocess.run(unshare, env={"PATH": SYSTEM_PATH}, capture_output=True, check=False).returncode == 0


def _missing_go(environ: Mapping[str, str], needed: tuple[str, ...]) -> list[str]:
    unbuilt = [name for name in needed if not binary(PROGRAMS[name], environ).exists()]
    if not unbuilt or shutil.which("go", path=environ.get("PATH")):
        return []
    return [f"Go on {platform.machine()}, to build {', '.join(unbuilt)}"]
