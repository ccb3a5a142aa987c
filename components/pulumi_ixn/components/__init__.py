"""The ComponentResources. Lower layers register no resources."""
