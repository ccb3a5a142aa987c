"""All issues of a stack config are reported at once, by path, and without secrets."""

import time
from uuid import UUID

import pytest
from pulumi_ixn.config import ConfigIssue, ConfigurationError, load
from pulumi_ixn.validation import Issue

from tests.unit.config.bad_examples import EXAMPLES, SECRET, Bad
from tests.unit.config.stacks import change, stack_config


def issues(*examples: Bad) -> tuple[Issue, ...]:
    config = stack_config("dev")
    for example in examples:
        config = change(config, example.changes)
    with pytest.raises(ConfigurationError) as caught:
        load(config, frozenset(key for example in examples for key in example.secret_keys))
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value)
    assert SECRET not in repr(caught.value.issues)
    return caught.value.issues


def test_the_unmodified_dev_stack_is_valid() -> None:
    assert list(load(stack_config("dev")).tenants) == ["dev"]


def test_bad_examples_have_unique_names() -> None:
    assert len({example.name for example in EXAMPLES}) == len(EXAMPLES) >= 35


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_issue_has_its_path_and_message(example: Bad) -> None:
    found = issues(example)

    assert {issue.path for issue in found} == set(example.issues)
    for issue in found:
        assert example.issues[issue.path] in str(issue)


def compatible_groups(examples: list[Bad]) -> list[list[Bad]]:
    """Group the examples greedily so that those in one group change different values."""
    groups: list[list[Bad]] = []
    for example in examples:
        fitting = (group for group in groups if not any(touch(example, other) for other in group))
        group = next(fitting, None)
        if group is None:
            groups.append([example])
        else:
            group.append(example)
    return groups


def touch(one: Bad, other: Bad) -> bool:
    def parts(example: Bad) -> list[list[str]]:
        paths = [path.removeprefix("ixn:").replace("[", ".").replace("]", "") for path in example.issues]
        return [path.split(".") for path in (*example.changes, *paths)]

    return any(
        a[: len(b)] == b[: len(a)]
        for a in parts(one)
        for b in parts(other)
        # 'contains a secret value' is reported for a top-level key, whatever else is below it.
        if min(len(a), len(b)) > 1 or (a == b) or not (one.secret_keys or other.secret_keys)
    )


GROUPS = compatible_groups([example for example in EXAMPLES if not example.alone])


def test_independent_issues_are_reported_together() -> None:
    assert len(GROUPS[0]) >= 25


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: f"{len(group)}-examples")
def test_all_issues_are_reported_in_one_error(group: list[Bad]) -> None:
    found = {issue.path: str(issue) for issue in issues(*group)}

    expected = {path for example in group for path in example.issues}
    assert set(found) == expected


def test_issues_are_sorted_by_path_below_one_title() -> None:
    error = ConfigurationError(
        [ConfigIssue(("b",), "is wrong"), ConfigIssue(("a", 0, "c d"), "is wrong too", True)]
    )

    assert str(error).splitlines() == [
        "the configuration has 2 errors:",
        '  ixn:a[0]["c d"]: true is wrong too',
        "  ixn:b: is wrong",
    ]


def test_a_path_is_printed_in_pulumi_config_syntax() -> None:
    assert ConfigIssue(("a", "b.c", 0, 'd"e\\'), "").path == r'ixn:a["b.c"][0]["d\"e\\"]'


def test_a_path_stays_on_one_line_whatever_its_keys_contain() -> None:
    assert ConfigIssue(("a", "b\nc\x1b[2J", "d\u00e9"), "").path == 'ixn:a["b\\nc\\x1b[2J"].d\u00e9'


def test_a_long_value_is_truncated() -> None:
    shown = str(ConfigIssue(("a",), "is long", "x" * 1000))

    assert shown.startswith("ixn:a: 'xxx")
    assert shown.endswith("xxx... is long")
    assert len(shown) < 80


def test_a_hundred_tenants_load_in_under_a_second() -> None:
    tenant = stack_config("prod")["tenants"]["west"]
    config = change(stack_config("prod"), {"tenants": {}})
    config["tenants"] = {f"t{n}": {**tenant, "id": str(UUID(int=n)), "sid": n} for n in range(100)}

    start = time.process_time()
    assert len(load(config).tenants) == 100
    assert time.process_time() - start < 1
