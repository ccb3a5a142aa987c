"""Container images as an OCI layout, written from static binaries: needs no registry and no image builder."""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

_MEDIA = "application/vnd.oci.image"
_NAME = "io.containerd.image.name"
_PLATFORM = {"architecture": "amd64", "os": "linux"}


@dataclass(frozen=True)
class Image:
    """An image of one layer: its full name with the tag, its files by their paths, and symbolic links."""

    name: str
    files: Mapping[str, Path]
    entrypoint: tuple[str, ...]
    links: Mapping[str, str] = field(default_factory=dict[str, str])
    user: str = "65532:65532"


def write_layout(images: Iterable[Image], layout: Path) -> None:
    """Write the images into the directory `layout`, beside others; the same binaries make the same bytes."""
    (layout / "blobs" / "sha256").mkdir(parents=True, exist_ok=True)
    images = list(images)
    layers: dict[tuple[object, ...], dict[str, Any]] = {}
    manifests = _others(layout / "index.json", {image.name for image in images})
    for image in images:
        content = (*sorted(image.files.items()), *sorted(image.links.items()))
        if content not in layers:
            layers[content] = _blob(layout, f"{_MEDIA}.layer.v1.tar", _layer(image))
        manifests.append(_manifest(layout, image, layers[content]))
    (layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}', encoding="utf-8")
    # Atomically, since a registry may be reading it.
    draft = layout / "index.json.new"
    draft.write_text(json.dumps({"schemaVersion": 2, "manifests": manifests}, indent=1), encoding="utf-8")
    draft.rename(layout / "index.json")


def write_archive(layout: Path, archive: Path) -> None:
    """Pack a layout into the tar file that container runtimes import."""
    with tarfile.open(archive, "w") as tar:
        for path in sorted(layout.rglob("*")):
            tar.add(path, path.relative_to(layout), recursive=False)


def _others(index: Path, names: set[str]) -> list[dict[str, Any]]:
    if not index.exists():
        return []
    known: list[dict[str, Any]] = json.loads(index.read_text(encoding="utf-8"))["manifests"]
    return [each for each in known if each["annotations"][_NAME] not in names]


def _manifest(layout: Path, image: Image, layer: Mapping[str, Any]) -> dict[str, Any]:
    config = {
        **_PLATFORM,
        "config": {
            "Entrypoint": image.entrypoint,
            "User": image.user,
            "WorkingDir": "/",
            # An ID for each name: the kubelet remembers by image ID which pull Secret an image came with.
            "Labels": {"org.opencontainers.image.title": image.name},
        },
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]},
    }
    media_type = f"{_MEDIA}.manifest.v1+json"
    manifest = {
        "schemaVersion": 2,
        "mediaType": media_type,
        "config": _blob(layout, f"{_MEDIA}.config.v1+json", json.dumps(config).encode()),
        "layers": [layer],
    }
    return {
        **_blob(layout, media_type, json.dumps(manifest).encode()),
        "platform": _PLATFORM,
        "annotations": {_NAME: image.name},
    }


def _blob(layout: Path, media_type: str, data: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(data).hexdigest()
    (layout / "blobs" / "sha256" / digest).write_bytes(data)
    return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data)}


def _layer(image: Image) -> bytes:
    """Return the layer's tar, uncompressed: it never leaves the machine."""
    buffer = io.BytesIO()
    paths = {PurePosixPath(path) for path in (*image.files, *image.links)}
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for directory in sorted({parent for path in paths for parent in path.parents} - {PurePosixPath(".")}):
            entry = tarfile.TarInfo(str(directory))
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
        for path, source in sorted(image.files.items()):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = source.stat().st_size, 0o755
            with source.open("rb") as stream:
                tar.addfile(entry, stream)
        for path, target in sorted(image.links.items()):
            entry = tarfile.TarInfo(path)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            tar.addfile(entry)
    return buffer.getvalue()
