"""Scan the rendered manifests of all stacks and examples with others' scanners: `make scan`."""
