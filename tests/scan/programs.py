"""The scanners: how each runs, and its findings."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.scan.findings import Cases, Finding, Manifest
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tools import cache
from tools.builder import built
from tools.errors import UserError
from tools.process import run

REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "checkov.txt"


def schemas(cases: Cases, directory: Path) -> Iterator[Finding]:
    """Yield the violations of the strict schemas of each supported version of Kubernetes."""
    for case, manifest in _each(cases):
        for version in VERSIONS:
            for error in validation_errors(manifest, version):
                yield Finding("schema", version.rpartition(".")[0], case, _target(manifest), error)


def pod_security(cases: Cases, directory: Path) -> Iterator[Finding]:
    """Yield the violations of the Pod Security Standard `restricted`, as the API server's admission finds them."""
    program = built(["pod-security"], os.environ)["pod-security"]
    pods = [
        {"name": json.dumps([case, _target(each)]), "metadata": template["metadata"], "spec": template["spec"]}
        for case, each in _each(cases)
        if (template := each["spec"].get("template") if "spec" in each else None)
    ]
    for each in json.loads(_output([program, "restricted"], (0,), json.dumps(pods))):
        case, target = json.loads(each["name"])
        yield Finding("pod-security", each["check"], case, target, each["detail"])


def kube_score(cases: Cases, directory: Path) -> Iterator[Finding]:
    """Yield what kube-score grades as a warning or worse."""
    program = built(["kube-score"], os.environ)["kube-score"]
    for case in cases:
        files = [str(each) for each in sorted((directory / case).iterdir())]
        command = [program, "score", "--output-format", "json", "--kubernetes-version", "v1.33", *files]
        for scored in json.loads(_output(command, (0, 1))):
            target = f"{scored['type_meta']['kind']}/{scored['object_meta']['name']}"
            for check in scored["checks"] or ():
                comments = check["comments"] or ()
                if check["grade"] < _OK and not check["skipped"]:
                    detail = "; ".join(dict.fromkeys(each["summary"] for each in comments))
                    yield Finding("kube-score", check["check"]["id"], case, target, detail)


_OK = 10
"""The grade of kube-score without an objection."""


def checkov(cases: Cases, directory: Path) -> Iterator[Finding]:
    """Yield the failed checks of checkov."""
    command = [_checkov(os.environ) / "bin" / "python", "-m", "checkov.main", "--directory", str(directory)]
    options = ["--framework", "kubernetes", "--output", "json", "--compact", "--quiet", "--skip-download"]
    found = json.loads(_output([*command, *options], (0, 1)))
    if found["summary"]["parsing_errors"]:
        raise SystemExit(f"checkov could not read {found['summary']['parsing_errors']} files")
    for each in found["results"]["failed_checks"]:
        case, file = Path(each["file_path"].lstrip("/")).parts
        kind, name = file.removesuffix(".yaml").split("--")
        yield Finding("checkov", each["check_id"], case, f"{kind}/{name}", each["check_name"])


SCANNERS = {"schema": schemas, "pod-security": pod_security, "kube-score": kube_score, "checkov": checkov}


def write(cases: Cases, directory: Path) -> None:
    """Write each object to a file of its own, in a directory for each case."""
    for case, manifest in _each(cases):
        (directory / case).mkdir(parents=True, exist_ok=True)
        file = directory / case / f"{_target(manifest).replace('/', '--')}.yaml"
        file.write_text(yaml.safe_dump(_plain(manifest)), encoding="utf-8")


def _each(cases: Cases) -> Iterator[tuple[str, Manifest]]:
    return ((case, manifest) for case, manifests in cases.items() for manifest in manifests)


def _target(manifest: Manifest) -> str:
    """Return kind and name; that of a policy without the digest of its rules."""
    name, kind = manifest["metadata"]["name"], manifest["kind"]
    return f"{kind}/{re.sub('-[0-9a-f]{8}$', '', name) if kind.endswith('NetworkPolicy') else name}"


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _output(command: Sequence[str | Path], expected: tuple[int, ...], stdin: str = "") -> str:
    ended = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    if ended.returncode not in expected:
        raise SystemExit(f"{Path(command[0]).name} ended with status {ended.returncode}:\n{ended.stderr}")
    return ended.stdout


def _checkov(environ: Mapping[str, str]) -> Path:
    """Return checkov's environment, in a directory named after its requirements and the version of Python."""
    text = f"{sys.version_info[:2]} {REQUIREMENTS.read_text('utf-8')}"
    final = cache.cache_root(environ) / f"checkov-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    if not final.exists():
        with cache.locked(cache.cache_root(environ)):
            if not final.exists():
                _install(final, environ)
    return final


def _install(final: Path, environ: Mapping[str, str]) -> None:
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"]
    with cache.built_whole(final) as unfinished:
        for command in (
            [sys.executable, "-m", "venv", str(unfinished)],
            [str(unfinished / "bin" / "python"), *pip, "--require-hashes", "--requirement", str(REQUIREMENTS)],
        ):
            if failure := run(command, cwd=Path("/"), environ=environ):
                raise UserError(f"checkov could not be installed:\n  {failure}")
