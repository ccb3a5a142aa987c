"""What the pods of a stack read: its manifests, mounted into a directory as the kubelet mounts them into a pod."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn.testing import Deployment, Manifest, deploy

from tests.unit.config.stacks import change, program, stack_file

Secrets = Mapping[str, Mapping[str, str]]
"""The content of Secrets by name."""


def deployed(changes: Mapping[str, Any], kubeconfig: Path) -> Deployment[None]:
    """Run the dev stack's program on mocks, as for a cluster, with these values by their paths below `ixn:`."""
    kubeconfig.write_text("contexts:\n- name: test\n", encoding="utf-8")
    config = {key.removeprefix("ixn:"): value for key, value in stack_file("dev")["config"].items()}
    changed = change(config, {"target": {"context": "test"}, **changes})
    secret_keys = ["ixn:secrets"] if "secrets" in changed else []
    values = {f"ixn:{key}": value for key, value in changed.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", str(kubeconfig))
        return deploy(program, config=values, secret_keys=secret_keys)


def mount(found: Deployment[Any], workload: str, existing: Secrets, root: Path) -> Path:
    """Write what the pods of a workload, such as `node`, read; `existing` are Secrets of the operator."""
    (controller,) = (
        each
        for each in found.manifests
        if each.get("kind") in ("Deployment", "StatefulSet") and each["metadata"]["name"] == f"ixn-{workload}-100"
    )
    spec = controller["spec"]["template"]["spec"]
    paths = {each["name"]: each["mountPath"] for each in spec["containers"][0]["volumeMounts"]}
    for volume in spec["volumes"]:
        directory = root / paths[volume["name"]].lstrip("/")
        for name, content in _content(volume, found, existing).items():
            directory.mkdir(parents=True, exist_ok=True)
            (directory / name).write_text(content, encoding="utf-8")
    return root


def _content(volume: Manifest, found: Deployment[Any], existing: Secrets) -> Mapping[str, str]:
    if secret := volume.get("secret"):
        return _secret(secret["secretName"], found, existing)
    if config_map := volume.get("configMap"):
        return found.manifest("ConfigMap", config_map["name"])["data"]
    sources = [source["secret"] for source in volume.get("projected", {}).get("sources", ())]
    return {
        item["path"]: _secret(source["name"], found, existing)[item["key"]]
        for source in sources
        for item in source["items"]
    }


def _secret(name: str, found: Deployment[Any], existing: Secrets) -> Mapping[str, str]:
    if name in existing:
        return existing[name]
    return found.manifest("Secret", name)["stringData"]
