"""What is compared: command lines that deploy the same objects, deploy them again unchanged, and delete them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tools.errors import UserError
from tools.process import capture

SHOWN_LINES = 20


@dataclass(frozen=True)
class Command:
    """A command line with its environment, directory and standard input."""

    words: Sequence[str | Path]
    environ: Mapping[str, str]
    cwd: Path
    stdin: str = ""


Commands: TypeAlias = Sequence[Command]


class Contender(NamedTuple):
    """The commands of each phase. Each phase ends when all pods are ready, or gone."""

    first: Commands
    again: Commands
    delete: Commands


class Seconds(NamedTuple):
    """How long each phase took."""

    first: float
    again: float
    delete: float


def measured(contender: Contender) -> Seconds:
    """Run the phases in order. Raises UserError with the last lines of a command that fails."""
    return Seconds(*map(_seconds, contender))


def _seconds(commands: Commands) -> float:
    start = time.perf_counter()
    for each in commands:
        ended = capture(each.words, each.environ, each.cwd, stdin=each.stdin)
        if ended.returncode:
            lines = (ended.stdout + ended.stderr).splitlines()[-SHOWN_LINES:]
            raise UserError("\n  ".join([f"{' '.join(map(str, each.words))} failed:", *lines]))
    return time.perf_counter() - start
