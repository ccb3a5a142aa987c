"""Stand-in for a Pulumi plugin: what both stand-ins share."""
