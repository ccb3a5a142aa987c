"""Pure functions from names, links and arguments to Kubernetes specs; none registers a resource."""
