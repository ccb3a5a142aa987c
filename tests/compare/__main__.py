"""Print every difference between the manifests of two commits, and exit with 1 if there is one.

`python -m tests.compare BASE [HEAD]`: without HEAD, the working tree. Each stack file and each example of either
commit is a case. A case is generated twice: on Pulumi mocks, and by the real engine with a provider that renders
manifests to files. Examples are generated on mocks alone, where random values, such as the names of their managed
services, are the same in every run. Objects are compared as data, so that layout and order of keys do not matter.
"""

import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from subprocess import run
from typing import Any

from tests.compare import mocks, rendered
from tests.compare.cases import cases_of
from tests.engine.differences import differences

CHECKOUT = Path(__file__).parents[2]
GENERATORS = {"mocks": mocks.generate, "engine": rendered.generate}

Generated = Mapping[tuple[str, str], Mapping[str, Mapping[str, Any]]]
"""The objects of each case by kind, namespace and name; the keys are the generator and the case."""


def main(base: str, head: str | None = None) -> int:
    """Compare, print, and return the exit status."""
    with tempfile.TemporaryDirectory() as directory:
        before = generated(checkout(base, Path(directory, "base")))
        after = generated(checkout(head, Path(directory, "head")))
    found = list(report(before, after))
    print("\n".join(found))
    compared = ", ".join(f"{case} ({generator})" for generator, case in after)
    print(f"{len(found)} differences in {len(before.keys() | after.keys())} sets of manifests: {compared}")
    return 1 if found else 0


def checkout(commit: str | None, directory: Path) -> Path:
    """Write the tracked files of `commit`, or of the working tree, to `directory`."""
    directory.mkdir()
    if commit is None:
        tracked = run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=CHECKOUT,
            check=True,
            capture_output=True,
        )
        for name in filter(None, tracked.stdout.decode().split("\0")):
            source, target = CHECKOUT / name, directory / name
            if source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(source.read_bytes())
        return directory
    archive = run(["git", "archive", commit], cwd=CHECKOUT, check=True, capture_output=True)
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
        files.extractall(directory, filter="data")
    if not (directory / "components" / "pulumi_ixn").is_dir():
        # The programs would import the package that is installed: the working tree's.
        sys.exit(f"error: {commit} has no components/pulumi_ixn")
    return directory


def generated(root: Path) -> Generated:
    """Generate every case of the checkout at `root` in both ways."""
    made: dict[tuple[str, str], Mapping[str, Mapping[str, Any]]] = {}
    for case in cases_of(root):
        for name, generate in GENERATORS.items():
            if name == "engine" and case.project != root:
                continue
            print(f"{root.name}: {case.name} ({name})", file=sys.stderr)
            made[name, case.name] = generate(root, case)
    return made


def report(before: Generated, after: Generated) -> Iterator[str]:
    """Yield a line for each object that was added or removed and for each value that changed."""
    for generator, case in sorted(before.keys() | after.keys()):
        old, new = before.get((generator, case), {}), after.get((generator, case), {})
        where = f"{case} ({generator})"
        yield from (f"{where} {name}: removed" for name in sorted(old.keys() - new.keys()))
        yield from (f"{where} {name}: added" for name in sorted(new.keys() - old.keys()))
        common = old.keys() & new.keys()
        changed = differences({name: old[name] for name in common}, {name: new[name] for name in common})
        yield from (
            f"{where} {name} {path}: {was!r} -> {now!r}" for (name, path), (was, now) in sorted(changed.items())
        )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
