"""Files of a stack's state that a killed engine had begun to write."""

import json
from collections.abc import Sequence
from pathlib import Path

from pulumi_ixn.cli.locks import ATTRIBUTES, state_directory


def remove_torn_attributes(backend: str, stack: str) -> Sequence[Path]:
    """Remove the attributes of the stack's files that are incomplete, and return their paths.

    The engine replaces each file at once, but not its attributes, and cannot read a file whose attributes are
    incomplete ("failed to load checkpoint: EOF"). It can without them, and writes them again.
    """
    directory, name = state_directory(backend), stack.rpartition("/")[2]
    if directory is None:
        return ()
    files = [*(directory / ".pulumi").rglob(f"*{ATTRIBUTES}")]
    torn = [file for file in files if _belongs(file, name) and not _complete(file)]
    for file in torn:
        file.unlink(missing_ok=True)
    return torn


def _belongs(file: Path, stack: str) -> bool:
    """Return whether a file is the stack's: its state, or in a directory of its own."""
    return file.parent.name == stack or file.name.startswith(f"{stack}.")


def _complete(file: Path) -> bool:
    try:
        json.loads(file.read_bytes())
    except FileNotFoundError:
        return True
    except ValueError:
        return False
    return True
