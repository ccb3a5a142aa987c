"""The PostgreSQL servers that the tests run: Debian's, and a newer one that Maven fetches."""

import io
import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import pytest

from tools.errors import UserError
from tools.maven import jars


def cannot(reason: str) -> NoReturn:
    """Fail in CI, where PostgreSQL must be installed; skip elsewhere."""
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        pytest.fail(reason)
    pytest.skip(reason)


def newest_of_debian() -> Path | None:
    """Return the directory of the programs of Debian's newest PostgreSQL, from 15 on."""
    found = [each for each in Path("/usr/lib/postgresql").glob("*/bin") if (each / "initdb").exists()]
    recent = [each for each in found if float(each.parent.name) >= 15]
    return max(recent, key=lambda each: float(each.parent.name)) if recent else None


PATH = f"{newest_of_debian()}:{os.environ['PATH']}"
"""With Debian's psql itself, before its wrapper, which takes most of the time."""


def _debian(directory: Path) -> Path:
    found = newest_of_debian()
    if found is None or shutil.which("openssl") is None:
        cannot("to provision databases on a real server: apt-get install postgresql openssl")
    return found


def _maven(directory: Path) -> Path:
    """Unpack the server into `directory`, since its user cannot read the cache of another."""
    _debian(directory)  # psql
    try:
        (jar,) = jars("postgres", os.environ).iterdir()
    except UserError as error:
        cannot(str(error))
    with zipfile.ZipFile(jar) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".txz"))
        content = archive.read(name)
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:xz") as tar:
        tar.extractall(directory, filter="data")
    return directory / "bin"


INSTALLATIONS: Mapping[str, Callable[[Path], Path]] = {"debian": _debian, "maven": _maven}
"""How to get the directory of a server's programs, which may be put into a directory that exists."""
