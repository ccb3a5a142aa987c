"""`ixn images`: the images that a stack needs, for a mirror."""

import json
from pathlib import Path

from pulumi_ixn.cli.options import AsJson, ProjectDirectory, StackName, failing_with
from pulumi_ixn.cli.project import Project
from pulumi_ixn.config.images import images_of


def images(stack: StackName, directory: ProjectDirectory = Path(), as_json: AsJson = False) -> None:
    """List the images of the stack, one a line, from its settings; no cluster is contacted.

    An image has a digest if the settings have one. Exits with 2 if the settings are invalid.
    """
    with failing_with(2):
        found = images_of(Project(directory, stack).settings)
    if not as_json:
        print("\n".join(each.image for each in found))
        return
    shown = [{"image": each.image, **each.parts._asdict(), "usedBy": list(each.used_by)} for each in found]
    print(json.dumps(shown, indent=2))
