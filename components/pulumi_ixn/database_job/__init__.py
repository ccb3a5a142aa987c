"""The Job that provisions a database: its scripts and its manifests."""
