"""`ixn recover`: after an update that was interrupted, make the state agree with what exists."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from rich.console import Console
from rich.markup import escape

from pulumi_ixn.cli import engine
from pulumi_ixn.cli.checked import checked_cluster
from pulumi_ixn.cli.locks import Lock, locks
from pulumi_ixn.cli.options import ProjectDirectory, StackName, failing_with
from pulumi_ixn.cli.project import CommandError, Project
from pulumi_ixn.cli.torn import remove_torn_attributes
from pulumi_ixn.live.checkpoint import object_id
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.lookup import Lookup
from pulumi_ixn.live.recovery import Findings, examine

DELETION_SECONDS = 120
"""How long to wait for objects that are being deleted."""

Yes: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Change the state without asking.")]
Unlock: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--unlock",
        help="Remove a lock whose engine cannot be checked from here: it ran on another host, or the state is not "
        "in files. Make sure that it has ended.",
    ),
]


def recover(
    stack: StackName, directory: ProjectDirectory = Path(), yes: Yes = False, unlock: Unlock = False
) -> None:
    """Recover from an interrupted update: take what it created into the state, and forget what it did not finish.

    Changes the state only, never the cluster. The next `pulumi up` completes the update.
    """
    project, console = Project(directory, stack), Console(highlight=False, soft_wrap=True)
    with failing_with(1):
        backend = engine.backend_url(project)
        for file in remove_torn_attributes(backend, stack):
            console.print(f"Removed {escape(str(file))}, which was not written completely")
        stale = _stale_locks(backend, project, unlock=unlock)
        lookup = Lookup(checked_cluster(project))
        state, findings = _examined(project, lookup, console)
        _report(findings, stale, console)
        if not (findings.changes or stale or unlock):
            console.print(f"Nothing to recover: the state of {escape(stack)!r} is complete.")
            return
        if not yes:
            typer.confirm("Change the state?", abort=True)
        if engine.exported_state(project) != state:
            raise CommandError("the state has changed in the meantime. Repeat the command")
        _remove_locks(project, stale, unlock=unlock)
        if findings.providers:
            engine.create(project, findings.providers)
            state, findings = _examined(project, lookup, console)
        if findings.changes:
            engine.import_state(project, {**state, "deployment": findings.result})
        console.print(f"Recovered. Complete the update: pulumi up --stack {escape(stack)}")


def _stale_locks(backend: str, project: Project, *, unlock: bool) -> Sequence[Lock]:
    """Return the locks of engines that have ended. Raises CommandError if one may still run."""
    found = locks(backend, project.name)
    for lock in found:
        if lock.local and lock.held:
            raise CommandError(f"an update is running: {lock}. Wait for its end, or cancel it with Ctrl-C")
        if not lock.local and not unlock:
            raise CommandError(
                f"the stack is locked by {lock}, which cannot be checked from this host. If that engine has "
                "ended, repeat the command with --unlock"
            )
    return found


def _plan(project: Project, console: Console) -> Object | None:
    """Return what the next update would do; None, and a warning, if that cannot be determined."""
    try:
        with console.status("Comparing the program with the state"):
            return engine.preview(project)
    except CommandError as error:
        console.print(
            "[yellow]warning:[/] the preview fails, so only operations that the state records as interrupted are "
            f"recovered. Fix this and repeat the command:\n{escape(str(error))}"
        )
        return None


def _examined(project: Project, lookup: Lookup, console: Console) -> tuple[Object, Findings]:
    """Return the exported state, and the findings once no object is being deleted.

    Raises CommandError if that takes too long.
    """
    state, plan = engine.exported_state(project), _plan(project, console)
    deadline = time.monotonic() + DELETION_SECONDS
    with console.status("Reading the objects of the stack"):
        while (findings := examine(state["deployment"], plan, lookup, project.name)).terminating:
            if time.monotonic() > deadline:
                raise CommandError(
                    f"still being deleted: {', '.join(map(_named, findings.terminating))}. Repeat the command "
                    "when they no longer exist"
                )
            time.sleep(1)
    return state, findings


def _report(findings: Findings, stale: Sequence[Lock], console: Console) -> None:
    _list(console, "Locks of engines that have ended, to be removed", map(str, stale))
    _list(
        console,
        "Operations that were interrupted",
        (f"{each['type']} {each['resource']['urn']}" for each in findings.interrupted),
    )
    _list(
        console,
        "Existing objects, to be taken into the state",
        (f"{each['type'].rpartition(':')[2]}/{each['id']}" for each in findings.taken),
    )
    _list(console, "Deleted objects, to be removed from the state", findings.gone)
    _list(
        console,
        "Existing objects that the next update would create, but that other stacks or programs own; left alone",
        map(_named, findings.foreign),
    )
    _list(
        console,
        "Objects of this stack that are neither in the state nor in the program; delete them with kubectl",
        map(_named, findings.orphans),
    )


def _list(console: Console, title: str, lines: Iterable[str]) -> None:
    if found := [*lines]:
        console.print(f"[bold]{title}[/] ({len(found)}):")
        for line in found:
            console.print(f"  {escape(line)}")


def _named(item: Object) -> str:
    return f"{item['kind']}/{object_id(item)}"


def _remove_locks(project: Project, stale: Sequence[Lock], *, unlock: bool) -> None:
    for lock in stale:
        lock.remove()
    if unlock and not stale:
        engine.unlock(project)
