"""The analyser that the policies are proven with: netpolicy, of the np-guard project, built once."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from tools.engine import cache
from tools.engine.gobuild import Target, build
from tools.engine.refusal import Refusal
from tools.engine.report import say

MODULE = Path(__file__).parent
PROGRAM = "netpolicy"


def acquire(environ: Mapping[str, str]) -> Path:
    """Return the program; build it if need be. Raises Refusal, saying what to install, where Go is missing."""
    store = cache.cache_root(environ)
    home = cache.keyed_directory(store, PROGRAM, [MODULE / "go.mod", MODULE / "go.sum"])
    program = home / PROGRAM
    with cache.locked(store, lambda: say(f"waiting for another run that prepares {PROGRAM}")):
        if program.exists():
            return program
        if not shutil.which("go", path=environ.get("PATH")):
            raise Refusal("Go is not installed: it is needed to build the analyser of the network policies")
        with cache.built_whole(home) as unfinished:
            package = f"github.com/np-guard/netpol-analyzer/cmd/{PROGRAM}"
            build(Target(PROGRAM, package, MODULE), unfinished, environ)
    return program
