"""Wait until the pods of all workloads are available, and say why if they are not."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import pulumi

from pulumi_ixn.live.cluster import Cluster, ClusterError
from pulumi_ixn.live.diagnosis import Cause, Finding, blocked_creation, details, finding
from pulumi_ixn.live.snapshot import Snapshot, remaining, snapshot
from pulumi_ixn.rollout import Rollout

_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.25, 2.0, 1.3
"""Seconds between two looks at the cluster, and the factor by which they grow."""

_PATIENCE: Mapping[Cause, float] = {
    "api": 10,
    "creation": 5,
    "scheduling": 10,
    "probe": 30,
    "start": float("inf"),
}
"""Seconds before a warning, for causes that may be normal: claims to be bound, processes that start."""

_ADVICE = (
    "The update stops here: old pods of Deployments keep serving, and old policies stay. Correct the settings, or "
    "restore the previous ones, and run `up` again. The limit is the setting ixn:rollout.timeout."
)


@dataclass(eq=False)
class _Wait:
    """A rollout that the program waits for; `failure` is set once it has failed."""

    rollout: Rollout
    start: float
    done: asyncio.Future[None]
    warned: set[Cause] = field(default_factory=set[Cause])
    failure: str | None = None


@dataclass(frozen=True)
class _State:
    """A rollout in progress: what it lacks, and why, if a reason is known. A `final` one will never finish."""

    lacks: str
    finding: Finding | None = None
    final: bool = False


class Rollouts:
    """Wait for the rollouts of a program, all with the same requests, each for at most `timeout` seconds.

    A RolloutWaiter. Failed rollouts are reported in one error, once no other rollout is in progress. Requests that
    fail are repeated, unless the stack lacks a permission.
    """

    def __init__(self, cluster: Cluster, timeout: float) -> None:
        self._cluster = cluster
        self._timeout = timeout
        self._waits: list[_Wait] = []
        self._added = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self._status = ""

    async def __call__(self, rollout: Rollout) -> None:
        """Return once the rollout is done. Raises pulumi.RunError if it is not done in time."""
        loop = asyncio.get_running_loop()
        wait = _Wait(rollout, loop.time(), loop.create_future())
        self._waits.append(wait)
        self._added.set()
        if self._watching is None or self._watching.done():
            self._watching = loop.create_task(self._watch())
        await wait.done

    async def _watch(self) -> None:
        error: Exception
        try:
            await self._look_until_done()
            failures = [wait.failure for wait in self._waits if wait.failure]
            error = pulumi.RunError("\n".join([*failures, _ADVICE]))
        except Exception as bug:  # noqa: BLE001 (otherwise, the program would wait forever)
            error = bug
        waits, self._waits = self._waits, []
        for wait in waits:
            wait.done.set_exception(error)

    async def _look_until_done(self) -> None:
        pause = _FIRST_PAUSE
        while open_waits := [wait for wait in self._waits if wait.failure is None]:
            self._added.clear()
            await self._look(open_waits)
            if all(wait.failure for wait in self._waits):
                return
            try:
                await asyncio.wait_for(self._added.wait(), pause)
                pause = _FIRST_PAUSE
            except TimeoutError:
                pause = min(pause * _GROWTH, _LONGEST_PAUSE)

    async def _look(self, waits: Sequence[_Wait]) -> None:
        """Complete the rollouts that are done, warn about those that fail, and end those that take too long."""
        states = await asyncio.to_thread(_states, self._cluster, waits)
        self._show([f"{wait.rollout}: {state.lacks}" for wait, state in zip(waits, states, strict=True) if state])
        now = asyncio.get_running_loop().time()
        for wait, state in zip(waits, states, strict=True):
            if state is None:
                self._waits.remove(wait)
                wait.done.set_result(None)
                continue
            age, found = now - wait.start, state.finding
            if state.final or age >= self._timeout:
                wait.failure = await self._report(wait, state)
            elif found and found.cause not in wait.warned and age >= _PATIENCE.get(found.cause, 0):
                wait.warned.add(found.cause)
                lines = await asyncio.to_thread(_lines, self._cluster, found)
                pulumi.log.warn("\n".join([f"{wait.rollout}: {lines[0]}", *lines[1:]]))

    def _show(self, unfinished: Sequence[str]) -> None:
        """Show in the status of the program what it waits for, if that has changed."""
        status = f"waiting for {len(unfinished)} rollouts; {unfinished[0]}" if unfinished else ""
        if status and status != self._status:
            pulumi.log.info(status, ephemeral=True)
        self._status = status

    async def _report(self, wait: _Wait, state: _State) -> str:
        late = "" if state.final else f"not rolled out after {self._timeout:g} s: "
        lines = await asyncio.to_thread(_lines, self._cluster, state.finding) if state.finding else []
        return "\n".join([f"{wait.rollout}: {late}{state.lacks}", *(f"  {line}" for line in lines)])


def _states(cluster: Cluster, waits: Sequence[_Wait]) -> list[_State | None]:
    """Return the state of each rollout; None for one that is done."""
    snapshots = {
        namespace: _snapshot(cluster, namespace) for namespace in {wait.rollout.namespace for wait in waits}
    }
    return [_state(cluster, wait, snapshots[wait.rollout.namespace]) for wait in waits]


def _snapshot(cluster: Cluster, namespace: str) -> Snapshot | ClusterError:
    try:
        return snapshot(cluster, namespace)
    except ClusterError as error:
        return error


def _state(cluster: Cluster, wait: _Wait, seen: Snapshot | ClusterError) -> _State | None:
    if isinstance(seen, ClusterError):
        return _State(str(seen), final=True) if seen.status == HTTPStatus.FORBIDDEN else _unknown(seen)
    controller = seen.controller(wait.rollout)
    if controller is None:
        return _State("it does not exist: it was deleted in the meantime", final=True)
    lacks = remaining(controller)
    if lacks is None:
        return None
    pods = seen.pods_of(controller)
    try:
        found = finding(controller, pods) or (None if pods else blocked_creation(cluster, controller))
    except ClusterError as error:
        return _unknown(error)
    return _State(lacks, found)


def _unknown(error: ClusterError) -> _State:
    return _State("its state is unknown", Finding("api", str(error)))


def _lines(cluster: Cluster, found: Finding) -> list[str]:
    return [found.message, *details(cluster, found)]
