"""The data files of this package: manifests, arguments and configuration, with values to fill in."""

from collections.abc import Mapping
from pathlib import Path
from string import Template

import yaml

_HERE = Path(__file__).parent


def filled(file: Path, values: Mapping[str, object]) -> str:
    """Return the text of a file with each `$name` replaced."""
    return Template(file.read_text("utf-8")).substitute(values)


def manifest(name: str, **values: object) -> str:
    """Return a manifest, in YAML."""
    return filled(_HERE / "manifests" / f"{name}.yaml", values)


def numbered(name: str, count: int) -> str:
    """Return `count` copies of a manifest, numbered from 0 by its `$number`."""
    return "\n---\n".join(manifest(name, number=number) for number in range(count))


def command_lines(
    programs: Mapping[str, Path], files: tuple[str, ...], values: Mapping[str, object]
) -> dict[str, list[str]]:
    """Return the command lines in the files; arguments of one program in several files are joined."""
    lines: dict[str, list[str]] = {}
    for file in files:
        for name, arguments in yaml.safe_load(filled(_HERE / "programs" / f"{file}.yaml", values)).items():
            lines.setdefault(name, [str(programs.get(name, name))]).extend(arguments)
    return lines


def write_configuration(directory: Path, values: Mapping[str, object]) -> None:
    """Write the configuration files into `directory`."""
    for source in (_HERE / "config").iterdir():
        target = directory / ("cni" if source.suffix == ".conflist" else "config") / source.name
        target.parent.mkdir(exist_ok=True)
        target.write_text(filled(source, values))
