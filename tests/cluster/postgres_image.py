"""An image of Debian's PostgreSQL with the server, psql and a shell, composed from the files of its packages."""

import shutil
from pathlib import Path

import pytest

from tests.cluster.libraries import libraries_of
from tests.postgres.installations import newest_of_debian
from tools.cluster.images import Image

USER = 65532
"""The user and the group, which have a name in the image: the server's programs look it up."""

needs_postgres = pytest.mark.skipif(
    newest_of_debian() is None or not shutil.which("busybox"),
    reason="needs PostgreSQL and BusyBox (Debian: postgresql, busybox-static)",
)

_PROGRAMS = ("postgres", "initdb", "psql")
_MODULES = ("plpgsql.so", "dict_snowball.so")
"""What initdb loads into the server. Without llvmjit.so, and so without LLVM, it compiles no queries."""

_APPLETS = ("sh", "date", "grep", "sleep")


def postgres_image(name: str, directory: Path) -> Image:
    """Return the image `name`; `directory` is for the files that Debian has none of."""
    programs = newest_of_debian()
    busybox = shutil.which("busybox")
    assert programs
    assert busybox
    users = directory / "passwd"
    users.write_text(f"postgres:x:{USER}:{USER}::/:/bin/sh\n", encoding="ascii")
    loaded = [
        *(programs / each for each in _PROGRAMS),
        *(programs.with_name("lib") / each for each in _MODULES),
    ]
    shared = Path("/usr/share/postgresql") / programs.parent.name
    files = {*loaded, *libraries_of(loaded), *(each for each in shared.rglob("*") if each.is_file())}
    return Image(
        name,
        {"bin/busybox": Path(busybox), "etc/passwd": users, **{str(each)[1:]: each for each in files}},
        ("/bin/sh",),
        {
            **{f"bin/{each}": "busybox" for each in _APPLETS},
            **{f"usr/bin/{each}": str(programs / each) for each in _PROGRAMS},
        },
        user=f"{USER}:{USER}",
    )
