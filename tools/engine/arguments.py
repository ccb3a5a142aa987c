"""Parse a `pulumi` command line, as far as the wrapper needs to understand it."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

CREATING = {"up", "update", "preview", "pre", "config"}
WITHOUT_PLUGINS = {
    "about", "adopt", "cancel", "config", "connections", "install", "login", "logout", "plugin", "preflight",
    "role", "stack", "state", "version", "whoami",
}  # fmt: skip

# Flags without a value are listed because they may be combined with others in one word: -ysdev.
_PARSER = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
for _flag in "defjryQ":
    _PARSER.add_argument(f"-{_flag}", action="store_true")
for _flags in (["-h", "--help"], ["--secret"]):
    _PARSER.add_argument(*_flags, action="store_true")
for _flags in (["-C", "--cwd"], ["-s", "--stack"], ["--color"], ["--profiling"], ["--memprofilerate"]):
    _PARSER.add_argument(*_flags, nargs="?")
for _flags in (["-v", "--verbose"], ["--tracing"], ["--otel-traces"]):
    _PARSER.add_argument(*_flags, nargs="?", action="append", default=[])


@dataclass(frozen=True)
class Invocation:
    """A parsed command line."""

    words: tuple[str, ...]
    """The command, its subcommand and what follows; the value of a flag of the command counts as a word."""

    stack: str | None
    options: argparse.Namespace

    @property
    def command(self) -> str:
        """The first word; empty if there is no command."""
        return self.words[0] if self.words and not self.options.help and self.words[0] != "help" else ""

    @property
    def needs_plugins(self) -> bool:
        """Whether provider plugins may be started."""
        return bool(self.command) and self.command not in WITHOUT_PLUGINS


def read(arguments: Sequence[str]) -> Invocation:
    """Find the command, its stack and its flags."""
    options, rest = _PARSER.parse_known_args(list(takewhile(lambda argument: argument != "--", arguments)))
    words = tuple(word for word in rest if not word.startswith("-"))
    stack = options.stack
    if words[:2] in (("stack", "init"), ("stack", "select"), ("stack", "rm")) and words[2:]:
        stack = words[2]
    return Invocation(words, stack, options)
