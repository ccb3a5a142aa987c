"""The provider plugins: found, downloaded, or built; and the differences of older Kubernetes providers."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import grpc

from tools import cache
from tools.builder import built
from tools.engine.acquire import Engine, pulumi_home
from tools.errors import UserError
from tools.programs import KUBERNETES_PROVIDER_VERSION
from tools.report import say

INSTALL_SECONDS = 120
RANDOM_PROVIDER = Path(__file__).parents[1] / "random_provider" / "bin"

DIFFERENCES = (
    ((4, 29), "an object that already exists is adopted without an error (an error since 4.29)"),
    ((4, 26), "an update of a StatefulSet is reported done before its pods are ready (waits since 4.26)"),
)
"""The behavior of the Kubernetes provider before each of these versions."""


@dataclass(frozen=True)
class Plugin:
    """A provider plugin; `directory` must be on PATH for the engine to find it."""

    provider: str
    version: str
    origin: str
    directory: Path | None = None

    def report(self) -> None:
        """Print the version and origin, and the differences of an old Kubernetes provider."""
        say(f"{self.provider} {self.version}: {self.origin}")
        numbers = re.match(r"(\d+)\.(\d+)", self.version)
        if self.provider == "kubernetes" and numbers:
            for since, difference in DIFFERENCES:
                if (int(numbers[1]), int(numbers[2])) < since:
                    say(f"  {difference}")


def plugins(engine: Engine, environ: Mapping[str, str]) -> list[Plugin]:
    """Find, download or build the plugins. Raises UserError if no source has one."""
    return [plugin(provider, engine, environ) for provider in ("kubernetes", "random")]


def plugin(provider: str, engine: Engine, environ: Mapping[str, str]) -> Plugin:
    """Find, download or build the plugin of `provider`."""
    name, version = f"pulumi-resource-{provider}", installed_version(f"pulumi-{provider}")
    search = os.pathsep.join([str(engine.pulumi.resolve().parent), environ.get("PATH", "")])
    if found := shutil.which(name, path=search):
        return Plugin(provider, plugin_version(Path(found), environ), found)
    home = pulumi_home(environ) / "plugins" / f"resource-{provider}-v{version}"
    if (home / name).exists() and not home.with_name(f"{home.name}.partial").exists():
        return Plugin(provider, version, str(home))
    reason = _download(provider, version, engine, environ)
    if not reason:
        return Plugin(provider, version, "downloaded by Pulumi")
    if provider == "random":
        return Plugin(provider, "substitute", f"RandomPassword only (no download: {reason})", RANDOM_PROVIDER)
    try:
        directory = built([name], environ)[name].parent
    except UserError as error:
        raise UserError(f"no {provider} plugin:\n- no download: {reason}\n- {error}") from None
    origin = f"built from the Go module registry (no download: {reason})"
    return Plugin(provider, KUBERNETES_PROVIDER_VERSION, origin, directory)


def plugin_version(program: Path, environ: Mapping[str, str]) -> str:
    """Ask a plugin for its version, as the engine does: not all of them have a flag for it."""
    from google.protobuf import empty_pb2  # noqa: PLC0415 (slow, and needed only here)
    from pulumi.runtime.proto import provider_pb2_grpc  # noqa: PLC0415

    with subprocess.Popen(
        [program, "127.0.0.1:9"],  # an engine's address, which is not used for this
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout
            with grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}") as channel:
                stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)
                return stub.GetPluginInfo(empty_pb2.Empty(), timeout=10).version.removeprefix("v")
        except (ValueError, grpc.RpcError):
            return "of unknown version"
        finally:
            process.kill()


def _download(provider: str, version: str, engine: Engine, environ: Mapping[str, str]) -> str:
    """Let the engine download the plugin; return the cause of a failure."""
    command = [engine.pulumi, "plugin", "install", "resource", provider, f"v{version}"]
    environ = {**environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    return cache.download(f"the {provider} plugin {version}", command, environ, INSTALL_SECONDS, _cause)


def _cause(output: str) -> str:
    """Return the cause of a failure, without the address and the number of attempts."""
    cause = re.search(r'Error downloading plugin: (?:Get "[^"]*": )?(.+)', output)
    return cause[1] if cause else output.splitlines()[-1]
