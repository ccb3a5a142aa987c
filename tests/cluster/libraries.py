"""The shared libraries of Debian's programs, for images that are composed from them."""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path


def libraries_of(programs: Iterable[Path]) -> set[Path]:
    """Return the shared libraries of programs and modules, and the loader, where a program looks for them."""
    found = [subprocess.run(["ldd", each], capture_output=True, text=True, check=True).stdout for each in programs]
    return {Path(path) for text in found for path in re.findall(r"(/\S+) \(0x", text)}
