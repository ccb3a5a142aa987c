"""A Helm chart of given objects."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CHART = {"apiVersion": "v2", "name": "ixn", "version": "0.1.0"}

# Only templates are installed, but template syntax in the objects must stay as it is.
TEMPLATE = '{{ .Files.Get "objects.yaml" }}\n'


def write_chart(directory: Path, objects: Sequence[Mapping[str, Any]]) -> None:
    """Write the chart, which installs the objects as they are, into the new directory `directory`."""
    (directory / "templates").mkdir(parents=True)
    (directory / "Chart.yaml").write_text(json.dumps(CHART), encoding="utf-8")
    (directory / "templates" / "objects.yaml").write_text(TEMPLATE, encoding="utf-8")
    (directory / "objects.yaml").write_text("\n---\n".join(map(json.dumps, objects)), encoding="utf-8")
