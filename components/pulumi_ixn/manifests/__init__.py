"""Pure functions from identities, links and arguments to Kubernetes specs; nothing here registers anything."""
