"""What the analyzer finds in a set of manifests: who may reach whom, on which ports."""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

SECONDS = 120


class Allowed(NamedTuple):
    """An allowed connection; each end is a workload as `namespace/name` or an address range."""

    source: str
    destination: str
    protocol: str
    port: int


def allowed(netpolicy: Path, manifests: Sequence[Mapping[str, Any]], directory: Path) -> set[Allowed]:
    """Return the connections that the manifests allow; they are written to `directory` for the analyzer."""
    directory.mkdir()
    for index, manifest in enumerate(manifests):
        (directory / f"{index}.yaml").write_text(yaml.safe_dump(dict(manifest)), encoding="utf-8")
    answer = subprocess.run(
        [netpolicy, "list", "--dirpath", directory, "--output", "json", "--quiet"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    found = json.loads(answer.stdout or "[]")
    return {one for line in found for one in _each(line["src"], line["dst"], line["conn"])}


def _each(source: str, destination: str, connection: str) -> set[Allowed]:
    """Parse the ports of a pair, such as 'TCP 53,8080-8082,UDP 53'."""
    pair = _plain(source), _plain(destination)
    if connection == "All Connections":
        return {Allowed(*pair, "ALL", 0)}
    each: set[Allowed] = set()
    for protocol, ports in re.findall(r"(TCP|UDP|SCTP) ([\d,-]+?)(?=,[A-Z]|$)", connection):
        for part in ports.split(","):
            first, _, last = part.partition("-")
            each |= {Allowed(*pair, protocol, port) for port in range(int(first), int(last or first) + 1)}
    assert each, f"not understood: {connection}"
    return each


def _plain(peer: str) -> str:
    return peer.partition("[")[0]
