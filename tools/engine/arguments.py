"""Reading a `pulumi` command line, as far as we have to know what it is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

GLOBAL_VALUE_FLAGS = {
    "-C", "--cwd", "-v", "--verbose", "--color", "--tracing", "--otel-traces", "--profiling", "--memprofilerate",
}  # fmt: skip
CREATING = {"up", "update", "preview", "pre"}
CONFIG_FILE_TAKING = CREATING | {"destroy", "down", "dn", "refresh", "import", "watch", "logs"}
WITHOUT_PLUGINS = {"config", "stack", "state", "cancel", "plugin", "version", "whoami", "login", "logout", "help"}
STACK_CREATING = {"init", "new", "create", "setup"}
STACK_REMOVING = {"rm", "remove", "delete"}


@dataclass(frozen=True)
class Invocation:
    """What a command line says: `words` begin with the command and its subcommand."""

    words: tuple[str, ...]
    stack: str | None
    flags: frozenset[str]

    @property
    def command(self) -> str:
        """The first word; empty if there is none."""
        return self.words[0] if self.words else ""

    @property
    def subcommand(self) -> str:
        """The second word; empty if there is none."""
        return self.words[1] if len(self.words) > 1 else ""

    @property
    def asks_for_help(self) -> bool:
        """Whether nothing is to be done."""
        return bool(self.flags & {"-h", "--help"}) or self.command == "help"

    @property
    def needs_plugins(self) -> bool:
        """Whether provider plugins may be started."""
        return bool(self.words) and self.command not in WITHOUT_PLUGINS and not self.asks_for_help

    @property
    def creates(self) -> bool:
        """Whether the stack is created where it is missing."""
        return self.command in CREATING

    @property
    def takes_config_file(self) -> bool:
        """Whether the command reads the stack file and can be given another one."""
        return self.command in CONFIG_FILE_TAKING


def read(arguments: Sequence[str]) -> Invocation:
    """Find the command, its stack and its flags. The value of a flag of the command counts as a word."""
    words: list[str] = []
    flags: set[str] = set()
    index = 0
    stack: str | None = None
    while index < len(arguments) and arguments[index] != "--":
        argument = arguments[index]
        following = arguments[index + 1] if index + 1 < len(arguments) else None
        # -s may close a cluster of flags without values: -ys dev, -ysdev
        short = re.fullmatch(r"-[efjyQ]*s=?(.*)", argument)
        if argument == "--stack" or (short and not short[1]):
            stack, index = following, index + 1
        elif short or argument.startswith("--stack="):
            stack = short[1] if short else argument.removeprefix("--stack=")
        elif argument in GLOBAL_VALUE_FLAGS:
            flags.add(argument)
            index += 1
        elif argument.startswith("-"):
            flags.add(argument.split("=", 1)[0])
        else:
            words.append(argument)
        index += 1
    return Invocation(tuple(words), stack, frozenset(flags))
