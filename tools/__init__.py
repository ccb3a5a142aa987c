"""Tools of the checkout; none is part of the library."""
