"""Fragments: Kubernetes objects that users pass on whole, validated before the API server sees them.

The keys and types are those of pulumi_kubernetes; what its types do not say (formats, choices, values that belong
together, what the restricted Pod Security Standard forbids) is data here. The library's fragments have keys in
snake case, those of the stack config in camel case.
"""
