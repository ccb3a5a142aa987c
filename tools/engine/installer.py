"""Pulumi's own installer, as a process of its own so that it can be given a time limit.

`python -m tools.engine.installer DIRECTORY VERSION`; it says on its last line what went wrong.
"""

import socket
import subprocess
import sys

from pulumi.automation import PulumiCommand
from semver import VersionInfo


def main(directory: str, version: str) -> None:
    """Install the CLI of `version` into `directory`, or leave with the reason why not."""
    # Where a firewall drops packets, the installer would wait for minutes before its first answer.
    socket.setdefaulttimeout(15)
    try:
        PulumiCommand.install(root=directory, version=VersionInfo.parse(version))
    except subprocess.CalledProcessError as error:
        output = (error.output or b"").decode(errors="replace").strip()
        sys.exit(output.splitlines()[-1] if output else str(error))
    except Exception as error:  # the installer lets many kinds through; all mean that it did not work
        sys.exit(f"{error}")


main(*sys.argv[1:])
