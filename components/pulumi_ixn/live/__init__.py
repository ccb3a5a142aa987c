"""What needs the cluster of a stack: checks before a change, rollouts, and recovery.

Imported for stacks that deploy to a cluster only: the Kubernetes client is a slow import.
"""
