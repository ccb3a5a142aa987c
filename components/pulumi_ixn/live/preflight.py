"""The checks of a live stack before anything changes: all problems together, in bounded time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

import pulumi

from pulumi_ixn.live.cluster import Cluster, ClusterError
from pulumi_ixn.live.concurrent import concurrently
from pulumi_ixn.live.definitions import missing_definitions
from pulumi_ixn.live.guards import unintended_changes
from pulumi_ixn.live.identity import access_problem, cluster_uid, wrong_cluster
from pulumi_ixn.live.namespace import namespace_problems
from pulumi_ixn.live.ownership import owned_by_others, taken_by_others
from pulumi_ixn.live.permissions import missing_permissions
from pulumi_ixn.live.problem import Notice, Problem
from pulumi_ixn.live.quotas import exceeded_quotas, violated_limits
from pulumi_ixn.live.secrets import missing_secrets
from pulumi_ixn.live.subject import Subject

Check: TypeAlias = Callable[[Cluster, Subject], Iterable[Problem | Notice]]

SECONDS = 30
"""The time limit of all checks together."""

CHECKS: Sequence[Check] = (
    namespace_problems,
    missing_permissions,
    missing_definitions,
    owned_by_others,
    unintended_changes,
    missing_secrets,
    exceeded_quotas,
    violated_limits,
)
"""What is checked before an update, in the order of the report."""

DELETION_CHECKS: Sequence[Check] = (missing_permissions, taken_by_others)
"""What is checked before `destroy`, which runs no program."""


class PreflightError(pulumi.RunError):
    """A stack must not be changed; `problems` say why. The engine prints it without a traceback."""

    def __init__(self, stack: str, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        super().__init__("\n".join([f"{stack} was not changed: {count}:", *(f"  {each}" for each in problems)]))


@dataclass(frozen=True)
class Passed:
    """The UID of the cluster, what could not be checked, and warnings about what the update leaves behind."""

    cluster: str
    unchecked: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def preflight(
    cluster: Cluster, subject: Subject, checks: Sequence[Check] = CHECKS, seconds: float = SECONDS
) -> Passed:
    """Check a stack and its cluster, within `seconds`.

    Raises PreflightError with every problem: if it is another cluster than that of the last update, with that one
    alone, since all others would be about the wrong cluster.
    """
    cluster = cluster.limited(seconds)
    try:
        uid = cluster_uid(cluster)
        problems = list(wrong_cluster(cluster, uid, subject))
    except ClusterError as error:
        raise PreflightError(subject.stack, [access_problem(error, subject)]) from None
    if problems:
        raise PreflightError(subject.stack, problems)

    def run(check: Check) -> list[Problem | Notice] | ClusterError:
        try:
            return list(check(cluster, subject))
        except ClusterError as error:
            return error

    answers = concurrently(run, checks)
    failed = [each for each in answers if isinstance(each, ClusterError)]
    found = [each for answer in answers if not isinstance(answer, ClusterError) for each in answer]
    problems = [each for each in found if isinstance(each, Problem)]
    # What may not be read is not checked: if the update needs it, the missing permission is a problem of its own.
    problems += [
        Problem("ixn:target.context", str(each)) for each in failed if each.status != HTTPStatus.FORBIDDEN
    ]
    if problems:
        raise PreflightError(subject.stack, problems)
    warnings = tuple(each.message for each in found if isinstance(each, Notice))
    return Passed(uid, tuple(str(each) for each in failed), warnings)
