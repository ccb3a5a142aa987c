"""Components that wait for their rollouts, on mocks; the wait itself is tested in tests/unit/live."""

import asyncio
import gc
import json
from collections.abc import Generator
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks, set_mocks
from pulumi_ixn import ConnectivityCheckOptions, Image, Rollout
from pulumi_ixn.stack import deploy as deploy_stack
from pulumi_ixn.stack import stack_settings
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.config.stacks import program, stack_file
from tests.unit.live.fake_cluster import FakeCluster, controller
from tests.unit.registrations import Registrations, registrations
from tests.unit.samples import NAMESPACE, ixn

__all__ = ["registrations"]

ALL = {
    Rollout("StatefulSet", NAMESPACE, "ixn-server-100"),
    Rollout("Deployment", NAMESPACE, "ixn-node-100"),
    Rollout("Deployment", NAMESPACE, "ixn-vqnode-100"),
}
CHECK = ConnectivityCheckOptions(Image("tools/busybox", "1.37"))


class Waiter:
    """Wait for nothing; `failing` rollouts never finish."""

    def __init__(self, *failing: str) -> None:
        self.awaited: list[Rollout] = []
        self._failing = failing

    async def __call__(self, rollout: Rollout) -> None:
        self.awaited.append(rollout)
        if rollout.name in self._failing:
            raise pulumi.RunError(f"{rollout} failed")


@pytest.fixture
def abandoned() -> Generator[None]:
    """Retrieve the errors of outputs that nobody awaits: asyncio would print them at exit."""
    yield
    for each in gc.get_objects():
        if isinstance(each, asyncio.Future) and each.done() and not each.cancelled():
            each.exception()


def annotations(found: Deployment[Any], of: Rollout) -> dict[str, str]:
    return found.manifest(of.kind, of.name)["metadata"].get("annotations", {})


def test_an_update_waits_for_all_three_workloads() -> None:
    waiter = Waiter()
    deploy(lambda: ixn(rollout=waiter))

    assert set(waiter.awaited) == ALL
    assert len(waiter.awaited) == len(ALL)


def test_a_preview_waits_for_nothing_and_shows_the_jobs_that_wait_for_rollouts() -> None:
    waiter = Waiter()
    found = deploy(lambda: ixn(rollout=waiter, connectivity_check=CHECK), preview=True)

    assert waiter.awaited == []
    assert len(found.of_type("kubernetes:batch/v1:Job")) == 3


class Existing(mocks.Mocks):
    """Resources that exist already, so that a preview knows their ids."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        return {}, None


def test_a_preview_does_not_wait_for_pods_that_exist_either() -> None:
    waiter = Waiter()
    set_mocks(Existing(), preview=True)

    pulumi.runtime.test(lambda: ixn(rollout=waiter).connections)()

    assert waiter.awaited == []


def test_the_provider_waits_only_if_the_program_does_not(preview: bool) -> None:
    given = deploy(lambda: ixn(rollout=Waiter()), preview=preview)
    default = deploy(ixn, preview=preview)

    for each in ALL:
        assert annotations(given, each) == {"pulumi.com/waitFor": "jsonpath={.metadata.uid}"}
        assert annotations(default, each) == {}
        template = given.manifest(each.kind, each.name)["spec"]["template"]
        assert template == default.manifest(each.kind, each.name)["spec"]["template"], "pods would be replaced"


def test_rolled_out_is_the_controller_once_its_rollout_is_done() -> None:
    waiter = Waiter()

    def program() -> pulumi.Output[bool]:
        node = ixn(rollout=waiter).node
        return node.rolled_out.apply(lambda found: found is node.deployment and bool(waiter.awaited))

    assert deploy(program).result is True


def test_rolled_out_needs_no_waiter(preview: bool) -> None:
    def program() -> pulumi.Output[bool]:
        server = ixn().server
        return server.rolled_out.apply(lambda found: found is server.stateful_set)

    assert deploy(program, preview=preview).result is True


def test_a_rollout_that_fails_is_the_error_of_the_program() -> None:
    with pytest.raises(pulumi.RunError, match="ixn-vqnode-100 failed"):
        deploy(lambda: ixn(rollout=Waiter("ixn-vqnode-100")))


@pytest.mark.usefixtures("abandoned")
def test_no_job_runs_before_the_workloads_to_which_it_connects_are_rolled_out(
    registrations: Registrations,
) -> None:
    with pytest.raises(pulumi.RunError):
        deploy(lambda: ixn(rollout=Waiter("ixn-server-100"), connectivity_check=CHECK))

    jobs = {each.name for each in registrations.all.values() if each.type == "kubernetes:batch/v1:Job"}
    assert "east-check-node" not in jobs, "it connects to IXN Server"


def test_a_stack_that_renders_manifests_has_no_rollouts(preview: bool) -> None:
    found = deploy(program, stack="dev", config=stack_file("dev")["config"], preview=preview)

    assert all(annotations(found, each) == {} for each in ALL)


@pytest.fixture
def live_config(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The configuration of a stack on the cluster of the context `here`, whose rollouts may take a second."""
    monkeypatch.setenv("KUBECONFIG", json.dumps({"contexts": [{"name": "here"}]}))
    return {
        **stack_file("dev")["config"],
        "ixn:target": {"context": "here"},
        "ixn:rollout": {"timeout": 1},
        "ixn:preflight": False,
    }


def run_on(cluster: FakeCluster, config: dict[str, Any], preview: bool = False) -> Deployment[Any]:
    """Run the program of a stack that is deployed to a cluster."""
    return deploy(lambda: deploy_stack(stack_settings(), cluster), stack="dev", config=config, preview=preview)


def test_a_stack_on_a_cluster_waits_for_its_rollouts(live_config: dict[str, Any], preview: bool) -> None:
    done = FakeCluster([controller("ixn-node-100"), controller("ixn-vqnode-100")], [controller("ixn-server-100")])
    found = run_on(done, live_config, preview)

    assert bool(done.requests) is not preview
    assert all("pulumi.com/waitFor" in annotations(found, each) for each in ALL)


def test_a_stack_reports_the_rollouts_that_take_longer_than_its_timeout(live_config: dict[str, Any]) -> None:
    nodes = [controller("ixn-node-100"), controller("ixn-vqnode-100", available=0)]

    with pytest.raises(pulumi.RunError, match="ixn-vqnode-100: not rolled out after 1 s") as raised:
        run_on(FakeCluster(nodes, [controller("ixn-server-100", available=0)]), live_config)

    assert "ixn-server-100: not rolled out" in str(raised.value)
    assert "ixn-node-100" not in str(raised.value)


def test_a_program_on_mocks_uses_no_cluster(live_config: dict[str, Any], preview: bool) -> None:
    found = deploy(program, stack="dev", config=live_config, preview=preview)

    assert all("pulumi.com/waitFor" not in annotations(found, each) for each in ALL)
