"""The rules of the fragments that the arguments of a pod have."""

from pulumi_kubernetes.apps.v1 import DeploymentSpecArgsDict, StatefulSetSpecArgsDict
from pulumi_kubernetes.core.v1 import ContainerArgsDict, PodSpecArgsDict

from pulumi_ixn.fragments import refused
from pulumi_ixn.fragments.checks import CHECKS
from pulumi_ixn.fragments.formats import FORMATS, PLAIN
from pulumi_ixn.fragments.typed import Fragments, Rules
from pulumi_ixn.validation import Each, FieldRule, Plain

_RULES = Rules(FORMATS, PLAIN, refused.REFUSED, CHECKS)

SNAKE, CAMEL = Fragments(_RULES, camel=False), Fragments(_RULES, camel=True)
"""The fragments of programs, and of the stack config."""


def pod(fragments: Fragments) -> FieldRule:
    """Return the rule of a part of a PodSpec."""
    return Plain(fragments.of(PodSpecArgsDict, refused.POD, part=True))


def container(fragments: Fragments) -> FieldRule:
    """Return the rule of a part of the workload's Container."""
    return Plain(fragments.of(ContainerArgsDict, refused.CONTAINER, part=True))


def sidecars(fragments: Fragments) -> FieldRule:
    """Return the rule of a list of Containers beside the workload's."""
    return Plain(Each(Plain(fragments.of(ContainerArgsDict, refused.SIDECAR))))


def deployment_update(fragments: Fragments) -> FieldRule:
    """Return the rule of the part of a DeploymentSpec that says how pods are replaced."""
    return Plain(fragments.of(DeploymentSpecArgsDict, refused.DEPLOYMENT, part=True))


def stateful_set_update(fragments: Fragments) -> FieldRule:
    """Return the rule of the part of a StatefulSetSpec that says how pods are replaced."""
    return Plain(fragments.of(StatefulSetSpecArgsDict, refused.STATEFUL_SET, part=True))
