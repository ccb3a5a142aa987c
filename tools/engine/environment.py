"""The environment variables in which the engine runs."""

import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress

from tools.engine.acquire import Engine
from tools.engine.checkout import Checkout
from tools.engine.plugins import Plugin


def state_is_local(environ: Mapping[str, str]) -> bool:
    """Tell whether state lives in build/: it does unless the user named a backend."""
    return not environ.get("PULUMI_BACKEND_URL")


def passphrase_is_given(environ: Mapping[str, str]) -> bool:
    """Tell whether the user has a passphrase of his own; an empty one is one too."""
    return "PULUMI_CONFIG_PASSPHRASE" in environ or bool(environ.get("PULUMI_CONFIG_PASSPHRASE_FILE"))


def engine_environment(
    checkout: Checkout, engine: Engine, plugins: Sequence[Plugin], environ: Mapping[str, str]
) -> dict[str, str]:
    """Complete the user's environment for the engine. Makes the directory of a local state."""
    result = {
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        **environ,
        # The language host that we build ignores the `virtualenv` option of Pulumi.yaml.
        "PULUMI_PYTHON_CMD": str(checkout.python),
        "IXN_STANDIN_PYTHON": str(checkout.python),
        "PATH": _search_path(engine, plugins, environ),
    }
    if state_is_local(environ):
        checkout.state.mkdir(parents=True, exist_ok=True)
        result["PULUMI_BACKEND_URL"] = checkout.state.as_uri()
    return result


def _search_path(engine: Engine, plugins: Sequence[Plugin], environ: Mapping[str, str]) -> str:
    given = environ.get("PATH", os.defpath)
    parts = [engine.pulumi.parent, engine.host.parent, *(each.directory for each in plugins if each.directory)]
    added = [part for part in dict.fromkeys(map(str, parts)) if part not in given.split(os.pathsep)]
    return os.pathsep.join([*added, given])


def generated_passphrase(checkout: Checkout) -> dict[str, str]:
    """Return the variable that gives local state a passphrase, which is made once and known to nobody."""
    file = checkout.passphrase
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".passphrase-{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(32))
        # A link, unlike a rename, leaves the passphrase of a run that was faster in place.
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return {"PULUMI_CONFIG_PASSPHRASE_FILE": str(file)}
