"""The wait for rollouts: when it ends, and what it says if a rollout does not finish."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

import pulumi
import pytest
from pulumi_ixn import Rollout
from pulumi_ixn.live.cluster import ClusterError
from pulumi_ixn.live.rollouts import Rollouts

from tests.unit.live.fake_cluster import NAMESPACE, PODS, WORKLOADS, FakeCluster, controller, event, pod

T = TypeVar("T")

SERVER = Rollout("StatefulSet", NAMESPACE, "server")
NODE = Rollout("Deployment", NAMESPACE, "node")


def run(program: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine. `asyncio.run` would remove the thread's event loop, which the SDK uses in other tests."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(program)
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def wait(cluster: FakeCluster, *rollouts: Rollout, timeout: float = 0) -> list[str | None]:
    """Wait for the rollouts; return the error of each, None for one that is done."""

    async def all_of_them() -> Sequence[BaseException | None]:
        wait_for = Rollouts(cluster, timeout)
        return await asyncio.gather(*map(wait_for, rollouts), return_exceptions=True)

    found = run(all_of_them())
    assert all(error is None or isinstance(error, pulumi.RunError) for error in found), found
    return [None if error is None else str(error) for error in found]


def failure(pod: Mapping[str, Any], events: Sequence[Any] = (), logs: Mapping[str, str] | None = None) -> str:
    """Return the error for a StatefulSet whose only pod is in this state."""
    unavailable = controller("server", available=0)
    cluster = FakeCluster((), [unavailable], [pod], {pod["metadata"]["uid"]: events}, logs)
    (error,) = wait(cluster, SERVER)
    assert error is not None
    return error


def test_rollouts_that_are_done_take_one_list_of_each_kind() -> None:
    cluster = FakeCluster([controller("node", 2, 2, 2, 2)], [controller("server")])

    assert wait(cluster, SERVER, NODE) == [None, None]
    assert cluster.requests == [f"{WORKLOADS}/statefulsets", f"{WORKLOADS}/deployments"]


@pytest.mark.parametrize(
    ("unfinished", "lacks"),
    [
        (controller("node", 2, 1, 2, 3), "1 of 2 pods updated"),
        (controller("node", 2, 2, 1, 2), "1 of 2 pods available"),
        (controller("node", 2, 2, 2, 3), "1 pods of the previous template left"),
        ({**controller("node"), "status": {"observedGeneration": 1}}, "has not seen the update"),
        ({**controller("node"), "status": {}}, "has not seen the update"),
    ],
    ids=["not updated", "not available", "old pods", "old status", "no status"],
)
def test_a_rollout_is_done_when_all_its_pods_are_updated_available_and_the_only_ones(
    unfinished: dict[str, Any], lacks: str
) -> None:
    (error,) = wait(FakeCluster([unfinished]), NODE)

    assert error
    assert "Deployment ixn/node" in error
    assert lacks in error


def test_no_pods_are_wanted_when_scaled_to_zero() -> None:
    assert wait(FakeCluster([controller("node", 0, 0, 0, 0)]), NODE) == [None]


def test_a_rollout_that_finishes_in_time_is_awaited() -> None:
    cluster = FakeCluster([controller("node", available=0)], [], [pod("node")])
    later: list[dict[str, Any]] = []

    async def program() -> None:
        waiting = asyncio.ensure_future(Rollouts(cluster, 60)(NODE))
        await asyncio.sleep(0.05)
        later.append(controller("node"))
        assert not waiting.done()
        cluster.lists[f"{WORKLOADS}/deployments"] = later
        await waiting

    run(program())


def test_rollouts_that_fail_are_reported_together_after_the_others_are_done() -> None:
    broken = [controller("server", available=0)]
    cluster = FakeCluster([controller("node", available=0), controller("vqnode")], broken, [])

    errors = wait(cluster, SERVER, NODE, Rollout("Deployment", NAMESPACE, "vqnode"))

    assert errors[2] is None
    assert errors[0] == errors[1]
    assert errors[0]
    assert "StatefulSet ixn/server" in errors[0]
    assert "Deployment ixn/node" in errors[0]
    assert "ixn:rollout.timeout" in errors[0]


def test_a_failed_rollout_does_not_end_the_wait_for_another() -> None:
    cluster = FakeCluster([controller("node", available=0)])  # IXN Server's StatefulSet was deleted

    async def program() -> None:
        waiter = Rollouts(cluster, 60)
        failed, other = asyncio.ensure_future(waiter(SERVER)), asyncio.ensure_future(waiter(NODE))
        await asyncio.sleep(0.1)
        assert not failed.done()
        cluster.lists[f"{WORKLOADS}/deployments"] = [controller("node")]
        await other
        with pytest.raises(pulumi.RunError):
            await failed

    run(program())


def test_an_image_that_cannot_be_pulled_is_named_with_the_pod_and_the_last_event() -> None:
    message = 'Back-off pulling image "registry/ixn:2": not found'
    error = failure(
        pod("server", container={"state": {"waiting": {"reason": "ImagePullBackOff", "message": message}}}),
        [event("Failed", "older", "2026-01-01T00:00:00Z"), event("BackOff", "newer", "2026-01-01T00:00:09Z")],
    )

    assert "pod pod-0, container ixn: ImagePullBackOff" in error
    assert "registry/ixn:2" in error
    assert "BackOff: newer" in error
    assert "older" not in error


def with_others(main: Mapping[str, Any], **others: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pod with the states of its container, of the init container `wait` and of the sidecar `tool`."""
    made = pod("server", container=main)
    made["spec"] = {"initContainers": [{"name": "wait"}, {"name": "tool", "restartPolicy": "Always"}]}
    known = {"image": "tools/tool:1", "ready": False, "restartCount": 0}
    made["status"]["initContainerStatuses"] = [{"name": name, **known, **each} for name, each in others.items()]
    return made


ENDED = {"state": {"terminated": {"exitCode": 0, "reason": "Completed"}}, "ready": True}
RUNS = {"state": {"running": {}}}
WAITS = {"state": {"waiting": {"reason": "PodInitializing"}}}


def test_an_init_container_that_does_not_end_is_named_with_its_log() -> None:
    error = failure(with_others(WAITS, wait=RUNS), logs={"pod-0": "waiting for the database"})

    assert "container wait: an init container that has not ended yet" in error
    assert "waiting for the database" in error


def test_a_sidecar_that_is_not_ready_is_named_with_its_log() -> None:
    sidecar = {**RUNS, "started": True}
    error = failure(with_others({**RUNS, "ready": True}, wait=ENDED, tool=sidecar), logs={"pod-0": "no route"})

    assert "container tool: runs, but is not ready by its probe" in error
    assert "no route" in error


def test_the_container_that_fails_is_named_beside_a_sidecar_that_runs() -> None:
    crashed = {"state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 3}}}
    sidecar = {**RUNS, "ready": True, "started": True}
    error = failure(with_others(crashed, wait=ENDED, tool=sidecar), logs={"pod-0": "no license"})

    assert "container ixn: exited with code 3" in error
    assert "no license" in error


def test_an_unschedulable_pod_is_reported_once_with_the_scheduler_message() -> None:
    message = "0/3 nodes are available: insufficient cpu"
    condition = {"type": "PodScheduled", "status": "False", "message": message}
    error = failure(pod("server", conditions=[condition]), [event("FailedScheduling", message)])

    assert f"pod pod-0 cannot be scheduled: {message}" in error
    assert error.count(message) == 1


def test_an_exceeded_quota_is_named_for_a_stateful_set() -> None:
    message = "create Pod server-0 failed: pods server-0 is forbidden: exceeded quota: small"
    unavailable = controller("server", updated=0, available=0, total=0)
    cluster = FakeCluster([], [unavailable], [], {"uid-server": [event("FailedCreate", message)]})

    (error,) = wait(cluster, SERVER)

    assert error
    assert "exceeded quota: small" in error


def test_an_exceeded_quota_is_named_for_a_deployment_whose_old_pods_run() -> None:
    unavailable = controller("node", updated=0, available=1)
    condition = {"type": "ReplicaFailure", "status": "True", "message": "pods is forbidden: exceeded quota: small"}
    unavailable["status"]["conditions"] = [condition]
    old = pod("node")
    old["status"]["conditions"] = [{"type": "Ready", "status": "True"}]

    (error,) = wait(FakeCluster([unavailable], [], [old]), NODE)

    assert error
    assert "exceeded quota: small" in error


ENDED = {"terminated": {"exitCode": 3, "reason": "Error"}}


@pytest.mark.parametrize(
    ("container", "log"),
    [
        ({"state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": ENDED}, "pod-0"),
        ({"state": ENDED}, "pod-0"),
        ({"state": {"running": {}}, "lastState": ENDED}, "pod-0?previous"),
    ],
    ids=["backing off", "just ended", "started again"],
)
def test_a_crash_is_reported_with_its_exit_code_and_last_log_lines(container: Mapping[str, Any], log: str) -> None:
    error = failure(
        pod("server", container={**container, "restartCount": 4}), logs={log: "starting\nno \x1b[31mlicense\n"}
    )

    assert "exited with code 3 (Error), 4 restarts" in error
    assert error.index("starting") < error.index("license")
    assert "\x1b" not in error


def test_a_failing_readiness_probe_is_reported_with_its_last_event_and_log() -> None:
    error = failure(
        pod("server", container={"state": {"running": {}}, "started": True}),
        [event("Unhealthy", "Readiness probe failed: connection refused"), event("Started", "x", kind="Normal")],
        {"pod-0": "listening on 7121"},
    )

    assert "runs, but is not ready" in error
    assert "Unhealthy: Readiness probe failed: connection refused" in error
    assert "listening on 7121" in error


def test_a_missing_secret_is_reported_with_the_kubelet_message() -> None:
    waiting = {"reason": "CreateContainerConfigError", "message": 'secret "kafka" not found'}
    error = failure(pod("server", container={"state": {"waiting": waiting}}))

    assert 'CreateContainerConfigError: secret "kafka" not found' in error


def test_a_volume_that_cannot_be_mounted_is_reported_by_its_event() -> None:
    waiting = {"reason": "ContainerCreating"}
    error = failure(pod("server", container={"state": {"waiting": waiting}}), [event("FailedMount", "no volume")])

    assert "FailedMount: no volume" in error


def test_the_newest_failing_pod_is_reported() -> None:
    pull = {"state": {"waiting": {"reason": "ErrImagePull", "message": "not found"}}}
    pods = [
        pod("node", "older", pull),
        pod("node", "newer", pull, created="2026-01-02T00:00:00Z"),
        pod("node", "newest", created="2026-01-03T00:00:00Z"),
    ]
    (error,) = wait(FakeCluster([controller("node", 3, 3, 0, 3)], [], pods), NODE)

    assert error
    assert "pod newer" in error


def test_terminating_pods_are_left_out() -> None:
    leaving = pod("node", "leaving", {"state": ENDED})
    leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    (error,) = wait(FakeCluster([controller("node", available=0)], [], [leaving]), NODE)

    assert error
    assert "leaving" not in error


def test_a_controller_that_was_deleted_fails_at_once() -> None:
    (error,) = wait(FakeCluster(), SERVER, timeout=600)

    assert error
    assert "does not exist" in error


def test_a_missing_permission_fails_at_once() -> None:
    cluster = FakeCluster()
    cluster.error = ClusterError("GET statefulsets: forbidden", 403)

    (error,) = wait(cluster, SERVER, timeout=600)

    assert error
    assert "forbidden" in error


def test_an_api_server_that_is_away_is_asked_again() -> None:
    cluster = FakeCluster([], [controller("server")])
    cluster.error = ClusterError("the API server does not respond")

    async def program() -> None:
        waiting = asyncio.ensure_future(Rollouts(cluster, 60)(SERVER))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        cluster.error = None
        await waiting

    run(program())


def test_an_api_server_that_stays_away_is_the_reason() -> None:
    cluster = FakeCluster()
    cluster.error = ClusterError("the API server does not respond")

    (error,) = wait(cluster, SERVER)

    assert error
    assert "does not respond" in error


def test_unreadable_logs_do_not_hide_the_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> str:
        raise ClusterError("GET log: forbidden", 403)

    monkeypatch.setattr(FakeCluster, "text", forbidden)
    error = failure(pod("server", container={"state": ENDED}))

    assert "exited with code 3" in error
    assert "forbidden" in error


def test_a_failing_state_is_a_warning_once_as_soon_as_it_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warnings.append)
    pull = {"state": {"waiting": {"reason": "ErrImagePull", "message": "not found"}}}
    cluster = FakeCluster([controller("node", available=0)], [], [pod("node", container=pull)])

    wait(cluster, NODE, timeout=0.6)

    (warning,) = warnings
    assert warning.startswith("Deployment ixn/node: pod pod-0, container ixn: ErrImagePull")
    assert cluster.requests.count(PODS) > 1


def test_the_status_shows_a_rollout_in_progress_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[str, bool]] = []
    monkeypatch.setattr(pulumi.log, "info", lambda text, ephemeral: shown.append((text, ephemeral)))
    cluster = FakeCluster([controller("node", 2, 2, 1, 2)], [controller("server")])

    wait(cluster, NODE, SERVER, timeout=0.6)

    ((text, ephemeral),) = shown
    assert "Deployment ixn/node: 1 of 2 pods available" in text
    assert ephemeral


def test_a_pod_that_is_starting_is_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warnings.append)
    starting = {"state": {"running": {}}, "started": False}
    pods = [pod("node", container=starting)]
    cluster = FakeCluster([controller("node", available=0)], [], pods, logs={"pod-0": ""})

    wait(cluster, NODE, timeout=0.3)

    assert warnings == []
