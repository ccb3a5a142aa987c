"""`ixn adopt`: take over objects that exist under the names of a stack."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pulumi_ixn.cli.checked import checked_cluster, subject_of
from pulumi_ixn.cli.options import ProjectDirectory, StackName, failing_with
from pulumi_ixn.cli.project import CommandError, Project
from pulumi_ixn.live.adoption import adopt as annotate
from pulumi_ixn.live.adoption import adoptable
from pulumi_ixn.live.ownership import Found

Former = Annotated[
    str | None,
    typer.Option("--from", help="Take over the objects of this stack, too: `organization/project/stack`."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def adopt(stack: StackName, directory: ProjectDirectory = Path(), former: Former = None, yes: Yes = False) -> None:
    """List the existing objects under the names of the stack that are not its own, and annotate them as its own.

    Changes nothing else in them, and not the state: `ixn recover` takes them into it, and `pulumi preview` shows
    what the next update will change.
    """
    with failing_with(2):
        project = Project(directory, stack)
        cluster, subject = checked_cluster(project), subject_of(project)
        found = adoptable(cluster, subject)
        for each in found:
            print(f"{each.ref}: {_owner(each)}")
        _check_owners(found, subject.stack, former)
        if not found:
            print(f"{stack}: nothing to adopt")
            return
        if not yes:
            typer.confirm(f"Adopt {len(found)} objects for {subject.stack}?", abort=True)
        annotate(cluster, subject, found)
    for line in _next_steps(found, stack, subject.namespace):
        print(line)


def _owner(found: Found) -> str:
    if found.owner:
        return f"stack {found.owner.stack}"
    return f"Helm release {found.release}" if found.release else "no owner recorded"


def _check_owners(found: Sequence[Found], stack: str, former: str | None) -> None:
    owners = {each.owner.stack for each in found if each.owner} - {stack, former}
    if owners:
        others = ", ".join(sorted(owners))
        raise CommandError(f"objects of another stack, {others}: to take them over, name it with --from")


def _next_steps(found: Sequence[Found], stack: str, namespace: str) -> list[str]:
    lines = [f"Adopted {len(found)} objects. Next:"]
    if not all(each.recorded for each in found):
        lines.append(f"  ixn recover --stack {stack}")
    lines.append(f"  pulumi preview --diff --stack {stack}")
    releases = sorted({each.release for each in found if each.release})
    return [
        *lines,
        *(
            f"  kubectl -n {namespace} delete secret -l owner=helm,name={each}  # not `helm uninstall`"
            for each in releases
        ),
    ]
