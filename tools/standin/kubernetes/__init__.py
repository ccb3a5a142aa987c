"""Stand-in for the Pulumi Kubernetes plugin in render mode; it never talks to a cluster."""
