"""From a `pulumi` command line to the one that is run, and its environment."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.engine import arguments, environment, stackfile
from tools.engine.acquire import Engine, acquire
from tools.engine.arguments import Invocation
from tools.engine.checkout import Checkout
from tools.engine.leaks import refuse_leaks
from tools.engine.plugins import PROVIDERS, Plugin, plugin
from tools.errors import UserError
from tools.report import say


def prepare(
    checkout: Checkout, given: Sequence[str], environ: Mapping[str, str]
) -> tuple[Path, list[str], dict[str, str]]:
    """Get what `pulumi GIVEN...` needs: the CLI, the arguments to run it with, and its environment.

    Raises UserError where something is missing that the user has to put right.
    """
    invocation = arguments.read(given)
    if any(flag == "--cwd" or flag.startswith("-C") for flag in invocation.flags):
        raise UserError(f"this is the engine of {checkout.root}: -C is not for it")
    refuse_leaks(given, environ)
    engine = acquire(checkout.root, environ)
    plugins: list[Plugin] = []
    if invocation.needs_plugins:
        plugins = [plugin(provider, engine, checkout, environ) for provider in PROVIDERS]
        say(f"pulumi {engine.version}: {engine.origin}")
        for each in plugins:
            say(f"{each.provider} {each.version}: {each.origin}")
        if environment.state_is_local(environ):
            say(f"state: {checkout.state} (PULUMI_BACKEND_URL is not set)")
    result = environment.engine_environment(checkout, engine, plugins, environ)
    if invocation.asks_for_help or not environment.state_is_local(environ):
        return engine.pulumi, list(given), result
    added, environ_added = _local_additions(checkout, invocation, engine, result)
    # Flags end at a `--`.
    end = given.index("--") if "--" in given else len(given)
    return engine.pulumi, [*given[:end], *added, *given[end:]], {**result, **environ_added}


def _local_additions(
    checkout: Checkout, invocation: Invocation, engine: Engine, environ: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """Return the flags and the variables that state in build/ needs."""
    passphrase = {} if environment.passphrase_is_given(environ) else environment.generated_passphrase(checkout)
    if invocation.takes_config_file or invocation.command == "config":
        stack = invocation.stack or environ.get("PULUMI_STACK") or _selected(checkout, engine, environ)
        tracked = stackfile.require_stack_file(checkout, stack)
        if invocation.creates or invocation.command == "config":
            stackfile.ensure_stack(checkout, stack, engine, {**environ, **passphrase})
        if invocation.command == "config" or stackfile.has_encryption(tracked):
            # Secrets in a tracked file must not hang on a passphrase that goes with build/.
            passphrase = {}
        if invocation.command == "config" or "--config-file" in invocation.flags:
            return [], passphrase
        return ["--config-file", str(stackfile.deployed_file(checkout, stack))], passphrase
    if invocation.command == "stack" and invocation.subcommand in arguments.STACK_CREATING:
        return ["-C", str(stackfile.stack_project(checkout))], passphrase
    if invocation.command == "stack" and invocation.subcommand in arguments.STACK_REMOVING:
        # What is removed is the state in build/; the tracked file is the environment's.
        return ["--preserve-config"], passphrase
    return [], passphrase


def _selected(checkout: Checkout, engine: Engine, environ: Mapping[str, str]) -> str:
    """Ask for the stack that `pulumi stack select` chose. Raises UserError if none was."""
    command = [engine.pulumi, "stack", "--show-name", "--non-interactive"]
    answer = subprocess.run(
        command,
        cwd=checkout.root,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise UserError(f"say which stack: --stack NAME (there are: {', '.join(checkout.stacks()) or 'none'})")
    return answer.stdout.strip()
