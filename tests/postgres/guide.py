"""The commands of docs/disaster-recovery.md, run as they are but for the names of role, database and file."""

import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.postgres.runs import Workload
from tests.postgres.server import ADMIN, ADMIN_PASSWORD, PATH, Server
from tests.unit.markdown import blocks

PAGE = Path(__file__).parents[2] / "docs" / "disaster-recovery.md"
FILE, DATABASE, ROLE = "acme-ixn.dump", "acme-ixn", "acme"


@dataclass(frozen=True)
class Answer:
    """What a command did."""

    status: int
    errors: str


DONE = Answer(0, "")


ADMINISTRATOR = (ADMIN, ADMIN_PASSWORD)


def dump(server: Server, workload: Workload, file: Path, login: tuple[str, str] = ADMINISTRATOR) -> Answer:
    """Dump the database, with this name and password."""
    (command,) = commands("pg_dump")
    return _run(command, server, workload, file, login)


def create(server: Server, workload: Workload) -> list[Answer]:
    """Create the role and the database, for a Job to take over."""
    return [_run(command, server, workload, Path(FILE)) for command in commands("psql")]


def restore(server: Server, workload: Workload, file: Path, *, grants: bool = True) -> Answer:
    """Restore the file into the database; unless `grants`, with the command that leaves them out."""
    (command,) = (each for each in commands("pg_restore") if ("--no-acl" in each) is not grants)
    return _run(command, server, workload, file)


def commands(program: str) -> Iterator[list[str]]:
    """Yield each command of the guide that runs this program."""
    for block in blocks(PAGE, "sh"):
        for line in block.text.splitlines():
            if line.startswith(f"{program} "):
                yield shlex.split(line, comments=True)


def _run(
    command: list[str], server: Server, workload: Workload, file: Path, login: tuple[str, str] = ADMINISTRATOR
) -> Answer:
    """Run a command with a login in the environment, as the guide has it."""
    own = {FILE: str(file), DATABASE: workload.database, ROLE: workload.role}
    words = [_with(word, own) for word in command]
    environ = {
        "PATH": PATH,
        "LC_ALL": "C",
        "PGCLIENTENCODING": "UTF8",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server.port),
        "PGUSER": login[0],
        "PGPASSWORD": login[1],
        "PGSSLMODE": "require",
    }
    answer = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=60)
    return Answer(answer.returncode, answer.stderr)


def _with(word: str, own: dict[str, str]) -> str:
    """Return an argument, or an option with its value, with the names of the test."""
    option, equals, value = word.rpartition("=")
    for name in (DATABASE, ROLE):
        value = value.replace(f'"{name}"', '"{}"'.format(own[name].replace('"', '""')))
    return option + equals + own.get(value, value)
