from collections.abc import Sequence
from typing import Any

from pulumi_ixn.live.checkpoint import UNKNOWN
from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.live.lookup import Lookup
from pulumi_ixn.live.recovery import Findings, examine

from tests.unit.live.states import OWNER, PROVIDER, config_map, creating, live, provider, stack, state

PATH = "/api/v1/namespaces/ixn/configmaps"


class Objects(Cluster):
    """A cluster that has these ConfigMaps."""

    def __init__(self, *items: Object) -> None:
        self._items = {item["metadata"]["name"]: item for item in items}

    def get(self, path: str, **options: Any) -> Object | None:
        if path == "/api/v1":
            kinds = [("configmaps", "ConfigMap"), ("configmaps/status", "ConfigMap"), ("namespaces", "Namespace")]
            found = [{"name": name, "kind": kind, "namespaced": kind == "ConfigMap"} for name, kind in kinds]
            return {"resources": found}
        if path == PATH:
            # Like the API server, without the kind of each.
            listed = [
                {key: part for key, part in each.items() if key not in ("kind", "apiVersion")}
                for each in self._items.values()
            ]
            return {"items": listed}
        parent, _, name = path.rpartition("/")
        return self._items.get(name) if parent == PATH else None


def found(deployment: Any, *items: Object, planned: Sequence[Any] = (), preview: bool = True) -> Findings:
    steps = [{"op": "create", "newState": each} for each in planned]
    return examine(deployment, {"steps": steps} if preview else None, Lookup(Objects(*items)), OWNER)


def interrupted(*resources: Any, kind: str = "creating", recorded: Sequence[Any] = ()) -> dict[str, Any]:
    operations = [{**each, "type": kind} for each in creating(*resources)]
    return {**state(*recorded), "pending_operations": operations}


def names(items: Sequence[Object]) -> list[str]:
    return [each["metadata"]["name"] for each in items]


def test_a_complete_state_needs_no_change() -> None:
    recorded = config_map("settings", id="ixn/settings")

    findings = found(state(recorded), live("settings"))

    assert not findings.changes
    assert findings.result == state(recorded)
    assert (findings.orphans, findings.foreign) == ([], [])


def test_objects_of_interrupted_and_of_failed_creations_are_taken() -> None:
    one, other, missing = (config_map(name) for name in ("one", "other", "missing"))

    findings = found(interrupted(one, missing), live("one"), live("other"), planned=[other])

    assert [each["id"] for each in findings.taken] == ["ixn/one", "ixn/other"]
    assert findings.result is not None
    assert "pending_operations" not in findings.result


def test_objects_of_others_are_reported_and_left_alone() -> None:
    one, other = config_map("one"), config_map("other")

    findings = found(interrupted(one), live("one", owner=None), live("other", owner="a/b/c"), planned=[other])

    assert names(findings.foreign) == ["one", "other"]
    assert not findings.taken


def test_an_interrupted_creation_that_a_later_update_completed_is_forgotten() -> None:
    recorded = config_map("settings", id="ixn/settings")

    findings = found(interrupted(config_map("settings"), recorded=[recorded]), live("settings"))

    assert findings.changes
    assert findings.result == state(recorded)


def test_an_interrupted_deletion_is_complete_if_the_object_no_longer_exists() -> None:
    gone, kept = config_map("gone", id="ixn/gone"), config_map("kept", id="ixn/kept")

    findings = found(interrupted(gone, kept, kind="deleting", recorded=[gone, kept]), live("kept"))

    assert findings.gone == [gone["urn"]]
    assert findings.result == state(kept)


def test_objects_that_are_being_deleted_are_waited_for() -> None:
    item = live("settings")
    item["metadata"]["deletionTimestamp"] = "2026-11-29T15:00:00Z"

    assert names(found(interrupted(config_map("settings")), item).terminating) == ["settings"]


def test_objects_of_the_stack_that_nothing_plans_are_orphans() -> None:
    recorded = config_map("settings", id="ixn/settings")
    made = live("made")
    made["metadata"]["ownerReferences"] = [{"kind": "Deployment"}]
    cluster = [live("settings"), live("orphan"), live("foreign", owner="a/b/c"), live("unowned", owner=None), made]

    assert names(found(state(recorded), *cluster).orphans) == ["orphan"]
    assert not found(state(recorded), *cluster, preview=False).orphans


def test_a_database_that_stays_on_purpose_is_no_orphan() -> None:
    old, new = live("old", kind="Cluster"), live("new", kind="Cluster")
    recorded = config_map("new", id="ixn/new")
    recorded["inputs"]["kind"], recorded["type"] = "Cluster", "kubernetes:core/v1:Cluster"

    class Clusters(Objects):
        def get(self, path: str, **options: Any) -> Object | None:
            if path == "/api/v1":
                return {"resources": [{"name": "configmaps", "kind": "Cluster", "namespaced": True}]}
            return super().get(path, **options)

    assert not examine(state(recorded), {"steps": []}, Lookup(Clusters(old, new)), OWNER).orphans


def test_a_provider_that_the_state_lacks_has_to_be_created_first() -> None:
    lost = {"resources": [stack()]}
    kubernetes = {key: value for key, value in provider().items() if key != "id"}
    settings = config_map("settings", provider=f"{PROVIDER}::{UNKNOWN}")
    other = {**kubernetes, "urn": "urn:pulumi:dev::ixn::pulumi:providers:other::other"}

    findings = found(lost, live("settings"), planned=[kubernetes, settings, other])

    assert findings.providers == [PROVIDER]
    assert [each["id"] for each in findings.taken] == ["ixn/settings"]
    assert not findings.orphans
    assert not found(lost, planned=[kubernetes, settings]).providers
