"""Compare the manifests that two commits generate: `make compare BASE=<commit>`."""
