"""An API server that accepts connections and never answers, on loopback."""

import json
import socket
import time
from collections.abc import Generator

import pytest
from pulumi_ixn.config import load
from pulumi_ixn.live.cluster import Cluster, ClusterError, connect
from pulumi_ixn.live.preflight import PreflightError, preflight
from pulumi_ixn.live.subject import Subject

from tests.unit.config.stacks import stack_config


@pytest.fixture
def silent() -> Generator[Cluster]:
    """An API server whose connections stay in the queue of the listening socket."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = f"http://127.0.0.1:{listener.getsockname()[1]}"
        kubeconfig = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "here",
            "clusters": [{"name": "here", "cluster": {"server": server}}],
            "users": [{"name": "here", "user": {"token": "t"}}],
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": "here"}}],
        }
        yield connect("here", json.dumps(kubeconfig))


def test_the_checks_end_within_their_time(silent: Cluster) -> None:
    subject = Subject("organization/ixn/prod", load(stack_config("prod")))
    started = time.monotonic()

    with pytest.raises(PreflightError, match="does not respond"):
        preflight(silent, subject, seconds=0.5)
    assert time.monotonic() - started < 5


def test_requests_after_the_limit_are_not_sent(silent: Cluster) -> None:
    limited = silent.limited(0)
    started = time.monotonic()

    with pytest.raises(ClusterError, match="too slow"):
        limited.get("/api/v1/namespaces/ixn")
    assert time.monotonic() - started < 0.5
