"""Findings of scanners: each is fixed or waived with a reason, and no waiver outlives its finding."""

from pathlib import Path

import pytest

from tests.scan.cases import PLANTED, planted
from tests.scan.findings import Finding, Waiver, report, waivers
from tests.scan.programs import schemas

FOUND = Finding("checkov", "CKV_K8S_1", "dev", "Deployment/ixn-node-100", "a detail")
WAIVER = Waiver("checkov", "CKV_K8S_1", ("Deployment/ixn-node-*",), "because")


def test_a_finding_is_reported_until_it_is_waived() -> None:
    assert report([FOUND], []) == [str(FOUND)]
    assert report([FOUND], [WAIVER]) == []


@pytest.mark.parametrize(
    "other",
    [
        Waiver("kube-score", "CKV_K8S_1", ("*",), "because"),
        Waiver("checkov", "CKV_K8S_2", ("*",), "because"),
        Waiver("checkov", "CKV_K8S_1", ("StatefulSet/*",), "because"),
    ],
)
def test_a_waiver_of_something_else_does_not_cover_it(other: Waiver) -> None:
    assert str(FOUND) in report([FOUND], [other])


def test_an_unused_waiver_is_an_error_and_so_is_each_unused_target() -> None:
    two = Waiver("checkov", "CKV_K8S_1", (*WAIVER.targets, "Job/*"), "because")

    assert len(report([], [WAIVER])) == 1
    (line,) = report([FOUND], [two])
    assert "Job/*" in line


@pytest.mark.parametrize("text", ["a: {b: {targets: [], reason: c}}", "a: {b: {targets: ['*'], reason: ' '}}"])
def test_a_waiver_without_a_target_or_a_reason_is_rejected(text: str, tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match="no reason or no target"):
        waivers(file)


def test_the_waivers_of_this_project_have_reasons() -> None:
    assert all(each.reason for each in waivers())
    assert len(set(waivers())) == len(waivers())


def test_a_scanner_that_needs_no_program_objects_to_the_planted_manifest(tmp_path: Path) -> None:
    assert [*schemas({PLANTED: planted()}, tmp_path)]
