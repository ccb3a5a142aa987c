"""An image of Debian's Redis, composed from the files of its packages."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.cluster.images import Image

_PROGRAMS = ("redis-server", "redis-cli")

needs_redis = pytest.mark.skipif(
    not all(map(shutil.which, _PROGRAMS)), reason="needs Redis (Debian: redis-server, redis-tools)"
)


def redis_image(name: str) -> Image:
    """Return the image `name` with the server and its client."""
    programs = {f"usr/bin/{each}": Path(str(shutil.which(each))) for each in _PROGRAMS}
    libraries = {path for each in programs.values() for path in _libraries(each)}
    return Image(name, {**programs, **{str(each)[1:]: each for each in libraries}}, ("/usr/bin/redis-server",))


def _libraries(program: Path) -> list[Path]:
    """Return the shared libraries and the loader, where the program looks for them."""
    found = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return [Path(path) for path in re.findall(r"(/\S+) \(0x", found)]
