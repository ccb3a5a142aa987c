"""A checkout and an engine made of a few files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine.checkout import Checkout

ENGINE = """#!/bin/sh
case "$1 $2" in
"version ") echo {version} ;;
"stack init")
    for project; do :; done
    mkdir -p "$project" && echo "encryptionsalt: v1:salt" >"$project/Pulumi.$3.yaml"
    case "$*" in *--no-select*) ;; *) echo "$3" >"$PULUMI_HOME/selected" ;; esac ;;
"stack --show-name") echo staging ;;
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
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "Pulumi.yaml").write_text("name: ixn\nruntime: python\n")
    (root / "Pulumi.dev.yaml").write_text("# development\nconfig:\n  ixn:sid: 0100 # an id\n")
    (root / "Pulumi.staging.yaml").write_text("config: {}\n")
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
