"""What scanners find, and the findings that are waived with a reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

Manifest = Mapping[str, Any]
Cases = Mapping[str, Sequence[Manifest]]
"""The manifests of each stack and example, by its name."""

WAIVERS = Path(__file__).parent / "waivers.yaml"


@dataclass(frozen=True, order=True)
class Finding:
    """A check of a scanner that an object of a case does not pass; `target` is its kind and name."""

    scanner: str
    check: str
    case: str
    target: str
    detail: str

    def __str__(self) -> str:
        return f"{self.scanner} {self.check}: {self.case} {self.target}: {self.detail}"


@dataclass(frozen=True)
class Waiver:
    """Findings of one check that are not fixed; `targets` are patterns such as `Deployment/*`."""

    scanner: str
    check: str
    targets: tuple[str, ...]
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Return whether it waives the finding."""
        same = (self.scanner, self.check) == (finding.scanner, finding.check)
        return same and any(fnmatchcase(finding.target, each) for each in self.targets)

    def __str__(self) -> str:
        return f"{self.scanner} {self.check} ({', '.join(self.targets)})"


def waivers(file: Path = WAIVERS) -> list[Waiver]:
    """Return the waivers of a file. Raises ValueError for one without a reason."""
    found: list[Waiver] = []
    for scanner, checks in yaml.safe_load(file.read_text(encoding="utf-8")).items():
        for check, given in checks.items():
            waiver = Waiver(scanner, check, tuple(given["targets"]), given["reason"].strip())
            if not waiver.reason or not waiver.targets:
                raise ValueError(f"{file.name}: {waiver} has no reason or no target")
            found.append(waiver)
    return found


def report(findings: Iterable[Finding], waived: Sequence[Waiver]) -> list[str]:
    """Return a line for each finding that is not waived, and for each waiver and each target that covers none."""
    findings = sorted(findings)
    lines = [str(each) for each in findings if not any(waiver.covers(each) for waiver in waived)]
    for waiver in waived:
        for target in waiver.targets:
            one = Waiver(waiver.scanner, waiver.check, (target,), waiver.reason)
            if not any(one.covers(each) for each in findings):
                lines.append(f"unused waiver, remove it: {one}")
    return lines
