"""A read-only registry inside the node, for every image that is missing; requires a password.

It mirrors all registries, so that the product's own image names and pull Secrets can be used as they are.
"""

import secrets
from collections.abc import Iterable
from pathlib import Path

from tools.cluster.images import Image, write_layout

_ADDRESS = "127.0.0.1:5000"
MIRRORS = {"_default": f"http://{_ADDRESS}"}
"""What containerd's configuration calls any registry, and where its images are pulled from instead."""

_LAYOUT, _CREDENTIALS = "registry", "registry-credentials"


def write_files(directory: Path) -> None:
    """Write an empty layout and new credentials into the cluster's directory."""
    write_layout([], directory / _LAYOUT)
    credentials = directory / _CREDENTIALS
    credentials.touch(mode=0o600)
    credentials.write_text(f"puller:{secrets.token_urlsafe()}")


def command(double: Path) -> list[str]:
    """Return the command line of the registry, which runs in the cluster's directory."""
    return [str(double), "registry", f"-listen={_ADDRESS}", f"-layout={_LAYOUT}", f"-credentials={_CREDENTIALS}"]


def push(images: Iterable[Image], directory: Path) -> None:
    """Add images to the registry of the cluster in `directory`."""
    write_layout(images, directory / _LAYOUT)


def credentials_of(directory: Path) -> str:
    """Return `user:password` of the registry of the cluster in `directory`."""
    return (directory / _CREDENTIALS).read_text()
