"""The flat program of the benchmarks: what it is measured against has to be the same work."""

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
    """Run in a process of its own: the SDK's stack is one to a process."""
    subprocess.run([sys.executable, *arguments], cwd=CHECKOUT, check=True, capture_output=True, timeout=60)


def said(records: list[flat.Record]) -> list[dict[str, Any]]:
    # In whatever order: that of the registrations is the event loop's.
    return sorted(({**each, "after": sorted(each["after"])} for each in records), key=lambda each: each["urn"])


def test_the_flat_program_registers_the_same_resources(tmp_path: Path) -> None:
    first, again = tmp_path / "records.json", tmp_path / "again.json"
    python("-m", "benchmarks.program", "record", "1", first)
    python("-c", AGAIN, first, again)

    assert len(flat.load(first)) > 20
    assert said(flat.load(again)) == said(flat.load(first))
