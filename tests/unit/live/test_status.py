"""The status of tenants, against an API server that a test fills."""

from typing import Any

import pytest
from pulumi_ixn.live.status import TenantStatus, tenant_statuses
from pulumi_ixn.live.subject import Subject
from pulumi_ixn.policies import cilium_policy

from tests.unit.live.api_server import ApiServer
from tests.unit.live.stacks import NAMESPACE, STACK, objects, settings

CERTIFICATES = f"/apis/cert-manager.io/v1/namespaces/{NAMESPACE}/certificates"
STATEFUL_SETS = f"/apis/apps/v1/namespaces/{NAMESPACE}/statefulsets"


@pytest.fixture
def server() -> ApiServer:
    """A cluster with the Secrets of the stack prod, its IXN Servers, and cert-manager."""
    made = ApiServer(Subject(STACK, settings()))
    made.served["/apis/cert-manager.io/v1"] = ["certificates"]
    for each in objects("StatefulSet", {}):
        made.put(f"{STATEFUL_SETS}/{each['metadata']['name']}", each)
    for each in made.objects.values():
        each["metadata"] |= {"uid": "1", "creationTimestamp": "2026-01-01T00:00:00Z", "resourceVersion": "7"}
    return made


def status(server: ApiServer) -> TenantStatus:
    """Return the status of the tenant east."""
    return next(each for each in tenant_statuses(settings(), [], server) if each.tenant == "east")


def certificate(name: str, secret: str, ready: str = "True", **found: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": name},
        "spec": {"secretName": secret},
        "status": {"conditions": [{"type": "Ready", "status": ready}], **found},
    }


def test_certificates_of_the_secrets_that_pods_read_have_revision_expiry_and_readiness(server: ApiServer) -> None:
    secret = "ixn-db-secret-310"
    server.put(f"{CERTIFICATES}/a", certificate("a", secret, revision=3, notAfter="2026-06-01T00:00:00Z"))
    server.put(f"{CERTIFICATES}/b", certificate("b", secret, ready="False"))
    server.put(f"{CERTIFICATES}/c", certificate("c", "somebody-elses"))

    first, second = status(server).certificates

    assert (first.name, first.secret, first.revision, first.expires) == ("a", secret, 3, "2026-06-01T00:00:00Z")
    assert (first.ready, second.ready) == (True, False)
    assert second.expires is None


def test_resources_that_the_api_server_does_not_have_may_be_forbidden(server: ApiServer) -> None:
    server.denied = {"certificates/list", "ciliumnetworkpolicies/list"}
    del server.served["/apis/cert-manager.io/v1"]
    del server.served[f"/apis/{cilium_policy.API_VERSION}"]

    assert status(server).unread == []


def test_resources_that_may_not_be_listed_are_named_and_the_others_shown(server: ApiServer) -> None:
    server.denied = {"certificates/list", "ciliumnetworkpolicies/list"}
    found = status(server)

    assert found.unread == ["ciliumnetworkpolicies", "certificates"]
    assert [each.name for each in found.secrets if each.exists]
    assert found.workloads[0].state == "in progress"


def test_the_event_of_a_stateful_set_whose_pods_cannot_be_created_is_its_trouble(server: ApiServer) -> None:
    events = {"items": [{"reason": "FailedCreate", "message": "exceeded quota: small"}]}
    server.put(f"/api/v1/namespaces/{NAMESPACE}/events", events)

    (trouble,) = status(server).workloads[0].troubles
    assert "exceeded quota: small" in trouble
