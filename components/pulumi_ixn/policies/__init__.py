"""Policies: deny all traffic of each workload, in both directions, except its links and DNS.

Each kind has a renderer for the rules of a link, from which the spec, the index of rules and the validation of
locations follow.
"""

from pulumi_ixn.policies.isolation import (
    OPENSHIFT_DNS,
    CiliumPolicies,
    Dns,
    Isolation,
    NetworkPolicies,
    NoPolicies,
)

__all__ = ["OPENSHIFT_DNS", "CiliumPolicies", "Dns", "Isolation", "NetworkPolicies", "NoPolicies"]
