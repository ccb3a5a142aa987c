"""Updates that are interrupted: afterwards `ixn recover` and one `up` end like an undisturbed update.

Without server-side apply, the plugin rejects an object that exists, as newer ones do always.
"""

import itertools
import signal
import threading
import time
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.interrupted import UP, InterruptedStack, kill_session, stopped, wait_for
from tests.cluster.proxy import Lost, Proxy, Request, no_fault, running_proxy
from tests.engine.project import Run
from tools.cluster.client import Client
from tools.cluster.control_plane import Simulation, running_control_plane

POINTS = 50
"""After how many of the requests that change the cluster an update is killed, in `make test-all`."""

AWAY_SECONDS = 30
ETCD_SECONDS = 10


@dataclass(frozen=True)
class Undisturbed:
    """The result of an update that nothing interrupts."""

    contents: dict[str, Any]
    urns: Counter[str]
    writes: int
    """How many requests it sent that change the cluster."""


@dataclass(frozen=True)
class Lab:
    """A control plane behind a proxy, for many stacks in namespaces of their own."""

    client: Client
    proxy: Proxy
    directory: Path
    numbers: "itertools.count[int]"
    results: dict[bool, Undisturbed]

    def stack(self, *, server_side: bool) -> InterruptedStack:
        """Return a new stack."""
        name = f"ixn-{next(self.numbers)}"
        directory = self.directory / name
        directory.mkdir()
        self.proxy.reset()
        return InterruptedStack(self.client, self.proxy, directory, name, server_side=server_side)

    def undisturbed(self, *, server_side: bool) -> Undisturbed:
        """Return the result of an undisturbed update; run it once."""
        if server_side not in self.results:
            stack = self.stack(server_side=server_side)
            stack.project.pulumi(*UP)
            stack.provide_secrets()
            urns = Counter(each["urn"] for each in stack.state()["resources"])
            self.results[server_side] = Undisturbed(stack.contents(), urns, self.proxy.writes)
        return self.results[server_side]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Generator[Lab]:
    directory = tmp_path_factory.mktemp("recovery")
    with (
        running_control_plane(Simulation(volumes=200)) as client,
        running_proxy(client.kubeconfig, directory) as proxy,
    ):
        yield Lab(client, proxy, directory, itertools.count(1), {})


def recovered(lab: Lab, stack: InterruptedStack, *, server_side: bool, by_guide: bool = False) -> str:
    """Recover the stack and compare it with an undisturbed one; return what `ixn recover` printed."""
    lab.proxy.reset()
    expected = lab.undisturbed(server_side=server_side)
    lab.proxy.reset()
    return stack.assert_recovers(expected.contents, expected.urns, by_guide=by_guide)


def points() -> list[Any]:
    """Return the points at which an update is killed: three of all, and the others in `make test-all`."""
    usual = {5: False, 24: True, 40: False}
    every = [(point, server_side) for point in range(POINTS) for server_side in (True, False)]
    marks = {each: () if usual.get(each[0]) is each[1] else (pytest.mark.full,) for each in every}
    return [pytest.param(*each, marks=marks[each]) for each in every]


@pytest.mark.parametrize(("point", "server_side"), points())
def test_an_update_that_is_killed(point: int, server_side: bool, lab: Lab) -> None:
    number = 1 + point * lab.undisturbed(server_side=server_side).writes // POINTS
    stack = lab.stack(server_side=server_side)
    with stack.running_up() as process:

        def kill(request: Request) -> None:
            if request.number >= number:
                kill_session(process.pid)
                raise Lost

        # By turns, the API server has not seen the request, or its answer is lost.
        lab.proxy.before, lab.proxy.after = (kill, no_fault) if point % 2 else (no_fault, kill)
        process.wait(timeout=60)
    assert process.returncode == -signal.SIGKILL
    stack.tear_attributes()

    recovered(lab, stack, server_side=server_side)
    if server_side:  # with another field manager, the next change of an object would conflict
        stack.change_versions()
        stack.project.pulumi(*UP)


def modes() -> list[Any]:
    """Return both modes of the provider, with server-side apply in `make test-all` only."""
    return [pytest.param(False, id="client-side"), pytest.param(True, id="server-side", marks=pytest.mark.full)]


@pytest.mark.parametrize("server_side", modes())
def test_an_update_whose_requests_fail_or_lose_their_answers(server_side: bool, lab: Lab) -> None:
    stack = lab.stack(server_side=server_side)

    def overloaded(request: Request) -> int | None:
        return 429 if request.number % 3 == 1 else None

    def failing(request: Request) -> int | None:
        return 500 if request.number > 12 and request.number % 2 else None

    lab.proxy.before, lab.proxy.after = overloaded, failing
    assert "injected" in stack.fails(*UP).output

    assert "Existing objects" in recovered(lab, stack, server_side=server_side, by_guide=True)


@pytest.mark.full
@pytest.mark.parametrize("server_side", [True, False])
def test_an_update_whose_requests_are_throttled_succeeds(server_side: bool, lab: Lab) -> None:
    stack = lab.stack(server_side=server_side)
    lab.proxy.before = lambda request: 429 if request.number % 3 == 1 else None

    stack.project.pulumi(*UP)

    recovered(lab, stack, server_side=server_side)


@pytest.mark.full
@pytest.mark.parametrize("server_side", [True, False])
def test_an_update_during_which_the_api_server_is_away(server_side: bool, lab: Lab) -> None:
    stack = lab.stack(server_side=server_side)
    back: list[float] = []

    def away(request: Request) -> None:
        if not back and request.number == 12:
            back.append(time.monotonic() + AWAY_SECONDS)
            lab.proxy.cut()
        if back and time.monotonic() < back[0]:
            raise Lost

    with stack.running_up() as process:
        lab.proxy.before = away
        process.wait(timeout=120)
        assert back
    time.sleep(max(0, back[0] - time.monotonic()))

    recovered(lab, stack, server_side=server_side)


@pytest.mark.full
@pytest.mark.parametrize("server_side", [True, False])
def test_an_update_during_which_etcd_stops_and_starts(server_side: bool, lab: Lab) -> None:
    stack = lab.stack(server_side=server_side)
    with stack.running_up() as process:
        wait_for(lambda: lab.proxy.writes > 10)
        with stopped(lab.client, "etcd"):
            time.sleep(ETCD_SECONDS)
        process.wait(timeout=120)
    wait_for(lab.client.ready)

    recovered(lab, stack, server_side=server_side)


def refused(stack: InterruptedStack) -> Run:
    """Return a second update; repeat it if it read the state while the first one was writing it."""
    for _ in range(5):
        run = stack.fails(*UP)
        if "EOF" not in run.output:
            return run
    raise AssertionError("the state was unreadable five times")


def test_a_second_update_and_a_recovery_are_refused_while_one_runs(lab: Lab) -> None:
    stack = lab.stack(server_side=True)
    held = threading.Event()

    def hold(request: Request) -> None:
        if request.number == 5:
            held.wait(60)

    with stack.running_up() as process:
        lab.proxy.before = hold
        wait_for(lambda: lab.proxy.writes >= 5)
        second = refused(stack)
        recovery = stack.project.ixn("recover", "--yes")
        held.set()
        output, _ = process.communicate(timeout=60)
    assert "currently locked" in second.output
    assert recovery.code == 1
    assert "an update is running" in recovery.output
    assert f"process {process.pid} " in recovery.output
    assert process.returncode == 0, output

    assert "Nothing to recover" in recovered(lab, stack, server_side=True)


@pytest.mark.full
@pytest.mark.parametrize("server_side", [True, False])
def test_a_state_that_was_lost(server_side: bool, lab: Lab) -> None:
    stack = lab.stack(server_side=server_side)
    stack.project.pulumi(*UP)
    stack.project.pulumi("stack", "rm", "--force", "--yes", "--preserve-config")
    stack.project.run("stack", "init", stack.project.stack, "--secrets-provider", "passphrase").succeeded()

    # The generated passwords were in the state only, so that the pods that read them are replaced.
    stack.assert_recovers(None, lab.undisturbed(server_side=server_side).urns)
