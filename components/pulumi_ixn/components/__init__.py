"""The ComponentResources; nothing below registers a resource."""
