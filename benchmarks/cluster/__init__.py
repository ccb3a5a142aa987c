"""The package beside kubectl and helm on a real API server."""
