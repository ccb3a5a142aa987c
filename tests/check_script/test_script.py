"""The script of the connectivity check, run with the tools of various images against every kind of peer.

The requirements of these tests must be installed in CI (with the variable CI set); elsewhere the tests are skipped
without them and report what to install.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from pulumi_ixn.check.job import script

from tests.check_script.sandbox import CLOSED, DROPPED, LISTENING, PEER, SILENT, Ran, Sandbox, missing

DEADLINE = 1
"""In seconds; an unresponsive peer takes all of it."""

UNKNOWN_NAME = "no-such-name.test"


@dataclass(frozen=True)
class Image:
    """The programs of an image by name, and their Debian packages.

    `common` images are those that CI has to have; `ipv6` is what its client can do.
    """

    name: str
    programs: Mapping[str, str]
    packages: tuple[str, ...] = ()
    common: bool = True
    ipv6: bool = True


IMAGES = [
    Image("busybox", dict.fromkeys(("sh", "sleep", "nc", "true"), "busybox"), ("busybox",)),
    Image("openbsd", {"sh": "dash", "sleep": "sleep", "nc": "nc.openbsd"}, ("dash", "netcat-openbsd")),
    Image("bash", {"sh": "bash", "sleep": "sleep", "bash": "bash"}, ("bash",)),
    Image("bash-beside-dash", {"sh": "dash", "sleep": "sleep", "bash": "bash"}, ("dash", "bash")),
    Image("ncat", {"sh": "bash", "sleep": "sleep", "nc": "ncat"}, ("bash", "ncat"), common=False),
    Image(
        "traditional",
        {"sh": "dash", "sleep": "sleep", "nc": "nc.traditional"},
        ("dash", "netcat-traditional"),
        common=False,
        ipv6=False,
    ),
]


def cannot(reason: str, needed: bool) -> NoReturn:
    if needed and os.environ.get("CI", "").lower() not in ("", "0", "false"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    if packages := missing():
        cannot(f"to try the script for real: apt-get install {' '.join(packages)}", needed=True)
    try:
        sandbox = Sandbox()
    except RuntimeError as error:
        cannot(str(error), needed=True)
    yield sandbox
    sandbox.end()


@pytest.fixture(params=IMAGES, ids=lambda each: each.name)
def image(request: pytest.FixtureRequest) -> Image:
    return request.param


@pytest.fixture
def path(image: Image, tmp_path: Path) -> Path:
    """A directory with the image's programs, and nothing else."""
    for name, program in image.programs.items():
        found = shutil.which(program)
        if found is None:
            cannot(f"no {program} here: apt-get install {' '.join(image.packages)}", image.common)
        (tmp_path / name).symlink_to(found)
    return tmp_path


def run(sandbox: Sandbox, path: Path, *targets: str, deadline: int = DEADLINE, **variables: str) -> Ran:
    env = {"PATH": str(path), "DEADLINE": str(deadline), "TARGETS": "\n".join(targets), **variables}
    return sandbox.run([str(path / "sh"), "-c", script()], env)


def without_words(ran: Ran) -> list[str]:
    """The lines, without the client's message."""
    return [line.partition(" (")[0] for line in ran.lines]


def test_each_kind_of_failure_has_its_own_verdict(sandbox: Sandbox, path: Path) -> None:
    ran = run(
        sandbox,
        path,
        f"1 127.0.0.1 {LISTENING}",
        f"2 127.0.0.1 {CLOSED}",
        f"5 127.0.0.1 {DROPPED}",
        f"6 {PEER} {LISTENING}",
        f"6 {UNKNOWN_NAME} {LISTENING}",
        f"13 {SILENT} {LISTENING}",
        f"19 {PEER} {CLOSED}",
    )

    assert without_words(ran) == [
        f"connection 1: 127.0.0.1:{LISTENING}: ok",
        f"connection 2: 127.0.0.1:{CLOSED}: refused",
        f"connection 5: 127.0.0.1:{DROPPED}: timed out",
        f"connection 6: {PEER}:{LISTENING}: ok",
        f"connection 6: {UNKNOWN_NAME}:{LISTENING}: name unknown",
        f"connection 13: {SILENT}:{LISTENING}: name unknown",
        f"connection 19: {PEER}:{CLOSED}: refused",
    ]
    assert (ran.status, ran.errors) == (1, "")


def test_an_unresponsive_peer_with_a_dns_name_times_out(sandbox: Sandbox, path: Path) -> None:
    ran = run(sandbox, path, f"5 {PEER} {DROPPED}")

    assert ran.lines == [f"connection 5: {PEER}:{DROPPED}: timed out"]
    assert DEADLINE <= ran.seconds < DEADLINE + 5


def test_ipv6_addresses_are_checked(sandbox: Sandbox, path: Path, image: Image) -> None:
    ran = run(sandbox, path, f"1 ::1 {LISTENING}", f"2 ::1 {CLOSED}", f"5 ::1 {DROPPED}")

    ok, refused, timed_out = ("ok", "refused", "timed out") if image.ipv6 else ("refused",) * 3
    assert without_words(ran) == [
        f"connection 1: [::1]:{LISTENING}: {ok}",
        f"connection 2: [::1]:{CLOSED}: {refused}",
        f"connection 5: [::1]:{DROPPED}: {timed_out}",
    ]


def test_the_script_succeeds_at_once_if_every_connection_is_ok(sandbox: Sandbox, path: Path) -> None:
    ran = run(sandbox, path, f"1 127.0.0.1 {LISTENING}", f"2 {PEER} {LISTENING}", deadline=30)

    assert (ran.status, ran.errors) == (0, "")
    assert [line.rpartition(": ")[2] for line in ran.lines] == ["ok", "ok"]
    assert ran.seconds < 15


def test_the_error_message_of_the_client_is_reported(sandbox: Sandbox, tmp_path: Path) -> None:
    for program in ("bash", "sleep"):
        (tmp_path / program).symlink_to(shutil.which(program) or pytest.skip(f"no {program} here"))
    (tmp_path / "sh").symlink_to(tmp_path / "bash")

    ran = run(sandbox, tmp_path, f"2 127.0.0.1 {CLOSED}", "3 192.0.2.1 1")

    assert [line.endswith(")") for line in ran.lines] == [True, True]
    assert "refused (" in ran.lines[0]
    assert "Connection refused)" in ran.lines[0]
    assert "Network is unreachable)" in ran.lines[1]


def test_failed_connections_are_written_to_the_termination_log(
    sandbox: Sandbox, path: Path, tmp_path: Path
) -> None:
    failures = tmp_path / "failures"
    failures.touch()
    targets = [f"{number} {PEER} {port}" for number, port in enumerate((CLOSED, LISTENING, CLOSED), start=1)]
    ran = run(sandbox, path, *targets, FAILURES=str(failures))

    assert failures.read_text(encoding="ascii").splitlines() == [ran.lines[0], ran.lines[2]]


@pytest.mark.parametrize("kind", ["missing", "not writable"])
def test_results_are_printed_without_a_termination_log(
    sandbox: Sandbox, path: Path, tmp_path: Path, kind: str
) -> None:
    failures = tmp_path if kind == "not writable" else tmp_path / "missing" / "failures"
    ran = run(sandbox, path, f"2 {PEER} {CLOSED}", f"1 {PEER} {LISTENING}", FAILURES=str(failures))

    assert without_words(ran) == [
        f"connection 2: {PEER}:{CLOSED}: refused",
        f"connection 1: {PEER}:{LISTENING}: ok",
    ]
    assert (ran.status, ran.errors) == (1, "")


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_one_failed_connection_fails_the_check_in_any_position(sandbox: Sandbox, path: Path, failing: int) -> None:
    ports = [CLOSED if index == failing else LISTENING for index in range(3)]
    ran = run(sandbox, path, *(f"{port} 127.0.0.1 {port}" for port in ports))

    assert ran.status == 1
    assert [line.endswith(": ok") for line in ran.lines] == [port == LISTENING for port in ports]


def test_no_targets_is_a_failure(sandbox: Sandbox, path: Path) -> None:
    ran = run(sandbox, path)

    assert (ran.status, ran.lines) == (2, [])


def test_an_image_without_a_client_reports_what_is_missing(sandbox: Sandbox, tmp_path: Path) -> None:
    for program in ("dash", "sleep"):
        (tmp_path / program).symlink_to(shutil.which(program) or pytest.skip(f"no {program} here"))
    (tmp_path / "sh").symlink_to(tmp_path / "dash")
    ran = run(sandbox, tmp_path, f"1 127.0.0.1 {LISTENING}")

    assert (ran.status, ran.lines) == (2, [])
    assert "no TCP client" in ran.errors
