import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from tools.builder import binary
from tools.engine import plugins
from tools.engine.acquire import Engine
from tools.engine.plugins import Plugin, plugin
from tools.errors import UserError
from tools.programs import KUBERNETES_PROVIDER_VERSION, PROGRAMS

Script = Callable[[Path, str], Path]
VERSION = "4.30.0"


@pytest.fixture(autouse=True)
def _sdk_version(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    def version_of(name: str) -> str:
        return VERSION

    monkeypatch.setattr(plugins, "installed_version", version_of)


@pytest.fixture
def engine(engine_bin: Callable[[str], Path]) -> Engine:
    directory = engine_bin("v3.259.0")
    return Engine(directory / "pulumi", directory / "pulumi-language-python", "3.259.0", "test")


@pytest.fixture
def offline(environ: dict[str, str], failed: Callable[[str], None]) -> dict[str, str]:
    for provider in ("kubernetes", "random"):
        failed(f"the {provider} plugin {VERSION}")
    return environ


def in_pulumis_home(environ: dict[str, str]) -> Path:
    return Path(environ["PULUMI_HOME"]) / "plugins" / f"resource-kubernetes-v{VERSION}"


def test_a_plugin_on_path_is_used_with_its_own_version(
    engine: Engine, offline: dict[str, str], script: Script
) -> None:
    real = plugins.RANDOM_PROVIDER / "pulumi-resource-random"
    found = plugin(
        "random", engine, {**offline, "PATH": f"{real.parent}:/bin", "PULUMI_PYTHON_CMD": sys.executable}
    )

    assert (found.version, found.origin, found.directory) == (version("pulumi-random"), str(real), None)


def test_a_plugin_without_a_version_is_used(
    engine: Engine, offline: dict[str, str], tmp_path: Path, script: Script
) -> None:
    real = script(tmp_path / "own" / "pulumi-resource-kubernetes", "#!/bin/sh\n")

    found = plugin("kubernetes", engine, {**offline, "PATH": f"{real.parent}:/bin"})

    assert (found.version, found.origin) == ("of unknown version", str(real))


def test_a_plugin_installed_by_pulumi_is_used(engine: Engine, offline: dict[str, str], script: Script) -> None:
    script(in_pulumis_home(offline) / "pulumi-resource-kubernetes", "#!/bin/sh\n")

    found = plugin("kubernetes", engine, offline)

    assert (found.version, found.origin, found.directory) == (VERSION, str(in_pulumis_home(offline)), None)


def test_a_half_installed_plugin_does_not_count(
    engine: Engine, offline: dict[str, str], script: Script, tmp_path: Path
) -> None:
    home = in_pulumis_home(offline)
    script(home / "pulumi-resource-kubernetes", "#!/bin/sh\n")
    home.with_name(f"{home.name}.partial").touch()

    with pytest.raises(UserError):
        plugin("kubernetes", engine, {**offline, "PATH": str(tmp_path)})


def test_the_built_kubernetes_plugin_has_its_own_version(
    engine: Engine, offline: dict[str, str], script: Script
) -> None:
    built = script(binary(PROGRAMS["pulumi-resource-kubernetes"], offline), "#!/bin/sh\n")

    found = plugin("kubernetes", engine, offline)

    assert (found.version, found.directory) == (KUBERNETES_PROVIDER_VERSION, built.parent)
    assert "no such host" in found.origin


def test_without_download_and_go_the_error_gives_both_reasons(
    engine: Engine, offline: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=r"no such host[\s\S]*install Go 1"):
        plugin("kubernetes", engine, {**offline, "PATH": str(tmp_path)})


def test_the_replacement_random_provider_is_reported_with_its_limitation(
    engine: Engine, offline: dict[str, str]
) -> None:
    found = plugin("random", engine, offline)

    assert "RandomPassword only" in found.origin
    assert found.directory == plugins.RANDOM_PROVIDER
    assert [file.name for file in plugins.RANDOM_PROVIDER.iterdir()] == ["pulumi-resource-random"]


def test_a_failing_installer_is_tried_once_a_day(
    engine: Engine, environ: dict[str, str], script: Script, tmp_path: Path
) -> None:
    calls = tmp_path / "calls"
    warning = 'warning: Error downloading plugin: Get "https://x.invalid/p.tgz": dial tcp: no such host'
    script(engine.pulumi, f"#!/bin/sh\necho call >>{calls}\necho '{warning}'\nexit 1\n")

    first = plugin("random", engine, environ)
    second = plugin("random", engine, environ)

    assert calls.read_text() == "call\n"
    assert "no download: dial tcp: no such host" in first.origin
    assert "IXN_TOOLS_RETRY=1 tries again" in second.origin


@pytest.mark.parametrize(
    ("number", "differences"),
    [("4.25.0", 2), ("4.28.3", 1), ("4.29.0", 0), ("5.0.0", 0), ("of unknown version", 0)],
)
def test_differences_of_an_old_kubernetes_plugin_are_reported(
    capsys: pytest.CaptureFixture[str], number: str, differences: int
) -> None:
    Plugin("kubernetes", number, "test").report()

    assert len(capsys.readouterr().err.splitlines()) == 1 + differences


def test_asking_for_a_version_leaves_no_plugin_behind(
    environ: dict[str, str], tmp_path: Path, script: Script
) -> None:
    program = script(tmp_path / "plugin", f"#!/bin/sh\necho $$ >{tmp_path}/pid\necho nonsense\nexec sleep 60\n")

    started = time.monotonic()

    assert plugins.plugin_version(program, environ) == "of unknown version"
    assert time.monotonic() - started < 30
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()
