"""Makes .venv, the Python environment of this checkout, unless it is there and made from the present files.

Runs on the bare interpreter that the machine has, hence only the standard library, and nothing that Python 3.6
could not read (hence the quoted types): this is where an old one is rejected. All output goes to stderr.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parents[2]


def main(root: Path) -> None:
    """Make the environment of the checkout at `root`, and install the project in it."""
    requirements, project = root / "requirements" / "dev.txt", root / "pyproject.toml"
    python = root / ".venv" / "bin" / "python"
    with requirements.open("rb") as lock:
        # Two commands at once must not both make it; a lock on a tracked file leaves no file behind.
        fcntl.flock(lock, fcntl.LOCK_EX)
        # The place is part of what it is made from: an environment cannot be moved.
        made = Step(root / ".venv" / "made-from", f"{root} {digest(requirements)}")
        if not made.is_done() or not runs([str(python), "-c", ""]):
            check_interpreter(sys.version_info[:2])
            sys.stderr.write("making .venv from requirements/dev.txt: once, about a minute\n")
            shutil.rmtree(str(root / ".venv"), ignore_errors=True)
            run([sys.executable, "-m", "venv", str(root / ".venv")])
            pip_install(python, "--require-hashes", "--requirement", str(requirements))
            made.finish()
        # A step of its own: whoever edits the settings of a linter need not wait for all packages.
        installed = Step(root / ".venv" / "installed-from", digest(project))
        if not installed.is_done():
            pip_install(python, "--no-deps", "--no-build-isolation", "--editable", str(root))
            installed.finish()


class Step:
    """A step that is done once for its sources; a file that is written last says so."""

    def __init__(self, stamp: Path, sources: str) -> None:
        self.stamp, self.sources = stamp, sources

    def is_done(self) -> bool:
        """Tell whether the step was finished, from the same sources."""
        return self.stamp.exists() and self.stamp.read_text() == self.sources

    def finish(self) -> None:
        """Note that the step is done."""
        self.stamp.write_text(self.sources)


def digest(file: Path) -> str:
    """Sum up the content of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def check_interpreter(version: "tuple[int, int]") -> None:
    """Leave with a message unless this Python is recent enough and whole."""
    if version < OLDEST_PYTHON:
        needed, found = (".".join(map(str, numbers)) for numbers in (OLDEST_PYTHON, version))
        sys.exit(
            f"error: Python {needed} or later is needed, {sys.executable} is {found}: "
            "install one and name it, as in PYTHON=python3.12"
        )
    if not runs([sys.executable, "-c", "import venv, ensurepip"]):
        sys.exit(f"error: {sys.executable} lacks venv: install it (Debian and Ubuntu: package python3-venv)")


def pip_install(python: Path, *arguments: str) -> None:
    """Run the environment's pip; on a terminal it shows its progress."""
    options = ["--disable-pip-version-check", "--no-input", *([] if sys.stderr.isatty() else ["--quiet"])]
    run([str(python), "-m", "pip", "install", *options, *arguments])


def run(command: "list[str]") -> None:
    """Run a command to its end; leave if it fails."""
    if subprocess.call(command, stdout=sys.stderr):
        sys.exit("error: the Python environment could not be made, for the reason above")


def runs(command: "list[str]") -> bool:
    """Tell whether a command can be started and succeeds."""
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


if __name__ == "__main__":
    try:
        main(ROOT)
    except KeyboardInterrupt:
        sys.exit(130)
