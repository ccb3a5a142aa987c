"""The volumes of the pods: the settings file, Secrets and logs."""

from typing import Any

import pytest
from pulumi_ixn import Absent, LogStorage

from tests.unit.deployed import container, env, made, template
from tests.unit.samples import pod


def test_the_settings_file_is_mounted_at_its_configured_path() -> None:
    found = made()
    mounts = {each["name"]: each for each in container(found, "node")["volumeMounts"]}
    volumes = {each["name"]: each for each in template(found, "node")["spec"]["volumes"]}

    assert env(found, "node")["SETTINGS_PATH"] == f"{mounts['settings']['mountPath']}/settings.json"
    assert volumes["settings"]["configMap"]["name"] == "ixn-node-100-settings"


def test_secrets_are_mounted_at_the_vendor_paths() -> None:
    found = made()
    for workload, name, path in (
        ("server", "kafka-shared-secret", "/mnt/env-secrets/kafka-secrets"),
        ("node", "redis-ors-secret", "/mnt/env-secrets/redis-secrets"),
        ("vqnode", "kafka-shared-secret", "/mnt/env-secrets/kafka-secrets"),
    ):
        volumes = {
            each["secret"]["secretName"]: each["name"]
            for each in template(found, workload)["spec"]["volumes"]
            if "secret" in each
        }
        mounts = {each["name"]: each for each in container(found, workload)["volumeMounts"]}
        assert mounts[volumes[name]] == {"name": volumes[name], "mountPath": path, "readOnly": True}


def test_pods_roll_only_when_the_settings_file_changes() -> None:
    def checksum(**changes: Any) -> str:
        return template(made(**changes), "node")["metadata"]["annotations"]["checksum/settings"]

    assert checksum() == checksum(node=pod("ixn/node"))
    assert checksum() != checksum(redis=Absent())


def test_log_storage_with_size_and_class_uses_a_volume_claim(preview: bool) -> None:
    stateful_set = made(preview, log_storage=LogStorage("5Gi", "fast")).manifest("StatefulSet", "ixn-server-100")
    (claim,) = stateful_set["spec"]["volumeClaimTemplates"]

    assert claim["spec"]["storageClassName"] == "fast"
    assert claim["spec"]["resources"]["requests"]["storage"] == "5Gi"
    assert "logs" not in [each["name"] for each in stateful_set["spec"]["template"]["spec"]["volumes"]]
    assert claim["metadata"]["name"] in [
        each["name"] for each in stateful_set["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
    ]


@pytest.mark.parametrize("storage", [LogStorage(), LogStorage("5Gi")])
def test_logs_use_an_empty_dir_without_a_size_and_a_class(storage: LogStorage) -> None:
    stateful_set = made(log_storage=storage).manifest("StatefulSet", "ixn-server-100")

    assert "volumeClaimTemplates" not in stateful_set["spec"]
    assert {"name": "logs", "emptyDir": {}} in stateful_set["spec"]["template"]["spec"]["volumes"]
