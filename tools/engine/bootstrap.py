"""Makes .venv, the Python environment of this checkout, unless it is there and made from the present files.

Runs on the bare interpreter that the machine has, hence only the standard library, and nothing that Python 3.6
could not read (hence the quoted types): it is here that an old one is told so. Everything is said on stderr.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parents[2]
BAR = 30


def main(root: Path) -> None:
    """Make the environment of the checkout at `root`, or say in a line why it cannot be made."""
    with requirements(root).open("rb") as lock:
        # Two commands at once must not both make it; a lock on a tracked file leaves no file behind.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_whole(root):
            check_interpreter(sys.version_info[:2])
            make(root)
        # Apart from the rest, which others may be using while somebody edits the settings of a linter.
        if not is_installed(root):
            install_project(root)


def requirements(root: Path) -> Path:
    """Return the compiled requirements."""
    return root / "requirements" / "dev.txt"


def python(root: Path) -> Path:
    """Return the interpreter of the environment."""
    return root / ".venv" / "bin" / "python"


def stamp(root: Path) -> Path:
    """Return the file that is written last: a half-made environment is known by its absence."""
    return root / ".venv" / "made-from"


def project_stamp(root: Path) -> Path:
    """Return the file that says which pyproject.toml was installed."""
    return root / ".venv" / "installed-from"


def is_whole(root: Path) -> bool:
    """Tell whether .venv was finished, from these requirements, in this place, and its interpreter still runs."""
    return has(stamp(root), fingerprint(root)) and runs([str(python(root)), "-c", ""])


def is_installed(root: Path) -> bool:
    """Tell whether the project itself was installed as pyproject.toml has it."""
    return has(project_stamp(root), digest(root / "pyproject.toml"))


def has(file: Path, text: str) -> bool:
    """Tell whether a file is there, with that content."""
    try:
        return file.read_text() == text
    except OSError:
        return False


def fingerprint(root: Path) -> str:
    """Sum up what .venv is made from; its place is a part of that, as it cannot be moved."""
    return f"{root} {digest(requirements(root))}"


def digest(file: Path) -> str:
    """Sum up the content of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def runs(command: "list[str]") -> bool:
    """Tell whether a command can be started and succeeds."""
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def check_interpreter(version: "tuple[int, int]") -> None:
    """Leave with a message unless this Python is recent enough and whole."""
    if version < OLDEST_PYTHON:
        needed, found = (".".join(map(str, numbers)) for numbers in (OLDEST_PYTHON, version))
        give_up(
            f"Python {needed} or later is needed, {sys.executable} is {found}: "
            "install one and name it, as in PYTHON=python3.12"
        )
    if not runs([sys.executable, "-c", "import venv, ensurepip"]):
        give_up(f"{sys.executable} lacks venv: install it (on Debian and Ubuntu the package python3-venv)")


def make(root: Path) -> None:
    """Make .venv anew and fill it."""
    say("making .venv from requirements/dev.txt: once, about a minute")
    shutil.rmtree(root / ".venv", ignore_errors=True)
    run([sys.executable, "-m", "venv", str(root / ".venv")], root)
    packages = sum("==" in line for line in requirements(root).read_text().splitlines())
    run([*pip_install(root), "--require-hashes", "--requirement", str(requirements(root))], root, packages)
    stamp(root).write_text(fingerprint(root))


def install_project(root: Path) -> None:
    """Install the project itself, such that an edit needs no new installation."""
    run([*pip_install(root), "--no-deps", "--no-build-isolation", "--editable", str(root)], root)
    project_stamp(root).write_text(digest(root / "pyproject.toml"))


def pip_install(root: Path) -> "list[str]":
    """Begin a command line of the environment's pip."""
    pip = [str(python(root)), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    return [*pip, "--progress-bar", "off"]


def run(command: "list[str]", root: Path, packages: int = 0) -> None:
    """Run a command to its end, showing how many of `packages` it has begun to fetch; leave if it fails."""
    started, done = time.monotonic(), 0
    tail: list[str] = []
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
    ) as process:
        for line in process.stdout or ():
            tail = [*tail[-9:], line]
            done += line.startswith("Collecting ")
            if packages:
                show(min(done, packages), packages, line, time.monotonic() - started)
    if packages and sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    if process.returncode:
        give_up("the Python environment could not be made:\n" + "".join(tail).rstrip())


def show(done: int, packages: int, line: str, seconds: float) -> None:
    """Draw the bar anew, on a terminal only."""
    if not sys.stderr.isatty():
        return
    bar = ("#" * (BAR * done // packages)).ljust(BAR, ".")
    step = "installing" if line.startswith("Installing") else f"{done}/{packages} packages"
    sys.stderr.write(f"\r\033[K[{bar}] {step}, {seconds:.0f} s")
    sys.stderr.flush()


def give_up(message: str) -> NoReturn:
    """Leave with an error."""
    say(f"error: {message}")
    sys.exit(1)


def say(message: str) -> None:
    """Write a line where it cannot be taken for the output of the command that needs the environment."""
    sys.stderr.write(message + "\n")


if __name__ == "__main__":
    try:
        main(ROOT)
    except KeyboardInterrupt:
        sys.exit(130)
