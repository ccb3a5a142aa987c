"""A checkout and an engine made of a few files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine.checkout import DEV_SALT, Checkout

ENGINE = """#!/bin/sh
case "$1 $2" in
"version ") echo {version} ;;
"stack init")
    state=${{PULUMI_BACKEND_URL#file://}}/.pulumi/stacks/ixn
    mkdir -p "$state" && echo "$*" >"$state/$3.json" ;;
"stack --show-name") cat "$PULUMI_HOME/selected" ;;
*) echo "error: unexpected $*" >&2; exit 1 ;;
esac
"""


def executable(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)
    return file


@pytest.fixture
def script() -> Callable[[Path, str], Path]:
    """Write an executable file."""
    return executable


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Make a checkout: dev has the committed salt, staging has no secrets provider, prod has a passphrase."""
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "Pulumi.yaml").write_text("name: ixn\nruntime: python\n")
    (root / "Pulumi.dev.yaml").write_text(f"encryptionsalt: {DEV_SALT}\nconfig:\n  ixn:sid: 0100 # an id\n")
    (root / "Pulumi.staging.yaml").write_text("config: {}\n")
    (root / "Pulumi.prod.yaml").write_text("encryptionsalt: v1:other\nconfig: {}\n")
    return Checkout(root)


@pytest.fixture
def engine_bin(tmp_path: Path) -> Callable[[str], Path]:
    """Make a directory with a whole engine of some version."""

    def make(version: str) -> Path:
        directory = tmp_path / f"engine-{version}" / "bin"
        executable(directory / "pulumi", ENGINE.format(version=version))
        executable(directory / "pulumi-language-python", "#!/bin/sh\n")
        return directory

    return make


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has nothing installed and set nothing."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path / "home"),
        "PULUMI_HOME": str(tmp_path / "home" / ".pulumi"),
        "IXN_TOOLS_CACHE": str(tmp_path / "cache"),
    }


@pytest.fixture
def failed(environ: dict[str, str]) -> Callable[[str], None]:
    """Record a recent failed download."""

    def note(what: str) -> None:
        memory = Path(environ["IXN_TOOLS_CACHE"]) / f"failed-{what.replace(' ', '-')}"
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text("no such host")

    return note
