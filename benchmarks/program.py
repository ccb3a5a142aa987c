"""One measured run in a process of its own: `python -m benchmarks.program package|flat COUNT RECORDS`.

Prints JSON: seconds of the program (from its first line to the last answer of the mocks), peak memory of the
process in MiB, and the number of resources. `record` writes RECORDS for `flat`.
"""

import json
import resource
import runpy
import sys
import time
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks, set_all_config

from benchmarks import flat, tenants


class Answers(mocks.Mocks):
    """Answers with the inputs."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Answer a registration."""
        return f"{args.name}-id", dict(args.inputs)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Answer a call."""
        return {}, []


def main(which: str, count: int, records: Path) -> None:
    """Run one of the two programs, and print its cost."""
    monitor = flat.RecordingMonitor(Answers()) if which == "record" else None
    mocks.set_mocks(Answers(), project="ixn", stack="bench", preview=False, monitor=monitor)
    texts = {key: json.dumps(value) for key, value in tenants.config(count).items()}
    set_all_config(texts, [])
    program = tenants.CHECKOUT / "__main__.py"
    flat.imports()
    if which == "flat":
        program = records.with_suffix(".py")
        program.write_text(flat.program(records), encoding="utf-8")
    else:
        import pulumi_ixn.config.arguments  # noqa: PLC0415 (imports are measured by themselves)

        assert pulumi_ixn.config.arguments

    start = time.perf_counter()
    # As the language host runs programs.
    pulumi.runtime.test(lambda: runpy.run_path(str(program), run_name="__main__"))()  # pyright: ignore[reportUnknownMemberType, reportUnknownLambdaType]
    seconds = time.perf_counter() - start
    if monitor is not None:
        records.write_text(json.dumps(monitor.records), encoding="utf-8")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mib": peak, "resources": len(monitor.records) if monitor else None}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
