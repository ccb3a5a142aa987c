"""The Go programs that are built where they cannot be downloaded; `tools.builder` builds and caches them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple


class ModuleFile(NamedTuple):
    """A file in a Go module: the module's path, and the file's path in it."""

    module: str
    path: str


@dataclass(frozen=True)
class GoProgram:
    """How to build one program; programs.toml describes the fields."""

    name: str
    module: str
    package: str = "."
    tags: str = ""
    ldflags: str = "-s -w"
    cgo: bool = False
    embedded: tuple[ModuleFile, ...] = ()
    beside: tuple[ModuleFile, ...] = ()


def _program(name: str, fields: Mapping[str, Any]) -> GoProgram:
    files: dict[str, Any] = {
        key: tuple(ModuleFile(*each) for each in fields.get(key, ())) for key in ("embedded", "beside")
    }
    others = {key: value for key, value in fields.items() if key not in ("version", *files)}
    program = GoProgram(name, **others, **files)
    return replace(program, ldflags=program.ldflags.format_map(fields))


_TABLE = tomllib.loads((Path(__file__).parent / "programs.toml").read_text(encoding="utf-8"))

PROGRAMS: Mapping[str, GoProgram] = MappingProxyType({name: _program(name, each) for name, each in _TABLE.items()})
"""The programs by the names of their binaries."""

PULUMI_VERSION: str = _TABLE["pulumi"]["version"]
KUBERNETES_PROVIDER_VERSION: str = _TABLE["pulumi-resource-kubernetes"]["version"]
