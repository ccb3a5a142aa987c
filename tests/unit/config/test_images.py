"""The list of images that a stack needs."""

from typing import Any

from pulumi_ixn.config import load
from pulumi_ixn.config.images import images_of

from tests.unit.config.stacks import change, stack_config
from tests.unit.provisioning.jobs import SETTINGS

DIGEST = f"sha256:{'0' * 64}"


def images(stack: str, changes: dict[str, Any]) -> dict[str, list[str]]:
    found = images_of(load(change(stack_config(stack), changes)))
    return {each.image: list(each.used_by) for each in found}


def test_the_images_of_all_tenants_are_listed_once_and_sorted() -> None:
    found = images("prod", {"tenants.east.ixnService": {"ixnNode": {"image": {"tag": "100.0.009.0000"}}}})

    assert list(found) == sorted(found)
    assert [image for image, users in found.items() if "ixn-node" in users] == [
        image for image in found if "/ixn_node:" in image
    ]
    assert len([image for image in found if "/ixn_node:" in image]) == 2


def test_every_container_and_volume_counts() -> None:
    extra = {
        "ixnService.ixnServer.sidecars": [{"name": "fluent-bit", "image": "mirror.example.com/fluent-bit:4.0"}],
        "ixnVQNode.pod": {
            "initContainers": [{"name": "wait", "image": f"tools/wait@{DIGEST}"}],
            "volumes": [{"name": "data", "image": {"reference": "tools/data:1"}}],
        },
        "peers.ixnDB.provisioned": SETTINGS,
        "connectivityCheck": {"image": {"repository": "tools/busybox", "tag": "1.37", "digest": DIGEST}},
    }
    found = images("dev", extra)

    assert found["mirror.example.com/fluent-bit:4.0"] == ["ixn-server: fluent-bit"]
    assert found[f"tools/wait@{DIGEST}"] == ["ixn-vqnode: wait"]
    assert found["tools/data:1"] == ["ixn-vqnode: data"]
    assert found[f"registry.example.com/tools/busybox:1.37@{DIGEST}"] == ["connectivity check"]
    assert found["registry.example.com/tools/postgres:15.14"] == ["provisioned databases"]
    assert len(found) == 8


def test_the_parts_of_an_image_are_those_that_a_mirror_needs() -> None:
    config = change(stack_config("dev"), {"ixnVQNode.image.digest": DIGEST, "image.registry": "localhost:5000/a"})
    (found,) = (each for each in images_of(load(config)) if each.used_by == ["ixn-vqnode"])

    assert found.image == f"localhost:5000/a/ixn/ixn_vq_node:100.0.008.0201@{DIGEST}"
    assert tuple(found.parts) == ("localhost:5000", "a/ixn/ixn_vq_node", "100.0.008.0201", DIGEST)
