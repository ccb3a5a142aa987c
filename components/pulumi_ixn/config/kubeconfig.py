"""Check that the kubeconfig has the context of a stack, without contacting the cluster."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pulumi
import yaml

from pulumi_ixn.config.checks import value_at


def missing_context(context: str, kubeconfig: str | None, home: Path) -> str | None:
    """Return a one-line error if `context` is not in the kubeconfig; None if it is.

    `kubeconfig` is the value of KUBECONFIG: files, separated as in PATH, or the content itself. If it is None or
    empty, the file is `.kube/config` in `home`.
    """
    target = f"ixn:target.context is {context!r}"
    if kubeconfig and is_content(kubeconfig):
        where, texts = "in the variable KUBECONFIG", [kubeconfig]
    else:
        files = _files(kubeconfig) or [home / ".kube" / "config"]
        where = ", ".join(map(str, files))
        texts = [text for file in files if (text := _read(file)) is not None]
        if not texts:
            return f"{target}, but there is no kubeconfig: {where}"
    try:
        known = sorted({name for text in texts for name in _contexts(yaml.safe_load(text))})
    except yaml.YAMLError:
        return f"{target}, but the kubeconfig {where} is not YAML"
    if context in known:
        return None
    return f"{target}, which is not in the kubeconfig {where}; its contexts: {', '.join(known) or 'none'}"


def for_provider(kubeconfig: str | None) -> pulumi.Input[str]:
    """Return the provider's `kubeconfig` for the value of KUBECONFIG.

    By default, the SDK passes that value on, and the state would contain a path on one operator's machine. With an
    empty string, the plugin reads the variable as kubectl does: one path or several, but not the content itself.
    """
    return pulumi.Output.secret(kubeconfig) if kubeconfig and is_content(kubeconfig) else ""


def _files(kubeconfig: str | None) -> list[Path]:
    return [Path(file).expanduser() for file in (kubeconfig or "").split(os.pathsep) if file]


def is_content(kubeconfig: str) -> bool:
    """Return whether a value of KUBECONFIG is the content of a kubeconfig, not its path."""
    return "\n" in kubeconfig or kubeconfig.lstrip().startswith("{")


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _contexts(kubeconfig: object) -> Iterator[str]:
    given = value_at(kubeconfig, ("contexts",))
    for each in cast("list[object]", given) if isinstance(given, list) else ():
        name = value_at(each, ("name",))
        if isinstance(name, str):
            yield name
