import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import cache


@pytest.mark.parametrize(
    ("environ", "root"),
    [
        ({"IXN_TOOLS_CACHE": "/own", "XDG_CACHE_HOME": "/xdg"}, Path("/own")),
        ({"XDG_CACHE_HOME": "/xdg"}, Path("/xdg/ixn-pulumi")),
        ({}, Path.home() / ".cache" / "ixn-pulumi"),
    ],
)
def test_the_cache_is_outside_the_checkout(environ: dict[str, str], root: Path) -> None:
    assert cache.cache_root(environ) == root


def test_what_is_built_whole_appears_at_once(tmp_path: Path) -> None:
    final = tmp_path / "final"
    with cache.built_whole(final) as unfinished:
        (unfinished / "file").write_text("x")
        assert not final.exists()

    assert (final / "file").read_text() == "x"
    assert list(tmp_path.iterdir()) == [final]


def test_a_failure_and_a_killed_run_leave_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "unfinished-of-a-killed-run").mkdir()

    with pytest.raises(RuntimeError), cache.built_whole(tmp_path / "final"):
        raise RuntimeError

    assert not list(tmp_path.iterdir())


def test_a_failure_is_remembered_for_a_day_or_until_a_retry_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.remember_failure(tmp_path, "plugin", "no such host")
    now = time.time()

    assert cache.remembered_failure(tmp_path, "plugin", {}) == "no such host"
    assert cache.remembered_failure(tmp_path, "other", {}) is None
    assert cache.remembered_failure(tmp_path, "plugin", {"IXN_TOOLS_RETRY": "1"}) is None
    monkeypatch.setattr(time, "time", lambda: now + cache.FAILURES_LAST_SECONDS + 1)
    assert cache.remembered_failure(tmp_path, "plugin", {}) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"at": null, "reason": "x"}'])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, content: str) -> None:
    (tmp_path / "failed-plugin.json").write_text(content)

    assert cache.remembered_failure(tmp_path, "plugin", {}) is None


def test_a_second_run_waits_for_the_first(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from tools.cache import locked
with locked(Path({str(tmp_path)!r}), lambda: print("waiting", flush=True)):
    print("in")
"""
    with cache.locked(tmp_path, lambda: None):
        second = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert second.stdout
        assert second.stdout.readline() == "waiting\n"

    assert second.communicate(timeout=30)[0] == "in\n"
