"""Prepare the program and the environment that run a `pulumi` command line."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.engine import arguments
from tools.engine.acquire import Engine, acquire
from tools.engine.arguments import CREATING, Invocation
from tools.engine.checkout import DEV_SALT, Checkout, short_name
from tools.engine.leaks import refuse_leaks
from tools.engine.plugins import Plugin, plugins
from tools.errors import UserError
from tools.process import capture
from tools.report import say

PASSPHRASE, PASSPHRASE_FILE = "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"


def prepare(checkout: Checkout, given: Sequence[str], environ: Mapping[str, str]) -> tuple[Path, dict[str, str]]:
    """Get what `pulumi GIVEN...` needs in this checkout: the CLI, and the environment to run it in.

    Raises UserError if something is missing that the user must fix.
    """
    invocation = arguments.read(given)
    if invocation.options.cwd:
        raise UserError(f"-C: tools/pulumi always runs in {checkout.root}")
    refuse_leaks(invocation, environ)
    engine = acquire(checkout.root, environ)
    found = plugins(engine, environ) if invocation.needs_plugins else []
    if found:
        say(f"pulumi {engine.version}: {engine.origin}")
        for each in found:
            each.report()
        if state_is_local(environ):
            say(f"state: {checkout.state} (PULUMI_BACKEND_URL is not set)")
    result = engine_environment(checkout, engine, found, environ)
    if invocation.command and state_is_local(environ):
        _prepare_stack(checkout, invocation, engine, result)
    return engine.pulumi, result


def state_is_local(environ: Mapping[str, str]) -> bool:
    """Return whether state is in build/: it is unless the user configures a backend."""
    return not environ.get("PULUMI_BACKEND_URL")


def engine_environment(
    checkout: Checkout, engine: Engine, found: Sequence[Plugin], environ: Mapping[str, str]
) -> dict[str, str]:
    """Complete the user's environment for the engine. Create the directory of local state."""
    given = environ.get("PATH", os.defpath)
    parts = [engine.pulumi.parent, engine.host.parent, *(each.directory for each in found if each.directory)]
    added = [part for part in dict.fromkeys(map(str, parts)) if part not in given.split(os.pathsep)]
    result = {
        # The engine writes the whole state at each step. Fewer garbage collections save a sixth of its CPU time.
        "GOGC": "400",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        **environ,
        # The language host that is built from Go modules ignores the `virtualenv` option of Pulumi.yaml.
        "PULUMI_PYTHON_CMD": str(checkout.root / ".venv" / "bin" / "python"),
        "PATH": os.pathsep.join([*added, given]),
    }
    if state_is_local(environ):
        checkout.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        result["PULUMI_BACKEND_URL"] = checkout.state.as_uri()
    return result


def _prepare_stack(checkout: Checkout, invocation: Invocation, engine: Engine, environ: dict[str, str]) -> None:
    """Give a stack in the local state its passphrase, and create it if necessary; change `environ`."""
    stack = invocation.stack or environ.get("PULUMI_STACK")
    if not stack:
        query = [engine.pulumi, "stack", "--show-name", "--non-interactive"]
        stack = capture(query, environ, checkout.root).stdout.strip()
    if not stack:
        return  # the engine reports it if it needs one
    encryption = checkout.encryption(stack)
    given = PASSPHRASE in environ or bool(environ.get(PASSPHRASE_FILE))
    if encryption.get("encryptionsalt") == DEV_SALT:
        # Ignore a passphrase in the shell, which is another stack's: this salt was made with the empty one.
        environ[PASSPHRASE] = ""
        environ.pop(PASSPHRASE_FILE, None)
    readable = environ.get(PASSPHRASE) == "" and not environ.get(PASSPHRASE_FILE)
    if invocation.options.secret and readable and "secretsprovider" not in encryption:
        raise UserError(f"stack {stack!r} has an empty passphrase: anyone with its file could read a secret")
    if invocation.command in CREATING and not checkout.state_exists(stack):
        if short_name(stack) not in checkout.stacks() or not (encryption or given):
            raise UserError(
                f"stack {stack!r} does not exist (stack files: {', '.join(checkout.stacks())}): run `tools/pulumi "
                f"stack init {stack} --secrets-provider ...`, as README.md shows, and commit the stack file"
            )
        _create(stack, engine, checkout, environ)


def _create(stack: str, engine: Engine, checkout: Checkout, environ: Mapping[str, str]) -> None:
    command = [engine.pulumi, "stack", "init", short_name(stack), "--no-select", "--non-interactive"]
    answer = capture([*command, "--secrets-provider", "passphrase"], environ, checkout.root)
    if answer.returncode:
        reason = answer.stderr.strip().removeprefix("error: ")
        raise UserError(f"stack {stack!r} could not be created: {reason}")
    say(f"created stack {stack!r} in {checkout.state}")
