"""Building the engine from the Go module registry, for machines that reach nothing else."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.engine.process import Finished, run
from tools.engine.refusal import Refusal
from tools.engine.report import say, working

MODULES = Path(__file__).parent
CLI, PYTHON_HOST = MODULES / "cli", MODULES / "python-host"
SOURCES = [module / name for module in (CLI, PYTHON_HOST) for name in ("go.mod", "go.sum")]

CLI_MODULE = "github.com/pulumi/pulumi/pkg/v3"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"


@dataclass(frozen=True)
class Target:
    """A program to build: its Go package, the module of ours that pins it, and the flags it needs."""

    name: str
    package: str
    module: Path
    flags: tuple[str, ...] = ()


def engine_version() -> str:
    """Read the version of the CLI, without the v, from our go.mod."""
    return _required(rf"{re.escape(CLI_MODULE)} v(\S+)")


def needed_go() -> str:
    """Read the oldest Go that will do from our go.mod."""
    return _required(r"^go (\S+)$")


def _required(pattern: str) -> str:
    found = re.search(pattern, (CLI / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"tools/engine/cli/go.mod has no line like {pattern}"
    return found[1]


def build_engine(bin_directory: Path, environ: Mapping[str, str]) -> None:
    """Fill `bin_directory` with the CLI and the Python language host. Raises Refusal saying what to install."""
    if not shutil.which("go", path=environ.get("PATH")):
        raise Refusal("Go is not installed")
    bin_directory.mkdir()
    version = f"-X {SDK_MODULE}/go/common/version.Version=v{engine_version()}"
    cli_flags = ("-tags", "osusergo,grpcnotrace", "-ldflags", f"-s -w {version}")
    say(f"building the Pulumi engine {engine_version()} from the Go module registry: once, some minutes")
    build(Target("pulumi", f"{CLI_MODULE}/cmd/pulumi", CLI, cli_flags), bin_directory, environ)
    host = "pulumi-language-python"
    build(Target(host, f"{SDK_MODULE}/python/cmd/{host}", PYTHON_HOST), bin_directory, environ)
    script = bin_directory / f"{host}-exec"
    shutil.copyfile(_module_directory(environ) / "python" / "cmd" / script.name, script)
    script.chmod(0o755)


def build(target: Target, bin_directory: Path, environ: Mapping[str, str]) -> None:
    """Build `target` into `bin_directory`, with a bar. Raises Refusal with Go's last words where it fails."""
    # A workspace file in some parent directory would replace our go.mod.
    environ = {**environ, "GOWORK": "off"}
    with working(f"{target.name}: fetching Go modules") as advance:
        packages = 0

        def count(line: str) -> None:
            nonlocal packages
            packages += not line.startswith("go: ")
            advance(line)

        # The tags do not change what is downloaded, and the list is only for the bar.
        command = ["go", "list", "-deps", *target.flags[:2], target.package]
        _check(target, run(command, cwd=target.module, environ=environ, on_line=count))
    with working(f"{target.name}: compiling Go packages", packages) as advance:
        output = bin_directory / target.name
        command = ["go", "build", "-v", *target.flags, "-o", output, target.package]
        _check(target, run(command, cwd=target.module, environ=environ, on_line=advance))


def _check(target: Target, finished: Finished) -> None:
    if finished.code == 0:
        return
    cause = "\n  ".join(line for line in finished.tail[-5:] if line.strip())
    raise Refusal(f"Go could not build {target.name} (it needs Go {needed_go()} or later):\n  {cause}")


def _module_directory(environ: Mapping[str, str]) -> Path:
    answer = subprocess.run(
        ["go", "list", "-m", "-f", "{{.Dir}}", SDK_MODULE],
        cwd=CLI,
        env={**environ, "GOWORK": "off"},
        check=True,
        capture_output=True,
        text=True,
    )
    return Path(answer.stdout.strip())
