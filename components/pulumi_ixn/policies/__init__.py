"""Policies: each workload is closed in both directions except for its links and DNS.

A renderer per kind gives the rule of each link; the spec, the index of the rules and the check of locations
follow.
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
