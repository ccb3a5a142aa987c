"""Stacks whose state is local: their salt stays in build/, and the tracked Pulumi.<stack>.yaml stays as it is.

The engine writes a salt into the stack file that it is given, and formats that file anew. So a stack is created
in a bare project inside build/, and what deploys gets a copy of the tracked file with the salt added.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.engine.acquire import Engine
from tools.engine.checkout import Checkout, short_name
from tools.errors import UserError
from tools.report import say

_ENCRYPTION = re.compile(r"^(?:encryptionsalt|encryptedkey|secretsprovider):.*\n?", re.MULTILINE)


def require_stack_file(checkout: Checkout, stack: str) -> Path:
    """Return the tracked file of `stack`. Raises UserError, naming those that exist, where it is missing."""
    file = checkout.stack_file(stack)
    if not file.is_file():
        there = ", ".join(checkout.stacks()) or "none"
        raise UserError(f"no stack {short_name(stack)!r}: {file.name} does not exist (there are: {there})")
    return file


def has_encryption(stack_file: Path) -> bool:
    """Tell whether a stack file says how its secrets are encrypted, so that it is not ours to say."""
    return stack_file.is_file() and bool(_ENCRYPTION.search(stack_file.read_text(encoding="utf-8")))


def ensure_stack(checkout: Checkout, stack: str, engine: Engine, environ: Mapping[str, str]) -> None:
    """Create `stack` in the local state unless it is there. Raises UserError if that fails."""
    if checkout.state_file(stack).exists():
        return
    command = [
        engine.pulumi,
        "stack",
        "init",
        short_name(stack),
        "--no-select",  # which stack is selected is the user's to say
        "--non-interactive",
        "-C",
        stack_project(checkout),
    ]
    answer = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if answer.returncode and "already exists" not in answer.stderr:
        raise UserError(
            f"the stack {stack!r} could not be created: {answer.stderr.strip().removeprefix('error: ')}"
        )
    say(f"created the stack {stack!r} in {checkout.state}")


def stack_project(checkout: Checkout) -> Path:
    """Write the bare project in which stacks are created."""
    directory = checkout.stack_project
    directory.mkdir(parents=True, exist_ok=True)
    _write(directory / "Pulumi.yaml", f"name: {checkout.project_name()}\nruntime: python\n")
    return directory


def deployed_file(checkout: Checkout, stack: str) -> Path:
    """Write the stack file for the engine: the tracked text, and the salt that the stack got at its creation."""
    tracked = require_stack_file(checkout, stack)
    text = tracked.read_text(encoding="utf-8")
    created = checkout.stack_project / tracked.name
    if not has_encryption(tracked) and has_encryption(created):
        salt = "".join(_ENCRYPTION.findall(created.read_text(encoding="utf-8")))
        # At the end, so that the engine's errors name the lines of the tracked file.
        body = "" if text.strip() == "{}" else text.rstrip("\n") + "\n"
        text = body + salt
    copy = checkout.build / "stack-files" / tracked.name
    copy.parent.mkdir(parents=True, exist_ok=True)
    _write(copy, text)
    return copy


def _write(file: Path, text: str) -> None:
    draft = file.with_name(f".{file.name}-{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
