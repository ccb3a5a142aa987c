"""Documentation generated from the models and the table: run `python -m tools.docs` after changing them."""
