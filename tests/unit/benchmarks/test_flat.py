"""The flat program of the benchmarks must do the same work as the components."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import flat
from benchmarks.tenants import CHECKOUT

AGAIN = """\
import json, sys
from pathlib import Path
import pulumi
from pulumi.runtime import mocks
from benchmarks import flat, program

monitor = flat.RecordingMonitor(program.Answers())
mocks.set_mocks(program.Answers(), project="ixn", stack="bench", preview=False, monitor=monitor)
pulumi.runtime.test(lambda: flat.register(flat.load(Path(sys.argv[1]))))()
Path(sys.argv[2]).write_text(json.dumps(monitor.records))
"""


def python(*arguments: str | Path) -> None:
    """Run in a separate process, since the SDK has one stack per process."""
    subprocess.run([sys.executable, *arguments], cwd=CHECKOUT, check=True, capture_output=True, timeout=60)


def said(records: list[flat.Record]) -> list[dict[str, Any]]:
    # The event loop determines the order of registrations.
    return sorted(({**each, "after": sorted(each["after"])} for each in records), key=lambda each: each["urn"])


def test_the_flat_program_registers_the_same_resources(tmp_path: Path) -> None:
    first, again = tmp_path / "records.json", tmp_path / "again.json"
    python("-m", "benchmarks.program", "record", "1", first)
    python("-c", AGAIN, first, again)

    assert len(flat.load(first)) > 20
    assert said(flat.load(again)) == said(flat.load(first))
