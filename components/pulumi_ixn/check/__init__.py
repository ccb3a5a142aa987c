"""The connectivity check: its script, and the Job that runs it."""
