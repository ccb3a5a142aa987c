"""The flat program of the benchmarks: what it is measured against has to be the same work."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks

from benchmarks import flat
from benchmarks.program import Answers
from benchmarks.tenants import CHECKOUT


def recorded(path: Path) -> list[flat.Record]:
    """Return what the package's program registers for one tenant."""
    command = [sys.executable, "-m", "benchmarks.program", "record", "1", str(path)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, timeout=60)
    return flat.load(path)


def said(records: list[flat.Record]) -> list[dict[str, Any]]:
    # In whatever order: that of the registrations is the event loop's.
    return sorted(({**each, "after": sorted(each["after"])} for each in records), key=lambda each: each["urn"])


def test_the_flat_program_registers_the_same_resources(tmp_path: Path) -> None:
    records = recorded(tmp_path / "records.json")
    monitor = flat.RecordingMonitor(Answers())
    mocks.set_mocks(Answers(), project="ixn", stack="bench", preview=False, monitor=monitor)

    pulumi.runtime.test(lambda: flat.register(records))()  # pyright: ignore[reportUnknownMemberType]

    assert len(records) > 20
    assert said(monitor.records) == said(records)
