"""The cache outside the checkout: built tools, and which downloads failed lately."""

import fcntl
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FAILURES_LAST_SECONDS = 24 * 60 * 60


def cache_root(environ: Mapping[str, str]) -> Path:
    """Return $IXN_TOOLS_CACHE, else ixn-pulumi in the user's cache directory."""
    if own := environ.get("IXN_TOOLS_CACHE"):
        return Path(own).expanduser().absolute()
    general = environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(general).expanduser().absolute() / "ixn-pulumi"


@contextmanager
def locked(cache: Path, on_wait: Callable[[], None]) -> Generator[None]:
    """Hold the cache alone; `on_wait` is called once if somebody else holds it."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def built_whole(final: Path) -> Generator[Path]:
    """Yield a directory that becomes `final` if the block ends well, else vanishes. Needs the lock."""
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


def remember_failure(cache: Path, what: str, reason: str) -> None:
    """Note that fetching `what` failed, so that later runs need not wait for it to fail again."""
    cache.mkdir(parents=True, exist_ok=True)
    _failure_file(cache, what).write_text(json.dumps({"at": time.time(), "reason": reason}), encoding="utf-8")


def remembered_failure(cache: Path, what: str, environ: Mapping[str, str]) -> str | None:
    """Tell why fetching `what` failed within the last day; None: it did not, or IXN_TOOLS_RETRY is set."""
    if environ.get("IXN_TOOLS_RETRY"):
        return None
    try:
        noted: Any = json.loads(_failure_file(cache, what).read_text(encoding="utf-8"))
        age, reason = time.time() - float(noted["at"]), str(noted["reason"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return reason if 0 <= age < FAILURES_LAST_SECONDS else None


def _failure_file(cache: Path, what: str) -> Path:
    return cache / f"failed-{what}.json"
