"""A lock between processes."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from tools.lock import held
lock, counter = map(Path, sys.argv[1:])
for _ in range(100):
    with held(lock, ""):
        counter.write_text(str(int(counter.read_text()) + 1))
"""


def test_one_process_at_a_time_holds_the_lock(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "lock"), str(counter)]
    processes = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(3)]
    assert [each.wait(timeout=60) for each in processes] == [0, 0, 0]
    assert counter.read_text() == "300"
