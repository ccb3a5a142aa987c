import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import cache
from tools.errors import UserError


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


def test_a_completed_build_appears_atomically(tmp_path: Path) -> None:
    final = tmp_path / "final"
    with cache.built_whole(final) as unfinished:
        (unfinished / "file").write_text("x")
        assert not final.exists()

    assert (final / "file").read_text() == "x"
    assert list(tmp_path.iterdir()) == [final]


def test_failed_and_killed_builds_leave_nothing(tmp_path: Path) -> None:
    (tmp_path / "unfinished-of-a-killed-run").mkdir()

    with pytest.raises(RuntimeError), cache.built_whole(tmp_path / "final"):
        raise RuntimeError

    assert not list(tmp_path.iterdir())


def download(tmp_path: Path, **environ: str) -> str:
    command = ["sh", "-c", f"echo call >>{tmp_path}/calls; echo some; echo reason; exit 1"]
    return cache.download("the plugin", command, {"IXN_TOOLS_CACHE": str(tmp_path / "cache"), **environ}, 60)


def calls(tmp_path: Path) -> int:
    return len((tmp_path / "calls").read_text().splitlines())


def test_a_failed_download_is_remembered_for_a_day_unless_a_retry_is_requested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()

    assert download(tmp_path) == "reason"
    assert download(tmp_path).startswith("reason")
    assert calls(tmp_path) == 1
    download(tmp_path, IXN_TOOLS_RETRY="1")
    assert calls(tmp_path) == 2
    monkeypatch.setattr(time, "time", lambda: now + cache.FAILURES_LAST_SECONDS + 60)
    download(tmp_path)
    assert calls(tmp_path) == 3


def test_a_successful_download_has_no_failure_reason(tmp_path: Path) -> None:
    assert cache.download("it", ["true"], {"IXN_TOOLS_CACHE": str(tmp_path)}, 60) == ""


def test_an_unwritable_directory_is_an_error_that_names_the_variable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environ = {"IXN_TOOLS_CACHE": str(tmp_path / "file" / "cache")}

    with pytest.raises(UserError, match="IXN_TOOLS_CACHE"), cache.locked(cache.cache_root(environ)):
        pass
    with pytest.raises(UserError, match="IXN_TOOLS_CACHE"):
        cache.download("it", ["false"], environ, 60, cause=lambda _: "reason")


def test_a_second_run_waits_for_the_first(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from tools.cache import locked
with locked(Path({str(tmp_path)!r})):
    print("in")
"""
    with cache.locked(tmp_path):
        second = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert second.stderr
        assert second.stderr.readline().startswith("waiting")

    assert second.communicate(timeout=30)[0] == "in\n"
