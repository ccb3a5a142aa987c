"""The provider plugins: real ones where they can be had, stand-ins of ours where not."""

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from pathlib import Path

from tools import cache
from tools.engine.acquire import Engine, pulumi_home
from tools.engine.checkout import Checkout
from tools.errors import UserError
from tools.process import Finished, run
from tools.report import say, working

PROVIDERS = ("kubernetes", "random")
INSTALL_SECONDS = 120
STAND_INS = Path(__file__).parents[1] / "standin" / "bin"
STAND_IN_LIMITS = {"kubernetes": "renders manifests only; ", "random": ""}


@dataclass(frozen=True)
class Plugin:
    """A provider plugin that the engine will find; `directory` is what has to stand on PATH for that."""

    provider: str
    version: str
    origin: str
    directory: Path | None = None


def provider_version(provider: str) -> str:
    """Return the version that the Python SDK in our environment asks the engine for."""
    return installed_version(f"pulumi-{provider}")


def plugin(provider: str, engine: Engine, checkout: Checkout, environ: Mapping[str, str]) -> Plugin:
    """Find or fetch the plugin of `provider`. Raises UserError if there is neither a real one nor a stand-in."""
    version = provider_version(provider)
    if origin := _already_there(provider, version, engine, environ):
        return Plugin(provider, version, origin)
    store = cache.cache_root(environ)
    with cache.locked(store, lambda: say("waiting for another run that prepares plugins")):
        reason = _install(provider, version, engine, store, environ)
    if not reason:
        return Plugin(provider, version, "by Pulumi's installer, just now")
    limits = STAND_IN_LIMITS[provider]
    origin = f"stand-in ({limits}the real plugin could not be had: {reason})"
    return Plugin(provider, version, origin, _stand_in(provider, checkout))


def _already_there(provider: str, version: str, engine: Engine, environ: Mapping[str, str]) -> str | None:
    name = f"pulumi-resource-{provider}"
    search = os.pathsep.join([str(engine.pulumi.resolve().parent), environ.get("PATH", "")])
    if found := shutil.which(name, path=search):
        return found
    plugins = pulumi_home(environ) / "plugins"
    home = plugins / f"resource-{provider}-v{version}"
    unfinished = plugins / f"{home.name}.partial"
    return str(home) if (home / name).exists() and not unfinished.exists() else None


def _install(provider: str, version: str, engine: Engine, store: Path, environ: Mapping[str, str]) -> str | None:
    """Have the engine fetch the plugin; the answer says why, if it could not."""
    memory = f"plugin-{provider}-{version}"
    if reason := cache.remembered_failure(store, memory, environ):
        return f"{reason}; IXN_TOOLS_RETRY=1 tries again"
    command = [engine.pulumi, "plugin", "install", "resource", provider, f"v{version}"]
    with working(f"asking Pulumi's registry for the {provider} plugin {version}"):
        finished = run(
            command,
            cwd=engine.pulumi.parent,  # not the checkout: its Pulumi.yaml has no say in this
            environ={**environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            seconds=INSTALL_SECONDS,
        )
    if finished.code == 0:
        return None
    reason = _download_failure(finished)
    cache.remember_failure(store, memory, reason)
    return reason


def _download_failure(finished: Finished) -> str:
    """Return the cause, without the address and the counting of attempts that stand around it."""
    if not finished.timed_out:
        for line in finished.tail:
            if cause := re.search(r'Error downloading plugin: (?:Get "[^"]*": )?(.+)', line):
                return cause[1]
    return finished.reason(INSTALL_SECONDS)


def _stand_in(provider: str, checkout: Checkout) -> Path:
    """Put the stand-in into a directory of its own: on PATH, it must not hide another provider's real plugin."""
    name = f"pulumi-resource-{provider}"
    if not (STAND_INS / name).exists():
        raise UserError(f"no {provider} plugin, and no stand-in at {STAND_INS / name}")
    directory = checkout.build / "stand-ins" / provider
    directory.mkdir(parents=True, exist_ok=True)
    # The stand-in finds its own files beside itself, so a link to it would not do.
    script = f'#!/bin/sh\nexec "{STAND_INS / name}" "$@"\n'
    draft = directory / f".{os.getpid()}"
    draft.write_text(script, encoding="utf-8")
    draft.chmod(0o755)
    draft.rename(directory / name)
    return directory
