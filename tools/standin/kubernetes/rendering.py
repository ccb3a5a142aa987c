"""Stand-in for the Pulumi Kubernetes plugin: the YAML file of each object."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import yaml

from tools.standin.kubernetes.kinds import is_built_in, metadata_text, type_of_object
from tools.standin.plugin.values import Object

DEFINITIONS: Final = "0-crd"
MANIFESTS: Final = "1-manifest"

# Other readers take more words for a bool or a number than PyYAML does, such as `y` and `1e3`.
_AMBIGUOUS: Final = re.compile(r"[-+.]?[0-9].*|[yYnN]|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


# PyYAML leaves these as they are, and reads them back as line breaks.
_OTHER_BREAKS: Final = re.compile("[\r\x85\u2028\u2029]")


class _Dumper(yaml.SafeDumper):
    """Writes strings as the real plugin does: double quotes where needed, blocks for several lines."""

    def ignore_aliases(self, data: Any) -> bool:
        """Objects are written out in full each time."""
        return True


def _style(dumper: Any, text: str) -> str | None:
    if _OTHER_BREAKS.search(text) or _AMBIGUOUS.fullmatch(text):
        return '"'
    if "\n" in text:
        return "|"
    return None if dumper.resolve(yaml.ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str" else '"'


def _write_text(dumper: Any, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, _style(dumper, text))


_Dumper.add_representer(str, _write_text)


def rendered_text(obj: Object) -> str:
    """Return the object as YAML, its keys sorted."""
    return yaml.dump(
        obj, Dumper=_Dumper, sort_keys=True, default_flow_style=False, width=10**9, allow_unicode=True
    )


def file_name(obj: Object) -> str:
    """Return the name of an object's file."""
    api_version = re.sub("[/:]", "_", str(obj.get("apiVersion", "")))
    namespace = metadata_text(obj, "namespace") or "default"
    return f"{api_version}-{str(obj.get('kind', '')).lower()}-{namespace}-{metadata_text(obj, 'name')}.yaml"


def rendered_path(obj: Object, directory: str) -> str:
    """Where an object's file goes, in the words of the configured directory."""
    gvk = type_of_object(obj)
    is_definition = is_built_in(gvk) and gvk.kind == "CustomResourceDefinition"
    return str(Path(directory, DEFINITIONS if is_definition else MANIFESTS, file_name(obj)))


def _make_directories(directories: Iterable[Path]) -> None:
    for directory in directories:
        for missing in reversed([path for path in (directory, *directory.parents) if not path.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)


def render(obj: Object, directory: str) -> str:
    """Write the object's file, readable by its owner only since it may hold a secret; the file's path."""
    _make_directories(Path(directory, name) for name in (DEFINITIONS, MANIFESTS))
    path = rendered_path(obj, directory)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(rendered_text(obj))
    return path


def unrender(obj: Object, directory: str) -> str:
    """Delete the object's file if it is there; the file's path."""
    path = rendered_path(obj, directory)
    Path(path).unlink(missing_ok=True)
    return path
