"""The files in the directory of a node: programs, configuration and command lines."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from tools.builder import built
from tools.cluster import registry
from tools.cluster.control_plane import CONTROL_PLANE
from tools.cluster.credentials import make_credentials
from tools.cluster.images import Image, write_archive, write_layout
from tools.cluster.network import API_IP, DNS_IP, SERVICE_CIDR, Network
from tools.cluster.node_init import CLUSTER
from tools.cluster.preflight import cni_plugins
from tools.cluster.supervisor import write_programs
from tools.cluster.templates import command_lines, write_configuration

PROGRAMS = (*CONTROL_PLANE, "kubelet", "kube-proxy", "kube-router", "coredns", "double")
PAUSE_IMAGE = "localhost/pause:1"
COREDNS_IMAGE = "localhost/coredns:1"
DOUBLE_IMAGE = "localhost/double:1"
API_PORT = 6443
IMAGES = "images.tar"
VOLUMES = 32
"""The number of available volumes of the default storage class."""


def write_node_files(directory: Path, network: Network, environ: Mapping[str, str]) -> None:
    """Write all files of the node's programs; build missing programs."""
    programs = _programs(directory, environ)
    values: dict[str, object] = {
        "address": network.node_ip,
        "cgroup": network.interface,
        "cni_plugins": cni_plugins(),
        "dns_ip": DNS_IP,
        "pause_image": PAUSE_IMAGE,
        "pod_cidr": network.pod_cidr,
        "pod_prefix": network.pod_cidr.rpartition("/")[2],
        "port": API_PORT,
        "service_cidr": SERVICE_CIDR,
    }
    make_credentials(directory, f"https://{network.node_ip}:{API_PORT}", [network.node_ip, API_IP])
    write_configuration(directory, values)
    (directory / "resolv.conf").write_text("# no upstream\n")
    for host, url in registry.MIRRORS.items():
        mirror = directory / "registries" / host / "hosts.toml"
        mirror.parent.mkdir(parents=True)
        mirror.write_text(f'server = "{url}"\n[host."{url}"]\n  capabilities = ["pull", "resolve"]\n')
    for number in range(VOLUMES):
        (directory / "volumes" / str(number)).mkdir(parents=True)
    registry.write_files(directory)
    _write_images(directory, programs)
    inside = {name: CLUSTER / "bin" / name for name in programs}
    commands = command_lines(inside, ("control-plane", "node"), values)
    commands["registry"] = registry.command(inside["double"])
    write_programs(directory, commands)


def _programs(directory: Path, environ: Mapping[str, str]) -> dict[str, Path]:
    """Link the programs into the directory, so that a rebuild of the cache does not touch a running node."""
    programs = built(PROGRAMS, environ)
    (directory / "bin").mkdir()
    for name, path in programs.items():
        try:
            (directory / "bin" / name).hardlink_to(path)
        except OSError:  # another file system
            shutil.copy(path, directory / "bin" / name)
    return programs


def _write_images(directory: Path, programs: Mapping[str, Path]) -> None:
    own = (
        Image(PAUSE_IMAGE, {"pause": programs["double"]}, ("/pause", "pause")),
        Image(COREDNS_IMAGE, {"coredns": programs["coredns"]}, ("/coredns",)),
        Image(DOUBLE_IMAGE, {"double": programs["double"]}, ("/double",)),
    )
    write_layout(own, directory / "images")
    write_archive(directory / "images", directory / IMAGES)
    shutil.rmtree(directory / "images")
