import hashlib
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tools.cluster.images import Image, write_archive, write_layout


@pytest.fixture
def program(tmp_path: Path) -> Path:
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF")
    return program


def both(program: Path) -> list[Image]:
    files = {"bin/program": program}
    return [Image(f"registry.example.com/ixn/{name}:1", files, ("/bin/program",)) for name in ("one", "two")]


def blob(layout: Path, descriptor: dict[str, Any]) -> bytes:
    algorithm, _, digest = descriptor["digest"].partition(":")
    data = (layout / "blobs" / algorithm / digest).read_bytes()
    assert hashlib.sha256(data).hexdigest() == digest
    assert len(data) == descriptor["size"]
    return data


def manifests(layout: Path) -> dict[str, dict[str, Any]]:
    index = json.loads((layout / "index.json").read_text(encoding="utf-8"))
    return {
        each["annotations"]["io.containerd.image.name"]: json.loads(blob(layout, each))
        for each in index["manifests"]
    }


def test_one_program_under_two_names_has_two_image_ids_and_one_layer(program: Path, tmp_path: Path) -> None:
    write_layout(both(program), tmp_path / "layout")

    found = manifests(tmp_path / "layout")
    assert found.keys() == {f"registry.example.com/ixn/{name}:1" for name in ("one", "two")}
    assert len({each["config"]["digest"] for each in found.values()}) == 2
    assert len({each["layers"][0]["digest"] for each in found.values()}) == 1


def test_a_layer_contains_executables_with_their_directories_and_links(program: Path, tmp_path: Path) -> None:
    image = Image("localhost/shell:1", {"bin/program": program}, ("/bin/sh",), {"bin/sh": "program"})
    layout = tmp_path / "layout"
    write_layout([image], layout)

    (manifest,) = manifests(layout).values()
    config = json.loads(blob(layout, manifest["config"]))
    assert config["rootfs"]["diff_ids"] == [manifest["layers"][0]["digest"]]
    (tmp_path / "layer.tar").write_bytes(blob(layout, manifest["layers"][0]))
    with tarfile.open(tmp_path / "layer.tar") as layer:
        assert layer.getmember("bin").isdir()
        assert layer.getmember("bin/program").mode & 0o111
        assert layer.getmember("bin/sh").linkname == "program"


def test_images_run_as_non_root(program: Path, tmp_path: Path) -> None:
    write_layout(both(program), tmp_path / "layout")

    for manifest in manifests(tmp_path / "layout").values():
        user = json.loads(blob(tmp_path / "layout", manifest["config"]))["config"]["User"]
        assert int(user.partition(":")[0]) > 0


def test_images_are_reproducible(program: Path, tmp_path: Path) -> None:
    layouts = [tmp_path / name for name in ("first", "second")]
    for layout in layouts:
        write_layout(both(program), layout)
        program.touch()

    first, second = (
        {path.relative_to(layout): path.read_bytes() for path in layout.rglob("*") if path.is_file()}
        for layout in layouts
    )
    assert first == second


def test_a_layout_keeps_its_other_images(program: Path, tmp_path: Path) -> None:
    one, two = both(program)
    for image in (one, two, two):
        write_layout([image], tmp_path / "layout")

    index = json.loads((tmp_path / "layout" / "index.json").read_text(encoding="utf-8"))
    assert len(index["manifests"]) == 2
    assert manifests(tmp_path / "layout").keys() == {one.name, two.name}


def test_an_archive_contains_the_whole_layout(program: Path, tmp_path: Path) -> None:
    layout = tmp_path / "layout"
    write_layout(both(program), layout)
    write_archive(layout, tmp_path / "images.tar")

    with tarfile.open(tmp_path / "images.tar") as archive:
        names = {each.name for each in archive if each.isfile()}
    assert names == {str(path.relative_to(layout)) for path in layout.rglob("*") if path.is_file()}
