"""The cache outside the checkout: programs, and recent failures of downloads."""

import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.errors import UserError
from tools.lock import held
from tools.process import run
from tools.report import working

FAILURES_LAST_SECONDS = 24 * 60 * 60


def cache_root(environ: Mapping[str, str]) -> Path:
    """Return $IXN_TOOLS_CACHE, else ixn-pulumi in the user's cache directory."""
    if own := environ.get("IXN_TOOLS_CACHE"):
        return Path(own).expanduser().absolute()
    general = environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(general).expanduser().absolute() / "ixn-pulumi"


def lock_file(cache: Path) -> Path:
    """Return the cache's lock file; create the cache if necessary. Raises UserError if it is not writable."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        (cache / "lock").touch()
    except OSError as error:
        raise UserError(f"{cache}: {error.strerror}; name a directory for programs in IXN_TOOLS_CACHE") from None
    return cache / "lock"


@contextmanager
def locked(cache: Path) -> Generator[None]:
    """Hold the cache exclusively, waiting for other holders."""
    with held(lock_file(cache), f"waiting for another run that fills {cache}"):
        yield


@contextmanager
def built_whole(final: Path) -> Generator[Path]:
    """Yield a directory that becomes `final` if the block succeeds, else is removed. Requires the lock."""
    for leftover in final.parent.glob("unfinished-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=final.parent))
    try:
        yield unfinished
        unfinished.chmod(0o755)
        if final.exists():
            shutil.rmtree(final)
        unfinished.rename(final)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def download(
    what: str,
    command: Sequence[str | Path],
    environ: Mapping[str, str],
    seconds: float,
    cause: Callable[[str], str] = lambda output: output.splitlines()[-1],
) -> str:
    """Run a command that downloads `what`; return nothing if it succeeds, else the `cause` in its output.

    A failure is remembered for a day, unless IXN_TOOLS_RETRY is set, so that not every run waits for it.
    """
    memory = cache_root(environ) / f"failed-{what.replace(' ', '-')}"
    try:
        if not environ.get("IXN_TOOLS_RETRY") and time.time() - memory.stat().st_mtime < FAILURES_LAST_SECONDS:
            return f"{memory.read_text(encoding='utf-8')}; IXN_TOOLS_RETRY=1 tries again"
    except (FileNotFoundError, NotADirectoryError):
        pass
    with working(f"downloading {what}"):
        # Not in the checkout, whose Pulumi.yaml would have an effect.
        failure = run(command, cwd=Path("/"), environ=environ, seconds=seconds)
    if failure:
        failure = cause(failure)
        lock_file(memory.parent)
        memory.write_text(failure, encoding="utf-8")
    return failure
