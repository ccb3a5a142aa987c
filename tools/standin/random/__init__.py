"""Stand-in for the Pulumi random plugin."""
