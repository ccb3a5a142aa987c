"""A real Kubernetes for the tests, built from package registries: a whole node, or a control plane alone."""
