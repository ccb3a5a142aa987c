"""Scan all rendered manifests, and exit with 1 if a finding is neither fixed nor waived, or a waiver is unused.

`python -m tests.scan [SCANNER ...]`: by default, all scanners.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.scan.cases import PLANTED, rendered
from tests.scan.findings import report, waivers
from tests.scan.programs import SCANNERS, write
from tools.errors import UserError


def main(*names: str) -> int:
    """Scan, print, and return the exit status."""
    cases = rendered()
    lines: list[str] = []
    chosen = names or tuple(SCANNERS)
    with tempfile.TemporaryDirectory() as directory:
        write(cases, Path(directory))
        for name in chosen:
            started = time.monotonic()
            found = [*SCANNERS[name](cases, Path(directory))]
            if not any(each.case == PLANTED for each in found):
                lines.append(f"{name} finds nothing wrong with the planted manifest: it checks nothing")
            own = [each for each in found if each.case != PLANTED]
            lines += report(own, [each for each in waivers() if each.scanner == name])
            print(f"{name}: {len(own)} findings, {time.monotonic() - started:.0f} s", file=sys.stderr)
    print("\n".join(lines))
    objects = sum(map(len, cases.values())) - len(cases[PLANTED])
    print(f"{len(lines)} findings to fix or waive in {objects} objects of {len(cases) - 1} stacks and examples")
    return 1 if lines else 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except UserError as error:
        sys.exit(f"error: {error}")
