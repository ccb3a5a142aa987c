"""The operator's cron of six fields, and points in time."""

import pytest
from pulumi_ixn.parsing import Invalid
from pulumi_ixn.provisioning.schedules import schedule, target_time


@pytest.mark.parametrize(
    "text",
    [
        "0 0 2 * * *",
        "0 */15 * * * *",
        "30 5/10 0-6,20-23 1,15 jan-mar MON-fri",
        "0 0 0 ? * 0",
        "0  0 2 * *\t*",
    ],
)
def test_six_fields_are_accepted(text: str) -> None:
    assert schedule(text) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0 2 * * *", "did you mean '0 0 2 * * *'"),
        ("", "six fields"),
        ("daily", "six fields"),
        ("0 0 2 * * * *", "six fields"),
        ("60 0 2 * * *", "'60' is no second"),
        ("0 60 2 * * *", "'60' is no minute"),
        ("0 0 24 * * *", "'24' is no hour"),
        ("0 0 2 0 * *", "'0' is no day of month"),
        ("0 0 2 * 13 *", "'13' is no month"),
        ("0 0 2 * mon *", "'mon' is no month"),
        ("0 0 2 * * 7", "'7' is no day of week"),
        ("0 0 2 * * fri-mon", "'fri-mon' is no day of week"),
        ("0 0 */0 * * *", "'*/0' is no hour"),
        ("0 0 *-5 * * *", "'*-5' is no hour"),
        ("0 0 2, * * *", "'2,' is no hour"),
    ],
)
def test_anything_else_says_which_field_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        schedule(text)

    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "text", ["2026-11-30T12:00:00Z", "2026-11-30T12:00:00.5+01:00", "2024-02-29T00:00:00-11:30"]
)
def test_a_point_in_time_has_a_zone(text: str) -> None:
    assert target_time(text) == text


@pytest.mark.parametrize(
    "text", ["2026-11-30T12:00:00", "2026-11-30 12:00:00Z", "2026-02-30T12:00:00Z", "2026-11-30", "latest"]
)
def test_others_are_ambiguous_or_do_not_exist(text: str) -> None:
    with pytest.raises(Invalid):
        target_time(text)
