"""Generate manifests on Pulumi mocks, in a process that imports the package of the compared checkout."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.compare.cases import Case

PROGRAM = """
import json, runpy, sys
from pulumi_ixn.testing import deploy
project, stack, config, secret_keys = json.load(sys.stdin)
sys.path.insert(0, ".")
made = deploy(lambda: runpy.run_path("__main__.py", run_name="__main__") and None,
              project=project, stack=stack, config=config, secret_keys=secret_keys)
json.dump([each for each in made.manifests if "kind" in each and "metadata" in each], sys.stdout)
"""


def generate(root: Path, case: Case) -> dict[str, Mapping[str, Any]]:
    """Return the objects of `case` by kind, namespace and name."""
    contexts = [{"name": (case.config.get("ixn:target") or {}).get("context")}]
    environ = {
        **os.environ,
        "PYTHONPATH": str(root / "components"),
        # A stack that is deployed to a cluster checks that its context exists.
        "KUBECONFIG": json.dumps({"contexts": contexts}),
    }
    secrets = secret_values(case.config)
    given = [
        "ixn" if case.project == root else case.project.name,
        case.stack,
        {**case.config, **secrets},
        [*secrets],
    ]
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=case.project,
        env=environ,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise SystemExit(f"{root.name}: {case.name} on mocks: {answer.stderr}")
    return by_name(json.loads(answer.stdout))


def by_name(objects: list[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the objects by `Kind/namespace/name`."""
    found = {
        f"{each['kind']}/{each['metadata'].get('namespace', '')}/{each['metadata']['name']}": each
        for each in objects
    }
    assert len(found) == len(objects), "two objects have one name"
    return found


def secret_values(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return `ixn:secrets` for every Secret that the stack writes and for which it expects a password."""
    peers = config.get("ixn:neighbours") or config.get("ixn:peers") or {}
    redis = peers.get("orsRedisStream", {}).get("secret", {})
    wanted = {"orsRedisStream": {"password": "a password"}} if redis.keys() & {"written", "managed"} else {}
    return {"ixn:secrets": wanted} if wanted else {}
