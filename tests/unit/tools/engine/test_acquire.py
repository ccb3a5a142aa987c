from collections.abc import Callable
from pathlib import Path

import pytest

from tools import cache
from tools.builder import binary
from tools.engine.acquire import NAMES, acquire, installed
from tools.engine.checkout import Checkout
from tools.errors import UserError
from tools.programs import PROGRAMS, PULUMI_VERSION

Bin = Callable[[str], Path]


@pytest.fixture
def offline(environ: dict[str, str], failed: Callable[[str], None]) -> dict[str, str]:
    failed(f"the engine {PULUMI_VERSION}")
    return environ


def test_an_engine_on_path_is_used_first(checkout: Checkout, environ: dict[str, str], engine_bin: Bin) -> None:
    directory = engine_bin("v3.300.1")

    engine = acquire(checkout.root, {**environ, "PATH": f"{directory}:/usr/bin:/bin"})

    assert (engine.pulumi, engine.version) == (directory / "pulumi", "3.300.1")


def test_an_engine_in_pulumis_home_need_not_be_on_path(
    checkout: Checkout, environ: dict[str, str], engine_bin: Bin
) -> None:
    home = engine_bin("v3.300.1").parent

    engine = installed(checkout.root, {**environ, "PULUMI_HOME": str(home)})

    assert engine
    assert engine.pulumi == home / "bin" / "pulumi"


@pytest.mark.parametrize(
    ("version", "missing", "reason"),
    [
        ("v3.100.0", "", "too old"),
        ("v2.300.0", "", "too old"),
        ("v3.300.1", "pulumi-language-python", "no Python language host"),
    ],
)
def test_an_unsuitable_engine_is_skipped_and_reported(
    checkout: Checkout,
    environ: dict[str, str],
    engine_bin: Bin,
    capsys: pytest.CaptureFixture[str],
    version: str,
    missing: str,
    reason: str,
) -> None:
    directory = engine_bin(version)
    if missing:
        (directory / missing).unlink()

    assert installed(checkout.root, {**environ, "PATH": f"{directory}:/usr/bin:/bin"}) is None
    assert reason in capsys.readouterr().err


def test_the_projects_own_command_on_path_is_not_taken_for_the_engine(
    checkout: Checkout, environ: dict[str, str], script: Callable[[Path, str], Path]
) -> None:
    script(checkout.root / "tools" / "pulumi", "#!/bin/sh\necho v3.300.1\n")
    script(checkout.root / "tools" / "pulumi-language-python", "#!/bin/sh\n")

    assert installed(checkout.root, {**environ, "PATH": f"{checkout.root}/tools:/usr/bin:/bin"}) is None


def test_an_engine_in_the_cache_is_found_again_without_go(
    checkout: Checkout, environ: dict[str, str], script: Callable[[Path, str], Path]
) -> None:
    for name in NAMES:
        script(binary(PROGRAMS[name], environ), "#!/bin/sh\n")

    engine = acquire(checkout.root, environ)

    assert (engine.pulumi, engine.host) == tuple(binary(PROGRAMS[name], environ) for name in NAMES)
    assert engine.origin.startswith("built from the Go module registry")


def test_the_error_lists_every_reason_and_what_to_install(
    checkout: Checkout, offline: dict[str, str], tmp_path: Path
) -> None:
    environ = {**offline, "PATH": str(tmp_path)}

    with pytest.raises(UserError) as refusal:
        acquire(checkout.root, environ)

    text = str(refusal.value)
    assert "no such host" in text
    assert "install Go 1." in text
    assert "Install Pulumi (https://www.pulumi.com/docs/install/)" in text


def test_an_old_go_is_reported_with_its_version(
    checkout: Checkout, offline: dict[str, str], tmp_path: Path, script: Callable[[Path, str], Path]
) -> None:
    script(
        tmp_path / "go" / "go", "#!/bin/sh\necho 'go: go.mod requires go >= 1.26 (running go 1.21)' >&2\nexit 1\n"
    )
    environ = {**offline, "PATH": f"{tmp_path}/go:/usr/bin:/bin"}

    with pytest.raises(UserError, match=r"requires go >= 1\.26 \(running go 1\.21\)"):
        acquire(checkout.root, environ)

    assert not list(cache.cache_root(offline).glob("unfinished-*"))


def test_an_unwritable_cache_is_the_only_error(
    checkout: Checkout, environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UserError, match="IXN_TOOLS_CACHE") as raised:
        acquire(checkout.root, {**environ, "IXN_TOOLS_CACHE": str(tmp_path / "file" / "cache")})
    assert "\n" not in str(raised.value)
