from collections.abc import Callable
from pathlib import Path

import pytest

from tools import cache
from tools.engine import plugins
from tools.engine.acquire import Engine
from tools.engine.checkout import Checkout
from tools.errors import UserError

Script = Callable[[Path, str], Path]


@pytest.fixture
def engine(engine_bin: Callable[[str], Path]) -> Engine:
    directory = engine_bin("v3.259.0")
    return Engine(directory / "pulumi", directory / "pulumi-language-python", "3.259.0", "test")


@pytest.fixture
def offline(environ: dict[str, str]) -> dict[str, str]:
    version = plugins.provider_version("random")
    cache.remember_failure(cache.cache_root(environ), f"plugin-random-{version}", "no such host")
    return environ


def in_pulumis_home(environ: dict[str, str]) -> Path:
    version = plugins.provider_version("random")
    return Path(environ["PULUMI_HOME"]) / "plugins" / f"resource-random-v{version}"


def test_a_plugin_on_path_is_used_as_it_is(
    engine: Engine, checkout: Checkout, offline: dict[str, str], tmp_path: Path, script: Script
) -> None:
    real = script(tmp_path / "own" / "pulumi-resource-random", "#!/bin/sh\n")

    found = plugins.plugin("random", engine, checkout, {**offline, "PATH": f"{real.parent}:/bin"})

    assert (found.origin, found.directory) == (str(real), None)


def test_a_plugin_that_pulumi_installed_is_used_as_it_is(
    engine: Engine, checkout: Checkout, offline: dict[str, str], script: Script
) -> None:
    script(in_pulumis_home(offline) / "pulumi-resource-random", "#!/bin/sh\n")

    found = plugins.plugin("random", engine, checkout, offline)

    assert (found.origin, found.directory) == (str(in_pulumis_home(offline)), None)


def test_a_half_installed_plugin_does_not_count(
    engine: Engine, checkout: Checkout, offline: dict[str, str], script: Script
) -> None:
    home = in_pulumis_home(offline)
    script(home / "pulumi-resource-random", "#!/bin/sh\n")
    home.with_name(f"{home.name}.partial").touch()

    assert plugins.plugin("random", engine, checkout, offline).origin.startswith("stand-in")


def test_a_stand_in_says_that_it_is_one_and_why_and_stands_alone_in_its_directory(
    engine: Engine,
    checkout: Checkout,
    offline: dict[str, str],
    tmp_path: Path,
    script: Script,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for provider in plugins.PROVIDERS:
        script(tmp_path / "stand ins" / f"pulumi-resource-{provider}", "#!/bin/sh\n")
    monkeypatch.setattr(plugins, "STAND_INS", tmp_path / "stand ins")

    found = plugins.plugin("random", engine, checkout, offline)

    assert found.origin.startswith("stand-in (the real plugin could not be had: no such host")
    assert found.directory
    assert [file.name for file in found.directory.iterdir()] == ["pulumi-resource-random"]
    assert found.directory.is_relative_to(checkout.build)


def test_an_installer_that_fails_is_asked_once_a_day(
    engine: Engine, checkout: Checkout, environ: dict[str, str], script: Script, tmp_path: Path
) -> None:
    calls = tmp_path / "calls"
    complaint = 'warning: Error downloading plugin: Get "https://x.invalid/p.tgz": dial tcp: no such host'
    script(engine.pulumi, f"#!/bin/sh\necho call >>{calls}\necho '{complaint}'\nexit 1\n")

    first = plugins.plugin("random", engine, checkout, environ)
    second = plugins.plugin("random", engine, checkout, environ)

    assert calls.read_text() == "call\n"
    assert "could not be had: dial tcp: no such host" in first.origin
    assert "IXN_TOOLS_RETRY=1 tries again" in second.origin


def test_with_neither_plugin_nor_stand_in_the_error_says_so(
    engine: Engine, checkout: Checkout, offline: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "STAND_INS", tmp_path)

    with pytest.raises(UserError, match="no random plugin, and no stand-in"):
        plugins.plugin("random", engine, checkout, offline)
