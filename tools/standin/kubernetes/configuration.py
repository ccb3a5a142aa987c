"""Stand-in for the Pulumi Kubernetes plugin: its provider's options, of which the directory must be given."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tools.standin.plugin.values import Object, Plain

REAL_VERSION: Final = "4.34.2"
"""The plugin this one stands in for."""

RENDERS_ONLY: Final = (
    "this is a stand-in for the Pulumi Kubernetes plugin, and it only renders: set `renderYamlToDirectory` on "
    "the provider. To work on a cluster install the real plugin: "
    f"pulumi plugin install resource kubernetes v{REAL_VERSION}"
)

_DIRECTORY: Final = "renderYamlToDirectory"
_IDENTIFIER: Final = "clusterIdentifier"


@dataclass(frozen=True)
class Configuration:
    """What the provider's options come to."""

    directory: str = ""
    namespace: str = ""
    always_render: bool = False
    mutable_kinds: frozenset[str] = frozenset()


def configuration(variables: Mapping[str, str]) -> Configuration:
    """Return the options as the engine hands them over: text, `true` included."""

    def option(name: str) -> str:
        return variables.get(f"kubernetes:config:{name}", "")

    kinds = {"ConfigMap": "enableConfigMapMutable", "Secret": "enableSecretMutable"}
    return Configuration(
        directory=option(_DIRECTORY),
        namespace=option("namespace"),
        always_render=option("alwaysRender") == "true",
        mutable_kinds=frozenset(kind for kind, name in kinds.items() if option(name) == "true"),
    )


def _is_set(value: Plain) -> bool:
    return value not in (None, "", False, "false")


def refused_options(options: Object) -> list[tuple[str, str]]:
    """Return the options that do not fit render mode, each with the reason."""
    if not _is_set(options.get(_DIRECTORY)):
        return [(_DIRECTORY, RENDERS_ONLY)]
    refused = [name for name in ("cluster", "context") if _is_set(options.get(name))]
    kubeconfig = options.get("kubeconfig")
    # The SDK fills in $KUBECONFIG by itself; that is nobody's wish to reach a cluster.
    if _is_set(kubeconfig) and kubeconfig != os.environ.get("KUBECONFIG"):
        refused.append("kubeconfig")
    return [(name, f'"{name}" arg is not compatible with "{_DIRECTORY}" arg') for name in refused]


def changed_options(old: Object, new: Object) -> tuple[list[str], list[str]]:
    """Return the options that changed, and those among them that replace every object of the provider."""
    changed = [key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]
    before, after = old.get(_IDENTIFIER), new.get(_IDENTIFIER)
    if after is not None and before == after:
        return changed, []
    replacing = {_DIRECTORY} if before is None or after is None else {_DIRECTORY, _IDENTIFIER}
    return changed, [key for key in changed if key in replacing]
