"""An image of Debian's Redis, composed from the files of its packages."""

import shutil
from pathlib import Path

import pytest

from tests.cluster.libraries import libraries_of
from tools.cluster.images import Image

_PROGRAMS = ("redis-server", "redis-cli")

needs_redis = pytest.mark.skipif(
    not all(map(shutil.which, _PROGRAMS)), reason="needs Redis (Debian: redis-server, redis-tools)"
)


def redis_image(name: str) -> Image:
    """Return the image `name` with the server and its client."""
    programs = {f"usr/bin/{each}": Path(str(shutil.which(each))) for each in _PROGRAMS}
    return Image(
        name,
        {**programs, **{str(each)[1:]: each for each in libraries_of(programs.values())}},
        ("/usr/bin/redis-server",),
    )
